"""Numbers in a message: how many people work there, and how many can be hired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

UNITS: Final = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "five": 5,
    "several": 5, "handful": 5, "six": 6, "half a dozen": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {
    "dozens": 24,
    "hundred": 100,
    "hundreds": 200,
    "thousand": 1e3,
    "thousands": 2e3,
    "k": 1e3,
    "million": 1e6,
}

_WORDS: Final = "|".join(sorted((*UNITS, *SCALES), key=len, reverse=True))
_DIGITS: Final = r"\d(?:[\d.,' ]{0,12}\d)?"
NUMBER: Final = rf"(?<!\d){_DIGITS}\s?(?:k\b|thousand|million)?|\b(?:(?:{_WORDS})(?:[ -]|\b)){{1,6}}"
"""Every repetition is bounded, so that no message can make the search for it slow."""
PEOPLE: Final = (
    r"(?:people|persons|ppl|peple|poeple|staff|employees|emplyees|workers|folks|of us|colleagues|heads|members|"
    r"ftes?|souls|strong)"
)
POSTS: Final = (
    r"(?:hires?|openings?|vacanc(?:y|ies)|posts?|positions?|seats?|salar(?:y|ies)|headcounts?|heads\b|slots?|"
    r"jobs?|ftes?)"
)
NO_PEOPLE: Final = r"(?:%|percent|days?|weeks?|months?|years?|euros?|k\b)"

COMPANY: Final = re.compile(
    rf"(?P<number>{NUMBER})\s*(?:\w+\s+){{0,2}}?{PEOPLE}\b"
    rf"|\b(?:we are|we're|there are|there's|team of|company of|firm of|just)\s+"
    rf"(?P<bare>{NUMBER})(?=\s*(?:[.,;!]|of us|in |at |people|$))",
    re.IGNORECASE,
)
HIRES: Final = re.compile(
    rf"(?P<number>{NUMBER}|\b(?:single|both)\b)\s*(?:\w+\s+)?{POSTS}\b"
    rf"|\b(?:hire|recruit|employ|afford|budget for|money for|take on|room for)\s+(?:(?:only|just|exactly|about)\s+)?"
    rf"(?P<bare>{NUMBER}|a single|both)\b(?!\s*{NO_PEOPLE})",
    re.IGNORECASE,
)
ANSWERED_HIRES: Final = re.compile(rf"\b(?:single|both)\b|{NUMBER}", re.IGNORECASE)
DENIED_JUST_BEFORE: Final = re.compile(r"(?:\b(?:not|no|never)|n['’]t)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
ANSWERED_COMPANY: Final = re.compile(NUMBER, re.IGNORECASE)
STARTUP: Final = re.compile(r"\bstart-?\s?ups?\b", re.IGNORECASE)
NOT_A_STARTUP: Final = re.compile(r"\b(?:not|no longer|hardly)\s+(?:a|an)?\s*start-?\s?up", re.IGNORECASE)

LARGEST_HANDFUL: Final = 9
LARGEST_STARTUP: Final = 20
"""People up to which a company that calls itself a start-up is one."""
LARGEST_SMALL: Final = 50
LARGEST_MID: Final = 500
MOST_HIRES: Final = 30
"""More than this is no headcount but the size of the company."""


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
    """The value of `company_size` for a number of people.

    A handful of people counts as a start-up whatever its age: one person does nearly everything there.
    """
    borders = ((LARGEST_HANDFUL, "startup"), (LARGEST_SMALL, "small"), (LARGEST_MID, "mid"))
    return next((size for largest, size in borders if people <= largest), "large")


def parse(words: str) -> float | None:
    """The number that `words` name ("1,200", "2.5k", "a couple of hundred"), or None."""
    text = words.casefold().strip()
    digits = re.match(rf"({_DIGITS})\s?(k\b|thousand|million)?", text)
    if digits:
        plain = re.sub(r"[,.' ](?=\d{3}\b)", "", digits[1]).replace(",", ".").replace(" ", "")
        try:
            return float(plain) * SCALES.get(digits[2] or "", 1)
        except ValueError:
            return None
    total = 0.0
    named = re.findall(r"half a dozen|[a-z]+", text)
    for word in named:
        if word in ("a", "an") and len(named) > 1:
            continue
        if word in UNITS:
            total += UNITS[word]
        elif word in SCALES:
            total = max(total, 1) * SCALES[word]
    return total or None


def _company(message: str, answering: bool) -> Count | None:
    startup = STARTUP.search(message) if not NOT_A_STARTUP.search(message) else None
    found = COMPANY.search(message) or (ANSWERED_COMPANY.search(message) if answering else None)
    people = parse(_number(found)) if found else None
    if found and people is not None and (answering or people > 2):
        value = "startup" if startup and people <= LARGEST_STARTUP else size_of(people)
        return Count("company_size", value, found.start(), found.end())
    return Count("company_size", "startup", startup.start(), startup.end()) if startup else None


def _hires(message: str, answering: bool) -> Count | None:
    found = _undenied(HIRES, message) or (_undenied(ANSWERED_HIRES, message) if answering else None)
    if not found:
        return None
    words = _number(found).casefold()
    number = 1 if "single" in words else 2 if "both" in words else parse(words)
    if number is None or not 1 <= number <= MOST_HIRES:
        return None
    return Count("headcount", "one" if number < 2 else "two_or_more", found.start(), found.end())


def _undenied(pattern: re.Pattern[str], message: str) -> re.Match[str] | None:
    """The first match that no "not" stands before: in "not two, just one" it is "one"."""
    found = pattern.finditer(message)
    return next((match for match in found if not DENIED_JUST_BEFORE.search(message[: match.start()][-40:])), None)


def _number(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return groups.get("number") or groups.get("bare") or found[0]
