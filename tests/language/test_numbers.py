import time

import pytest

from advisor.conversation import MOST_CHARACTERS
from advisor.language.numbers import counts, parse


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("40", 40), ("1,200", 1200), ("1.200", 1200), ("14 000", 14000), ("2.5k", 2500), ("a dozen", 12),
        ("two hundred", 200), ("a", 1), ("a hundred", 100), ("half a dozen", 6),
        ("one thousand two hundred", 1200), ("two million five hundred thousand", 2.5e6), ("two hundred thousand", 2e5),
        ("three dozen", 36), ("a few dozen", 36), ("dozens", 24), ("a hundred and five", 105),
        ("couple hundred", 200), ("thirty five", 35), ("3 million", 3e6), ("zero", None), ("", None), ("many", None),
    ],
)  # fmt: skip
def test_numbers_in_digits_and_words(words: str, number: float | None) -> None:
    assert parse(words) == number


@pytest.mark.parametrize(
    ("message", "asked", "read"),
    [
        ("bout 60 of us", None, {"company_size": "mid"}),
        ("we are 12 people", None, {"company_size": "small"}),
        ("5 of us in a garage", None, {"company_size": "startup"}),
        ("a start-up with fifteen people", None, {"company_size": "startup"}),
        ("not a startup any more, 300 staff", None, {"company_size": "mid"}),
        ("2,100 employees", None, {"company_size": "large"}),
        ("about 40", "company_size", {"company_size": "small"}),
        ("about 40", None, {}),
        ("two openings", None, {"headcount": "two_or_more"}),
        ("budget for one hire", None, {"headcount": "one"}),
        ("just one", "headcount", {"headcount": "one"}),
        ("two, not one", "headcount", {"headcount": "two_or_more"}),
        ("we can hire 3% more", None, {}),
        ("14,000 FTE", None, {"company_size": "large"}),
        ("120 people, we can hire two people", None, {"company_size": "mid", "headcount": "two_or_more"}),
    ],
)
def test_company_size_and_headcount(message: str, asked: str | None, read: dict[str, str]) -> None:
    found = list(counts(message, asked))
    assert {count.factor: count.value for count in found} == read
    assert all(message[count.start : count.end].strip() for count in found)


@pytest.mark.parametrize(
    ("message", "asked", "read"),
    [
        ("a couple of hundred", "company_size", {"company_size": "mid"}),
        ("founded in 1998, now about 30", "company_size", {"company_size": "small"}),
        ("three to four hundred", "company_size", {"company_size": "mid"}),
        ("it's a small staff: 35 people", None, {"company_size": "small"}),
        ("two hundred and twelve", "company_size", {"company_size": "mid"}),
        ("a 7,000-person insurer", None, {"company_size": "large"}),
        ("the institute employs 390", None, {"company_size": "mid"}),
        ("one or two", "headcount", {}),
        ("two or three", "headcount", {"headcount": "two_or_more"}),
        ("a pair", "headcount", {}),
        ("hire an engineer", None, {}),
        ("40 requests per second", None, {"scale": "high"}),
        ("2M users", None, {"scale": "high"}),
        ("answers within 20 ms", None, {"scale": "high"}),
        ("thirty forms a week", None, {"scale": "low"}),
        ("We have 12 PMs", None, {}),
        ("we hired 40 as contractors", None, {}),
        ("40 requests per mın", None, {}),
    ],
)
def test_ranges_loads_and_numbers_that_are_none(message: str, asked: str | None, read: dict[str, str]) -> None:
    assert {count.factor: count.value for count in counts(message, asked)} == read


@pytest.mark.parametrize(
    "part",
    ["1 ", "1", "one ", "one and ", "a ", "1\n\n\n", "we are ", "hire one ", "1 foo ", "per ", "2 to ", "k", "’t "],
)
def test_no_message_makes_the_search_slow(part: str) -> None:
    """Beside a plain message of the same length: a search that backtracks takes thousands of times as long."""

    def seconds(message: str) -> float:
        started = time.perf_counter()
        list(counts(message, "headcount"))
        return time.perf_counter() - started

    plain = "We sort letters in a hall by the river, and the sorting takes all of the night. " * 63
    hostile = (part * MOST_CHARACTERS)[:MOST_CHARACTERS]
    for message in (hostile, "1" + " " * (MOST_CHARACTERS - 1)):
        assert seconds(message) < 200 * max(seconds(plain), 1e-3)
