"""Clauses of a question: how they begin, what they ask, and what only leads on to them."""

import re

LACKING = 4
"""Words up to which a part may lack its verb: "what loudness and what ceiling do you use"."""
NAMED_ONLY = 6
"""Words up to which a part may only name what it asks for: "trap tempo, and how …"."""
VERB = (
    r"(?:do|does|did|(?:don|doesn|didn)['’]?t (?=i\b|you\b|we\b|they\b|people\b)|is|are|isn['’]?t|aren['’]?t|was|were|"
    r"should|shouldn['’]?t|can|could|would|will|has|have)"
)
WH = r"(?:how|what|which|where|when|who|whom|whose|why|whether)(?:['’]?s)?"
AT = r"(?:(?:at|in|on|for|with|by|to|from|below|above|since|until|till|under|of) )?"
BEGINS = rf"{AT}(?:{WH}|{VERB})\b"
TELLS = (
    r"(?:(?:can|could|would|will) you )?(?:please )?(?:tell|show|give|explain|describe|say|remind)\b(?: (?:me|us)\b)?"
    r"(?: (?:something|more|a bit))?(?: about)?"
)
FIGURE = (
    r"how (?:many|much|long|loud|quiet|far|fast|slow|wide|high|low|deep|often|big|hard|late|early|old)\b"
    r".*\b(?:is|are|should|do|does|must|can)\b"
)
WONDERS = (
    r"i(?:['’]d| would| also| still| just|['’]m| am)* (?:(?:like|love|want|need) to (?:know|hear)|wonder|wondering|"
    r"curious)\b(?: about)?"
)
_LEAD = re.compile(
    r"(?:(?:and|also|so|then|plus|next|lastly|finally|oh|if so|if not|(?:my |the )?(?:\w+ )?(?:question|thing)(?: is)?)"
    rf"\b[\s,:–—-]*|{WONDERS}\s*)+(?=\w)",
    re.IGNORECASE,
)
"""What only leads on to a part."""
SENTENCE = r"[?!.]+[\s\"'”)]*\s+|\s*\n\s*"
ASKED = re.compile(rf"{WH}\b", re.IGNORECASE)
FORM = re.compile(
    rf"{AT}(?:{VERB}\b|(?:what|how|where|who|when|why)['’]?s\b|(?:{WH}) (?:\w+ ){{0,5}}?{VERB}\b|"
    rf"who (?!i\b|you\b|we\b|they\b|he\b|she\b)\w+|(?:what|which|"
    rf"how (?:many|much|long|loud|far|fast|wide|high|low|deep))\b(?!.*\b(?:i|you|we|they|it)\b))",
    re.IGNORECASE,
)
"""The form of a question: "when I turn it down" has it not."""
SAYS = re.compile(
    rf"\b(?:{VERB}|i|you|we|they|he|she|it|this|that|\w+['’](?:s|re|m|ve|ll|d)|whats|hows|wheres)\b", re.IGNORECASE
)
"""Words of which one stands in nearly every clause that says or asks something whole."""
OPENS = re.compile(rf"[,:]\s+|\s[–—-]+\s|^(?:in|on|with|for) (?:[\w-]+ ){{1,2}}(?={WH}\b)", re.IGNORECASE)
"""What stands between a question and the words that open it: "in FM, what …", "pads: how …"."""


def without_lead(text: str) -> str:
    """Return a clause without what only leads on to it: "and also", "my next question is"."""
    bare = text.strip(" ,;–—-")
    lead = _LEAD.match(bare)
    return bare[lead.end() :] if lead else bare
