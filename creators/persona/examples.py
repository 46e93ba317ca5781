"""The sentences that show a phrase: verbatim, short, and of several works where there are several."""

from collections.abc import Iterable, Mapping

from chrysopedia.core.text import place_of
from creators.persona.grams import grams
from creators.persona.utterances import Said
from creators.persona.values import Quote, Trait

QUOTES, LONGEST_QUOTE = 3, 240


def traits_of(chosen: Mapping[str, str], *, said: Iterable[Said]) -> Iterable[Trait]:
    """Yield the chosen phrases as they are written, each with sentences that hold it, of several works if there are."""
    found: dict[str, list[Quote]] = {gram: [] for gram in chosen}
    for one in said:
        for start, end in one.sentences:
            sentence = one.text[start:end]
            for gram in chosen.keys() & set(grams(sentence)):
                _keep(found[gram], sentence_with(gram, sentence, one, start))
    for gram, quotes in found.items():
        if quotes:
            yield Trait(chosen[gram], _as_written(gram, quotes), tuple(quotes))


def _as_written(gram: str, quotes: Iterable[Quote]) -> str:
    """Return a phrase as it stands in the quotes, where it can without the capital that a sentence begins with."""
    written = [quote.quote[slice(*place)] for quote in quotes if (place := place_of(gram, quote.quote))]
    return min(written, key=lambda text: sum(map(str.isupper, text)), default=gram)


def _keep(quotes: list[Quote], quote: Quote) -> None:
    """Keep a quote while there are few; one of another work takes the place of a second one of the same."""
    if len(quotes) < QUOTES:
        quotes.append(quote)
    elif quote.work not in {kept.work for kept in quotes}:
        for at in range(len(quotes) - 1, 0, -1):
            if quotes[at].work in {kept.work for kept in quotes[:at]}:
                quotes[at] = quote
                return


def sentence_with(gram: str, sentence: str, said: Said, offset: int) -> Quote:
    """Return the sentence, or of a long one the part around the phrase."""
    start = 0
    if len(sentence) > LONGEST_QUOTE:
        at = (place_of(gram, sentence) or (0, 0))[0]
        start = sentence.rfind(" ", 0, max(at - LONGEST_QUOTE // 3, 0)) + 1
        sentence = sentence[start : start + LONGEST_QUOTE].rsplit(" ", 1)[0]
    return Quote(" ".join(sentence.split()), said.slug, said.title, said.seconds(offset + start))
