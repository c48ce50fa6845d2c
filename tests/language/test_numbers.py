import pytest

from advisor.language.numbers import counts, parse


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("40", 40), ("1,200", 1200), ("1.200", 1200), ("14 000", 14000), ("2.5k", 2500), ("a dozen", 12),
        ("two hundred", 200), ("a", 1), ("a hundred", 100), ("half a dozen", 6),
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
