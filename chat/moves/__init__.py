"""Works and creators that come under another name: moved, merged, and what is said in words before that is done."""

from chat.moves.creators import merge, plan_merge
from chat.moves.plan import MoveError, Plan
from chat.moves.works import move, plan_move

__all__ = ["MoveError", "Plan", "merge", "move", "plan_merge", "plan_move"]
