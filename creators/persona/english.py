"""English by what its words do in talk: those that mark a voice, those that say nothing of a subject."""

from functools import lru_cache

PARTICLES = frozenset(
    "okay ok alright right well yeah yep yup nope hey oh ah um uh hmm huh anyway anyways basically actually literally "
    "honestly frankly obviously clearly essentially naturally hopefully personally apparently seriously exactly "
    "absolutely totally definitely certainly sure indeed look listen yes".split()
)
"""What steers talk: openers, assents, and adverbs that comment on what is said."""
HEDGES = frozenset(
    "maybe perhaps probably possibly presumably arguably somewhat fairly kinda sorta roughly seemingly supposedly "
    "generally usually typically mostly guess suppose seems might".split()
)
BOOSTERS = frozenset(
    "really very super extremely incredibly totally absolutely completely entirely utterly hugely massively insanely "
    "ridiculously terribly deeply hella always never".split()
)
PRAISE = frozenset(
    "cool awesome amazing great fantastic wonderful beautiful lovely brilliant excellent fascinating exciting excited "
    "nice neat sweet gorgeous incredible fun love loved glad delightful elegant interesting perfect favorite "
    "favourite phenomenal terrific rad".split()
)
BLAME = frozenset(
    "awful terrible horrible ugly nasty annoying boring stupid silly dumb crappy weird crazy wild insane ridiculous "
    "scary creepy tricky painful frustrating messy clunky gross hideous hate sad unfortunately sadly".split()
)
CASUAL = frozenset(
    "gonna wanna gotta lemme gimme kinda sorta stuff guys folks dude man buddy y'all ain't cuz dunno bunch "
    "tons lots yeah hey whatever guy kid kids heck damn hell crap".split()
)
FORMAL = frozenset(
    "therefore thus hence however moreover furthermore nevertheless nonetheless consequently accordingly whereas "
    "whereby thereby upon shall regarding respectively likewise namely whilst albeit notably".split()
)
MARKS = PARTICLES | HEDGES | BOOSTERS | PRAISE | BLAME | CASUAL | FORMAL
"""Words that are part of how somebody talks, whatever about."""

LINKS = frozenset(
    "a an the this these those my your his its our their every each any some no and or but nor if because "
    "whether than of in on at by for from to into with without about between through over under per as until "
    "is are was were be been am it's that's i'm you're we're they're he's she's there's i've you've we've i'd "
    "you'd we'd i'll you'll we'll they'll it'll can could will would should must may might do does did don't "
    "doesn't didn't can't couldn't won't wouldn't has have had not so very which who whose when where what how "
    "why he she they we i you it that there new old whole entire different other same many "
    "given next few just one lot".split()
)
"""Words that a phrase does not end with: something has to follow."""
ENDS = frozenset("it that this there you is was are so do not did does he she they them know".split())
"""Of those the ones that may end a phrase of three words or more."""
_GLUE = (
    "him her them us me mine yours ours theirs itself myself yourself themselves ourselves up down out off "
    "away back around here there now then again once still just only even also too else yet already ever "
    "almost quite rather enough instead together both either neither none all most more less least many much "
    "few little lot lots bit kind kinds sort sorts bunch couple pair part parts piece way ways thing things "
    "something anything everything nothing someone somebody anybody everybody everyone one ones two three "
    "first second third last next other another same different such own end ends start beginning middle point "
    "points case cases idea ideas fact example instance terms word words sense reason reasons question "
    "questions answer matter mind day days time times moment while minute long short big small good better "
    "best bad worse worst new old whole entire sudden course account hand hands side sides front place places "
    "people person guess deal shape form mean means meant think thinks thinking thought thoughts know knows "
    "knew known say says saying said tell told telling talk talking talked see sees seeing saw seen look looks "
    "looking looked feel feels feeling felt find found want wants wanted need needs needed go goes going went "
    "gone come comes coming came get gets getting got gotten give gives given gave take takes taking took "
    "taken make makes making made put puts putting keep keeps keeping kept let lets let's try tries trying "
    "tried happen happens happening happened turn turns work works worked call called remember imagine suppose "
    "believe hope wonder notice bear picture like likes liked sounds sound seem seemed supposed able sure true "
    "possible easy hard simple important nice those these speaking honest what's here's where's who's how's "
    "they've he'd isn't aren't wasn't weren't haven't hasn't hadn't shouldn't ago before after later soon "
    "today tomorrow yesterday ahead along across against per se"
)
PLAIN = LINKS | frozenset(_GLUE.split()) | MARKS
"""Words that say nothing of a subject; a phrase of these alone belongs to whoever talks."""

_UNCONTRACTED = frozenset(
    f"{one} {two}"
    for one in ("it", "that", "there", "he", "she", "i", "you", "we", "they", "what", "here")
    for two in ("is", "are", "am", "will", "have", "would")
) | frozenset(f"{one} not" for one in "is are was were do does did can could will would should has have had".split())

EXAMPLES = ("for example", "for instance", "let's say", "say you", "such as", "suppose")
COMMON = frozenset(
    "the of and to a in is it you that was for on are as with his they i at be this have from or one had by but not "
    "what all were we when your can there use an each which she do how their if will so".split()
)
ENGLISH = 0.25
"""Share of words that are among the most common ones, in any English text; other languages come to a tenth."""


def is_english(words: list[str]) -> bool:
    """Say whether these words, without case, are of an English text."""
    return bool(words) and sum(word in COMMON for word in words) >= ENGLISH * len(words)


PAIRS = frozenset(
    "you know|i mean|i think|i guess|i suppose|i believe|i'd say|kind of|sort of|of course|in fact|at least|at most|"
    "let's see|let's say|for example|for instance|for me|make sure|it's like|is like|just like|feel like|or whatever|"
    "so yeah|yeah so|all right|right now|right there|right away|oh well|no wonder|no doubt|by now|so far|after all|"
    "even better|even so|long story|first off|at first|to me|you see|says who|no way|same thing|next time|a bit|a lot|"
    "not really|for sure|i'd love|i love|you guys|my guess|that said|fair enough|never mind|good question".split("|")
)
"""Phrases of two words; of others with a link in them the mark alone tells as much."""
_NEVER_FIRST = frozenset("and or but of than that then is are was were us me him them to as like not be".split())
_OPENING_FOUR = frozenset("as to and that".split())
_BEFORE_OF = frozenset("kind sort kinds sorts bunch terms couple lot lots tons".split())
_BEFORE_THAT = frozenset("like of about for with is".split())


@lru_cache(maxsize=200_000)
def is_phrase(gram: str) -> bool:
    """Say whether a run of words stands for itself and for no subject: "keep in mind" does, "rate of the" doesn't.

    It is plain throughout, waits for nothing more, and holds a word that is more than glue.
    """
    words = gram.split()
    if not PLAIN.issuperset(words) or len(set(words)) < len(words):
        return False
    if len(words) == 2:
        return gram in PAIRS or (MARKS.issuperset(words) and gram not in PARTICLES)
    if words[0] in _NEVER_FIRST and not (len(words) > 3 and words[0] in _OPENING_FOUR):
        return False
    return _may_end(words) and any(word in MARKS or word not in LINKS for word in words)


def _may_end(words: list[str]) -> bool:
    """Say whether nothing has to follow three words or more."""
    before, last = words[-2:]
    if last in {"of", "that"}:
        return before in (_BEFORE_OF if last == "of" else _BEFORE_THAT)
    return last not in LINKS or last in ENDS


def as_written(gram: str) -> str:
    """Return a plain run of words as it stands within a sentence."""
    return " ".join(word.capitalize() if word == "i" or word.startswith("i'") else word for word in gram.split())


def is_uncontracted(pair: str) -> bool:
    """Say whether two words could have been drawn together, as "it is" and "do not" could."""
    return pair in _UNCONTRACTED
