"""Speech made a transcript by a server of the OpenAI protocol, where the settings name one."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings

from creators.transcripts import TranscriptError

if TYPE_CHECKING:
    import openai

SECONDS = 900.0
"""For one recording: an hour of talk takes a large model on a processor about that."""


def transcribed(recording: bytes, *, name: str) -> bytes:
    """Return what a recording says, as JSON with the seconds of each segment.

    Raises ``TranscriptError``, with what to do, where no server is set or the server fails.
    """
    config = settings.TRANSCRIBER
    if not config:
        raise TranscriptError(name, "is a recording, and no server is set that transcribes it (TRANSCRIBE_BASE_URL)")
    import openai  # which takes a third of the time that a command takes to start, and few of them want it

    client = openai.OpenAI(
        base_url=config["base_url"],
        api_key=config["api_key"] or "none",
        timeout=SECONDS,
        max_retries=1,
        # The recording and the key would go wherever a server says.
        http_client=openai.DefaultHttpxClient(timeout=SECONDS, follow_redirects=False),
    )
    try:
        with client:
            reply = client.audio.transcriptions.with_raw_response.create(
                model=config["model"], file=(PurePosixPath(name).name, recording), response_format="verbose_json"
            )
    except openai.OpenAIError as error:
        # Not chained: a server may repeat the key in its refusal, and the chain would carry that to the log.
        raise TranscriptError(name, _reason(error)) from None
    return reply.content


def _reason(error: "openai.OpenAIError") -> str:
    import openai

    match error:
        case openai.APITimeoutError():
            return "took the transcription server too long; split it, then retry"
        case openai.APIConnectionError():
            return "was not transcribed, as the server can't be reached; retry when it is back (TRANSCRIBE_BASE_URL)"
        case openai.APIStatusError(status_code=413):
            return "is too large for the transcription server; split it, or send it compressed"
        case openai.APIStatusError(status_code=status):
            return f"was not transcribed, as the server answered {status}; put that right (TRANSCRIBE_…), then retry"
    return f"was not transcribed: {type(error).__name__}"
