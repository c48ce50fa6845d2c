"""What somebody only supposes ("what if we had no data?"), as the statement that it would be ("we have no data.")."""

import re
from typing import Final

_ASKED: Final = (
    r"what (?:would you (?:say|advise|recommend|suggest)|changes|happens|about)|how about|what|and"
    r"|(?:would|does|will) (?:that|this|it|(?:your|the) advice)(?: still)?"
    r" (?:change|hold|stand|be (?:different|the same))"
    r"|would you still (?:say|advise|recommend) (?:that|so|it|the same)"
)
_IF: Final = (
    r"(?:if|suppos(?:e|ing)|assum(?:e|ing)|imagin(?:e|ing)|pretend(?:ing)?|say"
    r"|let['’]?s (?:say|assume|suppose|pretend))(?: that)?"
)
_WHO: Final = (
    r"we|i|it|there|the|our|my|they|nobody|no one|nothing|someone|somebody|all|a|an|this|that|he|she"
    r"|budget|headcount|data|money"
)
SUPPOSED: Final = re.compile(
    rf"^(?:[\W_]|and|but|so|ok(?:ay)?|hm+|then|also|now)*(?:(?:{_ASKED})\s+)?{_IF},?\s+(?=(?:{_WHO})\b)", re.IGNORECASE
)
AND_THEN: Final = re.compile(
    r"[,;.]?\s*(?:what then|then what|and then|what (?:would you|changes)|would (?:you|that|it|your)|whom? |which role|"
    r"who do).*$|[?!.\s]+$",
    re.IGNORECASE,
)
PRESENT: Final = (
    (r"\b(it|there|that|this|he|she|data|model) were\b", r"\1 is"), (r"\bwere(?=n['’]?t\b|\b)", "are"),
    (r"\bwas(?=n['’]?t\b|\b)", "is"), (r"\bhad(?=n['’]?t\b|\b)", "have"), (r"\bcould(?=n['’]?t\b|\b)", "can"),
    (r"\bdidn['’]?t\b", "don't"),
)  # fmt: skip


def statement(message: str) -> str | None:
    """What `message` supposes, as somebody would state it who has it so; None where it supposes nothing."""
    supposed = SUPPOSED.match(message)
    if not supposed:
        return None
    words = AND_THEN.sub("", message[supposed.end() :].strip())
    for past, present in PRESENT:
        words = re.sub(past, present, words, flags=re.IGNORECASE)
    return f"{words[:1].upper()}{words[1:]}." if words else None
