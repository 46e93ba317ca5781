"""The desk's words for what came of a question: whether it was answered, by what, and from whose words."""

from collections.abc import Mapping

from chat.events.events import Done
from chat.events.messages import MESSAGES

COVERAGES: Mapping[str, str] = {"full": "In full", "partly": "Only nearly", "none": "By nothing here"}
ANSWERERS: Mapping[str, str] = {
    "model": "The language model",
    "fallback": "The other model",
    "quotes": "Quotations",
    "pinned": "A pinned answer",
    "catalogue": "The catalogue",
    "conversation": "Small talk",
}
TIERS: Mapping[str, str] = {tier: MESSAGES[f"tier_{tier}"] for tier in ("creator", "domain", "global", "none")}


def coverage_label(coverage: str) -> str:
    """Return whether a question was answered; a name that has no words stands as it is."""
    return COVERAGES.get(coverage, coverage)


def answerer_label(answered_by: str) -> str:
    """Return what wrote an answer."""
    return ANSWERERS.get(answered_by, "Nothing")


def tier_label(tier: str) -> str:
    """Return whose words were searched; a name that has no words stands as it is."""
    return TIERS.get(tier, tier)


def line_of(done: Done) -> str:
    """Return what came of a question in one line."""
    answered = f"{answerer_label(done.answered_by)} · {coverage_label(done.coverage).lower()}"
    seconds = f"{done.timings_ms.total / 1000:.1f} s"
    return f"{answered} · {tier_label(done.cascade_tier)} · voice {done.voice_applied:g} · {seconds}"
