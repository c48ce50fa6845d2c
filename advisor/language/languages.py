"""Which language a message is written in, where it is not English."""

from functools import cache
from typing import TYPE_CHECKING, Final

from advisor.knowledge import load_languages

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MOST_ENGLISH: Final = 0.02
"""Greatest probability of English at which a message is taken for another language: misspelt English stays English."""
FEWEST_WORDS: Final = 3
"""Two words may be a name, such as that of a firm."""
UNSPACED: Final = ("ja", "ko", "zh")
"""Languages written without blanks between words, or nearly: one "word" of theirs is a sentence."""


def other_language(message: str) -> str | None:
    """The ISO 639-1 code of the language of `message`, or None where it is English or cannot be told."""
    likely = dict(_identifier().rank(message))
    code = max(likely, key=lambda name: likely[name])
    long_enough = len(message.split()) >= FEWEST_WORDS or code in UNSPACED
    return code if long_enough and code != "en" and likely["en"] < MOST_ENGLISH else None


@cache
def _identifier() -> "LanguageIdentifier":
    """Knows only English and the languages in which the advisor has something to say."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["en", *load_languages()])
    return identifier
