"""A turn with everything a reader can meet in an answer: every verdict, a bare sentence, a disagreement, players."""

from uuid import UUID

from chat.events.events import (
    Citation,
    Disagreement,
    Done,
    Event,
    Grounding,
    Issue,
    Setting,
    Source,
    Sources,
    Span,
    Tier,
    Timings,
    Token,
    Verdict,
)
from chat.events.serialize import encode

TURN = UUID(int=1)
ANSWER = (
    "Keep the pre-delay between 20 and 40 ms. [1] Shorten it to 10 ms on fast songs. [2] "
    "It must never pass 500 ms. [1]\n\nA longer tail fills the chorus. "
    "Roll off the lows of the reverb itself. [3]"
)
LONG = "Roll off the lows of the reverb return below 300 Hz, or the low-mids will fog up."
FLAW = Issue("number", "500 ms", "The source does not say 500 ms.")
HEDGE = Issue("hedge", "10 ms", "The source says this only of some songs.")


def source(number: int, title: str, creator: str, **changes: object) -> Source:
    members: dict[str, object] = {
        "number": number,
        "title": title,
        "creator": creator,
        "creator_slug": creator.lower().replace(" ", "-"),
        "work": "reverb-and-space",
        "kind": "video",
        "url": "https://www.youtube.com/watch?v=abc_-123&t=73s",
        "start_seconds": 75.5,
        "end_seconds": 90.0,
        "tier": Tier.CREATOR,
        "relevance": 0.9,
        "excerpt": f"{title}, from its beginning.",
    }
    return Source(**{**members, **changes})  # type: ignore[arg-type]  # the members are those of Source


SOURCES = (
    source(1, "Reverb and space", "Mara Lindqvist"),
    source(2, "Fast songs", "Dez Okafor", url="https://vimeo.com/123/0a1b2c#t=10s", start_seconds=12.0),
    source(3, "The low end", "Ilse Brandt", url="", kind="text", start_seconds=None, tier=Tier.GLOBAL),
    source(4, "A talk on tails", "Mara Lindqvist", url="https://files.example/talk.mp4#t=1"),
    source(5, "Rooms", "Mara Lindqvist"),
)


def cite(number: int, claim: str, quote: str, verdict: Verdict, *problems: Issue) -> Citation:
    start = ANSWER.index(claim)
    end = ANSWER.index("]", start) + 1
    cited = SOURCES[number - 1]
    return Citation(
        number=number,
        claim=claim,
        start=start,
        end=end,
        quote=quote,
        start_seconds=cited.start_seconds,
        end_seconds=cited.end_seconds,
        url=cited.url or f"/w/{cited.work}",
        verdict=verdict,
        problems=problems,
    )


CITATIONS = (
    cite(1, "Keep the pre-delay", "I keep pre-delay between 20 and 40 milliseconds.", Verdict.SUPPORTED),
    cite(2, "Shorten it to", "On some fast songs I go down to 10.", Verdict.WEAK, HEDGE),
    cite(1, "It must never", "Past 100 milliseconds it becomes an echo.", Verdict.UNSUPPORTED, FLAW),
    cite(3, "Roll off the lows", LONG, Verdict.SUPPORTED),
)
BARE_AT = ANSWER.index("A longer tail")
BARE = Span(BARE_AT, ANSWER.index(".", BARE_AT) + 1)
SETTINGS = (
    Setting(1, "Mara Lindqvist", "reverb-and-space", "2024-05-01", "20 to 40 ms", "Between 20 and 40.", SOURCES[0].url),
    Setting(2, "Dez Okafor", "fast-songs", "", "80 ms", "My number is 80 milliseconds.", "/w/fast-songs?at=12.000"),
)


def done(**changes: object) -> Done:
    members: dict[str, object] = {
        "conversation_id": TURN,
        "turn_id": TURN,
        "cascade_tier": Tier.GLOBAL,
        "answered_by": "model",
        "finish": "complete",
        "voice_applied": 0.0,
        "cited": (1, 2, 3),
        "citations": CITATIONS,
        "rewritten_query": None,
        "usage": None,
        "timings_ms": Timings(1, 2, 3),
        "grounding": Grounding(claims=5, cited=4, uncited=1, supported=2, weak=1, unsupported=1, bare=(BARE,)),
        "disagreements": (Disagreement("pre-delay", SETTINGS),),
        "voice_note": "Mara's voice was left out of what Dez says.",
    }
    return Done(**{**members, **changes})  # type: ignore[arg-type]  # the members are those of Done


def judged_turn(**changes: object) -> list[Event]:
    """The events of the turn; ``changes`` are members of its end."""
    return [Sources(SOURCES), Token(ANSWER), done(**changes)]


def stream_of(events: list[Event]) -> bytes:
    """The events as they go over the wire."""
    return b"".join(encode(event, number=number) for number, event in enumerate(events, start=1))
