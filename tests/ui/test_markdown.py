"""Whatever is written, nothing but text, emphasis, lists, tables and quotes comes of it; and marks mark exactly."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor import Advisor
from advisor.core.evidence import sentences
from advisor.ui.markdown import highlighted, to_html

TAGS = {"p", "em", "strong", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "h1", "h2"}
TAGS |= {"h3", "h4", "h5", "h6", "br", "hr", "code", "pre", "sup", "a"}
HOSTILE = st.sampled_from(
    ["<script>", "![x](http://e/x)", "[y](javascript:z)", "<a href=x>", "&lt;b&gt;", "[1]", "|", "\n"]
)


@given(st.lists(HOSTILE | st.text(), max_size=12).map("".join))
def test_nothing_that_is_written_takes_effect(text: str) -> None:
    made = str(to_html(text, {1: "articles/one?start=1&end=2"}))
    assert {tag.strip("/") for tag in re.findall(r"<(/?\w+)", made)} <= TAGS
    assert set(re.findall(r'href="([^"]*)"', made)) <= {"articles/one?start=1&amp;end=2"}
    assert not re.search(r"<[^>]*\s(on\w+|src|style)\s*=", made)


def test_only_the_citations_of_a_reply_are_links() -> None:
    made = to_html("one [1], none [2]; **both** [1]", {1: "articles/one#quote"})
    assert made.count("<a ") == 2
    assert "[2]" in made


def test_every_sentence_of_the_articles_is_marked_exactly(advisor: Advisor) -> None:
    for hit in advisor.search("data", k=10_000):
        text = advisor.article(hit.article).text
        for sentence in sentences(hit.passage):
            made = str(highlighted(text, sentence.start, sentence.end))
            marked = " ".join(html.unescape(part) for part in re.findall(r"<mark[^>]*>(.*?)</mark>", made, re.DOTALL))
            assert bare(marked) == bare(sentence.text)
            assert made.count('id="quote"') == 1


def bare(text: str) -> str:
    return re.sub(r"[\s|#*`-]+", "", text)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2)])
def test_without_a_place_nothing_is_marked(start: int, end: int) -> None:
    assert "<mark" not in highlighted("some words", start, end)
