"""Putting a question to retrieval as chat does."""

from chat.conversations import memory
from chat.evaluation.values import Asking, Outcome
from chat.grounding.markers import without_markers
from chat.retrieval import Probe, retrieve
from chat.retrieval.jargon import bridged, entries_for
from chat.retrieval.query import probe_for
from creators.embeddings import Embedder, get_embedder
from creators.models import Creator


def ask(asking: Asking, *, limit: int) -> Outcome:
    """Return what the question comes to, with up to ``limit`` passages; raises whatever retrieval raises."""
    embedder = get_embedder()
    creator = Creator.objects.published().named(asking.creator) if asking.creator else None
    probe = probe_of(asking, creator=creator, embedder=embedder)
    found = retrieve(probe, creator_id=creator.pk if creator else None, limit=limit)
    return Outcome(asking=asking, tier=found.tier, works=tuple(passage.work_slug for passage in found.passages))


def probe_of(asking: Asking, *, creator: Creator | None, embedder: Embedder) -> Probe:
    """Return what chat would search for, with the history that it would remember."""
    history = asking.history[-memory.MOST_TURNS :]
    entries = entries_for(creator.pk if creator else None)
    return probe_for(
        bridged(asking.question, entries),
        asked=[bridged(said.question, entries) for said in history],
        answered=without_markers(history[-1].answer) if history else "",
        names=(creator.name, *creator.aliases) if creator else (),
        space=embedder.space.name,
        embed=embedder.embed_questions,
    )
