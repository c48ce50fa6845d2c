"""Words that settle a reading where a rule is surer than similarity: shrugs, hearsay, corrections, yes and no."""

import re
from typing import Final


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


WISHED_REPORTED_OR_PAST: Final = _words(
    "need(?:s|ed)?", "want(?:s|ed)?", "hire", "hiring", r"recruit\w*", "look(?:ing)? for", "would like", "replace",
    r"offer\w*", r"insist\w*", "says?", "said", "tells?", "told", "thinks?", "should", "next hire", r"request\w*",
    r"approv\w*", r"vacanc\w+", "jobs?", r"advert\w*", "asap", "get an?", "buy", "used to", "left", "quit", "gone",
    "previous", "former",
)  # fmt: skip
"""A clause with one of these does not say who is in the team now."""

DENIED: Final = re.compile(r"\b(?:not|no|never|nobody|none|neither|without|nothing)\b|n['’]t\b", re.IGNORECASE)
"""A clause with one of these says what is not."""

SHRUG: Final = _words(
    "no (?:idea|clue)", "dunno", r"(?:do(?:n.?t| not)|wouldn.?t) (?:really )?know", "not sure", "unsure", "beyond me",
    r"can.?(?:t|not) (?:say|tell)", r"couldn.?t (?:say|tell)", "hard to (?:say|tell)",
    "ask(?:ing)? (?:the wrong|someone|somebody)", "not known", "unknown", "who knows", "no opinion",
    r"haven.?t (?:decided|thought)", r"(?:do(?:n.?t| not)) understand", "you tell me", "you decide",
)  # fmt: skip
LONGEST_SHRUG_WORDS: Final = 14
"""A longer message says something besides."""

CORRECTION: Final = _words(
    "wait", "scratch", r"correct(?:ion|ing)?", "actually", "i was wrong", "my mistake", r"i mis\w+", "update",
    "bad news", "good news", "just heard",
)  # fmt: skip

BOTH: Final = _words(
    "both", "as well", "bit of (?:each|everything|both)", "everything", "all of it", "end[ -]to[ -]end",
    "two (?:things|streams|parts)", "full journey", "whole (?:road|way|lot)", "first .{3,60} then",
)  # fmt: skip

YES: Final = re.compile(r"\W*(?:yes|yeah|yep|yup|sure|of course|absolutely|indeed|definitely)\b", re.IGNORECASE)
NO: Final = re.compile(r"\W*(?:no|nope|nah|not (?:at all|really)|never)\b", re.IGNORECASE)

ORDINALS: Final = {
    word: place
    for place, words in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"))
    for word in words.split()
}
ORDINAL: Final = re.compile(rf"\bthe ({'|'.join(ORDINALS)})(?: one| option)?\b", re.IGNORECASE)
LONGEST_PICK_WORDS: Final = 5
NO_WORDS: Final = re.compile(r"[\W\d_]*")
BARE_NUMBER: Final = re.compile(r"\W*(\d)\W*")
