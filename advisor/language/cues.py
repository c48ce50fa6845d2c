"""Words that settle a reading where a rule is surer than similarity: shrugs, picks, yes and no, corrections."""

import re
from typing import Final

FLAGS: Final = re.IGNORECASE | re.ASCII
"""ASCII, because without it an "i" also matches letters that these words are not written with."""


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", FLAGS)


SHRUG: Final = _words(
    "no (?:idea|clue)", "dunno", "idk", r"(?:do(?:n.?t| not)|wouldn.?t) (?:really )?know", "not sure", "unsure",
    "beyond me", r"can.?(?:t|not) (?:say|tell)", r"couldn.?t (?:say|tell)", "hard to (?:say|tell)",
    "ask(?:ing)? (?:the wrong|someone|somebody)", "not known", "unknown", "who knows", "no opinion",
    r"haven.?t (?:decided|thought)", "n/a", "not applicable",
)  # fmt: skip
INDIFFERENT: Final = _words(
    r"(?:does|do)(?:n.?t| not) (?:really )?matter", r"(?:do|does)(?:n.?t| not) (?:really )?(?:care|mind)",
    "no preference", "either (?:is|would be|one is) (?:fine|ok|okay|good)", "up to you", "you (?:choose|decide|pick)",
    "whatever", "makes no difference", "all the same",
)  # fmt: skip
LONGEST_SHRUG_WORDS: Final = 6
"""A longer message may say something besides; whether it shrugs is left to what was learned."""

CORRECTION: Final = re.compile(
    r"^\W*(?:(?:oh|no|ah|hm+|ok|well|but|um+|and|so|yes)\W+)?"
    r"(?:wait|sorry|actually|update|correction|oops|hang on|hold on|scratch|apologies)\b|^\W*(?:hm+\W+)?no,"
    r"|\b(?:now|by now|today|meanwhile|as of|since (?:yesterday|today|this (?:morning|week)))\b"
    r"|\b(?:i was wrong|my (?:mistake|bad)|i mis\w+|i meant|forget what|take (?:that|it) back|turns out|just heard"
    r"|that.?s (?:wrong|not (?:right|true|correct))"
    r"|(?:good|bad) news|i (?:told|said) .{0,30}?(?:wrong|but)|to correct (?:myself|what)|not any ?more)\b",
    FLAGS,
)
"""What is said takes back something said before. Everyday words count only where a message opens with them."""

GONE: Final = _words(
    "left (?:us|the|in|last|for|this|when|after|before|because|yesterday|and|so)",
    "(?:has|have|had|just|who) left",
    "quit",
    "resigned",
    "retired",
    "used to (?:have|be|work|employ)",
    "former(?:ly)?",
    "moved on",
    "walked out",
    "(?:was|were|got) (?:fired|poached|let go|laid off)",
    "no longer (?:here|with us)",
    "(?:is|are|was|were) gone",
)
"""Whoever a clause with one of these names is not in the team any more."""

START_OVER: Final = _words(
    r"start (?:\w+ )?(?:over|again|afresh)", "begin (?:again|afresh)", "restart", "reset",
    "forget (?:everything|it all|all)",
)  # fmt: skip
"""Somebody wants to begin from the beginning, where the message is short; a project may start over too."""
LONGEST_START_OVER_WORDS: Final = 8

NOT_CLEAN: Final = re.compile(
    r"(?:\b(?:not|never|hardly|far from|anything but)|n['’]t)\s(?!just|only)(?:\w+\s){0,2}?"
    r"(?:clean|tidy|ready|neat|organi[sz]ed|labell?ed|in (?:good )?order|structured|usable|reliable|complete)\b",
    FLAGS,
)
"""Data that is said not to be clean."""

CHANGE: Final = _words(
    r"(?:change|correct|fix|edit|redo|revise|take back|undo) (?:my|an|one|that|the) (?:\w+ ){0,2}?answers?",
    r"(?:change|correct|fix|take back|undo) what i (?:said|told)",
)
"""Somebody wants to change an answer."""

HOW_SURE: Final = _words("how (?:sure|certain|confident)", "almost certain", "more likely than not", "a close call")
HOW_LIKELY: Final = _words(
    "how likely", "odds", "chances?", "likelihoods?", "probabilit(?:y|ies)", "percent(?:ages?)?"
)  # fmt: skip
"""The same, unless the message asks of something else how likely that is."""
OF_THE_ADVICE: Final = _words("you", "your", "each")
WHAT_WOULD_CHANGE: Final = _words(
    "what (?:would|could|might|will|does it) (?:change|make you|have to|need to|take|it take|tip|flip)",
    "change your (?:mind|advice|answer|opinion|verdict)", r"when would you (?:say|recommend|advise|pick|choose)",
    "what has to (?:be|change|happen)", "what (?:mattered|counted|weighed) (?:the )?most",
)  # fmt: skip
"""Somebody asks about advice that was given."""

_NTH: Final = "first|1st|former second|2nd third|3rd fourth|4th fifth|5th sixth|6th seventh|7th eighth|8th"
_NUMBER: Final = "one|1 two|2 three|3 four|4 five|5 six|6 seven|7 eight|8"
PLACES: Final = {
    word: place for words in (_NTH, _NUMBER) for place, group in enumerate(words.split()) for word in group.split("|")
}
"""Which option a word for a place, or a number, picks; the first is 0."""
_BEFORE_A_PICK: Final = (
    r"^\W*(?:(?:the|teh|i|i.d|id|say|think|maybe|probably|perhaps|take|pick|it.?s|is|would|be|um+|erm?|hm+|well|let.?s|go|with"
    r"|for|ok|okay|so|guess|that|that.?s)\W+){0,4}"
)
_ANY_NTH: Final = _NTH.replace(" ", "|")
_ANY_NUMBER: Final = _NUMBER.replace(" ", "|")
PICKED: Final = re.compile(
    rf"{_BEFORE_A_PICK}(?:"
    rf"(?P<nth>{_ANY_NTH})(?: (?:one|option|answer|of (?:those|these|them)|on (?:your|the) list)\b|\W*$)"
    rf"|(?:number|option|answer|#|n[or]\.(?=\s?\d))\s?(?P<number>{_ANY_NUMBER})\b"
    rf"|(?P<bare>{_ANY_NUMBER})(?:\W*$|\W+(?:i (?:guess|think|suppose)|please|pls)\W*$)"
    r"|(?P<last>last|latter)(?: (?:one|option|answer)\b|\W*$))",
    FLAGS,
)
"""An option named by its place, right at the beginning; elsewhere such words mean other things ("no one knows")."""
LONGEST_PICK_WORDS: Final = 10

_COURTESY: Final = r"please|thanks|thank you|sir|i (?:think|guess|suppose)(?: so)?|of course"
_BEFORE_YES_OR_NO: Final = r"^\W*(?:(?:oh|ah|well|um+|hm+)\W+)?"
_YES: Final = (
    r"(?:yes|yep|yeah|yup|yea|aye|right|correct|exactly|indeed|true|precisely|sure|ok(?:ay)?|absolutely|definitely"
    r"|(?:that.?s|that is|it.?s|it is|you.?re|you are) (?:it|right|correct|true|so))"
)
_SHORT_YES: Final = r"(?:it|we|they|that|i) (?:is|are|do|does|did|has|have|will)"
YES: Final = re.compile(
    rf"{_BEFORE_YES_OR_NO}(?:{_YES}|i (?:think|guess|suppose) so)"
    rf"(?:\W+(?:{_YES}|{_SHORT_YES}|{_COURTESY}))*\W*$",
    FLAGS,
)
_NO: Final = (
    r"(?:no|nope|nah|neither|none of (?:these|those|them)|wrong|incorrect"
    r"|not (?:really|quite|so|at all|true|right|correct|that)"
    r"|i do(?:n.?t| not) think so|(?:that|it|this)(?:.?s| is)? ?(?:n.?t|not)(?: (?:it|right|correct|true|so|that))?"
    r"|(?:that|it)(?:.?s| is) (?:wrong|incorrect))"
)
NO: Final = re.compile(rf"{_BEFORE_YES_OR_NO}{_NO}(?:\W+(?:{_NO}|{_COURTESY}|sorry))*\W*$", FLAGS)
"""A plain yes, or a plain no, and nothing else."""

EARLIER: Final = _words("first", "1st", "former", "earlier", "old(?:er)?", "before", "original(?:ly)?")
LATER: Final = _words("second", "2nd", "latter", "later", "new(?:er)?", "last", "latest", "just (?:said|now)")
"""One of two statements, by when it was made."""
