"""Taking a work down: out of the search, and out of everything that was made of it; and the proof that it is gone."""

from chat.takedown.look import Finding, look
from chat.takedown.take import Taken, take_down
from chat.takedown.traces import turns_about

__all__ = ["Finding", "Taken", "look", "take_down", "turns_about"]
