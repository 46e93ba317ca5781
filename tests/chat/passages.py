"""Passages for tests that need no corpus."""

from chat.events.events import Passage, Tier
from creators.transcripts.segments import Mark

TEXT = "I set the ratio to three to one. The attack is 20 ms. Then I listen to the whole song again."


def passage(*, text: str = TEXT, creator: str = "Mara Lindqvist", url: str = "", tier: Tier = Tier.CREATOR) -> Passage:
    """Return a passage that was said from second 10 to 20."""
    return Passage(
        chunk_id=1,
        text=text,
        marks=(Mark(0, 10.0, 20.0),),
        heading="",
        start=10.0,
        end=20.0,
        work_slug="compressing",
        title="Compressing",
        kind="video",
        url=url,
        creator_slug=creator.lower().replace(" ", "-"),
        creator=creator,
        tier=tier,
        cosine=0.6,
        lexical=0.5,
        relevance=0.8,
    )
