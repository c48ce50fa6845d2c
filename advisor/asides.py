"""What a message can want besides telling about the project: each wish gets its due in the reply."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from advisor.answering import find
from advisor.core.decision import decide, recommend
from advisor.core.facts import Fact
from advisor.core.follow_up import in_full, of_the_hire
from advisor.core.inquiry import outlook
from advisor.core.roles import FIRST_HIRE
from advisor.knowledge.missing import MISSING
from advisor.language import advising
from advisor.language.clauses import clauses
from advisor.language.cues import HOW_LIKELY, HOW_SURE, OF_THE_ADVICE, WHAT_WOULD_CHANGE
from advisor.language.phrases import GREETING, REASONS, SOON, STANDING, THANKS
from advisor.language.reading import Reading
from advisor.language.refusals import ALONE, REFUSALS
from advisor.turn import Draft, State, Tools

Act = Callable[[Tools, State, str, Draft], None]


def _explain(tools: Tools, state: State, message: str, draft: Draft) -> None:
    if state.advised:
        draft.say(REASONS, "answer")
        draft.advise_again = True
    elif state.pending:
        question = tools.wording.question(state.pending, draft.cited)
        draft.say(tools.wording.why(question, draft.cited), "answer")


def _recount(tools: Tools, state: State, message: str, draft: Draft) -> None:
    draft.say(tools.wording.understood(state.situation.facts), "answer")


def _thank(tools: Tools, state: State, message: str, draft: Draft) -> None:
    draft.say(THANKS, "answer")


def _introduce(tools: Tools, state: State, message: str, draft: Draft) -> None:
    if state.asked:
        draft.say(GREETING, "answer")


def _promise(tools: Tools, state: State, message: str, draft: Draft) -> None:
    """Whoever asks for the advice gets it as soon as it can be given."""
    if state.asked:
        draft.say(SOON if state.pending else STANDING, "answer")
        draft.advise_again = True


def _weigh(tools: Tools, state: State, message: str, draft: Draft) -> None:
    draft.say(advising.weighed(tools.wording, decide(tools.knowledge.scorecard, state.situation)), "answer")


def _turn_over(tools: Tools, state: State, message: str, draft: Draft) -> None:
    draft.say(advising.what_would_change(tools.wording, decide(tools.knowledge.scorecard, state.situation)), "answer")


def suppose(facts: Sequence[Fact]) -> Act:
    """Tell what would be advised if `facts` were so."""

    def tell(tools: Tools, state: State, message: str, draft: Draft) -> None:
        scorecard = tools.knowledge.scorecard
        verdict = decide(scorecard, state.situation.learn(facts))
        same = verdict.recommendation == recommend(scorecard, state.situation)
        draft.say(advising.supposed(tools.wording, facts, verdict, draft.cited, same=same), "answer")
        draft.supposed = tuple(facts)

    return tell


def _tell_about_itself(reading: Reading) -> Act:
    def tell(tools: Tools, state: State, message: str, draft: Draft) -> None:
        """Tell of the advisor itself, unless the documents are known to answer that very question."""
        if tools.seek(message).known:
            look_up(tools, state, message, draft)
            return
        titles = [article.title for article in tools.articles.values()]
        draft.say(tools.wording.about_itself(reading.subject, titles), "answer")
        if reading.subject == "progress":
            after = replace(state, situation=state.situation.learn(reading.facts))
            told = outlook(tools.knowledge.scorecard, after.situation, after.answered)
            pending = state.pending is not None and state.pending not in after.answered
            draft.say(advising.questions_to_come(told, pending=pending), "answer")

    return tell


def _refuse(intent: str) -> Act:
    def refuse(tools: Tools, state: State, message: str, draft: Draft) -> None:
        draft.refuse(*REFUSALS[intent])
        draft.hold_back = True

    return refuse


def _leave_out(tools: Tools, state: State, message: str, draft: Draft) -> None:
    """Say that private details are left out, which is a refusal only where the message holds nothing else."""
    reason, words = REFUSALS["personal_data"]
    if draft.parts:
        draft.parts.insert(0, words)
    else:
        draft.refuse(reason, words)


def look_up(
    tools: Tools, state: State, message: str, draft: Draft, *, only_if_answered: bool = False, tells: bool = False
) -> None:
    """Answer a question about the roles from the corpus, or say that it does not hold the answer.

    With `only_if_answered`, a message that may be no such question is left alone unless the corpus answers it. One that
    in a conversation also `tells` of the project is on its way to advice; so that the corpus does not answer it is only
    said where what it asks for has a name.
    """
    question = _in_full(tools, message, state)
    found = find(question, tools.seek, tools.weights, tools.wording.on_subject)
    draft.support = found.support
    on_its_way = tells and not draft.alone and not MISSING.get(found.missing)
    if not found.answers and (only_if_answered or on_its_way):
        return
    if found.answers:
        draft.say(tools.wording.answer(found.answer, draft.cited), "answer")
    else:
        quotes = found.answer.quotes
        told = tools.wording.not_answered(found.missing, quotes, draft.cited)
        draft.refuse("not_in_corpus", told, draft.cited.cite(quotes), found.support)
    draft.looked_up, draft.side = question, found.answer.side if found.answers else None


def _in_full(tools: Tools, message: str, state: State) -> str:
    """The message as a question that stands by itself; where the part that asks leans on the question before, or on the
    advice, that."""
    asking = [part for part in clauses(message) if part.question]
    alone = message[asking[0].start : asking[-1].end] if asking else message
    completed = in_full(alone, state.looked_up, state.side)
    if completed == alone and state.advised:
        advised = recommend(tools.knowledge.scorecard, state.situation)
        completed = of_the_hire(alone, FIRST_HIRE[advised])
    return completed if completed != alone else message


def _out_of_scope(tools: Tools, state: State, message: str, draft: Draft) -> None:
    """Refuse what is off the subject, unless the corpus answers it after all, or is on another subject itself."""
    if draft.kind == "ask":
        look_up(tools, state, message, draft, only_if_answered=bool(tools.wording.on_subject))
    if draft.kind == "ask":
        draft.refuse(*REFUSALS["out_of_scope"])


_ASIDES: Final[Mapping[str, Act]] = {
    **{intent: _refuse(intent) for intent in ALONE},
    "why": _explain,
    "understood": _recount,
    "thanks": _thank,
    "greeting": _introduce,
    "hire_whom": _promise,
    "ask_roles": look_up,
    "out_of_scope": _out_of_scope,
    "personal_data": _leave_out,
}
"""What a message can want besides telling about the project, in the order in which it is done."""

_CIVILITIES: Final[Sequence[str]] = ("understood", "thanks", "greeting", "hire_whom")
"""What needs no words of its own where the message also tells something: the reply says what was understood."""


def _about_the_advice(reading: Reading, message: str) -> Act | None:
    """What is due to a question about advice that was given."""
    of_the_advice = OF_THE_ADVICE.search(message) or "ask_roles" not in reading.intents
    if HOW_SURE.search(message) or (HOW_LIKELY.search(message) and of_the_advice):
        return _weigh
    return _turn_over if WHAT_WOULD_CHANGE.search(message) else None


def asides(state: State, reading: Reading, message: str) -> Sequence[Act]:
    """What the message wants besides telling; nothing else beside a refusal, or a question about the advice."""
    if reading.supposed:
        return (suppose(reading.supposed),)
    refused = next((name for name in ALONE if name in reading.intents), None)
    if state.advised and not (refused or reading.facts):
        about_the_advice = _about_the_advice(reading, message)
        if about_the_advice:
            return (about_the_advice,)
    if reading.subject:
        return (_tell_about_itself(reading),)
    due = (refused, "personal_data") if refused else _ASIDES
    wanted = [name for name in due if name in reading.intents]
    if "ask_roles" in wanted:
        wanted = [name for name in wanted if name != "hire_whom"]
    if reading.facts or "change" in reading.intents:
        wanted = [name for name in wanted if name not in _CIVILITIES]
    only_tells = {"describe", "answer"} >= set(reading.intents)
    if message.rstrip().endswith("?") and only_tells and not (wanted or reading.facts or reading.unclear):
        return (look_up,)
    acts: dict[str, Act] = {**_ASIDES, "ask_roles": partial(look_up, tells=bool(reading.facts) and not state.advised)}
    return tuple(acts[name] for name in wanted)
