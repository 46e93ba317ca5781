"""The language of a question, told by its small words, where it is not the one that the works are in."""

import re
from collections.abc import Mapping

from django.db.models import Count

from creators.models import Work

NAMES: Mapping[str, str] = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "sv": "Swedish", "pl": "Polish", "tr": "Turkish", "ru": "Russian", "uk": "Ukrainian", "el": "Greek",
    "he": "Hebrew", "ar": "Arabic", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "hi": "Hindi", "th": "Thai",
}  # fmt: skip

_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the a an of to in is are was do does did how what which why when where who you your i my it and or "
        "for with on at from can should that this be has have not we they about into if so",
        "de": "der die das ein eine einen einem einer und oder ist sind war wie was warum wann wo wer welche "
        "welcher welches wieviel ich du sie wir man mit für von zu zum zur im auf bei nicht soll sollte kann "
        "lang laut den dem des über aus nach sich auch als",
        "fr": "le la les un une des du de et ou est sont était comment quel quelle quels quelles pourquoi quand où "
        "qui que je tu il elle nous vous on avec pour dans sur au aux ne pas ce cette faut peut mon ma quoi "
        "combien",
        "es": "el la los las un una unos de del y o es son era cómo como qué que cuál cuáles por porque cuándo "
        "dónde quién yo tú él con para en no se lo puedo debe mi cuánto cuánta hay",
        "it": "il lo la gli le un uno una di del della e o è sono come che cosa quale quali perché quando dove chi "
        "io tu con per in non si mi quanto nel alla",
        "pt": "o os as um uma de do da dos e ou é são como que qual quais porque quando onde quem eu você com para "
        "em no na não se meu quanto por",
        "nl": "de het een en of is zijn was hoe wat welke waarom wanneer waar wie ik jij je hij wij met voor van "
        "naar op niet moet kan deze dit hoeveel te",
        "sv": "en ett och eller är var hur vad vilken vilka varför när vem jag du han hon vi med för av till på "
        "inte ska kan detta den det som",
        "pl": "i lub jest są jak co który która które dlaczego kiedy gdzie kto ja ty on z dla do na nie się czy to ile",
        "tr": "bir ve veya nasıl ne hangi neden niçin kim ben sen için ile mi mı mu mü bu şu değil kaç",
    }.items()
}
"""Words without which hardly any sentence does; a word in two lists counts for both."""

_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "uk": re.compile("[іїєґІЇЄҐ]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
"""Letters by which a language is known, the narrower first."""
LEAST_WORDS = 2
"""Small words of another language that a question must have to be taken for it."""


def language_of(text: str) -> str:
    """Return the code of the language that a question is in, "en" where that can't be told."""
    for language, script in _SCRIPTS.items():
        if len(script.findall(text)) >= LEAST_WORDS:
            return language
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()}
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    found, english = counts[best], counts["en"]
    is_enough = found > LEAST_WORDS or (found == LEAST_WORDS and found >= len(words) / 2)
    return best if is_enough and found > english + (english > 0) else "en"


def language_of_works(creator_ids: tuple[int, ...]) -> str:
    """Return the code of the language of most works of these creators, of everyone's for none; "" if unknown."""
    works = Work.objects.published().exclude(language="")
    works = works.filter(creator_id__in=creator_ids) if creator_ids else works
    most = works.order_by().values("language").annotate(number=Count("pk")).order_by("-number")[:1]
    return str(most[0]["language"]).partition("-")[0].lower() if most else ""
