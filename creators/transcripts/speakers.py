"""Who speaks in captions: names that stand in the text of cues, in the forms that tools and transcribers write."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from creators.transcripts.cues import Cue, Cues
from creators.transcripts.noise import is_sound

NAME = r"[^\W\d_][^\[\](){}:!?;,\n]{0,58}?"
ASIDES = frozenset(("", "note", "notes", "tip", "hint", "warning", "important", "caution", "example"))
"""What stands before a colon as a name would, and names nobody."""

_LABEL = re.compile(
    rf"(?P<arrows>>>+\s*)?(?P<dash>[-–—]\s*)?(?:"
    rf"\[?(?P<diarised>SPEAKER_\d+)\]?(?::\s*|\s+)|"
    rf"(?:\[(?P<square>{NAME})\]|\((?P<round>{NAME})\))(?::\s*|\s+)|"
    rf"(?P<named>{NAME}):\s+)?(?P<rest>.*)"
)
_TURNS = re.compile(r"\s>>+\s+(?=\S)")
_PARTICLES = frozenset(
    ("de", "da", "di", "du", "van", "von", "der", "den", "la", "le", "el", "al", "bin", "dos", "and")
)
_EACH = 0.9
"""Share of labelled cues from which on a cue without a label has a speaker whom nobody knows."""


def is_name(text: str) -> bool:
    """Say whether a text has the shape of a name: up to five words, not beginning small, and no sentence."""
    words = text.split()
    return bool(words) and len(words) <= 5 and not words[0][0].islower() and words[-1][-1] not in ".!?,…"


def is_full_name(name: str) -> bool:
    """Say whether a name has two words or more, each with a capital."""
    words = name.split()
    return len(words) > 1 and all(word[0].isupper() for word in words)


@dataclass(frozen=True, slots=True)
class _Label:
    """How a line of a cue begins; ``marked`` says that arrows, a dash or brackets show it to be no speech."""

    name: str
    rest: str
    is_turn: bool
    is_dash: bool
    is_marked: bool


def _label(line: str) -> _Label:
    match = _LABEL.match(line)
    if match is None:
        return _Label("", line, False, False, False)
    bracketed = match["square"] or match["round"] or ""
    name = match["diarised"] or bracketed or match["named"] or ""
    is_dash, is_turn = bool(match["dash"]), bool(match["arrows"])
    if match["diarised"] or (_is_bracketed_name(bracketed) if bracketed else _is_said_name(name)):
        is_marked = bool(bracketed or match["diarised"])
        return _Label(" ".join(name.split()), match["rest"].strip(), is_turn, is_dash, is_marked)
    return _Label("", _bare(line) if is_dash or is_turn else line, is_turn, is_dash, False)


def _is_bracketed_name(text: str) -> bool:
    words = text.split()
    return (
        len(words) <= 4 and not is_sound(text) and all(w[0].isupper() or w in _PARTICLES or w.isdigit() for w in words)
    )


def _is_said_name(text: str) -> bool:
    return is_name(text) and text.lower() not in ASIDES


def with_speakers(cues: Cues) -> Cues:
    """Return the cues parted where somebody else speaks, with the names out of the text, judged over the whole file.

    Names before a colon count where three in ten cues begin with one, after ``>>`` always; names in brackets also
    after a dash or where they come twice. A cue without a name belongs to whoever spoke last, unless nine in ten
    have one. A file that says who speaks by its markup is left as it is; else the cues given are empty afterwards.
    """
    if any(cues.speakers) or not any(_suspect(line) for text in cues.texts for line in text.split("\n")):
        return cues
    found = _survey(cues)
    if not found.names and not found.has_arrows and not found.has_dialogue:
        return cues
    return Cues(_parted(cues, found.names, has_arrows=found.has_arrows, carries=found.labelled < _EACH * len(cues)))


@dataclass(frozen=True, slots=True)
class _Survey:
    """Who speaks in a file, by what signs, and how many of its cues begin a line with one of these names."""

    names: frozenset[str]
    labelled: int
    has_arrows: bool
    has_dialogue: bool


def _survey(cues: Cues) -> _Survey:
    """Look at how all lines begin; what was read of each is not kept, as it takes more memory than the text."""
    tally = _Tally()
    arrows, has_dialogue = 0, False
    alike: dict[tuple[str, ...], tuple[str, ...]] = {}
    begun = []
    for cue in cues:
        labels = [_label(line) for line in cue.lines]
        tally.add(labels)
        arrows += sum(label.is_turn for label in labels)
        has_dialogue = has_dialogue or _is_dialogue(labels)
        named = tuple([label.name for label in labels if label.name])
        begun.append(alike.setdefault(named, named))
    names = tally.names(len(cues))
    return _Survey(names, sum(not names.isdisjoint(named) for named in begun), arrows > 1, has_dialogue)


def _suspect(line: str) -> bool:
    return line[:1] in ">-–—[(" or ":" in line or "SPEAKER_" in line


@dataclass(slots=True)
class _Tally:
    """How often each name stands where a speaker's does."""

    marked: Counter[str] = field(default_factory=Counter)
    before_colon: Counter[str] = field(default_factory=Counter)
    sure: set[str] = field(default_factory=set)

    def add(self, labels: Sequence[_Label]) -> None:
        """Count the labels of a cue's lines."""
        for place, line in enumerate(labels):
            if not line.name:
                continue
            if line.is_marked:
                self.marked[line.name] += 1
            elif not place:
                self.before_colon[line.name] += 1
            if line.is_turn or (line.is_marked and (line.is_dash or line.name.startswith("SPEAKER_"))):
                self.sure.add(line.name)

    def names(self, count: int) -> frozenset[str]:
        """Return who speaks in so many cues."""
        sure = set(self.sure)
        if self.marked.total() >= 0.3 * count:
            sure |= set(self.marked)
        sure |= {name for name, times in self.marked.items() if times > 1}
        share = self.before_colon.total() / max(count, 1)
        if share >= 0.3:
            named = self.before_colon.items()
            sure |= {name for name, times in named if times > 1 or share >= 0.5 or is_full_name(name)}
        return frozenset(sure)


def _is_dialogue(lines: Sequence[_Label]) -> bool:
    return len(lines) > 1 and sum(line.is_dash for line in lines) > 1


def _parted(cues: Cues, names: frozenset[str], *, has_arrows: bool, carries: bool) -> Iterator[Cue]:
    speaker = ""
    for cue in cues.drained():
        found = [_label(line) for line in cue.lines]
        if not carries:
            speaker = ""
        parts: list[tuple[str, bool, list[str]]] = []
        for line, label in _lines(cue, found, has_arrows=has_arrows):
            is_named = label.name in names
            is_dash = label.is_dash and _is_dialogue(found)
            is_turn = is_named or is_dash or (has_arrows and label.is_turn)
            if is_turn:
                speaker = label.name if is_named else _other(speaker, names) if is_dash else ""
            if is_turn or not parts:
                parts.append((speaker, is_turn, []))
            parts[-1][2].append(label.rest if is_named else _bare(line) if is_turn else line)
        for who, is_turn, lines in parts:
            if text := tuple(filter(None, lines)):
                yield cue._replace(lines=text, speaker=who, turn=is_turn)


def _lines(cue: Cue, labels: Sequence[_Label], *, has_arrows: bool) -> Iterator[tuple[str, _Label]]:
    """Yield the lines with their labels; where ``>>`` marks turns, a line is parted at each."""
    for line, label in zip(cue.lines, labels, strict=True):
        first, *more = _TURNS.split(line) if has_arrows else [line]
        yield first, _label(first) if more else label
        for said in more:
            yield said, replace(_label(said), is_turn=True)


def _bare(line: str) -> str:
    return line.lstrip(">-–— ")


def _other(speaker: str, names: frozenset[str]) -> str:
    """Return the other one of two who speak, "" where there are not two."""
    others = names - {speaker}
    return next(iter(others)) if speaker in names and len(names) == 2 else ""
