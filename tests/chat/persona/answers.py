"""What a language model may answer when it is asked for a personality."""

import json
from typing import Any

SAID = "Level first, then everything else. I would not lose sleep over it. Measure, then move, and trust the meter."


def trait(name: str, *examples: str) -> dict[str, Any]:
    return {"trait": name, "examples": list(examples)}


def answer(**parts: Any) -> str:
    """Return the JSON of a personality with these parts and nothing in the others."""
    whole = {"summary": "Brief and dry.", "tone": [], "vocabulary": [], "habits": [], "phrases": [], "avoid": []}
    return json.dumps({**whole, **parts})


GOOD = answer(tone=[trait("dry", "I would not lose sleep over it")])
