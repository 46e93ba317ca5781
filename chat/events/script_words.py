"""What the page's script says to its readers; braces are filled in by the script."""

from collections.abc import Mapping

from chat.events.messages import WORDS

PLAYING: Mapping[str, str] = {
    "play_here": "Play here",
    "play_from": "Play from {time}",
    "play_close": "Close the player",
    "play_failed": "This file can't be played here; the link beside it may still open it.",
}
"""What it says where there are players and nothing to ask."""

SCRIPT_WORDS: Mapping[str, str] = {
    "ask": "Ask",
    "stop": "Stop",
    "to": "To {creator}",
    "to_everyone": "To everyone",
    "asking": "The next question goes to {creator}.",
    "searching": "Searching what {creator} has said…",
    "searching_everyone": "Searching everything said here…",
    "waiting": "The connection is lost. The answer goes on as soon as it is back…",
    "lost": "The rest of this answer is lost. Ask again for a whole one.",
    "lost_before": "The server can't be reached. Your question is kept.",
    "offline": "You are offline. Your question is kept.",
    "online": "The connection is back.",
    "busy": "This conversation is still answering the question before; it is shown here. Yours is kept.",
    "expired": "The server no longer knows this page. Your question is kept: load the page again.",
    "unexpected": "The server answered in a way this page doesn't understand. Your question is kept.",
    "wait": "You can ask again in {seconds} seconds.",
    "wait_one": "You can ask again in 1 second.",
    "enter": "Press Enter to ask again.",
    "left": "{count} characters left",
    "over": "{count} characters too many",
    "announce_begin": "Answering.",
    "announce_end": "The answer is complete. Sources: {count}.",
    "announce_ended": "The answer ended early.",
    "copied": "Copied.",
    "not_copied": "This browser doesn't let the page copy. Select the text instead.",
    "shared": "The link works now, and it is copied.",
    "unshared": "The link no longer works.",
    "thanks": "Thank you.",
    "taken_back": "Taken back.",
    "delete": "Delete",
    "sure": "Really delete?",
    "voice_choose": WORDS["voice_choose"],
    "voice_unknown": WORDS["voice_unknown"],
    **PLAYING,
}

REASONS = (
    ("wrong", "It is wrong"),
    ("not_in_source", "The sources don't say that"),
    ("not_asked", "It isn't what I asked"),
    ("too_long", "It is too long"),
    ("outdated", "It is out of date"),
    ("other", "Something else"),
)
"""The reasons for a thumb down, as they are stored and as they are read."""
