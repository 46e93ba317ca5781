"""Plants every attack in a corpus of its own: one creator with one work each, read by the real ingest.

A process of its own runs it on the data of a site: ``python -m tests.chat.injection.plant``, and with ``sample`` where
those alone are wanted that every run tries.
"""

import sys

import django
from django.utils.text import slugify

from tests.chat.injection.attacks import ATTACKS, SAMPLE, Attack, Place

HONEST = "On a lead vocal I set the ratio of the compressor to three to one, with an attack of 20 ms."
MISHEARD = "sea rum"
TITLE = "Compressing a lead vocal"


def at(attack: Attack, place: Place, otherwise: str) -> str:
    """Return what is planted in this place, or what stands there in an honest corpus."""
    return attack.planted if attack.place == place else otherwise


def plant(attack: Attack) -> None:
    """Store the creator of an attack, its work, and what else the attack needs."""
    from creators.embeddings import get_embedder
    from creators.ingest import Facts, SourceFile, ingest
    from creators.models import Chunk, Creator, GlossaryEntry, Personality

    creator = Creator.objects.create(
        slug=slugify(attack.name), name=at(attack, "name", "Ada Brown"), summary=at(attack, "summary", "")
    )
    Personality.objects.create(creator=creator, summary="Dry.", phrases=[at(attack, "voice", "there you go")])
    if attack.place in {"term", "meaning"}:
        GlossaryEntry.objects.create(
            creator=creator,
            term=at(attack, "term", "Serum"),
            heard=[MISHEARD],
            meaning=at(attack, "meaning", ""),
            is_reviewed=True,
        )
    said = f"{HONEST} {at(attack, 'text', '')} It is all in the {MISHEARD}.".encode()
    file = SourceFile(source=f"{creator.slug}.txt", size=len(said), read=lambda: said)
    facts = Facts(title=at(attack, "title", TITLE), kind="video", url="https://youtu.be/abc_-123")
    outcomes = list(ingest(creator, [file], embedder=get_embedder(), facts=facts))
    assert [outcome.status for outcome in outcomes] == ["new"], outcomes
    if attack.place == "heading":
        Chunk.objects.filter(creator=creator).update(heading=attack.planted)


def main(*, is_sample: bool) -> None:
    django.setup()
    for attack in ATTACKS:
        if attack.name in SAMPLE or not is_sample:
            plant(attack)


if __name__ == "__main__":
    main(is_sample="sample" in sys.argv)
