"""What a test can script: every call queues one response, and the queue is served in order."""

import json
from collections import deque
from itertools import repeat

from tests.model_server import wire
from tests.model_server.obedience import Order
from tests.model_server.script import Script, Step, refusal, stream


class Behaviours:
    """The scripting half of the model server; safe to call from any thread."""

    def __init__(self) -> None:
        self._queue: deque[Script] = deque()
        self.order: Order | None = None

    def say(self, *pieces: str, finish: str = "stop") -> None:
        """Stream these pieces, then the finish reason and the usage."""
        self._queue.append(stream(*wire.answer(pieces, reason=finish)))

    def obey(self, order: Order) -> None:
        """From now on follow this order wherever a prompt holds it; what is queued goes first."""
        self.order = order

    def say_slowly(self, *pieces: str, seconds: float) -> None:
        """Stream these pieces with so many seconds before each but the first."""
        first, *others = (wire.text(piece) for piece in pieces)
        steps = [step for piece in others for step in (seconds, piece)]
        self._queue.append(stream(first, *steps, wire.finish(), wire.usage(), wire.DONE))

    def say_after(self, seconds: float, *pieces: str) -> None:
        """Stream these pieces after so many seconds of silence."""
        self._queue.append(stream(seconds, *wire.answer(pieces)))

    def send(self, *packets: bytes) -> None:
        """Stream these bytes as they are and end the body properly."""
        self._queue.append(stream(*packets))

    def fail(self, status: int = 500, message: str = "it broke", *, code: str = "", **headers: str) -> None:
        """Answer with this status; headers by keyword (``retry_after="1"``)."""
        self._queue.append(refusal(status, message, code=code, **headers))

    def rate_limit(self, *, retry_after: float = 1) -> None:
        self._queue.append(refusal(429, "slow down", code="rate_limit_exceeded", retry_after=str(retry_after)))

    def unauthorised(self) -> None:
        self._queue.append(refusal(401, "Incorrect API key provided", code="invalid_api_key"))

    def reject(self, field: str, message: str = "") -> None:
        """Refuse the request because of one of its fields."""
        self._queue.append(refusal(400, message or f"Unsupported parameter: '{field}'", param=field))

    def hang_before_first(self) -> None:
        self._queue.append(stream(Step.HANG))

    def hang_after(self, text: str) -> None:
        self._queue.append(stream(wire.text(text), Step.HANG))

    def hang_after_finish(self, text: str) -> None:
        """Say all of it, the finish reason too, and then never end."""
        self._queue.append(stream(wire.text(text), wire.finish(), Step.HANG))

    def hang_with_comments(self) -> None:
        """Only keep-alive comments, as a gateway sends them in front of a model that is stuck."""
        self._queue.append(stream(b": processing\n\n", b": processing\n\n", Step.HANG))

    def cut_after(self, text: str) -> None:
        """Say this and break the connection off."""
        self._queue.append(stream(*([wire.text(text)] if text else []), Step.CUT))

    def cut_before_headers(self) -> None:
        """Break the connection off before a single byte, as a server that closes an idle connection does."""
        self._queue.append(Script((Step.CUT,), status=0))

    def garbage(self) -> None:
        self.send(b"<html>not what was asked for</html>\n\n", b"data: <html>\n\n")

    def malformed_chunk_after(self, text: str) -> None:
        self.send(wire.text(text), b'data: {"choices": [{"delta": \n\n')

    def wrong_shape_after(self, text: str) -> None:
        self.send(wire.text(text), wire.event({"choices": {"delta": 1}}))

    def error_midstream(self, text: str) -> None:
        error = {"message": "out of memory", "type": "server_error", "code": None}
        self.send(wire.text(text), wire.event({"error": error}))

    def no_finish(self, text: str) -> None:
        """End the body properly, without a finish reason and without ``[DONE]``."""
        self.send(wire.text(text))

    def usage_only(self) -> None:
        self.send(wire.usage(), wire.DONE)

    def reasoning(self, thinking: str, text: str) -> None:
        self.send(wire.chunk({"reasoning_content": thinking}), *wire.answer([text]))

    def hang_after_reasoning(self, thinking: str) -> None:
        self._queue.append(stream(wire.chunk({"reasoning": thinking}), Step.HANG))

    def split_bytes(self, text: str) -> None:
        """Every byte is a packet of its own."""
        whole = b"".join(wire.answer([text]))
        self.send(*(whole[at : at + 1] for at in range(len(whole))))

    def crlf(self, *pieces: str) -> None:
        self.send(*(packet.replace(b"\n", b"\r\n") for packet in wire.answer(pieces)))

    def many_in_one_packet(self, *pieces: str) -> None:
        self.send(b"".join(wire.answer(pieces)))

    def redirect(self, to: str, status: int = 307) -> None:
        self._queue.append(Script((), status, {"Location": to}, "text/plain"))

    def refuse(self, body: object, status: int = 400) -> None:
        """Refuse with this body, whatever its shape."""
        self._queue.append(Script((json.dumps(body).encode(),), status, content_type="application/json"))

    def refuse_without_end(self, status: int = 400) -> None:
        self._queue.append(Script(repeat(b"x" * 65536), status, content_type="application/json"))

    def say_without_end(self, packet: bytes) -> None:
        """Send this packet again and again."""
        self._queue.append(Script(repeat(packet)))

    def cost(self, usage: object, *pieces: str) -> None:
        """Say these pieces and claim that they cost this."""
        told = wire.event({"choices": [], "usage": usage})
        self.send(*map(wire.text, pieces), wire.finish(), told, wire.DONE)

    def say_as(self, content_type: str, body: bytes) -> None:
        """Answer with a body of another kind than a stream of events."""
        self._queue.append(Script((body,), content_type=content_type))
