"""Sentences that are said as they stand. What is advised, asked and quoted is worded in `wording.py`."""

from typing import Final

OWN_RULES: Final = "Reasons without a number are the advisor's own rules; its documents hold no words for them."
ONE_ROLE_ALONE: Final = (
    "More than one post can be filled; this role alone still comes out ahead of both, of which “{likelier}” is the "
    "likelier order."
)
NOTHING_TO_CHANGE: Final = (
    "I could not read a change in that, so my advice stands. Say it in other words, or name what to change, for "
    "example “change my answer on the data”. You can also ask about the roles, or start over."
)

GREETING: Final = (
    "I help decide which role to hire for a data or machine learning project: a data scientist, a machine "
    "learning engineer, both, a full-stack data scientist, or nobody yet. I am an automated advisor on roles, "
    "not on people, and I back my reasons with exact quotes."
)
GO_ON: Final = "For the rest I have what I need: write “go on”, and I will give my advice."
SOON: Final = "I can tell you once I know a little more."
STANDING: Final = "My advice stands:"
THANKS: Final = "You are welcome. You can still change any answer, or ask about the roles."
HEARD_NOTHING: Final = "Thank you. From that I could not yet tell what matters to the decision, so I ask step by step."
REASONS: Final = "These are my reasons:"
NOT_TOLD: Final = "On {what}, the documents I have do not say enough to answer that, so I will not guess."
NOT_IN_CORPUS: Final = "As far as I can tell, the documents I have do not answer that, so I will not guess."
RELATED: Final = "The nearest passages are related, but do not answer it:"
NOT_RECOGNISED: Final = (
    "I cannot tell whether the documents I have answer that, because the one that comes nearest holds none of the "
    "statements that I advise by."
)
PERHAPS_RELATED: Final = "Please judge for yourself whether these passages answer it:"
SAID: Final = "This is what the documents say:"
OF_ONE_ROLE: Final = "The documents say this of the **{role}**:"
SIDE_BY_SIDE: Final = "Side by side, in the documents' words:"
NOT_UNDERSTOOD: Final = (
    "I could not read that as an answer. Please say it in other words, or choose one of the options."
)
NOTED_ALREADY: Final = "I have noted that already."
TAKEN_WRONGLY: Final = "Then I read that wrongly."
NOT_SURE_OF_IT: Final = "I am not sure that I read you rightly."
CHOOSE_PLAINLY: Final = (
    "I still cannot read that as an answer. Please choose one of the options; “Not sure” and “Does not matter” are "
    "answers too."
)
WHICH_ANSWER: Final = "Which answer do you want to change? Name it, or simply tell me what is true instead."
LEFT_OPEN: Final = "I leave *{label}* open for now. You can still tell me."
RETOLD: Final = (
    "The articles are published ones, told again in the words of whoever made this advisor. Quotes are exact quotes of "
    "these texts, not of those that they are based on."
)
SUPPOSED: Final = "Your answers stay as they are."
