"""What the server's part of the page says to its readers; braces are filled in."""

from collections.abc import Mapping

from chat.events.events import Tier

STOPS = ("Neutral", "A hint", "Balanced", "Strong", "Full voice")
"""The names of the weights 0, 0.25, 0.5, 0.75 and 1."""

WORDS: Mapping[str, str] = {
    "reading": "Reading {passages} from {works}…",
    "tier_creator": "From this creator's own works",
    "tier_domain": "From others in the same field",
    "tier_global": "From everyone here",
    "tier_none": "Everyone here was searched",
    "other_creator": "from another creator",
    "quotes": "No language model wrote this: these are the creators' own words.",
    "fallback": "The usual language model did not answer; another one wrote this.",
    "pinned": "A curator has checked this answer.",
    "none": "Nobody here has said anything about that.",
    "suggestions": "They do talk about:",
    "voice_others": "The voice was left out: this rests on other people's words, and those are not put into one mouth.",
    "voice_quotes": "The voice was left out: quotations stay as they were said.",
    "voice_none": "The voice was left out: there was nothing to say it about.",
    "voice_other": "The voice was left out of this answer.",
    "voice_choose": "Choose a creator to hear their voice; everyone together has none.",
    "voice_unknown": "How {creator} sounds has not been written down yet.",
    "note_others": "Answered from other creators, so not in {creator}'s voice.",
    "note_quotes": "Quotations stay as they were said.",
    "cut": "The answer broke off here. What came is kept; ask again for a whole one.",
    "stopped": "The answer was stopped here.",
    "length": "The answer reached its full length here. Ask on for the rest.",
    "unanswered": "This question was not answered.",
    "open_source": "open",
    "asked_of": "Asked of {creator}.",
    "unexpected": "The server answered in a way this page doesn't understand. Ask again in a moment.",
    "turn_failed": "No answer came of this. Ask again.",
    "turn_lost": "The answer was lost: the server that was writing it is gone. Ask again.",
    "conversation_gone": "That conversation is not here any more, or it is another browser's. You can begin a new one.",
    "retry": "Try again in {seconds} seconds.",
    "empty_query": "Type a question first.",
    "long_query": "The question has {count} characters; 1000 is the most.",
    "supported": "Stands in the source",
    "weak": "Only partly in the source",
    "unsupported": "Not in the source",
    "bare": "cites no source",
    "supported_only": "The one citation was found in its source.",
    "supported_many": "All {count} citations were found in their sources.",
    "unsupported_only": "The one citation is not in its source.",
    "unsupported_one": "1 of {of} citations is not in its source.",
    "unsupported_many": "{count} of {of} citations are not in their sources.",
    "weak_only": "The one citation is only partly in its source.",
    "weak_one": "1 of {of} citations is only partly in its source.",
    "weak_many": "{count} of {of} citations are only partly in their sources.",
    "bare_only": "The one claim here cites no source.",
    "bare_one": "1 of {of} sentences cites no source.",
    "bare_many": "{count} of {of} sentences cite no source.",
    "disagree": "They disagree about {parameter}",
    "not_there": "The cited sentence no longer stands here in these words.",
    "not_there_marked": "The cited sentence no longer stands here in these words. Marked is what is said at its time.",
}


def tier_words(tier: Tier) -> str:
    """Return the sentence that says whose words an answer rests on."""
    return WORDS[f"tier_{tier.value}"]


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 work``, ``3 works``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def clock(seconds: float) -> str:
    """Return seconds as a player shows them: ``2:05``, ``1:02:05``."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def lasting(seconds: float) -> str:
    """Return how long something lasts, in words: ``40 s``, ``25 min``, ``1 h 5 min``."""
    minutes = round(seconds / 60)
    hours, minute = divmod(minutes, 60)
    if not minutes:
        return f"{int(seconds)} s"
    return f"{hours} h {minute} min" if hours else f"{minute} min"
