"""A conversation that is kept goes on wherever it is opened again."""

from pathlib import Path

import pytest

from advisor import Advisor
from advisor.dialogue import Dialogue, NothingThereError
from advisor.errors import InvalidChoiceError, MovedOnError
from advisor.storage.conversations import Conversations, Feedback, UnknownConversationError

OPENING = "We have a churn model that works in a notebook and should go live now; six backend developers, 60 people."


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite")


@pytest.fixture
def dialogue(advisor: Advisor, kept: Conversations) -> Dialogue:
    begun = Dialogue.begin(advisor, kept)
    begun.say(OPENING)
    return begun


def test_it_says_what_a_conversation_says(advisor: Advisor, dialogue: Dialogue) -> None:
    conversation = advisor.start()
    assert dialogue.turns[0].reply == conversation.greet()
    assert dialogue.reply == conversation.send(OPENING)
    assert dialogue.choose("headcount", "one") == conversation.choose("headcount", "one")
    assert dialogue.suppose({"data": "none"}) == conversation.suppose({"data": "none"})


def test_another_face_goes_on_where_it_stood(advisor: Advisor, kept: Conversations, dialogue: Dialogue) -> None:
    other = Dialogue.resume(advisor, kept, dialogue.id)
    assert other.turns == dialogue.turns
    other.choose("headcount", "one")
    with pytest.raises(MovedOnError, match="another window"):
        dialogue.say("who is on call?")
    assert Dialogue.resume(advisor, kept, dialogue.id).turns == other.turns


def test_clicks_are_told_in_words(dialogue: Dialogue) -> None:
    asked = dialogue.turns[-1].state.pending
    assert asked
    dialogue.choose(asked, "not_sure")
    dialogue.choose("company_size", "large")
    dialogue.suppose({"data": "none", "headcount": "two_or_more"})
    assert [turn.heard for turn in dialogue.turns[2:]] == [
        "Not sure",
        "Company size: Large: more than 500",
        "What if the answer on data were “None yet” and the answer on headcount were “Two or more”?",
    ]


def test_undoing_goes_back_one_turn_and_never_beyond_the_opening(
    advisor: Advisor, kept: Conversations, dialogue: Dialogue
) -> None:
    before = dialogue.turns
    dialogue.choose("headcount", "one")
    dialogue.undo()
    assert dialogue.turns == before == Dialogue.resume(advisor, kept, dialogue.id).turns
    dialogue.undo()
    with pytest.raises(NothingThereError):
        dialogue.undo()


def test_something_else_can_be_said_at_an_earlier_turn_and_nothing_is_lost(
    advisor: Advisor, kept: Conversations, dialogue: Dialogue
) -> None:
    dialogue.choose("headcount", "one")
    before = dialogue.turns
    other = dialogue.say_instead(1, "It is only an idea, and there is no data yet.")
    conversation = advisor.start()
    conversation.greet()
    assert other.reply == conversation.send("It is only an idea, and there is no data yet.")
    assert len(other.turns) == 2
    assert Dialogue.resume(advisor, kept, other.id).turns == other.turns
    assert Dialogue.resume(advisor, kept, dialogue.id).turns == before
    for number in (0, 7, -1):
        with pytest.raises(NothingThereError):
            dialogue.say_instead(number, "It is live.")


def test_who_is_behind_takes_nothing_back(advisor: Advisor, kept: Conversations, dialogue: Dialogue) -> None:
    other = Dialogue.resume(advisor, kept, dialogue.id)
    other.choose("headcount", "one")
    with pytest.raises(MovedOnError):
        dialogue.undo()
    assert Dialogue.resume(advisor, kept, dialogue.id).turns == other.turns
    dialogue.catch_up()
    assert dialogue.turns == other.turns


def test_a_forgotten_conversation_is_gone(advisor: Advisor, kept: Conversations, dialogue: Dialogue) -> None:
    dialogue.forget()
    with pytest.raises(UnknownConversationError):
        Dialogue.resume(advisor, kept, dialogue.id)


def test_of_what_is_too_long_to_be_read_little_is_kept(dialogue: Dialogue) -> None:
    dialogue.say("long " * 100_000)
    heard = dialogue.turns[-1].heard
    assert heard
    assert len(heard) < 6000
    assert dialogue.reply.decline
    assert dialogue.reply.decline.reason == "too_long"


def test_half_a_character_is_no_reason_to_lose_a_message(dialogue: Dialogue) -> None:
    dialogue.say("we are 800 people \ud800 now")
    assert dialogue.turns[-1].heard == "we are 800 people ? now"


def test_it_can_begin_with_answers(advisor: Advisor, kept: Conversations) -> None:
    begun = Dialogue.begin(advisor, kept, {"stage": "proof_of_concept", "headcount": "one"})
    assert {fact.factor: fact.value for fact in begun.reply.understood} == {
        "stage": "proof_of_concept",
        "headcount": "one",
    }
    assert begun.reply.question
    with pytest.raises(InvalidChoiceError):
        Dialogue.begin(advisor, kept, {"stage": "<script>"})


def test_what_somebody_thinks_is_kept(dialogue: Dialogue) -> None:
    dialogue.judge(1, "wrong_evidence", dialogue.reply.citations[0].id)
    assert dialogue.feedback() == [Feedback(1, "wrong_evidence", 1)]
    for number, citation in ((7, None), (-1, None), (1, 99)):
        with pytest.raises(NothingThereError):
            dialogue.judge(number, "helpful", citation)


def test_several_answers_are_taken_in_one_turn_and_back_in_one(dialogue: Dialogue) -> None:
    before = dialogue.situation
    dialogue.choose_all({"data": "none", "headcount": "two_or_more"})
    assert dialogue.turns[-1].heard == "Data: None yet\nHeadcount: Two or more"
    assert {dialogue.situation.value("data"), dialogue.situation.value("headcount")} == {"none", "two_or_more"}
    dialogue.undo()
    assert dialogue.situation == before


def test_to_forget_a_conversation_is_to_forget_what_was_said_in_it_before(
    dialogue: Dialogue, advisor: Advisor, kept: Conversations
) -> None:
    other = Dialogue.begin(advisor, kept)
    edited = dialogue.say_instead(1, "It is live.").say_instead(1, "It is only an idea.")
    assert Dialogue.resume(advisor, kept, dialogue.id).turns
    edited.forget()
    for name in (dialogue.id, edited.id):
        with pytest.raises(UnknownConversationError):
            Dialogue.resume(advisor, kept, name)
    assert Dialogue.resume(advisor, kept, other.id).turns
