"""What entries of a glossary would put right in a creator's passages, before anything is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from creators.glossary.replace import Rule, corrected, normalise_phrase, replacements, rules_of
from creators.models import Chunk, Creator, GlossaryEntry
from creators.transcripts.revision import ChunkText
from creators.transcripts.segments import seconds_at

PLACES = 3
"""Sentences shown of an entry, of as many works as there are."""
_ENDINGS = ("", "'s", "’s", "s'", "s’", "s")
CONTEXT = 120
"""Characters of a long sentence shown on either side."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence in which something was misheard, in three parts, and what would stand in place of the middle one."""

    work: str
    title: str
    seconds: float | None
    before: str
    heard: str
    after: str
    meant: str


@dataclass(frozen=True, slots=True)
class Trial:
    """How many passages, of how many works, entries would change together; and each by its key, with places."""

    passages: int
    works: int
    by_entry: Mapping[int, int]
    places: Mapping[int, tuple[Place, ...]]
    changed: tuple[int, ...]
    """The keys of the passages."""


def tried(creator: Creator, entries: Sequence[GlossaryEntry]) -> Trial:
    """Return what these entries would change of what the creator's passages read now. Stores nothing.

    An entry changes nothing where another one, of these or of the reviewed, reads the same words otherwise.
    """
    rules = rules_for(creator, entries)
    owners = {normalise_phrase(phrase): entry.pk for entry in entries for phrase in entry.heard}
    counts: Counter[int] = Counter()
    places: dict[int, list[Place]] = {entry.pk: [] for entry in entries}
    changed, works = [], set()
    for chunk in _chunks(creator) if rules else ():
        found = [(one, _entry_of(chunk.text[one.start : one.end], owners)) for one in replacements(chunk.text, rules)]
        if not found:
            continue
        changed.append(chunk.pk)
        works.add(chunk.work_id)
        counts.update({key for _, key in found if key})
        for edit, key in found:
            if key:
                _keep(places[key], _place(chunk, edit.start, edit.end, meant=edit.text))
    return Trial(len(changed), len(works), counts, {key: tuple(kept) for key, kept in places.items()}, tuple(changed))


def rules_for(creator: Creator, entries: Iterable[GlossaryEntry]) -> tuple[Rule, ...]:
    """Return the rules that these entries would add to those that apply to the creator already."""
    added = list(entries)
    phrases = {normalise_phrase(phrase) for entry in added for phrase in entry.heard}
    keys = {entry.pk for entry in added}
    reviewed = GlossaryEntry.objects.applying_to(creator.pk).reviewed().exclude(pk__in=keys)
    return tuple(rule for rule in rules_of([*reviewed, *added]) if rule.heard in phrases)


def reworded_sentences(chunk: Chunk, rules: Sequence[Rule]) -> dict[int, str]:
    """Return the sentences of a passage that the rules put right, by their number in what was said."""
    texts = chunk.revision.texts
    found = {}
    for number, said in enumerate(chunk.as_ingested.sentences):
        now = texts.get(number, said)
        text, corrections = corrected(now, rules)
        if corrections:
            found[number] = text
    return found


def _chunks(creator: Creator) -> Iterator[Chunk]:
    """Yield the passages that can be searched, a work at a time."""
    visible = Chunk.objects.filter(creator=creator, work__is_withdrawn=False, is_hidden=False)
    for work in visible.order_by("work").values_list("work", flat=True).distinct():
        yield from visible.filter(work=work).select_related("work").defer("search").order_by("position")


def _entry_of(text: str, owners: Mapping[str, int]) -> int | None:
    """Return the key of the entry that names what was replaced, which may stand there in the plural."""
    phrase = normalise_phrase(text)
    return next((owners[bare] for end in _ENDINGS if (bare := phrase.removesuffix(end)) in owners), None)


def _place(chunk: Chunk, start: int, end: int, *, meant: str) -> Place:
    spans = ChunkText(chunk.text, chunk.timing, chunk.corrected).spans
    begin, stop = next(((one, two) for one, two in spans if one <= start < two), (0, len(chunk.text)))
    stop = max(stop, end)
    before, after = chunk.text[begin:start], chunk.text[end:stop]
    if len(before) > CONTEXT:
        before = "… " + before[-CONTEXT:].partition(" ")[2]
    if len(after) > CONTEXT:
        after = after[:CONTEXT].rpartition(" ")[0] + " …"
    seconds = seconds_at(chunk.timing, start, len(chunk.text))
    return Place(chunk.work.slug, chunk.work.title, seconds, before, chunk.text[start:end], after, meant)


def _keep(places: list[Place], place: Place) -> None:
    """Keep a place while there are few; one of another work takes the place of a second one of the same."""
    if len(places) < PLACES:
        is_same = any(one.before == place.before and one.after == place.after for one in places)
        if not is_same:
            places.append(place)
    elif place.work not in {one.work for one in places}:
        works = [one.work for one in places]
        doubled = next((at for at in range(len(works) - 1, 0, -1) if works[at] in works[:at]), None)
        if doubled is not None:
            places[doubled] = place
