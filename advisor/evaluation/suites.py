"""The suites of `advisor eval`: each reads its cases, puts the advisor through them, and reports."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from advisor.core.roles import RECOMMENDATIONS
from advisor.evaluation import decisions, drift, guardrails, itself, questions, understanding
from advisor.evaluation.beir import retrieval
from advisor.evaluation.bench import Bench
from advisor.evaluation.cases import read_cases
from advisor.evaluation.decisions import MODES
from advisor.evaluation.plots import confusion, reliability, risk_coverage
from advisor.evaluation.question_cases import read_question_cases
from advisor.evaluation.report import Report, SuiteReport, sha256_of
from advisor.knowledge.examples import read_examples
from advisor.knowledge.itself import read_subject_examples
from advisor.language.languages import OtherLanguage
from advisor.language.reading import Parts
from advisor.retrieval.embed import MiniLM
from advisor.rows import RowsError

WHOLE: Final = "rules and examples"
PARTS: Final = {WHOLE: Parts(), "rules only": Parts(examples=False), "examples only": Parts(rules=False)}


def run(bench: Bench, files: Mapping[str, Path]) -> Report:
    """Run the suites that `files` names, each on its cases."""
    return Report(bench.advisor.about(), tuple(SUITES[name](bench, name, path) for name, path in files.items()))


def _decisions(bench: Bench, name: str, path: Path) -> SuiteReport:
    cases = read_cases(path)
    runs = {mode: bench.each(f"conversations, {mode}", partial(decisions.hold, mode=mode), cases) for mode in MODES}
    summaries = [decisions.summarise(outcomes, mode) for mode, outcomes in runs.items()]
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(figure for summary in summaries for figure in decisions.figures(summary)),
        tables=tuple(table for summary in summaries for table in decisions.tables(summary)),
        cases=tuple(decisions.case_report(outcome) for outcomes in runs.values() for outcome in outcomes),
        plots={
            f"{one.mode} recommendations": confusion(
                one.confusion, f"{one.mode}: right one, and given", RECOMMENDATIONS, (*RECOMMENDATIONS, "none")
            )
            for one in summaries
        },
    )


def _understanding(bench: Bench, name: str, path: Path) -> SuiteReport:
    examples = read_examples(path)
    english = [example for example in examples if example.language is None]
    if not english:
        raise RowsError(f"{path} holds no message in English, and others are not read.")
    bench.advisor.understand("Hello.")  # loads what reads, so that no message waits for it
    judged = {
        part: understanding.read_all(one.advisor.understand, english, bench.begin(f"messages, {part}", len(english)))
        for part, one in _by_parts(bench)
    }
    languages = understanding.told_apart(OtherLanguage(bench.advisor.settings.networks), examples)
    summaries = {part: understanding.summarise(some, languages) for part, some in judged.items()}
    whole = summaries[WHOLE]
    median, most = whole.milliseconds
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(figure for part, one in summaries.items() for figure in understanding.figures(part, one)),
        tables=tuple(table for part, one in summaries.items() for table in understanding.tables(part, one)),
        cases=tuple(map(understanding.case_report, judged[WHOLE])),
        plots={"reliability": reliability(whole.reliability, whole.calibration_error)},
        timings=(f"{median:.1f} ms a message, 95 % within {most:.1f} ms",),
    )


def _questions(bench: Bench, name: str, path: Path) -> SuiteReport:
    cases = read_question_cases(path)
    questions.check_places(path, cases, bench.advisor.articles)
    answers = bench.each("questions", questions.put, cases)
    summary = questions.summarise(answers)
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(questions.figures(summary)),
        tables=tuple(questions.tables(summary)),
        cases=tuple(map(questions.case_report, answers)),
        plots={"risk and coverage": risk_coverage(summary.risk_coverage)} if summary.risk_coverage else {},
    )


def _guardrails(bench: Bench, name: str, path: Path) -> SuiteReport:
    cases = guardrails.read_guard_cases(path)
    outcomes = {part: one.each(f"messages, {part}", guardrails.put, cases) for part, one in _by_parts(bench)}
    told = guardrails.confused(outcomes[WHOLE])
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(figure for part, some in outcomes.items() for figure in guardrails.figures(some, part)),
        tables=tuple(table for part, some in outcomes.items() for table in guardrails.tables(some, part)),
        cases=tuple(map(guardrails.case_report, outcomes[WHOLE])),
        plots={
            "what was told": confusion(
                told, "what is due, and what was told", guardrails.EXPECTED, guardrails.said(told)
            )
        },
    )


def _itself(bench: Bench, name: str, path: Path) -> SuiteReport:
    outcomes = bench.each("messages", itself.put, read_subject_examples(path))
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(itself.figures(outcomes)),
        tables=tuple(itself.tables(outcomes)),
        cases=tuple(map(itself.case_report, outcomes)),
    )


def _by_parts(bench: Bench) -> Iterator[tuple[str, Bench]]:
    """The whole advisor, and where its parts are measured too, what it is with each part of its reader alone."""
    for part, parts in PARTS.items():
        if bench.ablation or part == WHOLE:
            yield part, bench.with_parts(parts)


def _retrieval(bench: Bench, name: str, path: Path) -> SuiteReport:
    return retrieval(path, MiniLM(bench.advisor.settings.networks), bench.begin)


def _drift(bench: Bench, name: str, path: Path) -> SuiteReport:
    return drift.replay(bench.advisor, path, bench.begin)


SUITES: Final = {
    "decisions": _decisions,
    "understanding": _understanding,
    "questions": _questions,
    "swaps": _questions,
    "guardrails": _guardrails,
    "itself": _itself,
    "retrieval": _retrieval,
    "drift": _drift,
}
