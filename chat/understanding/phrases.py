"""Phrases of which small talk is made, by what they say: whole expressions, so that no question is taken for one."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Talk(StrEnum):
    """What somebody says who asks nothing of the sources; where several are said, the last of these counts."""

    ACKNOWLEDGEMENT = "acknowledgement"
    UNCLEAR = "unclear"
    NEVER_MIND = "never_mind"
    COMPLAINT = "complaint"
    PASTIME = "pastime"
    GREETING = "greeting"
    WISHES = "wishes"
    THANKS = "thanks"
    PRESENCE = "presence"
    WELLBEING = "wellbeing"
    GOODBYE = "goodbye"
    JOY = "joy"
    COMFORT = "comfort"
    TROUBLE = "trouble"
    WRONG = "wrong"
    MANNER = "manner"
    SIMPLE = "simple"
    ADVICE = "advice"
    HELP = "help"
    COST = "cost"
    SITE = "site"
    CITING = "citing"
    LANGUAGE = "language"
    CONTACT = "contact"
    PRIVACY = "privacy"
    DELETION = "deletion"
    MODEL = "model"
    IDENTITY = "identity"
    SOURCES = "sources"
    LAST_QUESTION = "last_question"
    SHORTER = "shorter"
    REPEAT = "repeat"


_ASK = r"(?:(?:please )?(?:can|could|would|will) (?:you|u) (?:please |just |kindly )?)?"
_POLITE = r"(?:i want you to |i'd like you to |i would like you to )?"
_THAT = (
    r"(?:that|this|it|(?:the|your|this|that) (?:last |previous )?answer|the last (?:one|bit|part|thing)|"
    r"what you (?:just )?said)"
)
_AGAIN = r"(?:again|once more|one more time|once again)"
_DAY = r"(?:day|morning|afternoon|evening|night|weekend|one|time)"
_GOOD = (
    r"(?:great|good|cool|nice|perfect|awesome|helpful|useful|fine|lovely|brilliant|excellent|wonderful|sweet|"
    r"neat|amazing|"
    r"fantastic|super|interesting|clear|enough|fair enough|funny|clever|impressive|fun|a good one)"
)
_KIND = (
    r"(?:human|a human(?: being)?|people|real|alive|(?:a |the )?(?:real )?(?:person|human|man|woman)|"
    r"an? (?:ro)?bot|an? machine|"
    r"an? (?:ai|computer|program|programme|llm|language model|chat ?bot)|a chat ?bot|ai|chat ?gpt|claude|"
    r"(?:the real )?NAME(?: for real)?)"
)
_BAD = (
    r"(?:bull ?shit|crap|garbage|trash|shit|nonsense|bs|lame|dumb|stupid|rubbish|useless|terrible|awful|annoying|"
    r"pathetic|horrible|idiots?|idiotic|moron|dumbass|asshole|bitch|bastard|loser|waste of time|boring|slow)"
    r"(?: (?:bot|site|page|tool|app|website|thing|machine|ai|answer|computer|program))?|"
    r"(?:bad|wrong) (?:bot|answer|site)"
)
_CLOSE = r"(?: (?:so far|for me|here|please|now|then|today|exactly|actually|really))*"
_GLAD = r"(?:(?:really|very|so|just) )*(?:good|great|lovely|nice|wonderful|fantastic|brilliant|amazing|perfect|best)"
_TIME = r"(?:day|week|month|year|morning|afternoon|evening|weekend|time)"

PHRASES: Mapping[Talk, Sequence[str]] = {
    Talk.GREETING: (
        rf"(?:morning|afternoon|evening|welcome|{_DAY} all)",
        r"(?:happy|glad) to (?:be here|meet you|see you)",
        r"(?:hi+|hello+|helo|hey+|heya|hiya|howdy|yo+|sup|greetings|hallo|hola|bonjour|moin|servus|ciao|salut|"
        r"ahoy|namaste|aloha)",
        rf"good (?!night){_DAY}(?: to (?:you|all|everyone))?",
        r"(?:what's|what is|whats|what) (?:up|good|cooking)",
        r"(?:wh?ass?up|wazz?up|gm|oi|g'day)",
        r"(?:nice|pleased|good|great|lovely) to (?:meet|see|talk to|hear from) you",
    ),
    Talk.WELLBEING: (
        r"how(?:'s| is) (?:everything|life|your day|things)(?: going)?",
        r"how are you feeling",
        r"(?:how (?:are|r) (?:you|u|things)|how's it going|how is it going|how do you do|how you doing|"
        r"how are you doing|"
        r"how have you been|how was your day)",
    ),
    Talk.PRESENCE: (
        r"(?:is )?(?:anyone|anybody|somebody|someone) (?:there|here|home)",
        r"are you (?:there|here|awake|ok|okay|well|ready)",
        r"(?:test|testing|ping)",
        r"(?:you there|(?:hello |hi )?can you hear me)",
    ),
    Talk.WRONG: (
        r"(?:no )?(?:(?:that|this|it)(?:'s| is| was)?(?: |(?=n't )))?(?:quite )?(?:not|n't) (?:quite |exactly )?"
        r"(?:what|how) i (?:meant|asked|wanted|said|mean|need)",
        r"(?:no )?i (?:didn't|did not|don't|never) (?:mean|ask|want|say)(?: for)? (?:that|this|it)",
    ),
    Talk.TROUBLE: (r"(?:hurry up|too slow|(?:so|very) slow)",),
    Talk.MODEL: (
        rf"(?:which|what) (?:ai |language )?(?:model|ai|llm|software)(?: are you| is this| do you use|"
        rf" runs this){_CLOSE}",
    ),
    Talk.THANKS: (
        r"(?:thanks|thank you|thx|cheers)(?: so much| very much| a lot)? for (?:explaining|helping|answering|"
        r"clarifying|sharing|"
        r"telling|clearing)(?: (?:me|us|that|this|it|all that|so well|up|out))*",
        r"you(?:'ve| have) been (?:a great |of great |very |so |really |most )?(?:help|helpful|kind)",
        r"(?:i )?(?:really )?appreciate(?:d)?(?: it| that| this| the help| your help)?",
        r"that(?:'s| is| was) (?:all|exactly|just) (?:what )?i (?:needed|wanted)(?: to know)?",
        r"(?:(?:many |big |ok )?(?:thanks|thanx|thnks|thx|tx|ty|tysm|cheers|ta|merci|danke|gracias|grazie)|"
        r"thank (?:you|u)|thankyou|"
        r"much appreciated|i appreciate (?:it|that)|appreciate it|i'm grateful|bless you)"
        r"(?: so much| very much| a lot| a bunch| a ton| a million| loads| again| anyway| indeed)*"
        r"(?: (?:for|to) (?:that|this|it|you|everything|(?:your|the|all your|all the) (?:help|time|answers?|"
        r"explanation|advice|info)))?",
        r"(?:that|this|it|you)(?:'s| has| have|'ve)?(?: really| just| totally)? (?:helped|saved|fixed|solved|improved)"
        r" (?:my|our|the) \w+(?: \w+)?",
        r"(?:that|this|it|which|you)(?:'s| has| have|'ve)?(?: really| just)? (?:helped|helps)(?: me)?(?: a lot|"
        r" so much| already)?",
    ),
    Talk.ACKNOWLEDGEMENT: (
        r"(?:agreed|true|right|fair|correct|clear|will do|that will do|that'll do|i'm good|i am good|"
        r"glad to hear(?: that| it)?|go ahead|i understand|understand|i get it|get it|point taken|sounds good|"
        r"works for me|good stuff|great stuff|what an? (?:great|good|nice) (?:answer|idea|tip)|(?:good|great|"
        r"nice) (?:answer|tip|advice|to hear))",
        r"(?:ok+|okay|okey|okie|k|kk|got it|gotcha|i see|makes sense|that makes sense|understood|alright|"
        r"all right|alrighty|sure|"
        r"noted|good to know|no problem|no worries|of course|exactly|indeed|lol|rofl|lmao|"
        r"ha(?:ha)+|hehe|wow|oh|ah|aha|"
        r"hm+|huh ok|sorry|my bad|oops|apologies|excuse me|bravo|well done|well said|good job|good work|"
        r"nice work|nice one|"
        r"yes|yeah|yep|yup|no|nope|nah|please|no thanks|no thank you)",
        rf"(?:(?:that|this|it|you|which|everything)(?:'s| is| was|'re| are| sounds| looks)?(?: so| very| really|"
        rf" just| all| quite| pretty)* )?{_GOOD}",
        rf"(?:so|very|really|pretty|quite|super) {_GOOD}",
        r"i (?:love|like) (?:you|it|that|this)",
        r"you (?:rock|rule)",
        r"(?:sick|dope|lit|fire|bet|word|aight|rad|epic|wicked|ace|gg|np|yw|ikr|idk|jk|omf?g|lmfao|for real|no way|"
        r"don't|i don't know|really|seriously|just kidding|kidding|legend|cool beans|respect)",
        r"(?:good|great|nice|cool|lovely|clever|smart|awesome) (?:bot|site|page|tool|app|website|thing|stuff|idea)",
    ),
    Talk.NEVER_MIND: (
        r"(?:never ?mind|nvm|nm|forget it|stop|cancel|scratch that)"
        r"(?: (?:i )?(?:found|got|solved|fixed) (?:it|that)(?: now| myself)?)?",
    ),
    Talk.COMPLAINT: (
        r"(?:wtf|wth|ffs|fml|smh|(?:what|who) the (?:fuck|hell|heck)|(?:damn|god ?damn|bloody hell)(?: it)?|dammit)",
        r"(?:oh )?(?:fuck|screw|damn|forget)(?:ing)? (?:off|you|this|that|it|hell|yourself)|fuck|shit|crap|bollocks",
        r"(?:shut up|shut it|go away|piss off|get lost|go to hell|suck it|(?:you|this|it) sucks?)",
        rf"(?:(?:you|this|that|it|what)(?:'s| is| was| are|'re)? )?(?:such )?(?:an? |so |very |just |really |"
        rf"complete |total |all |pretty |fucking |a load of )*{_BAD}",
    ),
    Talk.COMFORT: (
        r"(?:i'm|i am|im|feeling) (?:so |really |very )*(?:bored|lonely|tired|sad|hungry|drunk|knackered|exhausted)",
    ),
    Talk.JOY: (
        rf"(?:i|we|i've|we've|i have|we have)(?: just)? had (?:such )?(?:an?|the) {_GLAD} {_TIME}(?: (?:today|ever))*",
        rf"(?:today|yesterday|(?:my|this) {_TIME}) (?:was|is|went|has been) {_GLAD}",
    ),
    Talk.WISHES: (
        r"(?:merry|happy) (?:christmas|xmas|new year|easter|holidays|birthday|weekend|friday)"
        r"(?: (?:to|for|and) (?:you|all|everyone|everybody|yours|your family))*",
    ),
    Talk.PASTIME: (
        rf"{_ASK}(?:tell|say|give|do|know|got|crack|write|make up)(?: me| us)? (?:an? |another |some |any |one )*"
        r"(?:good |funny |dirty |short |dad |little )*(?:jokes?|riddles?|poems?|fun facts?|stor(?:y|ies)|haikus?|puns?|"
        r"something (?:funny|interesting|nice|random))(?: about (?:yourself|you))?",
        r"(?:do you know|have you got|got)(?: any| an?| some)*(?: good| funny)* (?:jokes?|riddles?|stor(?:y|ies))",
        rf"{_ASK}(?:sing|dance|rap|beatbox)(?: (?:me|us|for me|for us|a song|something|an? \w+ song|a little))*",
        rf"{_ASK}(?:make me (?:laugh|smile)|entertain (?:me|us)|cheer me up|flip a coin|roll an? (?:die|dice))",
        r"(?:what(?:'s| is)|how(?:'s| is)) the (?:weather|time)(?: like)?(?: (?:today|now|there))?",
        r"what (?:time|day|date|year) is it(?: (?:today|now))?",
        r"(?:do|will|would|can) you (?:love|marry|date|like|hate|miss) (?:me|us)",
        r"(?:are|r) (?:you|u) (?:single|married|happy|sad|hungry|tired|in love)",
        r"(?:what(?:'s| is) )?the meaning of life",
    ),
    Talk.GOODBYE: (
        r"(?:until|till) (?:next time|tomorrow|then|later|soon)",
        r"(?:catch|see|talk to|speak to) (?:you|ya|u) (?:later|soon|around|next time|tomorrow|then)",
        r"(?:peace out|peace|afk|gn|gtg|g2g|nighty night|i'll be back|be right back|brb|gotta run|over and out)",
        r"(?:good ?)?bye+(?: bye)?",
        r"(?:see|c) (?:you|ya|u)",
        r"(?:farewell|later|laters|so long|cya|ciao ciao|adios|tschüss|auf wiedersehen|au revoir|take care|"
        r"cheerio|ttyl|talk (?:to you )?(?:soon|later)|"
        r"good night)",
        rf"have a (?:nice|good|great|lovely|wonderful) {_DAY}",
        r"(?:that's|that is|that was|that'll be) (?:all|it|everything)(?: for (?:now|today|me))?",
        r"i(?:'m| am) (?:done|off|leaving)(?: for (?:now|today))?",
        r"i (?:have to|must|gotta|got to|need to) go",
    ),
    Talk.REPEAT: (
        rf"{_ASK}(?:go over|run|play|read) (?:that|it|this)(?: by me| through)? {_AGAIN}",
        rf"{_ASK}(?:rephrase|reword|restate|paraphrase)(?: {_THAT})?",
        rf"{_ASK}(?:say|put|explain) (?:that|it|this) (?:differently|another way|in other words|in different words)",
        r"(?:in other words|tell me again|explain again|and again|say again)",
        rf"(?:can|could|may) i (?:hear|see|read|have) {_THAT} {_AGAIN}",
        rf"{_ASK}{_POLITE}repeat(?: {_THAT}| yourself| please)*(?: {_AGAIN})?(?: for me)?",
        rf"{_ASK}(?:say|tell me|explain|write|read|show me|give me) {_THAT}(?: for me)? {_AGAIN}",
        rf"{_ASK}(?:say|tell me|show me|run) (?:that|it|this) (?:again|back|by me)(?: by me)?",
        rf"(?:{_AGAIN}|come again|pardon(?: me)?|beg (?:your )?pardon|i beg your pardon|what|huh|eh)",
        r"what (?:did|do|have) you (?:just )?sa(?:y|id)(?: there| to me)?(?: (?:just now|just then|again|before|"
        r"last))?",
        r"what (?:was|were|is) (?:that|it|this)(?: you (?:just )?said)?(?: again)",
        r"what was that",
        rf"what (?:was|is) (?:your|the) (?:last |previous )?(?:answer|reply|response)(?: {_AGAIN})?",
        r"i (?:missed|forgot|didn't (?:catch|get|hear|read)|did not (?:catch|get|hear)) (?:that|it|you|"
        r"what you said|the last bit)",
    ),
    Talk.SHORTER: (
        rf"{_ASK}(?:put|say|write|explain) (?:that|it|this) (?:in fewer words|more briefly|briefly|in short|"
        rf"with fewer words)",
        r"(?:less|fewer) (?:text|detail|details|words)",
        r"(?:in a nutshell|in summary|to sum up|long story short|bottom line)",
        rf"{_ASK}(?:give me |just |only )*(?:the )?(?:main|key|important) (?:points?|message|bits?|"
        rf"takeaways?)(?: only)?",
        r"what(?:'s| is| was) the (?:takeaway|gist|main point|bottom line|short version|essence|point)",
        r"(?:just|only) (?:one|a single|the first) (?:sentence|line)",
        rf"{_ASK}(?:be|answer|say (?:it|that)|put (?:it|that)) (?:a bit |much |more )*(?:brief|briefly|concise|"
        rf"concisely|succinct|succinctly)",
        r"(?:a|the) shorter (?:answer|version|one)",
        rf"{_ASK}(?:make|keep|put|write|say|cut|answer|tell me)? ?(?:{_THAT} )?(?:a (?:bit|little) |much |even |"
        rf"more |very )?"
        r"(?:shorter|briefer|briefly|brief|concisely|concise|simpler|short(?: and sweet)?|down)",
        r"(?:be|make it|keep it) (?:more )?(?:brief|concise|short)",
        rf"(?:{_THAT}(?:'s| is| was) |you(?:'re| are) )?(?:way |a bit |much )?too (?:long|wordy|much(?: text)?)",
        r"(?:tl ?dr|tl ?dr please|tl dr|long story short|in short|in brief)",
        rf"{_ASK}(?:summari[sz]e|shorten|condense|sum up|abridge|simplify|boil down|compress)(?: {_THAT})(?: up|"
        rf" down)?",
        r"(?:sum|cut|boil) (?:it|that|this) (?:up|down|short)",
        rf"{_ASK}(?:give me |just |i (?:want|need|only want|only need) )?(?:just |only )?(?:the |a )?(?:quick |"
        rf"short |brief )?"
        r"(?:short version|summary|recap|gist|essence|bottom line|short answer|brief version)(?: of (?:that|it|"
        r"this))?",
        r"in (?:just )?(?:a|one|two|three|a few|fewer|few|1|2|3)(?: short)? (?:sentences?|words?|lines?)",
    ),
    Talk.IDENTITY: (
        rf"what are (?:you|u) (?:one of (?:those|these)|some (?:kind|sort) of)(?: \S+){{1,6}}{_CLOSE}",
        rf"is NAME (?:there|here|around|online|in){_CLOSE}",
        rf"who(?:'s| is) (?:behind|answering|writing|typing|talking in) (?:this|that|it|here|these answers|"
        rf"the answers|the screen)?{_CLOSE}",
        rf"(?:do you have|have you got) a name{_CLOSE}",
        rf"what (?:should|can|do|may) i call you{_CLOSE}",
        rf"what (?:kind|sort|type) of (?:bot|ai|thing|site|page|program|model|assistant|person) (?:are you|"
        rf"is this){_CLOSE}",
        rf"(?:are|is) (?:you|this|it) (?:really )?NAME (?:herself|himself|themselves|in person){_CLOSE}",
        r"who(?:'s| is) there",
        rf"is it (?:really )?(?:you|NAME){_CLOSE}",
        rf"(?:and )?(?:who|what) (?:are|r) (?:you|u)(?: called)?{_CLOSE}",
        rf"(?:who|what)(?:'s| is) (?:this|that|there|here|behind this|speaking|answering|talking)(?: (?:site|"
        rf"page|place|website|app|thing|bot|chat|service|program))?{_CLOSE}",
        rf"(?:who|what) (?:am|are) (?:i|we) (?:talking|speaking|chatting|writing) (?:to|with){_CLOSE}",
        rf"(?:to )?whom am i (?:talking|speaking)(?: to)?{_CLOSE}",
        rf"(?:are|r) (?:you|u) (?:really |actually |even |an? actual |just |perhaps |"
        rf"the )?{_KIND}(?: or (?:are you )?{_KIND})?{_CLOSE}",
        rf"(?:am i|do i) (?:really |actually )?(?:talking|speaking|chatting|talk|speak|writing) (?:to|"
        rf"with) {_KIND}(?: or {_KIND})?{_CLOSE}",
        rf"is (?:this|that|it|there) (?:really |actually |just )?{_KIND}(?: (?:answering|speaking|talking|"
        rf"behind this|or {_KIND}))?{_CLOSE}",
        rf"what(?:'s| is) your name{_CLOSE}",
        rf"(?:tell me (?:something |a bit |more )?about|introduce) (?:yourself|you){_CLOSE}",
        rf"who (?:made|built|wrote|created|runs|trained) (?:you|this(?: site| page)?){_CLOSE}",
    ),
    Talk.HELP: (
        r"(?:start (?:over|again)|reset|restart|new (?:chat|conversation|question|topic)|talk to me|say (?:something|"
        r"anything)|surprise me|let's (?:talk|chat|go|start))",
        rf"what are you (?:able to do|capable of|good at|for|good for|here for|made for){_CLOSE}",
        rf"(?:where|how) (?:do|should|can) i (?:start|begin){_CLOSE}",
        rf"how (?:to|do i|does one) (?:use|work) (?:this|it|you|with this|with you)(?: (?:site|page|thing|"
        rf"chat))?{_CLOSE}",
        rf"what (?:do|can|should) i do(?: here| with this| with you)?{_CLOSE}",
        rf"what(?:'s| is) (?:possible|available)(?: here)?{_CLOSE}",
        rf"what (?:kind|sort) of (?:things|help) (?:can|do) you (?:do|offer|give|answer){_CLOSE}",
        rf"(?:i need |need )?(?:some )?help(?: me)?{_CLOSE}",
        rf"{_ASK}help(?: me| us)?(?: out)?{_CLOSE}",
        rf"(?:so )?what (?:all )?(?:can|could|do) (?:you|u|this(?: site| page)?|it) (?:do|help (?:me )?with|"
        rf"offer|answer|know|tell me|help)(?: about)?{_CLOSE}",
        rf"how (?:can|could|do|will) (?:you|u|this) help(?: me| us)?{_CLOSE}",
        rf"how (?:do|does) (?:this|you|u|it|this (?:site|page|thing|chat)) work{_CLOSE}",
        rf"how (?:do|can|should) i (?:use|work with) (?:this|you|it|this (?:site|page|thing|chat)){_CLOSE}",
        rf"(?:what|which questions?) (?:can|should|could|may|might|do) i (?:ask|type|write|say)(?: you| here|"
        rf" about| her| him| them| NAME)*{_CLOSE}",
        rf"what (?:kind|kinds|sort|sorts) of questions (?:can|should|could|may) i ask(?: you)?{_CLOSE}",
        rf"(?:give me|show me|any|have you got) (?:an |some )?(?:example(?: question)?s?|ideas?|"
        rf"suggestions?){_CLOSE}",
        r"(?:instructions|usage|menu|commands)",
        rf"what(?:'s| is) (?:this|it|this (?:site|page|place)) (?:for|good for){_CLOSE}",
    ),
    Talk.COST: (
        rf"(?:is|are) (?:this|it|you) free(?: to use| of charge)?{_CLOSE}",
        rf"(?:how much|what) (?:does|do) (?:this|it|you)(?: (?:site|page))? cost{_CLOSE}",
    ),
    Talk.LANGUAGE: (
        rf"{_ASK}(?:do you )?(?:speak|understand|know) (?:german|french|spanish|english|italian|dutch|"
        rf"other languages){_CLOSE}",
    ),
    Talk.SOURCES: (
        rf"how do (?:you|u) (?:actually|really) work{_CLOSE}",
        rf"where do (?:the|your|these|all the) answers come from{_CLOSE}",
        rf"who (?:told you|taught you|said|says) (?:that|this|it|so){_CLOSE}",
        rf"where(?:'s| is| does| did|'d) (?:that|this|it|you|all that|all this)(?: all)? (?:come|coming|taken|"
        rf"get (?:that|this|it)|get)? ?from{_CLOSE}",
        rf"(?:says who|who says(?: so| that| this)?|based on what|on what basis|what is (?:that|this|it) based on|"
        rf"prove it|any proof){_CLOSE}",
        rf"{_ASK}(?:show|give|send|tell) me (?:the|your|some)? ?(?:sources?|references?|links?|evidence|proof|"
        rf"citations?){_CLOSE}",
        rf"(?:can|could|may) i (?:see|have|get|check) (?:the|your) (?:sources?|references?|links?|evidence|"
        rf"proof){_CLOSE}",
        rf"(?:is|are) (?:that|this|it|those) (?:really )?(?:true|right|correct|reliable|verified){_CLOSE}",
        rf"(?:and )?(?:what|which|where) (?:are|is|were|was) (?:your|the|those|these) (?:sources?|references?|"
        rf"proof|evidence|citations?)(?: for (?:that|this|it))?{_CLOSE}",
        rf"(?:which|what) (?:sources?|works?|videos?|references?) (?:did|do|have) (?:you|u) (?:use|used|take|"
        rf"rely on|cite|cited)(?: (?:for|in) (?:that|this|it|your answer))?{_CLOSE}",
        rf"where (?:did|do|have) (?:you|u) (?:get|got|take|find|found|have|hear|read) (?:that|this|it|"
        rf"your (?:answers?|information|info))(?: from)?{_CLOSE}",
        rf"where (?:is|does|did) (?:that|this|it) (?:come )?from{_CLOSE}",
        rf"how (?:do|can|would) (?:you|u) know(?: (?:that|this|it|all that))?{_CLOSE}",
        rf"(?:can|could) (?:you|u) (?:cite|prove|back up|source) (?:that|this|it){_CLOSE}",
        rf"(?:your |any |the )?(?:sources?|references?|citations?|citation needed){_CLOSE}",
        rf"(?:who|which (?:creator|person)) (?:said|says) (?:that|this|it){_CLOSE}",
        rf"(?:are|r) (?:you|u) (?:really )?(?:sure|certain|serious)(?: about (?:that|this|it))?{_CLOSE}",
    ),
    Talk.LAST_QUESTION: (
        r"(?:(?:can you |please )?(?:remind|tell) me )?what i (?:just |last )?(?:asked|said|"
        r"wanted to know)(?: you)?(?: before| last)?",
        r"what (?:did|have) i (?:just )?(?:ask|asked|say|said|type|typed|write|written)(?: you)?(?: (?:before|"
        r"last|just now|first|earlier|again|previously))*",
        r"what (?:was|were) my (?:last |previous |first |earlier )?(?:questions?|message)(?: again| before)?",
    ),
}  # fmt: skip
