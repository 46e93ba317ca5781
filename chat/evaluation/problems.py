"""What can be wrong with a file of questions or an earlier report, in words."""

from collections.abc import Sequence

MOST_SHOWN = 20


class EvaluationError(Exception):
    """One line for each thing to put right, each naming its file and, where there is one, its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        left = len(self.problems) - MOST_SHOWN
        shown = [*self.problems[:MOST_SHOWN], *([f"… and {left} more"] if left > 0 else [])]
        super().__init__("\n".join(shown))
