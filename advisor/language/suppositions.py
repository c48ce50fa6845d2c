"""What somebody only supposes ("what if we had no data?"), as the statement that it would be ("we have no data.")."""

import re
from typing import Final

from advisor.language.clauses import SENTENCE_BREAK

_ASKED: Final = (
    r"what (?:would you (?:say|advise|recommend|suggest)|changes|about)|how about|what|and"
    r"|(?:would|does|will) (?:that|this|it|(?:your|the) advice)(?: still)?"
    r" (?:change|hold|stand|be (?:different|the same))"
    r"|would you still (?:say|advise|recommend) (?:that|so|it|the same)"
)
_SUPPOSE: Final = (
    r"(?:suppos(?:e|ing)|assum(?:e|ing)|imagin(?:e|ing)|pretend(?:ing)?|let['’]?s (?:say|assume|suppose|pretend))"
)
_WHO: Final = (
    r"we|i|it|there|the|our|my|they|nobody|no one|nothing|someone|somebody|all|a|an|this|that|he|she"
    r"|budget|headcount|data|money"
)
_OPENS: Final = r"^(?:[\W_]|and|but|so|ok(?:ay)?|hm+|then|also|now)*"
SUPPOSED: Final = re.compile(
    rf"{_OPENS}(?:(?:{_ASKED})\s+if|(?:(?:{_ASKED})\s+)?{_SUPPOSE})(?: that)?,?\s+(?=(?:{_WHO})\b)", re.IGNORECASE
)
ONLY_IF: Final = re.compile(rf"{_OPENS}if\s+(?=(?:{_WHO})\b)", re.IGNORECASE)
"""Supposes only where nothing is said besides: "if we could hire two?", but not "if it helps, we are forty"."""
AND_THEN: Final = re.compile(
    r"[,;.]?\s*(?:what then|then what|and then|who then|what (?:would you|changes)"
    r"|would (?:you|that|it|your)|which role|whom? (?:should|would|do|to)\b).*$|[?!.\s]+$",
    re.IGNORECASE,
)
PRESENT: Final = (
    (r"\b(it|there|that|this|he|she|data|model) were\b", r"\1 is"), (r"\bwere(?=n['’]?t\b|\b)", "are"),
    (r"\bwas(?=n['’]?t\b|\b)", "is"), (r"\bhad(?=n['’]?t\b|\b)", "have"), (r"\bcould(?=n['’]?t\b|\b)", "can"),
    (r"\bdidn['’]?t\b", "don't"),
)  # fmt: skip


def statement(message: str) -> str | None:
    """What `message` supposes, as somebody would state it who has it so; None where it supposes nothing, or says
    something else besides."""
    supposed, only_if = SUPPOSED.match(message), ONLY_IF.match(message)
    opening = supposed or only_if
    if not opening:
        return None
    rest = message[opening.end() :].strip()
    words = AND_THEN.sub("", rest)
    goes_on = SENTENCE_BREAK.search(words) or (only_if and not supposed and ("," in words or words == rest))
    if goes_on or not words:
        return None
    for past, present in PRESENT:
        words = re.sub(past, present, words, flags=re.IGNORECASE)
    return f"{words[:1].upper()}{words[1:]}."
