"""A conversation that is kept as it is held, so that every face finds it again, and that can be gone back in."""

from collections.abc import Mapping, Sequence
from typing import Self

from advisor.api import Advisor, Conversation
from advisor.core.replies import Reply
from advisor.errors import AdvisorError
from advisor.storage.conversations import Conversations, Feedback, Heard, Opinion, Turn


class NothingThereError(AdvisorError):
    """There is no such turn to go back to, or no such reply or citation to judge."""


class Dialogue:
    """A kept conversation. `id` finds it again; `turns` are all that there were, the first of which heard nothing.

    What is said raises `MovedOnError` where the conversation has gone on elsewhere meanwhile.
    """

    def __init__(self, advisor: Advisor, kept: Conversations, name: str, turns: Sequence[Turn]) -> None:
        self.id = name
        self.turns = tuple(turns)
        self._advisor = advisor
        self._kept = kept

    @classmethod
    def begin(cls, advisor: Advisor, kept: Conversations, answers: Mapping[str, str] | None = None) -> Self:
        """A new one, in which the advisor speaks first. It knows `answers`, values by factor, from the outset.

        Raises `InvalidChoiceError` for a factor or value that does not exist.
        """
        conversation = advisor.start(answers)
        reply = conversation.greet()
        turn = Turn(None, conversation.state, reply)
        return cls(advisor, kept, kept.begin(turn), [turn])

    @classmethod
    def resume(cls, advisor: Advisor, kept: Conversations, name: str) -> Self:
        """The one with the id `name`. Raises `UnknownConversationError`."""
        return cls(advisor, kept, name, kept.turns(name))

    @property
    def reply(self) -> Reply:
        """The last one."""
        return self.turns[-1].reply

    def say(self, words: str) -> Reply:
        """Say something in free text."""
        words = words.encode("utf-8", "replace").decode()  # lone surrogates cannot be kept
        conversation = self._conversation()
        return self._add(Heard(words), conversation.send(words), conversation)

    def choose(self, factor: str, value: str) -> Reply:
        """Answer by a click, to the question just asked or to any other. Raises `InvalidChoiceError`."""
        conversation = self._conversation()
        asked = conversation.state.pending
        reply = conversation.choose(factor, value)
        words = self._advisor.wording.clicked(factor, value, asked)
        return self._add(Heard(words, typed=False), reply, conversation)

    def suppose(self, changes: Mapping[str, str]) -> Reply:
        """Ask what would be advised if these factors had these values. Raises `InvalidChoiceError`."""
        conversation = self._conversation()
        reply = conversation.suppose(changes)
        return self._add(Heard(self._advisor.wording.what_if(reply.supposed), typed=False), reply, conversation)

    def catch_up(self) -> None:
        """Read anew what there is of it, after it has gone on elsewhere."""
        self.turns = tuple(self._kept.turns(self.id))

    def undo(self) -> None:
        """Go back to before the last thing that was said or clicked. Raises `NothingThereError`."""
        self._go_back(len(self.turns) - 1)

    def say_instead(self, number: int, words: str) -> Reply:
        """Go back to before the turn with this number, and say something else. Raises `NothingThereError`."""
        self._go_back(number)
        return self.say(words)

    def judge(self, number: int, opinion: Opinion, citation: int | None = None, words: str = "") -> None:
        """Keep what somebody thinks of a reply, or of one of its citations. Raises `NothingThereError`."""
        reply = self.turns[number].reply if 0 <= number < len(self.turns) else None
        if reply is None or citation not in (None, *(one.id for one in reply.citations)):
            raise NothingThereError("There is no such reply, or it has no such citation.")
        self._kept.note(self.id, Feedback(number, opinion, citation, words))

    def feedback(self) -> list[Feedback]:
        """What somebody thought of its replies."""
        return self._kept.feedback(self.id)

    def _conversation(self) -> Conversation:
        return self._advisor.resume(self.turns[-1].state)

    def _add(self, heard: Heard, reply: Reply, conversation: Conversation) -> Reply:
        turn = Turn(heard, conversation.state, reply)
        self._kept.add(self.id, len(self.turns), turn)
        self.turns = (*self.turns, turn)
        return reply

    def _go_back(self, number: int) -> None:
        if not 0 < number < len(self.turns):
            raise NothingThereError("There is nothing to go back to.")
        self._kept.go_back(self.id, number)
        self.turns = self.turns[:number]
