"""Numbers in a message: how many people work there, and how many can be hired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

UNITS: Final = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 5, "handful": 5, "dozen": 12, "half a dozen": 6}
TENS: Final = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES: Final = {"dozens": 24, "hundred": 100, "hundreds": 200, "thousand": 1000, "thousands": 2000, "k": 1000, "million": 10**6}

_WORDS = "|".join(sorted((*UNITS, *TENS, *SCALES), key=len, reverse=True))
NUMBER: Final = rf"(?:\d[\d.,' ]*\d|\d)\s?(?:k\b|thousand|million)?|\b(?:(?:{_WORDS})(?:[ -]|\b))+"

PEOPLE: Final = r"(?:people|persons|ppl|peple|poeple|staff|employees|emplyees|workers|folks|of us|colleagues|heads|members|FTEs?|souls|strong)"
COMPANY: Final = re.compile(
    rf"(?P<number>{NUMBER})\s*(?:\w+\s+){{0,2}}?{PEOPLE}\b|\b(?:we are|we're|there are|there's|team of|company of|firm of|just)\s+(?P<bare>{NUMBER})(?=\s*(?:[.,;!]|of us|in |at |people|$))",
    re.IGNORECASE,
)
HIRES: Final = re.compile(
    rf"(?P<number>{NUMBER}|\b(?:single|both)\b)\s*(?:\w+\s+)?(?:hires?|openings?|vacanc(?:y|ies)|posts?|positions?|seats?|salar(?:y|ies)|headcounts?|heads\b|slots?|jobs?|FTEs?)\b"
    rf"|\b(?:hire|recruit|employ|afford|budget for|money for|take on|room for)\s+(?:only\s+|just\s+|exactly\s+|about\s+)?(?P<bare>{NUMBER}|a single|both)(?=\s*(?:people|persons?|hires?|[.,;!?]|$))",
    re.IGNORECASE,
)
STARTUP: Final = re.compile(r"\bstart-?\s?ups?\b", re.IGNORECASE)
NOT_A_STARTUP: Final = re.compile(r"\b(?:not|no longer|hardly)\s+(?:a|an)?\s*start-?\s?up", re.IGNORECASE)
LARGEST_STARTUP: Final = 20


@dataclass(frozen=True, slots=True)
class Count:
    """A factor's value read off a number, with its place in the message."""

    factor: str
    value: str
    start: int
    end: int


def counts(message: str, asked: str | None) -> Iterator[Count]:
    """What the message's numbers say about company size and headcount.

    A bare number counts only as the answer to the question just `asked`.
    """
    company = _company(message, asked == "company_size")
    if company:
        yield company
    hires = _hires(message, asked == "headcount")
    if hires:
        yield hires


def size_of(people: float) -> str:
    """The value of `company_size` for a number of people, as the design draws the borders."""
    return "small" if people <= 50 else "mid" if people <= 500 else "large"


def parse(words: str) -> float | None:
    """The number that `words` name: `"1,200"`, `"2.5k"`, `"a couple of hundred"`."""
    text = words.casefold().strip()
    digits = re.match(r"(\d[\d.,' ]*\d|\d)\s?(k\b|thousand|million)?", text)
    if digits:
        plain = re.sub(r"[,' ](?=\d{3}\b)|\.(?=\d{3}\b)", "", digits[1]).replace(",", ".").replace(" ", "")
        try:
            return float(plain) * SCALES.get(digits[2] or "", 1)
        except ValueError:
            return None
    total = 0.0
    for word in re.findall(r"half a dozen|[a-z]+", text):
        if word in UNITS:
            total += UNITS[word]
        elif word in TENS:
            total += TENS[word]
        elif word in SCALES:
            total = max(total, 1) * SCALES[word]
    return total or None


def _company(message: str, answering: bool) -> Count | None:
    startup = STARTUP.search(message) if not NOT_A_STARTUP.search(message) else None
    found = COMPANY.search(message) or (re.search(NUMBER, message, re.IGNORECASE) if answering else None)
    people = parse(_number(found)) if found else None
    if found and people is not None and (answering or people > 2):
        value = "startup" if startup and people <= LARGEST_STARTUP else size_of(people)
        return Count("company_size", value, found.start(), found.end())
    return Count("company_size", "startup", startup.start(), startup.end()) if startup else None


def _hires(message: str, answering: bool) -> Count | None:
    found = HIRES.search(message)
    if not found and answering:
        found = re.search(rf"\b(?:single|both)\b|{NUMBER}", message, re.IGNORECASE)
    if not found:
        return None
    words = _number(found).casefold()
    number = 1 if "single" in words else 2 if "both" in words else parse(words)
    if number is None or number < 1:
        return None
    return Count("headcount", "one" if number < 2 else "two_or_more", found.start(), found.end())


def _number(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return groups.get("number") or groups.get("bare") or found[0]
