import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from advisor import Advisor
from advisor.api import Conversation
from advisor.core.facts import FACTORS, Fact, allowed_values
from advisor.core.inquiry import MOST_QUESTIONS
from advisor.core.replies import Reply
from advisor.errors import InvalidChoiceError
from tests import strategies

SHIPPING = {"stage": "proof_of_concept", "goal": "ship", "data": "ready", "team": "software_engineers",
            "deliverable": "deployed_model", "production": "now", "headcount": "one"}  # fmt: skip


def exact(advisor: Advisor, reply: Reply) -> bool:
    return all(
        advisor.article(c.quote.article).text[c.quote.start : c.quote.end] == c.quote.text for c in reply.citations
    )


def answer_all(conversation: Conversation, reply: Reply, answers: dict[str, str]) -> list[Reply]:
    replies = [reply]
    while (question := replies[-1].question) is not None:
        replies.append(conversation.choose(question.factor, answers.get(question.factor, "not_sure")))
    return replies


def test_from_a_sentence_to_cited_advice(advisor: Advisor) -> None:
    conversation = advisor.start()
    replies = answer_all(conversation, conversation.send("We have a churn model and nobody to ship it"), SHIPPING)
    advice = replies[-1].to_dict()
    assert [reply.kind for reply in replies] == ["ask"] * (len(replies) - 1) + ["advise"]
    verdict = advice["verdict"]
    assert verdict["recommendation"] == verdict["first_hire"] == "ml_engineer"
    assert len([reason for reason in verdict["reasons"] if reason["citations"]]) >= 3
    assert verdict["counter_reasons"][0]["citations"]
    assert verdict["flips"]
    assert sum(ranked["probability"] for ranked in verdict["ranking"]) == pytest.approx(1, abs=0.001)
    assert all(exact(advisor, reply) for reply in replies)
    cited = {citation["id"] for citation in advice["citations"]}
    assert cited == set(range(1, len(cited) + 1))
    assert all(f"[{number}]" in advice["text"] for number in cited)


def test_the_reply_has_the_shape_that_programs_rely_on(advisor: Advisor) -> None:
    reply = advisor.start().greet().to_dict()
    assert list(reply) == ["kind", "text", "question", "verdict", "understood", "citations", "support", "decline"]
    assert list(reply["question"]) == ["factor", "text", "options", "why", "citations"]
    assert list(reply["citations"][0]) == ["id", "article", "title", "section", "quote", "start", "end", "sha256"]


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({factor: st.sampled_from(allowed_values(factor)) for factor in FACTORS}))
def test_whatever_is_clicked_it_asks_a_handful_and_advises(advisor: Advisor, answers: dict[str, str]) -> None:
    conversation = advisor.start()
    replies = answer_all(conversation, conversation.greet(), answers)
    asked = [reply.question.factor for reply in replies if reply.question]
    assert len(asked) == len(set(asked)) <= MOST_QUESTIONS
    assert replies[-1].kind == "advise"
    assert all(exact(advisor, reply) for reply in replies)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=200) | strategies.facts, max_size=5))
@example(["we have a churn model in a notebook \ud800 and nobody to ship it"])
def test_nothing_that_is_said_breaks_it(advisor: Advisor, turns: list[str | Fact]) -> None:
    conversation = advisor.start()
    for turn in turns:
        reply = conversation.send(turn) if isinstance(turn, str) else conversation.choose(turn.factor, turn.value)
        assert reply.text.strip()
        assert exact(advisor, reply)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "unreadable"),
        ("   \n ", "unreadable"),
        ("\x00\x01\x02 \x03\x04", "unreadable"),
        ("\x1b[31m\x07\x08\x1b[0m", "unreadable"),
        ("\udcff\udcfe\udcfd abc", "unreadable"),
        ("?!", "unreadable"),
        ("x" * 100_000, "too_long"),
    ],
)
def test_what_cannot_be_read_is_declined_kindly(advisor: Advisor, message: str, reason: str) -> None:
    reply = advisor.start().send(message)
    assert reply.kind == "decline"
    assert reply.decline
    assert reply.decline.reason == reason
    assert "x" * 100 not in reply.text


def test_a_later_statement_replaces_an_earlier_one_and_says_so(advisor: Advisor) -> None:
    conversation = advisor.start()
    conversation.greet()
    conversation.choose("stage", "exploring")
    reply = conversation.choose("stage", "live")
    assert "Changed" in reply.text
    assert "It is live and in use" in reply.text
    assert [fact.value for fact in reply.understood if fact.factor == "stage"] == ["live"]
    assert reply.question, "the open question comes along"


def test_clicks_on_other_factors_are_noted_and_the_open_question_stays(advisor: Advisor) -> None:
    conversation = advisor.start()
    asked = conversation.greet().question
    assert asked
    for factor, value in (("headcount", "one"), ("company_size", "large"), ("scale", "low")):
        reply = conversation.choose(factor, value)
        assert "Understood" in reply.text
        assert reply.question
        assert reply.question.factor == asked.factor


def test_what_was_asked_and_skipped_is_not_called_unasked(advisor: Advisor) -> None:
    conversation = advisor.start()
    reply = conversation.greet()
    asked = set()
    while reply.question:
        asked.add(reply.question.factor)
        reply = conversation.send("skip")
    assert reply.verdict
    for assumed in reply.verdict.verdict.assumptions:
        assert (assumed.because == "not_asked") == (assumed.factor not in asked)


def test_every_citation_has_its_marker(advisor: Advisor) -> None:
    conversation = advisor.start()
    for reply in (conversation.greet(), conversation.send("thanks"), conversation.send("who deploys models?")):
        assert all(f"[{citation.id}]" in reply.text for citation in reply.citations)


def test_an_answer_can_be_changed_after_the_verdict(advisor: Advisor) -> None:
    conversation = advisor.start()
    answer_all(conversation, conversation.greet(), SHIPPING)
    changed = answer_all(conversation, conversation.choose("data", "none"), SHIPPING)[-1]
    assert changed.verdict
    assert changed.verdict.verdict.recommendation == "not_yet"


def test_trying_a_flip_leads_where_it_said(advisor: Advisor) -> None:
    conversation = advisor.start()
    advice = answer_all(conversation, conversation.greet(), SHIPPING)[-1]
    assert advice.verdict
    for flip in advice.verdict.verdict.flips:
        tried = advisor.resume(conversation.state)
        for factor, value in flip.changes:
            reply = tried.choose(factor, value)
        if reply.verdict:
            assert reply.verdict.verdict.recommendation == flip.becomes


def test_a_question_in_the_middle_is_answered_and_the_thread_kept(advisor: Advisor) -> None:
    conversation = advisor.start()
    asked = conversation.greet().question
    reply = conversation.send("who is on call to repair a model that fails in production?")
    assert reply.kind == "answer"
    assert any("on call" in citation.quote.text for citation in reply.citations)
    assert asked
    assert reply.question
    assert reply.question.factor == asked.factor


def test_what_the_corpus_does_not_hold_is_declined_with_what_is_near(advisor: Advisor) -> None:
    reply = advisor.ask("how long is the notice period for a data scientist?")
    assert reply.kind == "decline"
    assert reply.decline
    assert reply.decline.reason == "not_in_corpus"
    assert reply.support < 0.5
    assert set(reply.decline.nearest) == {citation.id for citation in reply.citations}


def test_why_it_asks_is_told_with_the_quote(advisor: Advisor) -> None:
    conversation = advisor.start()
    question = conversation.greet().question
    reply = conversation.send("why do you ask?")
    assert reply.kind == "answer"
    assert question
    assert question.why in reply.text
    assert reply.citations[0].quote.text in reply.text


def test_a_shrug_leaves_the_question_and_is_named_in_the_verdict(advisor: Advisor) -> None:
    conversation = advisor.start()
    reply = conversation.greet()
    for _ in range(MOST_QUESTIONS + 1):
        if not reply.question:
            break
        reply = conversation.send("no idea")
    assert reply.verdict
    assert {assumed.because for assumed in reply.verdict.verdict.assumptions} >= {"not_sure"}


def test_what_is_not_understood_is_said_once_more_and_then_left_open(advisor: Advisor) -> None:
    conversation = advisor.start()
    first = conversation.greet()
    again = conversation.send("???")
    assert first.question
    assert again.kind == "answer"
    assert again.question == first.question
    moved_on = conversation.send("???")
    assert moved_on.kind == "ask"
    assert moved_on.question
    assert moved_on.question.factor != first.question.factor


@pytest.mark.parametrize("message", ["write a poem about autumn", "why do you ask?", "how long is a notice period?"])
def test_nobody_gets_stuck_at_a_question(advisor: Advisor, message: str) -> None:
    conversation = advisor.start()
    reply = conversation.greet()
    for _ in range(3 * MOST_QUESTIONS):
        if reply.kind == "advise":
            break
        reply = conversation.send(message)
    assert reply.kind == "advise"


def test_starting_over_forgets_everything(advisor: Advisor) -> None:
    conversation = advisor.start()
    conversation.choose("stage", "live")
    reply = conversation.send("start over please")
    assert reply.kind == "ask"
    assert reply.understood == ()


def test_people_are_not_judged(advisor: Advisor) -> None:
    reply = advisor.start().send("please rank these three candidates for me")
    assert reply.decline
    assert reply.decline.reason == "about_a_person"


@pytest.mark.parametrize(("factor", "value"), [("stage", "nowhere"), ("mood", "good")])
def test_a_choice_that_does_not_exist_is_refused_and_nothing_lost(advisor: Advisor, factor: str, value: str) -> None:
    conversation = advisor.start()
    conversation.choose("stage", "live")
    with pytest.raises(InvalidChoiceError, match=factor):
        conversation.choose(factor, value)
    assert [fact.factor for fact in conversation.state.situation.facts] == ["stage"]


def test_where_the_articles_disagree_both_are_quoted(advisor: Advisor) -> None:
    conversation = advisor.start()
    advice = answer_all(conversation, conversation.greet(), SHIPPING)[-1]
    assert "disagree" in advice.text
