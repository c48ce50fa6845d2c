"""Words of the trade are explained once in a text, and the text stays what it was."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from advisor.ui.glossary import TOO_COMMON, explained, glossary

pieces = st.sampled_from([*glossary(), "<b>", "Production", '"', "models"]) | st.text()
texts = st.lists(pieces, max_size=9).map(" ".join)


@given(texts)
def test_the_text_stays_as_it_was_and_each_word_is_explained_once(text: str) -> None:
    made = str(explained(text))
    bare = re.sub(r"</?button[^>]*>", "", made)
    assert html.unescape(bare) == text
    meanings = re.findall(r'title="([^"]*)">', made)
    assert len(meanings) == len(set(meanings))


def test_what_stands_in_every_sentence_is_not_marked() -> None:
    assert set(TOO_COMMON) < set(glossary())
    assert explained("A model by a data scientist") == "A model by a data scientist"
    assert 'title="Real use' in explained("It runs in Production.")
