"""What the advisor will not do, and how it says so."""

from typing import Final

from advisor.core.replies import DeclineReason

REFUSALS: Final[dict[str, tuple[DeclineReason, str]]] = {
    "distress": (
        "out_of_scope",
        "I am sorry; what you write sounds hard to bear. I am only a program that advises on roles, so please do not "
        "stay alone with it: talk to somebody you trust, or to a doctor. If you may be in danger, or think of harming "
        "yourself, call your emergency number now (112 in Europe, 911 in North America) or a helpline (988 in the "
        "United States and Canada, 116 123 in Britain, Ireland and much of Europe). For trouble at work there are "
        "people whose task it is to help, such as a works council, a union or an employee assistance line.\n\n"
        "Your project can wait. We can go on whenever you like.",
    ),
    "illegal": (
        "out_of_scope",
        "I do not help with employing people in ways that the law may forbid. Please ask somebody who knows the "
        "employment law where you are. I can help you decide which role to hire.",
    ),
    "protected_characteristic": (
        "protected_characteristic",
        "I do not give advice that turns on who a person is, such as age, sex, origin, religion, health or family. "
        "I can help you decide which role to hire.",
    ),
    "about_a_person": (
        "about_a_person",
        "I do not judge, rank or screen people. I advise on which role to hire, not on who should fill it.",
    ),
    "injection": (
        "out_of_scope",
        "I take no instructions on how to decide or what to say; what I advise follows from your answers and from the "
        "documents I work from. You can tell me about the project, or ask about the roles.",
    ),
    "personal_data": (
        "about_a_person",
        "There seem to be private details of a person in that. I do not need them, and leave them out of what I note. "
        "Please leave them out here, too: I advise on roles, not on people.",
    ),
    "out_of_scope": (
        "out_of_scope",
        "That is outside what I can help with. I advise on which data role to hire.",
    ),
}
"""By the intent that calls for it, the reason that is given in a reply and its words, what matters most first."""

IN_CONFIDENCE: Final = frozenset({"distress", "protected_characteristic", "about_a_person", "personal_data"})
"""Intents of messages that may speak of a person: what they tell of the project is noted, but not their words."""

ALONE: Final = ("illegal", "protected_characteristic", "about_a_person", "injection")
"""Intents that are refused whatever else a message wants, the gravest first."""

GRAVE: Final = IN_CONFIDENCE.union(ALONE)
"""Intents of messages that are heard in full, even where they begin like an answer."""

UNREAD: Final[dict[DeclineReason, str]] = {
    "unreadable": "I could not read that. Please write it as plain words.",
    "too_long": "That is too long for me to read at once. Please tell me in at most {limit:,} characters.",
}
"""Why a message was not read at all."""
