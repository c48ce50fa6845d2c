"""One turn: understand, decide, then ask, advise, answer or decline; and check every quote before it is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from advisor.answering import find
from advisor.asides import asides, look_up
from advisor.core.decision import decide
from advisor.core.evidence import verify
from advisor.core.facts import FACTORS, NOT_SURE, Fact, Situation, corrections
from advisor.core.inquiry import Ask, Stop, next_step
from advisor.core.replies import Advice, CitedVerdict, Question, Reply
from advisor.errors import InvalidChoiceError, MisquoteError
from advisor.hearing import MOST_CHARACTERS, contradicted, cries_for_help, half_told, heard, unreadable
from advisor.language import advising
from advisor.language.cues import CHANGE
from advisor.language.disguises import undisguised
from advisor.language.phrases import (
    CHOOSE_PLAINLY,
    GO_ON,
    GREETING,
    HEARD_NOTHING,
    NOT_SURE_OF_IT,
    NOT_UNDERSTOOD,
    NOTED_ALREADY,
    NOTHING_TO_CHANGE,
    TAKEN_WRONGLY,
    WHICH_ANSWER,
)
from advisor.language.reading import SETTLING, Reading, confirmed
from advisor.language.refusals import IN_CONFIDENCE, REFUSALS, UNREAD
from advisor.turn import Draft, State, Tools

LONGEST_SHRUG: Final = 20
"""A message without a word, up to this long ("???", "…"), is a shrug at the question and not noise."""
MOST_MISSES: Final = 2
"""Messages in a row that leave a question where it was; with one more it is left open, so that nobody is stuck."""


def knowing(tools: Tools, answers: Mapping[str, str]) -> State:
    """A conversation that has not begun, in which these values are known by factor, as if clicked. Raises
    `InvalidChoiceError`."""
    return State(Situation().learn(_clicked(tools, factor, value) for factor, value in answers.items()))


def greet(tools: Tools, state: State) -> tuple[State, Reply]:
    """The opening turn: who speaks here, and the first question."""
    return _go_on(tools, state, Draft([GREETING]))


def hear(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    """The turn after a typed message. Total: whatever the message, there is a reply."""
    return _hear(tools, state, message, Draft())


def ask_once(tools: Tools, message: str) -> Reply:
    """A single message outside a conversation: what states no fact about a project is taken as a question."""
    return _hear(tools, State(), message, Draft(alone=True))[1]


def choose(tools: Tools, state: State, answers: Mapping[str, str]) -> tuple[State, Reply]:
    """The turn after a click on these values, by factor. Raises `InvalidChoiceError` for a factor or value that does
    not exist, or where there is none."""
    if not answers:
        raise InvalidChoiceError("Nothing was chosen. Name a factor and its value.")
    facts = tuple(_clicked(tools, factor, value) for factor, value in answers.items())
    return _respond(tools, state, "", Reading(facts), Draft())


def suppose(tools: Tools, state: State, changes: Mapping[str, str]) -> tuple[State, Reply]:
    """The turn after somebody asked what would be advised if these factors had these values; nothing is noted. Raises
    `InvalidChoiceError` for a factor or value that does not exist."""
    facts = tuple(_fact(factor, value) for factor, value in changes.items())
    return _respond(tools, state, "", Reading(supposed=facts), Draft())


def advise(tools: Tools, situation: Situation) -> Reply:
    """The advice on what is known, whatever is still open."""
    step = next_step(tools.knowledge.scorecard, situation, tuple(FACTORS))
    stop = step if isinstance(step, Stop) else Stop("asked_enough")
    return _advise(tools, State(situation), stop, Draft(), brief=False)[1]


def _clicked(tools: Tools, factor: str, value: str) -> Fact:
    fact = _fact(factor, value)
    return replace(fact, said=tools.wording.option(fact))


def _fact(factor: str, value: str) -> Fact:
    try:
        return Fact(factor, value)
    except ValueError as error:
        raise InvalidChoiceError(str(error)) from error


def _hear(tools: Tools, state: State, message: str, draft: Draft) -> tuple[State, Reply]:
    problem = unreadable(message)
    if problem == "unreadable" and message.strip() and state.pending and len(message) <= LONGEST_SHRUG:
        return _miss(tools, state, Reading(), draft)
    language = None if problem else tools.other_language(message)
    in_need = bool(language) and cries_for_help(tools, message)
    unread = bool(language) and not (in_need or any(undisguised(message)))
    if problem or unread:
        words = tools.knowledge.languages[language].unread if language else UNREAD[problem or "unreadable"]
        draft.refuse(problem or "unreadable", words.format(limit=MOST_CHARACTERS))
        if language and state.pending:
            return _miss(tools, state, Reading(), draft)
        return _go_on(tools, state, draft, advise_again=False)
    if state.pending and confirmed(message, state.offered) is False:
        draft.say(TAKEN_WRONGLY, "answer")
        denied = replace(state, offered=(), half_heard=state.half_heard.forget(state.pending))
        return _miss(tools, denied, Reading(), draft)
    reading = heard(tools, state, message)
    if in_need or "distress" in reading.intents:  # no question presses on, and nothing is noted
        if language:
            draft.say(tools.knowledge.languages[language].distress)
        draft.refuse(*REFUSALS["distress"])
        return _finish(tools, state, draft)
    return _respond(tools, state, message, reading, draft)


def _respond(tools: Tools, state: State, message: str, reading: Reading, draft: Draft) -> tuple[State, Reply]:
    """Take in the facts, give every other wish its due, and go on with the conversation."""
    if "start_over" in reading.intents and not reading.facts:
        return greet(tools, State())
    clash = contradicted(state, reading)
    undisputed = tuple(fact for fact in reading.facts if not (clash and fact == clash[1]))
    after = _learn(tools, state, undisputed, draft)
    doubtful = half_told(after, reading)
    after = replace(after, half_heard=after.half_heard.learn(doubtful))
    for act in asides(state, reading, message):
        act(tools, state, message, draft)
    if not IN_CONFIDENCE.isdisjoint(reading.intents):
        draft.looked_up = ""
    if clash:
        return _ask_which(tools, after, *clash, draft)
    if draft.alone and draft.kind == "ask":
        _look_up_what_is_alone(tools, state, message, reading, draft)
    told = _values(after.situation) != _values(state.situation) or after.pending != state.pending
    to_check = doubtful[0] if state.asked and doubtful and not (told or draft.parts) else None
    turned = _turn_to_another_question(tools, after, message, reading, draft, to_check)
    if turned:
        return turned
    asked = reading.subject or reading.supposed or {"ask_roles", "understood"} & set(reading.intents)
    answered = draft.kind == "answer" and asked
    clicked = any(fact.origin == "clicked" for fact in reading.facts)
    if after.pending and not (told or answered or clicked):
        return _miss(tools, after, reading, draft)
    if state.advised and not draft.parts:
        draft.say(NOTED_ALREADY if reading.facts else NOTHING_TO_CHANGE, "answer")
    if not (state.asked or draft.parts):
        said_nothing = not doubtful and "greeting" not in reading.intents
        return _go_on(tools, after, Draft([GREETING, HEARD_NOTHING if said_nothing else ""], support=draft.support))
    news = told or not state.advised
    return _go_on(tools, after, draft, advise_again=news or draft.advise_again, brief=not news)


def _look_up_what_is_alone(tools: Tools, state: State, message: str, reading: Reading, draft: Draft) -> None:
    """A message outside a conversation is taken as a question unless it tells of a project; how far the documents
    would answer it is told even then."""
    if draft.parts:
        draft.support = find(message, tools.seek, tools.weights, tools.wording.on_subject).support
    else:
        look_up(tools, state, message, draft, only_if_answered=bool(reading.half_heard))


def _turn_to_another_question(
    tools: Tools, state: State, message: str, reading: Reading, draft: Draft, to_check: Fact | None
) -> tuple[State, Reply] | None:
    """Where the message calls for it: to check what was half heard, to change an answer, or to leave one open."""
    if to_check:
        return _ask(tools, state, to_check.factor, draft)
    if "change" in reading.intents and not reading.facts:
        return _ask_again(tools, state, message, draft)
    if "skip" in reading.intents and state.pending:
        return _leave_open(tools, state, draft)
    return None


def _learn(tools: Tools, state: State, facts: Sequence[Fact], draft: Draft) -> State:
    """The state with `facts` in it, and what was understood said back."""
    situation = state.situation.learn(facts)
    changes = corrections(state.situation, situation)
    said = [fact for fact in facts if _is_worth_repeating(state, fact)]
    draft.parts += filter(None, (tools.wording.noted(changes), tools.wording.heard(said)))
    if any(fact.factor == state.pending for fact in facts):
        state = state.with_question(None)
    half_heard = state.half_heard
    for fact in facts:
        half_heard = half_heard.forget(fact.factor)
    return replace(state, situation=situation, half_heard=half_heard)


def _miss(tools: Tools, state: State, reading: Reading, draft: Draft) -> tuple[State, Reply]:
    """A message that leaves the question where it was: offer what it may have meant, then the plain choices, and
    then go on without an answer."""
    offered = () if state.misses else reading.unclear or state.offered
    state = replace(state, misses=state.misses + 1, offered=offered)
    if state.misses > MOST_MISSES:
        return _leave_open(tools, state, draft)
    if not draft.parts:
        known = NOTED_ALREADY if reading.facts else NOT_UNDERSTOOD
        first = NOT_SURE_OF_IT if reading.unclear else known
        draft.say(first if state.misses == 1 else CHOOSE_PLAINLY, "answer")
    return _go_on(tools, state, draft)


def _leave_open(tools: Tools, state: State, draft: Draft) -> tuple[State, Reply]:
    """Go on without an answer to the question on the table: what nobody answered stays unsure."""
    factor = str(state.pending)
    situation = state.situation
    if not situation.fact(factor):
        draft.say(tools.wording.left_open(factor))
        situation = situation.learn([Fact(factor, NOT_SURE)])
    return _go_on(tools, replace(state.with_question(None), situation=situation), draft)


def _ask_which(tools: Tools, state: State, before: Fact, now: Fact, draft: Draft) -> tuple[State, Reply]:
    """Ask, once, which of two contradicting statements holds. Until that is said, the earlier one does."""
    draft.say(tools.wording.which_holds(before, now), "answer")
    disputed = (*state.disputed, now.factor)
    after = replace(state.with_question(now.factor, (before, now)), disputed=disputed)
    question = tools.wording.question(now.factor, draft.cited, after.offered)
    return _finish(tools, after, draft, question=replace(question, check=""))  # that was just asked


def _ask_again(tools: Tools, state: State, message: str, draft: Draft) -> tuple[State, Reply]:
    """Somebody wants to change an answer: ask that question again, or which answer they mean."""
    factor = tools.wording.factor_named(message)
    fact = state.situation.fact(factor) if factor else None
    if factor is None or fact is None:
        draft.say(f"{WHICH_ANSWER}\n\n{tools.wording.understood(state.situation.facts)}", "answer")
        if state.pending:
            return _miss(tools, state, Reading(), draft)
        return _go_on(tools, state, draft, advise_again=False)
    if state.pending and factor in state.reopened and not CHANGE.search(message):
        return _miss(tools, state, Reading(), draft)  # a misread message must not turn from question to question
    after = replace(state.with_question(factor), reopened=(*state.reopened, factor))
    draft.say(tools.wording.so_far(fact), "answer")
    return _put(tools, after, factor, draft, lambda question: f"**{question.text}**")


def _ask(tools: Tools, state: State, factor: str, draft: Draft) -> tuple[State, Reply]:
    """Ask about a factor, whatever other question is open."""
    asked = state.asked if factor in state.asked else (*state.asked, factor)
    return _put(tools, replace(state, asked=asked), factor, draft, tools.wording.question_text)


def _go_on(
    tools: Tools, state: State, draft: Draft, *, advise_again: bool = True, brief: bool = False
) -> tuple[State, Reply]:
    """Put the question that is on the table once more, ask the next one, or advise, in brief where it was told."""
    if draft.alone and draft.kind in ("answer", "decline"):
        return _finish(tools, state, draft)
    step = next_step(tools.knowledge.scorecard, state.situation, state.answered)
    asked_again = state.pending if state.pending and state.situation.fact(state.pending) else None
    on_table = asked_again or next((factor for factor in state.asked if not state.situation.fact(factor)), None)
    factor = step.factor if isinstance(step, Ask) else ""
    if isinstance(step, Stop) and not asked_again:
        factor = _worth_checking(state) if step.because == "not_worth_asking" else ""
        if not factor and draft.hold_back and advise_again:
            draft.parts.append(GO_ON)
            return _finish(tools, replace(state, advised=False), draft)
        if not factor:
            return _advise(tools, state, step, draft, brief=brief) if advise_again else _finish(tools, state, draft)
    elif on_table:
        first = len(state.asked) == 1
        draft.kind = "answer" if draft.kind == "ask" else draft.kind
        return _put(tools, state, on_table, draft, lambda question: tools.wording.once_more(question, first=first))
    return _ask(tools, state, factor, draft)


def _worth_checking(state: State) -> str:
    """A factor of which a value was half heard that would settle the advice by itself, or nothing."""
    half_heard = (fact for fact in state.half_heard.facts if (fact.factor, fact.value) in SETTLING)
    return next((fact.factor for fact in half_heard if fact.factor not in state.asked), "")


def _put(
    tools: Tools, state: State, factor: str, draft: Draft, words: Callable[[Question], str]
) -> tuple[State, Reply]:
    """The reply that puts the question about `factor`, in `words`, and asks whether what is offered is meant."""
    half_heard = state.half_heard.fact(factor)
    if state.pending != factor:
        state = state.with_question(factor)
    if half_heard and not (state.offered or state.misses):
        state = replace(state, offered=(half_heard,))
    question = tools.wording.question(factor, draft.cited, state.offered)
    return _finish(tools, state, draft, (words(question), question.check), question=question)


def _advise(tools: Tools, state: State, stop: Stop, draft: Draft, *, brief: bool) -> tuple[State, Reply]:
    verdict = advising.cite_verdict(tools.wording, decide(tools.knowledge.scorecard, state.situation), draft.cited)
    advice = advising.word_advice(tools.wording, state.situation, verdict, stop, draft.cited)
    words = advising.advice_text(advice, verdict, draft.cited, brief=brief)
    draft.kind = "advise"
    after = replace(state.with_question(None), advised=True)
    return _finish(tools, after, draft, (words,), verdict=verdict, advice=advice)


def _finish(
    tools: Tools,
    state: State,
    draft: Draft,
    closing: Sequence[str] = (),
    *,
    question: Question | None = None,
    verdict: CitedVerdict | None = None,
    advice: Advice | None = None,
) -> tuple[State, Reply]:
    """The reply, whose `closing` puts the question or gives the advice, once every quote in it is found to be exactly
    what its article says. Raises `MisquoteError`."""
    if draft.looked_up:
        state = replace(state, looked_up=draft.looked_up, side=draft.side)
    reply = Reply(
        kind=draft.kind,
        text="\n\n".join(part for part in (*draft.parts, *closing) if part),
        understood=state.situation.facts,
        question=question,
        verdict=verdict,
        citations=draft.cited.citations(),
        support=draft.support,
        decline=draft.decline,
        opening="\n\n".join(part for part in draft.parts if part),
        advice=advice,
        supposed=draft.supposed,
    )
    for citation in reply.citations:
        article = tools.articles[citation.quote.article]
        if not verify(citation.quote, article.text):
            raise MisquoteError(f"Citation {citation.id} is not what {article.id} says. Please report this.")
    return state, reply


def _values(situation: Situation) -> dict[str, str]:
    return {fact.factor: fact.value for fact in situation.facts}


def _is_worth_repeating(state: State, fact: Fact) -> bool:
    """Whether to say back what was understood: what is new, or answers the question, unless it was just clicked."""
    answers = fact.factor == state.pending
    changes = state.situation.value(fact.factor) not in (None, fact.value)
    if changes or (answers and fact.origin == "clicked"):
        return False
    return answers or state.situation.fact(fact.factor) is None
