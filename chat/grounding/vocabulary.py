"""The words that grounding knows: those of general English, here, and those that domains add to them.

In other languages the lists of English find nothing and do no harm.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chrysopedia.core.text import stem

FUNCTION = frozenset(
    """
    a about above actually after again all almost also always am an and another any anything are aren't around
    as at back basically be because been before being below between both bit but by can can't cannot certain
    could couldn't did didn't do does doesn't doing don't done down during each either else enough er ever every
    everything few first for from get gets getting give given gives go goes going gonna gone got had has hasn't
    have haven't having he her here hers him his how however i i'd i'll i'm i've if in instead into is isn't it
    it's its itself just kind kinda know let let's like literally lot lots made make makes making many may maybe
    me mean might mine more most mostly much must my myself never no nor not nothing now of off oh ok okay on
    once one ones only onto or other others our out over own per perhaps pretty put puts quite rather really
    right same say says said see set sets shall she should shouldn't since so some something somewhat sort sorta
    still stuff such than that that's the their them then there there's these they they're thing things this
    those though through thus to today together too toward towards uh um hmm yeah yep under until up upon us use
    used uses using usually very want wanna was wasn't way we we're we've well were weren't what what's whatever
    when where whether which while who whole whom whose why will with within without won't would wouldn't yes
    yet you you'd you'll you're you've your yours took take takes taking taken come comes came both whereas
    according order roughly approximately near circa
    """.split()
)
"""Words that carry little of what a sentence claims."""

NEGATORS = frozenset(
    """
    not no never without none nothing nobody neither nor cannot hardly rarely seldom nowhere avoid avoids
    avoided avoiding skip skips skipped skipping stop stops stopped stopping lack lacks lacked lacking refuse
    refuses refused fail fails failed forget forgets forgot forgetting ain't barely scarcely except excluding
    """.split()
)
"""Words that turn what follows them round; ``n't`` does too."""

ONLY = frozenset(
    """
    only just necessarily sure
    """.split()
)
"""Words after which a negator denies less than it seems: "not only"."""

PARTIAL = frozenset("same all always every only just necessarily too that enough everything everyone".split())
"""Words of which a negator before them denies a degree, and not what follows: "not always"."""

FOCUS = frozenset("even".split())
"""Words that only point to what a negator denies: "nothing, even"."""

LIGHT = frozenset(
    """
    need needs needed want wants wanted like likes liked bother recommend try tried see hear plan touch touched take
    takes took taken single
    """.split()
)
"""Verbs of which a denial is that of what follows as well: "never needed a limiter"."""

DETERMINERS = frozenset("the a an my your our his her their this that these those".split())
"""Words that begin what something is done by or to."""

ASKS = frozenset("do does did should can could would will".split())
"""Words that make a question where a subject follows."""

CONDITIONS = frozenset("if unless otherwise until till when whether lest".split())
"""Words that begin what is only supposed."""

STOPPED = frozenset("stop stops stopped skip avoid avoids avoided fail fails failed forget forgets forgot".split())
"""Words that deny what follows only where it is something done: "stop adding", "fail to"."""

SUBJECTS = frozenset(
    """
    i i'm i'd i've i'll he he's she she's we we're we've we'd they they're they've it it's that's there's you you're
    """.split()
)
"""Words that begin a clause as its subject."""

OBJECTS = frozenset("it you".split())
"""Those of them that may also be what something is done to."""

AUXILIARIES = frozenset(
    """
    is was are were isn't wasn't does did do don't doesn't didn't has had have can could will would should may might
    makes made just really goes went gets got comes came took takes works worked looks sounds feels
    """.split()
)
"""Words that follow a subject."""

ANSWERED = frozenset("no yes yeah so well okay now then too though anyway again actually".split())
"""Words after which speech begins anew, and those that a plain "no" stands before."""

BELIEVES = frozenset("think believe guess say know mean find suppose reckon feel".split())
"""Verbs whose denial is that of what follows: "I don't think you need it"."""

BREAKS = frozenset(
    """
    but and because so while whereas which although or if when then cause since though that who where until till
    unless as than
    """.split()
)
"""Words that begin another clause."""

NUMERALS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million
    half quarter third point minus percent hertz db decibels k hz khz ms dozen twice
    """.split()
)
"""Words of quantities, which are compared as quantities."""

FIRST_PERSON = frozenset(
    """
    i i'm i've i'll i'd my me mine myself we our us here this these
    """.split()
)
"""Words by which a speaker says that it is about their own case."""

IRREGULAR = dict(
    pair.split("/")
    for pair in """
    fed/feed took/take taken/take kept/keep ran/run made/make shot/shoot built/build held/hold left/leave
    sold/sell bought/buy brought/bring thought/think taught/teach caught/catch said/say told/tell wrote/write
    written/write sang/sing sung/sing drew/draw drawn/draw drove/drive driven/drive broke/break broken/break
    chose/choose chosen/choose gave/give given/give went/go gone/go grew/grow grown/grow knew/know known/know
    threw/throw thrown/throw rose/rise risen/rise fell/fall fallen/fall felt/feel found/find lost/lose met/meet
    paid/pay sent/send spent/spend stood/stand swept/sweep won/win wore/wear worn/wear bent/bend heard/hear
    led/lead lit/light sat/sit slid/slide spoke/speak spoken/speak stuck/stick struck/strike swung/swing
    tore/tear torn/tear woke/wake wound/wind began/begin begun/begin came/come became/become ate/eat eaten/eat
    forgot/forget forgotten/forget froze/freeze frozen/freeze hid/hide hidden/hide laid/lay meant/mean rode/ride
    ridden/ride shook/shake shaken/shake feet/foot teeth/tooth men/man women/woman children/child mice/mouse
    leaves/leaf knives/knife lives/life worse/bad better/good best/good worst/bad
    """.split()
)
"""Forms that a stemmer doesn't bring together."""

HEDGES = frozenset(
    """
    maybe perhaps probably possibly usually often sometimes mostly generally typically might may could roughly
    seem seems seemed seemingly likely suspect suspects suspected guess think thinks thought believe believes
    apparently sort kind tend tends tended occasionally normally unlikely presumably reckon depends largely
    suggests suggest suggested somewhat arguably almost assume assumes assumed assumption feel feels felt
    personally can rarely seldom hopes hope doubt doubts unsure sure ish nearly fairly supposedly allegedly
    hardly
    """.split()
)
"""Words that take something back from a statement."""

CERTAIN = frozenset(
    """
    always never every all everyone everybody must any only entirely completely guarantees guarantee guaranteed
    invariably each no none proves proven whatever whenever certainly definitely
    """.split()
)
"""Words that leave no exception."""

LOWERS = frozenset(
    """
    cut cuts cutting reduce reduces reduced reducing reduction lower lowers lowered lowering below under down
    drop drops dropped dip dips quieter pull pulls pulled back off takes take took taking less loss minus
    """.split()
)
"""Words by which a quantity without a sign speaks of less."""

OPPOSITES = """
    always/never increase/decrease increases/decreases raise/lower raises/lowers raised/lowered before/after
    more/less louder/quieter loud/quiet faster/slower fast/slow high/low higher/lower highest/lowest up/down
    add/remove adds/removes added/removed adding/removing wide/narrow wider/narrower widens/narrows long/short
    longer/shorter keep/drop start/end begin/end starts/ends start/stop early/late earlier/later open/close
    opens/closes open/closed above/below left/right hot/cold warm/cool warmer/cooler bright/dark
    brighter/darker first/last loose/tight looser/tighter heavy/light heavier/lighter same/different
    safe/dangerous better/worse best/worst good/bad easy/hard easier/harder hard/soft harder/softer thick/thin
    thicker/thinner front/back inside/outside strong/weak stronger/weaker most/least many/few rise/fall
    rises/falls rose/fell gain/loss gains/loses push/pull large/small larger/smaller big/small bigger/smaller
    deep/shallow deeper/shallower near/far nearer/farther closer/further close/far with/without help/hurt
    helps/hurts improve/worsen improves/worsens expensive/cheap cheaper/dearer clean/dirty cleaner/dirtier
    rough/smooth full/empty possible/impossible necessary/unnecessary useful/useless stable/unstable
    sweet/sour top/bottom upper/lower older/newer old/new male/female day/night morning/evening summer/winter
    spring/autumn win/lose wins/loses won/lost buy/sell bought/sold agree/disagree agrees/disagrees
    allow/forbid allows/forbids accept/refuse accepted/refused succeed/fail enable/disable enabled/disabled
    lengthen/shorten lengthens/shortens strengthen/weaken strengthens/weakens always/rarely often/rarely
    often/seldom usually/rarely everything/nothing everyone/nobody all/none both/neither audible/inaudible
    visible/invisible like/dislike likes/dislikes love/hate loves/hates prefer/avoid prefers/avoids use/avoid
    uses/avoids using/avoiding
    """.split()
"""Pairs of words of which one says the contrary of the other."""

KINDS = tuple(
    line.split()
    for line in """
    monday tuesday wednesday thursday friday saturday sunday
    spring summer autumn winter
    north south east west
    red green blue yellow orange purple brown pink grey/gray black white
    mother father sister brother uncle aunt grandmother grandfather son daughter wife husband
    compressor/compression limiter/limiting equaliser/equalizer/eq gate de-esser reverb chorus flanger phaser clipper
    kick snare tom hihat cymbal
    guitar piano violin cello trumpet saxophone/sax flute organ harp
    condenser ribbon
    salt sugar flour butter oil milk cream vinegar honey yeast
    onion carrot celery garlic potato tomato leek cabbage mushroom
    beef pork lamb chicken veal turkey duck
    steel aluminium/aluminum brass copper titanium silver gold
    oak pine beech walnut maple birch
    cotton wool linen silk polyester
    stoneware porcelain earthenware
    feldspar silica kaolin whiting
    chain cassette spoke saddle handlebar crank derailleur axle
    wage/salary rent tax mortgage pension
    keyboard mouse screen printer
    """.strip().splitlines()
)
"""Things of one kind, a kind on each line, of which none is another; synonyms are joined."""

SAYS_NOTHING = re.compile(
    r"\b(?:no|none of the|neither) (?:sources?|passages?|creators?|one|body)\b|\bnobody (?:here|says)\b"
    r"|\bnothing (?:here|by .{1,80}) answers\b"
    r"|\b(?:sources?|passages?|creators?|they|it|he|she)\s+(?:do(?:es)?\s?n['o’]t|does not|do not|never|leaves?)\s+"
    r"(?:\w+\s+)?(?:say|mention|cover|give|name|tell|state|specify|answer|address|open)"
    r"|\b(?:say|says|said) nothing\b|\b(?:is|are|was) not (?:said|mentioned|covered|stated|specified|answered)\b"
    r"|\bleaves? (?:this|that|it) open\b",
    re.IGNORECASE,
)
"""How an answer says what its sources leave open, which claims nothing about the matter."""


RATIO_NAMES = ("ratio", "ratios")
RATIO_OWNERS = ("ratio", "proportion")


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The words that more than one domain may add to. Of the same words there is one: see ``vocabulary_of``.

    ``opposites`` are by word, in lower case. ``lowering`` are words by which a quantity without a sign speaks of less.
    ``ratio_names`` make a ratio of the numbers before them: "four to two compression". ``ratio_owners`` are the stems
    of the parameters that a ratio may be the value of: beside any other word, "3:1" belongs to something unsaid.
    """

    opposites: Mapping[str, frozenset[str]]
    lowering: frozenset[str]
    ratio_names: frozenset[str]
    ratio_owners: frozenset[str]


def vocabulary_of(domains: Iterable[Mapping[str, Sequence[str]]] = ()) -> Vocabulary:
    """Return the vocabulary of English with the words of domains, each as ``Domain.objects.words_for`` gives them."""
    tables = list(domains)

    def added(name: str) -> frozenset[str]:
        return frozenset(word.lower() for table in tables for word in table.get(name, ()))

    return _vocabulary(
        opposites=added("opposites"),
        lowering=added("lowering"),
        ratio_names=added("ratio_names"),
        ratio_owners=added("ratio_owners"),
    )


# By the words themselves: what is kept of a text is kept for its vocabulary, and a changed word makes another.
@lru_cache(maxsize=64)
def _vocabulary(
    *, opposites: frozenset[str], lowering: frozenset[str], ratio_names: frozenset[str], ratio_owners: frozenset[str]
) -> Vocabulary:
    return Vocabulary(
        opposites=_by_word([*OPPOSITES, *sorted(opposites)]),
        lowering=LOWERS | lowering,
        ratio_names=ratio_names.union(RATIO_NAMES),
        ratio_owners=frozenset(map(stem, [*RATIO_OWNERS, *ratio_owners])),
    )


def _by_word(pairs: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return the opposites of each word of pairs such as "wide/narrow"."""
    opposites: dict[str, frozenset[str]] = {}
    for pair in pairs:
        one, _, other = pair.partition("/")
        opposites[one] = opposites.get(one, frozenset()) | {other}
        opposites[other] = opposites.get(other, frozenset()) | {one}
    return opposites


ENGLISH = vocabulary_of()
"""What is known where no domain adds anything."""
