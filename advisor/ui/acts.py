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

FAILED: Final = "Something went wrong, and what you did was not kept. Please try again."
BEGUN_ANEW: Final = "The conversation you had here could not be found, so this is a new one."
REOPENED: Final = "These answers came with the address that was opened. Change what does not fit."
FORGOTTEN: Final = "The conversation is deleted."

Sent = Mapping[str, Any]


ACTS: Final[Mapping[str, Callable[[Dialogue, Sent], object]]] = {
    "say": lambda dialogue, sent: dialogue.say(str(sent["words"])),
    "say_instead": lambda dialogue, sent: dialogue.say_instead(int(sent["turn"]), str(sent["words"])),
    "choose": lambda dialogue, sent: dialogue.choose_all(dict(sent["values"])),
    "suppose": lambda dialogue, sent: dialogue.suppose(dict(sent["values"])),
    "undo": lambda dialogue, sent: dialogue.undo(),
    "judge": lambda dialogue, sent: dialogue.judge(int(sent["turn"]), sent["opinion"], sent.get("citation")),
}


class Acts:
    """Does what the page sends. It keeps nothing: each act names its conversation, so that a restart loses none."""

    def __init__(self, advisor: Advisor, kept: Conversations) -> None:
        self._advisor = advisor
        self._kept = kept

    def do(self, act: Sent) -> tuple[Dialogue, str]:
        """The conversation after an act, and a notice to whoever did it, or nothing.

        An act is `{"do": …, "conversation": its id or null, "last": the key of the last turn that the page shows}`, and
        what it needs besides. `begin` starts a new conversation, with the `answers` that it may bring; `open` shows the
        one that there is. Raises `StorageError`.
        """
        name = act.get("conversation")
        if act["do"] == "begin" or not name:
            return self._begin(act.get("answers") or {})
        try:
            dialogue = Dialogue.resume(self._advisor, self._kept, str(name))
        except UnknownConversationError:
            return self._begin({})[0], BEGUN_ANEW
        if act["do"] == "open":
            return dialogue, ""
        if act["do"] == "forget":
            dialogue.forget()
            return self._begin({})[0], FORGOTTEN
        return self._done(dialogue, act)

    def _begin(self, answers: Sent) -> tuple[Dialogue, str]:
        """A new conversation; of an address that somebody has written by hand, what is not known is left out."""
        questions = self._advisor.wording.knowledge.questions
        known = {
            factor: value
            for factor, value in answers.items()
            if factor in questions and value in {option.value for option in questions[factor].options}
        }
        return Dialogue.begin(self._advisor, self._kept, known), REOPENED if known else ""

    def _done(self, dialogue: Dialogue, act: Sent) -> tuple[Dialogue, str]:
        try:
            if act.get("last") != dialogue.turns[-1].key:
                raise MovedOnError
            made = ACTS[act["do"]](dialogue, act)
            return made if isinstance(made, Dialogue) else dialogue, ""
        except AdvisorError as error:
            return Dialogue.resume(self._advisor, self._kept, dialogue.id), str(error)
        except Exception:
            log.exception("An act of the page failed.")
            return Dialogue.resume(self._advisor, self._kept, dialogue.id), FAILED


def read(sent: str) -> dict[str, Any]:
    """An act as it was sent, in JSON. Raises `ValueError` for anything else."""
    act = json.loads(sent)
    if not isinstance(act, dict) or not isinstance(act.get("do"), str):
        raise ValueError("no act")
    return act
