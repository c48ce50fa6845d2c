"""What the page sends, done: one act, on the conversation that it was sent from."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from advisor.api import Advisor
from advisor.dialogue import Dialogue
from advisor.errors import AdvisorError, MovedOnError
from advisor.storage.conversations import Conversations, UnknownConversationError

log = logging.getLogger(__name__)

FAILED: Final = "Something went wrong, and what you did was not kept. Please try again, or start over."
BEGUN_ANEW: Final = "The conversation you had here could not be found, so this is a new one."


def _answer(dialogue: Dialogue, sent: Mapping[str, Any]) -> None:
    for factor, value in sent["values"].items():
        dialogue.choose(factor, value)


ACTS: Final[Mapping[str, Callable[[Dialogue, Mapping[str, Any]], object]]] = {
    "open": lambda dialogue, sent: None,
    "say": lambda dialogue, sent: dialogue.say(str(sent["words"])),
    "say_instead": lambda dialogue, sent: dialogue.say_instead(int(sent["turn"]), str(sent["words"])),
    "choose": lambda dialogue, sent: dialogue.choose(str(sent["factor"]), str(sent["value"])),
    "suppose": lambda dialogue, sent: dialogue.suppose(sent["values"]),
    "answer": _answer,
    "undo": lambda dialogue, sent: dialogue.undo(),
    "judge": lambda dialogue, sent: dialogue.judge(int(sent["turn"]), sent["opinion"], sent.get("citation")),
}


class Acts:
    """Does what the page sends. It keeps nothing: each act names its conversation, so that a restart loses none."""

    def __init__(self, advisor: Advisor, kept: Conversations) -> None:
        self._advisor = advisor
        self._kept = kept

    def do(self, sent: str) -> tuple[Dialogue, str]:
        """The conversation after the act that was sent as JSON, and a notice of what went wrong, or nothing.

        `{"conversation": its id or null, "turns": how many of its turns the page shows, "do": …}`, and what the act
        needs besides. `begin` starts a new one, with the `answers` that it may bring.
        """
        act = json.loads(sent)
        if act["do"] == "begin" or not act.get("conversation"):
            return self._begin(act.get("answers") or {}), ""
        try:
            dialogue = Dialogue.resume(self._advisor, self._kept, act["conversation"])
        except UnknownConversationError:
            return self._begin({}), BEGUN_ANEW
        return dialogue, self._done(dialogue, act)

    def _begin(self, answers: Mapping[str, Any]) -> Dialogue:
        """A new conversation; of an address that somebody has written by hand, what is not known is left out."""
        questions = self._advisor.wording.knowledge.questions
        known = {
            factor: value
            for factor, value in answers.items()
            if factor in questions and value in {option.value for option in questions[factor].options}
        }
        return Dialogue.begin(self._advisor, self._kept, known)

    def _done(self, dialogue: Dialogue, act: Mapping[str, Any]) -> str:
        try:
            if act["do"] not in ("open", "judge") and act["turns"] != len(dialogue.turns):
                raise MovedOnError("This conversation has gone on in another window. Here is where it stands.")
            ACTS[act["do"]](dialogue, act)
        except AdvisorError as error:
            return str(error)
        except Exception:
            log.exception("An act of the page failed.")
            return FAILED
        return ""
