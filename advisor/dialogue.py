"""A conversation that is kept as it is held, so that every face finds it again, and that can be gone back in."""

from collections.abc import Mapping, Sequence
from typing import Self, get_args

from advisor.api import Advisor, Conversation
from advisor.core.facts import Situation
from advisor.core.replies import Reply
from advisor.errors import AdvisorError
from advisor.hearing import MOST_CHARACTERS
from advisor.storage.conversations import Conversations, Feedback, Opinion, Turn


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
        return cls(advisor, kept, kept.begin([turn]), [turn])

    @classmethod
    def resume(cls, advisor: Advisor, kept: Conversations, name: str) -> Self:
        """The one with the id `name`. Raises `UnknownConversationError`."""
        return cls(advisor, kept, name, kept.turns(name))

    @property
    def reply(self) -> Reply:
        """The last one."""
        return self.turns[-1].reply

    @property
    def situation(self) -> Situation:
        """What is known of the project by now."""
        return self.turns[-1].state.situation

    def say(self, words: str) -> Reply:
        """Say something in free text."""
        words = _kept(words)
        conversation = self._conversation()
        return self._add(words, conversation.send(words), conversation)

    def choose(self, factor: str, value: str) -> Reply:
        """Answer by a click, to the question just asked or to any other. Raises `InvalidChoiceError`."""
        return self.choose_all({factor: value})

    def choose_all(self, answers: Mapping[str, str]) -> Reply:
        """Answer by one click with several values, by factor. Raises `InvalidChoiceError`."""
        conversation = self._conversation()
        asked = conversation.state.pending
        reply = conversation.choose_all(answers)
        clicked = (self._advisor.wording.clicked(factor, value, asked) for factor, value in answers.items())
        return self._add("\n".join(clicked), reply, conversation)

    def suppose(self, changes: Mapping[str, str]) -> Reply:
        """Ask what would be advised if these factors had these values. Raises `InvalidChoiceError`."""
        conversation = self._conversation()
        reply = conversation.suppose(changes)
        return self._add(self._advisor.wording.what_if(reply.supposed), reply, conversation)

    def catch_up(self) -> None:
        """Read anew what there is of it, after it has gone on elsewhere."""
        self.turns = tuple(self._kept.turns(self.id))

    def undo(self) -> None:
        """Take back the last thing that was said or clicked. Raises `NothingThereError`."""
        if len(self.turns) < 2:
            raise NothingThereError("There is nothing to go back to.")
        self._kept.take_back(self.id, self.turns[-1])
        self.turns = self.turns[:-1]

    def say_instead(self, number: int, words: str) -> "Dialogue":
        """Another conversation, the same up to the turn with this number, in which something else was said there. This
        one stays as it is. Raises `NothingThereError`."""
        if not 0 < number < len(self.turns):
            raise NothingThereError("There is nothing to go back to.")
        before = self.turns[:number]
        conversation = self._advisor.resume(before[-1].state)
        words = _kept(words)
        turn = Turn(words, reply=conversation.send(words), state=conversation.state)
        turns = (*before, turn)
        return Dialogue(self._advisor, self._kept, self._kept.begin(turns, self.id), turns)

    def forget(self) -> None:
        """Remove it for good, with the versions of it that were left behind by saying something else instead."""
        self._kept.remove(self.id)

    def judge(self, number: int, opinion: Opinion, citation: int | None = None) -> None:
        """Keep what somebody thinks of a reply, or of one of its citations; told twice, it is withdrawn.

        Raises `NothingThereError`.
        """
        reply = self.turns[number].reply if 0 <= number < len(self.turns) else None
        known = reply and citation in (None, *(one.id for one in reply.citations))
        if not known or opinion not in get_args(Opinion):
            raise NothingThereError("There is no such reply, citation or opinion.")
        self._kept.note(self.id, Feedback(number, opinion, citation))

    def feedback(self) -> list[Feedback]:
        """What somebody thought of its replies."""
        return self._kept.feedback(self.id)

    def _conversation(self) -> Conversation:
        return self._advisor.resume(self.turns[-1].state)

    def _add(self, heard: str, reply: Reply, conversation: Conversation) -> Reply:
        turn = Turn(heard, conversation.state, reply)
        self._kept.add(self.id, self.turns[-1], turn)
        self.turns = (*self.turns, turn)
        return reply


def _kept(words: str) -> str:
    """Words as they can be kept: without lone surrogates, and of what is too long to be read only that it is."""
    words = words.encode("utf-8", "replace").decode()
    return words if len(words) <= MOST_CHARACTERS else f"{words[:MOST_CHARACTERS]}…"
