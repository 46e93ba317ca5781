"""The order in time in which a text tells things: its steps by "then", "before", "after", "first", and their ranks."""

from collections.abc import Iterator, Mapping, Sequence

from chat.grounding.verification.similarity import AnalysedText
from chat.grounding.vocabulary import DETERMINERS, NUMERALS, SUBJECTS

_NEXT = frozenset("then finally lastly".split())
_TURNING = frozenset("after once follows following".split())
"""Words with which a step opens that comes after the one before, and before it."""
_CUES = _NEXT | _TURNING | {"before"}
_FILLERS = frozenset("and only but".split())
"""Words that a cue may stand behind."""
_OPENING = frozenset("and so only then".split())
"""Words with which a step opens that goes on from the one before."""
_MAIN = frozenset({*SUBJECTS, *"comes come goes go came went".split()})
"""Words with which the main part of a sentence goes on after its time."""
_MAINS = [(word,) for word in _MAIN]
_JOINTS = frozenset("and so because while when until".split())
RANKS = {"first": -10, "second": 5, "third": 6, "last": 20, "lastly": 20, "finally": 20, "afterwards": 5, "later": 5}
"""Words that give a step its place whatever stands around it."""
_TIMES = frozenset({*NUMERALS, *"every a about half that this in per".split()})
"""Words behind "after" or "before" that speak of a time, not of a step."""
_ASIDE = frozenset("which who where that as because since".split())
"""Words with which a step opens that has no place in the order."""
_BEGINS = frozenset("begin begins start starts began started".split())
"""Verbs that call what is done with something the first step."""


def all_ranks(text: AnalysedText) -> Mapping[int, Mapping[int, int]]:
    """Return the ranks of the words of each sentence of a text, by the sentence's number, in order."""
    return {number: ranks_of(text, number) for number in sorted(set(text.sentences))}


def ranks_of(text: AnalysedText, sentence: int) -> dict[int, int]:
    """Return a rank in time for each word of a sentence by its place; without those of which it tells none."""
    places = [place for place, number in enumerate(text.sentences) if number == sentence]
    words = [text.words[place] for place in places]
    if not any(_is_cue(text, place) for place in places) or {"before", "after"} <= set(words):
        return {}
    ranks: dict[int, int] = {}
    rank, is_turned, is_known = 0, 0, True
    for step in _steps(text, places):
        cue, opens = _cue_of(text, step), step[0] == places[0] or _goes_on(text, step)
        mark = next((text.words[place] for place in step if _is_marker(text, place)), None)
        mark = "first" if mark is None and _begins(text, step) else mark
        if cue in _TURNING:
            here, is_turned = (rank, 1) if opens else (rank - 1, 0)
        elif cue == "before":
            here, is_turned = rank + 1, -1 if opens else 0
        else:
            rank += (cue in _NEXT or is_turned > 0) - (is_turned < 0) + _is_listed(text, step, places)
            here, is_turned = rank, 0
        opening = text.words[step[0]]
        is_known = opening not in _ASIDE and (is_known or bool(cue or mark) or opening == "and")
        if is_known:
            ranks |= dict.fromkeys(step, RANKS[mark] if mark else here)
        is_known = is_known and not (mark and text.words[step[-1]] == mark)
    return ranks


def _cue_of(text: AnalysedText, step: Sequence[int]) -> str:
    """Return the cue with which a step opens, "" where it opens with none, or speaks of a time: "after ten minutes"."""
    words = [text.words[place] for place in step if text.words[place] not in _FILLERS]
    is_cue = (
        bool(words) and words[0] in _CUES and (words[0] in _NEXT or words[1:2] not in ([], *([one] for one in _TIMES)))
    )
    return words[0] if is_cue else ""


def _steps(text: AnalysedText, places: Sequence[int]) -> Iterator[list[int]]:
    """Yield the steps of a sentence, parted at its cues, at "and" and at commas."""
    step: list[int] = []
    for place in places:
        gap = text.text[text.spans[place - 1][1] : text.spans[place][0]] if step else ""
        word = text.words[place]
        is_joined = all(text.words[one] in _FILLERS for one in step)
        ends = bool(step) and _is_marker(text, step[-1]) and any(_says(text.words[one]) for one in step[:-1])
        is_joint = word in _JOINTS and text.words[place + 1 : place + 2] != ("last",)  # "leaves it until last"
        is_new = "," in gap or ";" in gap or word in _CUES or is_joint or ends
        if step and not is_joined and (is_new or (word in _MAIN and _is_before_main(text, step))):
            yield step
            step = []
        step.append(place)
    if step:
        yield step


def _is_before_main(text: AnalysedText, step: Sequence[int]) -> bool:
    """Say whether a step sets the time of what follows: "and after the gate | comes the equaliser"."""
    is_first = not step[0] or text.sentences[step[0] - 1] != text.sentences[step[0]] or text.words[step[0]] in _OPENING
    return is_first and _cue_of(text, step) in {"after", "once", "before"} and _says(text.words[step[-1]])


def _begins(text: AnalysedText, step: Sequence[int]) -> bool:
    """Say whether a step is called the first by its verb: "starts with the far bank"."""
    return any(text.words[place] in _BEGINS and text.words[place + 1 : place + 2] == ("with",) for place in step)


def _goes_on(text: AnalysedText, step: Sequence[int]) -> bool:
    return text.words[step[-1] + 1 : step[-1] + 2] in _MAINS and _is_before_main(text, step)


def _says(word: str) -> bool:
    return (
        word not in _JOINTS and word not in _CUES and word not in DETERMINERS and word not in _MAIN and word != "only"
    )


def _is_cue(text: AnalysedText, place: int) -> bool:
    return text.words[place] in _CUES or _is_marker(text, place) or _begins(text, [place])


def _is_marker(text: AnalysedText, place: int) -> bool:
    """Say whether a word gives its step a place: "feeling first", but not "the first ten minutes"."""
    before = text.words[place - 1] if place else ""
    following = text.words[place + 1] if place + 1 < len(text.words) else ""
    is_noun = (
        before in DETERMINERS or before.endswith("'s") or following in NUMERALS or before in {"every", "for", "at"}
    )
    return text.words[place] in RANKS and not is_noun


def _is_listed(text: AnalysedText, step: Sequence[int], places: Sequence[int]) -> int:
    """Return 1 for a step after a comma in a list that ends with "then": "A, B, and then C"."""
    behind = [text.words[place] for place in places if place > step[-1]]
    if step[0] == places[0] or "then" not in behind:
        return 0
    gap = text.text[text.spans[step[0] - 1][1] : text.spans[step[0]][0]]
    return int("," in gap and text.words[step[0]] not in _NEXT)
