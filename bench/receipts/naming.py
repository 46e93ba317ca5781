"""Who is said to say a claim: right and wrong names, and one claim in many frames, judged as production judges them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.receipts.pairs import PAIRS, models, pairs_of
from bench.receipts.unseen import VERDICTS, UnseenPair, judge_pairs, unseen
from chat.events.events import Citation
from creators.embeddings import Embedder
from creators.embeddings.minilm import MiniLM

CREATOR, WORK, DATE = "Mara Lindqvist", "Compressing a Lead Vocal", "2024-03-12"
Frame = Callable[[str], str]


def _within(claim: str) -> str:
    """Return a claim as it stands within a sentence: "I" and abbreviations keep their capital."""
    first = claim.split(maxsplit=1)[0]
    return claim if first == "I" or first[1:].lower() != first[1:] else claim[:1].lower() + claim[1:]


FRAMES: Mapping[str, Frame] = {
    "plain": lambda claim: claim,
    "Mara says that …": lambda claim: f"Mara says that {_within(claim)}",
    "According to Mara Lindqvist, …": lambda claim: f"According to Mara Lindqvist, {_within(claim)}",
    "As Mara Lindqvist explains, …": lambda claim: f"As Mara Lindqvist explains, {_within(claim)}",
    "…, says Mara Lindqvist": lambda claim: f"{claim.rstrip('.')}, says Mara Lindqvist.",
    "In “title”, Mara says that …": lambda claim: f"In “{WORK}”, Mara says that {_within(claim)}",
    "In “title” (month year), … notes that …": lambda claim: (
        f"In “{WORK}” (March 2024), Mara Lindqvist notes that {_within(claim)}"
    ),
    "On day month year, Mara said that …": lambda claim: f"On 12 March 2024, Mara said that {_within(claim)}",
}
WRONG_FRAMES: Mapping[str, Frame] = {
    "According to Jonas Petri, …": lambda claim: f"According to Jonas Petri, {_within(claim)}",
    "…, says Jonas Petri": lambda claim: f"{claim.rstrip('.')}, says Jonas Petri.",
    "In “another title”, Mara says that …": lambda claim: f"In “Vocals Without Fear”, Mara says that {_within(claim)}",
    "In March 2019, Mara said that …": lambda claim: f"In March 2019, Mara said that {_within(claim)}",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A claim that names somebody, rightly or not, with its citation."""

    pair: UnseenPair
    citation: Citation

    @property
    def is_right(self) -> bool:
        """Whether the passage is by the one who is named."""
        return self.pair.verdict == "supported"

    @property
    def is_called_wrong(self) -> bool:
        """Whether the name, the title or the date is called another's."""
        return any(issue.kind == "attribution" for issue in self.citation.problems)


def named(embed: Embedder) -> list[Named]:
    """Return the claims of ``names.jsonl``, judged: the name alone decides whether they hold."""
    pairs = unseen(PAIRS / "names.jsonl")
    return [Named(pair, one) for pair, one in zip(pairs, judge_pairs(pairs, embed), strict=True)]


def names() -> None:
    """Print how many right names are accepted and how many wrong ones found, and each that is not as it should be."""
    judged = named(MiniLM(models_dir=models()))
    for is_right, said in ((True, "right names"), (False, "wrong names")):
        group = [one for one in judged if one.is_right is is_right]
        counts = Counter(one.citation.verdict.value for one in group)
        verdicts = ", ".join(f"{counts[name]} {name}" for name in VERDICTS)
        print(f"{said}: {len(group)}, called another's {sum(one.is_called_wrong for one in group)}; {verdicts}")
        print("\n".join(_described(one) for one in group if one.citation.verdict.value != one.pair.verdict))


def _described(one: Named) -> str:
    issues = "; ".join(issue.message for issue in one.citation.problems)
    return f"    {one.citation.verdict} ({one.pair.kind}): {one.pair.claim} {issues}"


def framings() -> None:
    """Print the verdicts on the claims of ``kept-aside`` in each frame, and how many are those of the plain claim."""
    embed = MiniLM(models_dir=models())
    plain = [
        UnseenPair((pair.passage,), "", CREATOR, WORK, DATE, "creator", pair.claim, pair.verdict, pair.kind)
        for pair in pairs_of("kept-aside")
    ]
    print(f"{'':<42} " + " ".join(f"{name:>11}" for name in (*VERDICTS, "as plain")) + "   of those that hold")
    verdicts: dict[str, list[str]] = {}
    for name, frame in {**FRAMES, **WRONG_FRAMES}.items():
        verdicts[name] = _verdicts(plain, frame, embed)
        counts = Counter(verdicts[name])
        same = sum(one == other for one, other in zip(verdicts[name], verdicts["plain"], strict=True))
        fair = Counter(one for pair, one in zip(plain, verdicts[name], strict=True) if pair.verdict == "supported")
        row = " ".join(f"{number:>11}" for number in (*(counts[one] for one in VERDICTS), same))
        print(f"{name:<42} {row}   {'/'.join(str(fair[one]) for one in VERDICTS)}")


def _verdicts(plain: Sequence[UnseenPair], frame: Frame, embed: Embedder) -> list[str]:
    framed = [replace(pair, claim=frame(pair.claim)) for pair in plain]
    return [one.verdict.value for one in judge_pairs(framed, embed)]
