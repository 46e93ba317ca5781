"""How the verdicts do on pairs, kind by kind."""

from collections import Counter
from collections.abc import Sequence

from bench.receipts.pairs import Pair


def report(pairs: Sequence[Pair], verdicts: Sequence[str]) -> str:
    """Return a line for each kind with the share of each verdict, and the precision of ``unsupported``."""
    kinds = dict.fromkeys((pair.verdict, pair.kind) for pair in sorted(pairs, key=lambda one: (one.verdict, one.kind)))
    counts = Counter((pair.kind, verdict) for pair, verdict in zip(pairs, verdicts, strict=True))
    lines = [f"{'':>12} {'kind':<16} {'pairs':>5}  supported  weak  unsupported"]
    for expected, kind in kinds:
        total = sum(counts[kind, verdict] for verdict in ("supported", "weak", "unsupported"))
        shares = [counts[kind, verdict] / total for verdict in ("supported", "weak", "unsupported")]
        lines.append(f"{expected:>12} {kind:<16} {total:>5}  {shares[0]:9.2f}  {shares[1]:4.2f}  {shares[2]:11.2f}")
    called = [
        pair.verdict
        for pair, verdict in zip(pairs, verdicts, strict=True)
        if verdict == "unsupported" and pair.kind != "strayed"
    ]
    fair = [verdict for pair, verdict in zip(pairs, verdicts, strict=True) if pair.verdict == "supported"]
    lines.append(f"precision of unsupported {called.count('unsupported') / len(called):.3f} of {len(called)}")
    lines.append(f"supported that are called unsupported {fair.count('unsupported') / len(fair):.3f} of {len(fair)}")
    return "\n".join(lines)
