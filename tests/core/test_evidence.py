import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.evidence import Passage, find_quote, quote, sentences, verify

TEXT = "Intro. You need not hire a data scientist first. See e.g. the table vs. the list. Done!"
PASSAGE = Passage("a", "A", "S", 7, len(TEXT), TEXT[7:])


@given(st.text(min_size=1), st.data())
def test_every_quote_is_a_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    passage = Passage("a", "A", "S", 0, len(text), text)
    quoted = quote(passage, start, end)
    assert text[quoted.start : quoted.end] == quoted.text
    assert verify(quoted, text)


def test_an_invented_quote_is_never_found() -> None:
    assert find_quote("do not hire a data scientist first", PASSAGE) is None
    assert find_quote("hire a data scientist first", PASSAGE) is not None


@pytest.mark.parametrize(
    "change", [{"text": "You need"}, {"start": 8}, {"end": 10_000}, {"sha256": "0" * 64}, {"start": -1}]
)
def test_a_quote_that_was_tampered_with_fails(change: dict[str, object]) -> None:
    honest = quote(PASSAGE)
    assert verify(honest, TEXT)
    assert not verify(dataclasses.replace(honest, **change), TEXT)  # type: ignore[arg-type]


@pytest.mark.parametrize(("start", "end"), [(0, 10), (7, 7), (20, 10), (7, 10_000)])
def test_a_quote_stays_inside_its_passage(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        quote(PASSAGE, start, end)


def test_sentences_keep_their_places() -> None:
    found = sentences(PASSAGE)
    assert [sentence.text for sentence in found] == [
        "You need not hire a data scientist first.",
        "See e.g. the table vs. the list.",
        "Done!",
    ]
    assert all(verify(sentence, TEXT) for sentence in found)


@given(st.text())
def test_sentences_are_total_and_exact(text: str) -> None:
    passage = Passage("a", "A", "S", 0, len(text), text)
    for sentence in sentences(passage):
        assert verify(sentence, text)
