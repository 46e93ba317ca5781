"""The English that choosing quotes knows, in one place; in other languages these lists find nothing and do no harm."""

import re

FILLERS = frozenset(
    "and but so or now well yeah yes yep no okay ok right then um uh er ah oh hmm like just actually basically really "
    "look listen anyway also i mean you know kind of sort".split()
)
"""Words that talk opens with or scatters about: they point at nothing, and make a sentence no other one."""

NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {word: str(10 * number) for number, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)}

POINTERS = frozenset("its they them their theirs he him his she her hers which".split())
"""Words that point at something an earlier sentence names."""
HALF_POINTERS = frozenset("this that these those such both neither there".split())
"""The same, unless a noun follows: "this works", but not "this compressor"."""
NO_NOUNS = frozenset(
    "is isn't was wasn't are aren't were have has had do does did don't doesn't didn't will won't would can could "
    "cannot can't may might must should shall means mean meant makes make made gives give gave lets let leads happens "
    "happened works work worked comes came goes go went takes took helps helped causes caused allows allowed becomes "
    "became seems sounds looks keeps brings said include includes included involves involved being been also and or "
    "just really only not never always usually often still all then of i we you".split()
)
"""What may stand after a word that points by itself."""
BEING = frozenset("is was are were isn't wasn't aren't will would may might can could has have had must".split())
"""What follows a "there" that says no more than that something exists."""
PLEONASTIC = re.compile(
    r"it(?:['’]s|\s+(?:is|was|has been|(?:will|would|may|might|can) be))\s+(?:[\w’'-]+\s+){1,3}?"
    r"(?:that|how|whether|why|if|when|to\s+(?!(?:the|an?|its?|his|her|their)\b|\d))"
    r"|it\s+(?:seems|appears|turns out|depends)\b|it\s+(?:takes|helps)\b.*\bto\b"
)
"""An "it" that stands for nothing: "it is important to", "it depends on"."""

ASKS_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|far|old|large|big|often|high|low|tall|fast|slow|wide|deep|loud)\b"
    r"|\b(?:percent|percentage|number|ratio|amount|when|year|date)\b",
    re.IGNORECASE,
)
FIGURE = re.compile(
    rf"\d|\b(?:{'|'.join(list(NUMBERS)[1:])}|hundred|thousand|million|half|once|twice)\b",
    re.IGNORECASE,
)
ANNOUNCES = re.compile(
    r":$"
    r"|\blet(?:['’]s|\s+(?:us|me))\s+(?:\w+\s+)?"
    r"(?:talk|look|start|begin|go|move|turn|get|take|see|hear|tell|show|explain|walk)\b"
    r"|\b(?:i|we)(?:['’]ll|['’]m|['’]re|\s+(?:will|am|are|shall|want|wanted))\s+(?:\w+\s+){0,2}"
    r"(?:tell|show|explain|talk|discuss|cover|describe|give you|get to|come to|go through|walk)\b"
    r"|\b(?:often|always|sometimes|been) (?:asked|ask me)\b"
    r"|^(?:\w+\s+)?(?:tell|give|show|walk|remind) (?:me|us)\b"
    r"|\bhere(?:['’]s| is| are) (?:how|what|why|the|my|some)\b[^,;:]{0,40}$"
    r"|\b(?:two|three|four|five|several|a few|some|a couple of) "
    r"(?:things|reasons|ways|steps|rules|points|answers|solutions|options|kinds)\b"
    r"[^,;:]{0,30}$",
    re.IGNORECASE,
)
"""What promises an answer and does not give it."""
TAG = re.compile(
    r"\b(?:right|okay|ok|yeah|huh|you know|you see|(?:isn|doesn|don|aren|wasn)['’]t (?:it|they|you|he|she))\?"
)
"""The end of a statement that only sounds like a question."""
