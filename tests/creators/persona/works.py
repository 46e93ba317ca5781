"""Creators with works of a few sentences, for tests of what is theirs."""

from creators.models import Chunk, Creator, Work


def creator_who_said(slug: str, *works: str, name: str = "") -> Creator:
    """Return a creator with a work for each text, every text one chunk that takes 100 seconds."""
    creator = Creator.objects.create(slug=slug, name=name or slug.capitalize())
    for number, text in enumerate(works, start=1):
        add_work(creator, f"{slug}-{number}", text)
    return creator


def add_work(creator: Creator, slug: str, *texts: str) -> Work:
    """Add a work with a chunk for each text."""
    work = Work.objects.create(creator=creator, slug=slug, title=slug.upper(), source=f"{slug}.txt")
    for position, text in enumerate(texts):
        Chunk.objects.create(
            work=work,
            creator=creator,
            position=position,
            text=text,
            marks=[[0, 0.0, 100.0, ""]],
            text_hash=f"{slug}-{position}",
            words=len(text.split()),
        )
    return work


def unpublish_all() -> None:
    """Leave nobody to compare with: other tests may have stored a corpus."""
    Creator.objects.update(is_published=False)
