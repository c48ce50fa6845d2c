"""Numbers in a message: how many people work there, how many can be hired, and what load there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from advisor.language.cues import FLAGS

UNITS: Final = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "five": 5,
    "several": 5, "handful": 5, "six": 6, "half a dozen": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {
    "dozen": 12, "dozens": 24, "hundred": 100, "hundreds": 200, "thousand": 1e3, "thousands": 2e3, "k": 1e3,
    "million": 1e6, "millions": 2e6, "mio": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
}  # fmt: skip

_WORDS: Final = "|".join(sorted((*UNITS, *SCALES), key=len, reverse=True))
_DIGITS: Final = r"\d(?:[\d.,' ]{0,12}\d)?"
_MAGNITUDE: Final = r"(?:(?:k|m|mn|mio|bn)\b|thousand|million|billion)"
NUMBER: Final = (
    rf"(?<!\d){_DIGITS}(?:\s?{_MAGNITUDE})?|\b(?:(?:{_WORDS})(?:[ -](?:(?:and|of)[ -](?=(?:{_WORDS})\b))?|\b)){{1,6}}"
)
"""Every repetition is bounded or possessive, so that no message can make the search for it slow."""
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
    rf"(?P<number>{NUMBER})\s*+(?:\w+\s++){{0,2}}?{PEOPLE}\b"
    rf"|\b(?:we are|we're|there are|there's|just)\s++(?P<bare>{NUMBER})(?=\s*+(?:[.,;!]|of us|in |at |people|$))"
    rf"|\b(?:team|company|firm|shop|crew|outfit|business|staff|group) of (?:about |around |some |roughly )?"
    rf"(?P<whole>{NUMBER})"
    rf"|\b(?:employ|employs|employing) (?:about |around |some |roughly |nearly |over )?(?P<employed>{NUMBER})"
    rf"|(?P<strong>{NUMBER})[ -](?:person|people|man|head|strong)\b"
    rf"|(?P<paid>{NUMBER})\s*+(?:are |is )?on (?:the |our )?(?:payroll|salary|books)",
    FLAGS,
)
HIRES: Final = re.compile(
    rf"(?P<number>{NUMBER}|\b(?:single|both)\b)\s*+(?:\w+\s++)?{POSTS}\b"
    rf"|\b(?:hire|recruit|employ|afford|budget for|money for|take on|room for)\s++(?:(?:only|just|exactly|about)\s++)?"
    rf"(?P<bare>{NUMBER}|a single|both)\b(?!\s*+{NO_PEOPLE})",
    FLAGS,
)
ANSWERED_HIRES: Final = re.compile(rf"\b(?:single|both)\b|{NUMBER}", FLAGS)
RANGE: Final = re.compile(rf"\s*+(?:to|or|-|–|until|and)\s*+(?P<upper>{NUMBER})", FLAGS)
YEAR: Final = re.compile(r"(?:19|20)\d\d")
YEAR_BEFORE: Final = re.compile(r"\b(?:in|since|from|founded|established|est|until|by)\.?\s++$", FLAGS)
DENIED_JUST_BEFORE: Final = re.compile(r"(?:\b(?:not|no|never)|n['’]t)\s+(?:\w+\s+){0,2}$", FLAGS)
ANSWERED_COMPANY: Final = re.compile(NUMBER, FLAGS)
STARTUP: Final = re.compile(r"\bstart-?\s?ups?\b", FLAGS)
NOT_A_STARTUP: Final = re.compile(r"\b(?:not|no longer|hardly)\s+(?:a|an)?\s*start-?\s?up", FLAGS)

LARGEST_HANDFUL: Final = 9
LARGEST_STARTUP: Final = 20
"""People up to which a company that calls itself a start-up is one."""
LARGEST_SMALL: Final = 50
LARGEST_MID: Final = 500
LOAD: Final = re.compile(
    rf"(?P<number>{NUMBER})\s*+\+?+\s*+(?:[a-z-]++\s++){{0,3}}?(?:\b(?:an?|per|every|each)\s++|/\s*+)"
    r"(?P<period>ms|sec(?:ond)?|s|min(?:ute)?|hour|h|day|night|week|month|quarter|year)\b",
    FLAGS,
)
"""So many of something in a period: "40 requests per second", "2000 forms a week"."""
LATENCY: Final = re.compile(rf"(?P<number>{NUMBER})\s*+(?:ms|msec|milli-?\s?seconds?|millis)\b", FLAGS)
USERS: Final = re.compile(
    rf"(?P<number>{NUMBER})\s*+\+?+\s*+(?:[a-z-]++\s++){{0,2}}?"
    r"(?:users|customers|visitors|subscribers|players|shoppers|viewers|listeners|accounts|riders|passengers)\b",
    FLAGS,
)
SECONDS: Final = {
    "ms": 1e-3, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "day": 86_400,
    "night": 86_400, "week": 604_800, "month": 2_592_000, "quarter": 7_776_000, "year": 31_536_000,
}  # fmt: skip
NO_LOAD: Final = re.compile(
    r"\b(?:euros?|dollars?|pounds?|eur|usd|hours?|days?|weeks?|years?|times?|x)\b|[€$£%]", FLAGS
)
LEAST_HIGH: Final = 5.0
"""Events a second from which a load counts as high."""
MOST_LOW: Final = 0.01
"""Events a second up to which it counts as low: some hundreds a day. What lies between is left to the words."""
MANY_USERS: Final = 100_000
SLOWEST_HIGH: Final = 1000
"""Milliseconds; whoever counts in them up to this is in a hurry."""
MOST_HIRES: Final = 30
"""More than this is no headcount but the size of the company."""


@dataclass(frozen=True, slots=True)
class Count:
    """A factor's value read off a number, with its place in the message. A `bare` number does not say of what."""

    factor: str
    value: str
    start: int
    end: int
    bare: bool = False


def counts(message: str, asked: str | None) -> Iterator[Count]:
    """What the message's numbers may say about company size, headcount and scale, in their order for each.

    A bare number counts only as the answer to the question just `asked`.
    """
    yield from _company(message, asked == "company_size")
    yield from _hires(message, asked == "headcount")
    yield from _load(message)


def size_of(people: float) -> str:
    """The value of `company_size` for a number of people.

    A handful of people counts as a start-up whatever its age: one person does nearly everything there.
    """
    borders = ((LARGEST_HANDFUL, "startup"), (LARGEST_SMALL, "small"), (LARGEST_MID, "mid"))
    return next((size for largest, size in borders if people <= largest), "large")


def parse(words: str) -> float | None:
    """The number that `words` name ("1,200", "2.5k", "a couple of hundred"), or None."""
    text = words.casefold().strip()
    digits = re.match(rf"({_DIGITS})\s?({_MAGNITUDE})?", text)
    if digits:
        plain = re.sub(r"[,.' ](?=\d{3}\b)", "", digits[1]).replace(",", ".").replace(" ", "")
        try:
            return float(plain) * SCALES.get(digits[2] or "", 1)
        except ValueError:
            return None
    total = part = 0.0  # what the thousands and millions so far come to, and what was counted since
    named = re.findall(r"half a dozen|[a-z]+", text)
    for word in named:
        if word in ("a", "an") and len(named) > 1:
            continue
        if word in UNITS:
            part += UNITS[word]
        elif word in SCALES:
            part = max(part, 1) * SCALES[word]
            if SCALES[word] >= 1000:
                total, part = total + part, 0.0
    return total + part or None


def _company(message: str, answering: bool) -> Iterator[Count]:
    startup = STARTUP.search(message) if not NOT_A_STARTUP.search(message) else None
    numbers = list(_numbers(COMPANY, message))
    bare = answering and not numbers
    numbers = list(_numbers(ANSWERED_COMPANY, message)) if bare else numbers
    sizes = [(found, people) for found in numbers if (people := _upper_end(found, message)) is not None]
    told = [(found, people) for found, people in sizes if answering or people > 2]
    for found, people in told:
        value = "startup" if startup and people <= LARGEST_STARTUP else size_of(people)
        yield Count("company_size", value, found.start(), found.end(), bare)
    if startup and not told:
        yield Count("company_size", "startup", startup.start(), startup.end())


def _hires(message: str, answering: bool) -> Iterator[Count]:
    numbers = list(_numbers(HIRES, message, hires=True))
    bare = answering and not numbers
    numbers = list(_numbers(ANSWERED_HIRES, message, hires=True)) if bare else numbers
    for found in numbers:
        words = _number(found).casefold()
        number = 1 if "single" in words else 2 if "both" in words else parse(words)
        upper = _upper_end(found, message) or number
        if number is None or upper is None or not 1 <= number <= MOST_HIRES:
            continue
        if number < 2 <= upper:
            return  # "one or two" says neither
        yield Count("headcount", "one" if number < 2 else "two_or_more", found.start(), found.end(), bare)


def _load(message: str) -> Iterator[Count]:
    for latency in LATENCY.finditer(message):
        if (parse(latency["number"]) or SLOWEST_HIGH + 1) <= SLOWEST_HIGH:
            yield Count("scale", "high", latency.start(), latency.end())
    for load in LOAD.finditer(message):
        per_second = (parse(load["number"]) or 0) / SECONDS[load["period"].lower()]
        if NO_LOAD.search(load[0].removesuffix(load["period"])) or MOST_LOW < per_second < LEAST_HIGH or not per_second:
            continue
        yield Count("scale", "high" if per_second >= LEAST_HIGH else "low", load.start(), load.end())
    for users in USERS.finditer(message):
        if (parse(users["number"]) or 0) >= MANY_USERS:
            yield Count("scale", "high", users.start(), users.end())


def _numbers(pattern: re.Pattern[str], message: str, *, hires: bool = False) -> Iterator[re.Match[str]]:
    """The matches that are neither a bare article nor a year.

    Of `hires`, "a vacancy" is one, and in "not two, just one" it is the one that no "not" stands before.
    """
    for found in pattern.finditer(message):
        before = message[: found.start()][-40:]
        number = _number(found).casefold().strip()
        counted = hires and found.groupdict().get("number")
        if hires and DENIED_JUST_BEFORE.search(before):
            continue
        if (number not in ("a", "an") or counted) and not (YEAR.fullmatch(number) and YEAR_BEFORE.search(before)):
            yield found


def _number(found: re.Match[str]) -> str:
    return next((number for number in found.groupdict().values() if number), found[0])


def _upper_end(found: re.Match[str], message: str) -> float | None:
    """The number found, or the upper end where it opens a range: "800 to 1000", "one or two"."""
    rest = RANGE.match(message, found.start() + found[0].index(_number(found)) + len(_number(found)))
    lower, upper = parse(_number(found)), parse(rest["upper"]) if rest else None
    return upper if upper is not None and lower is not None and upper > lower else lower
