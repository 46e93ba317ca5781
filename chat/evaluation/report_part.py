"""A calibration and its figures as lines of text."""

from collections.abc import Iterator

from chat.evaluation.figures_part import Figures
from chat.events.events import Tier
from chat.retrieval.calibration import Calibration

LET_THROUGH = {Tier.CREATOR: "a wrong creator let through", Tier.GLOBAL: "the unanswerable let through"}


def lines_of(calibration: Calibration) -> Iterator[str]:
    """Yield the coefficients and the thresholds."""
    yield (
        f"relevance = logistic({calibration.cosine:.2f} * cosine + {calibration.window:.2f} * window "
        f"{calibration.intercept:+.2f})"
    )
    enough = ", ".join(f"{tier} {least:.4f}" for tier, least in calibration.enough.items())
    yield f"enough: {enough}"


def figure_lines(figures: Figures) -> Iterator[str]:
    """Yield what was measured, with a table of reliability."""
    yield f"{figures.questions} questions, AUC answered against not {_share(figures.auc)}"
    for tier, said in LET_THROUGH.items():
        yield f"{tier:8} kept {_share(figures.kept[tier])}, {said} {_share(figures.passed[tier])}"
    yield "relevance   candidates  given  observed"
    for place, one in enumerate(figures.bins):
        span = f"{place / 10:.1f} to {(place + 1) / 10:.1f}"
        yield f"{span:10} {one.count:11}  {one.given:.3f}  {one.observed:.3f}"


def _share(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.4f}"
