"""The suites of `advisor eval`: each reads its cases, puts the advisor through them, and reports."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from advisor.api import Advisor
from advisor.evaluation import decisions, drift, questions, understanding
from advisor.evaluation.beir import retrieval
from advisor.evaluation.cases import read_cases
from advisor.evaluation.decisions import MODES
from advisor.evaluation.plots import reliability, risk_coverage
from advisor.evaluation.question_cases import read_question_cases
from advisor.evaluation.report import Report, SuiteReport, sha256_of
from advisor.knowledge.examples import read_examples
from advisor.language.languages import other_language
from advisor.language.reading import Parts

WHOLE: Final = "rules and examples"
PARTS: Final = {WHOLE: Parts(), "rules only": Parts(examples=False), "examples only": Parts(rules=False)}

Tell = Callable[[], None]
Begin = Callable[[str, int], Tell]
"""Called with what is done next and of how many; gives what is to be called after each."""


@dataclass(frozen=True, slots=True)
class Options:
    """`ablation` also measures the parts of the reader by themselves."""

    ablation: bool = False


def run(advisor: Advisor, files: Mapping[str, Path], options: Options, begin: Begin) -> Report:
    """Run the suites that `files` names, each on its cases."""
    suites = (SUITES[name](advisor, name, path, options, begin) for name, path in files.items())
    return Report(advisor.about(), tuple(suites))


def _decisions(advisor: Advisor, name: str, path: Path, options: Options, begin: Begin) -> SuiteReport:
    cases = read_cases(path)
    runs = {mode: decisions.run(advisor, cases, mode, begin(f"conversations, {mode}", len(cases))) for mode in MODES}
    summaries = [decisions.summarise(outcomes, mode) for mode, outcomes in runs.items()]
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(figure for summary in summaries for figure in decisions.figures(summary)),
        tables=tuple(table for summary in summaries for table in decisions.tables(summary)),
        cases=tuple(decisions.case_report(outcome) for outcomes in runs.values() for outcome in outcomes),
    )


def _understanding(advisor: Advisor, name: str, path: Path, options: Options, begin: Begin) -> SuiteReport:
    examples = read_examples(path)
    english = [example for example in examples if example.language is None]
    advisor.understand("Hello.")  # loads what reads, so that no message waits for it
    judged = {
        part: understanding.read_all(advisor.reader(parts), english, begin(f"messages, {part}", len(english)))
        for part, parts in PARTS.items()
        if options.ablation or part == WHOLE
    }
    languages = understanding.told_apart(other_language, examples)
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


def _questions(advisor: Advisor, name: str, path: Path, options: Options, begin: Begin) -> SuiteReport:
    from advisor.retrieval.plain import plain_search

    cases = read_question_cases(path)
    plain = plain_search(advisor.articles)
    answers = questions.run(advisor, plain, cases, begin("questions", len(cases)))
    summary = questions.summarise(answers)
    return SuiteReport(
        suite=name,
        data=path.name,
        data_sha256=sha256_of(path),
        figures=tuple(questions.figures(summary)),
        tables=tuple(questions.tables(summary)),
        cases=tuple(map(questions.case_report, answers)),
        plots={"risk and coverage": risk_coverage(summary.risk_coverage)},
    )


def _retrieval(advisor: Advisor, name: str, path: Path, options: Options, begin: Begin) -> SuiteReport:
    return retrieval(path, begin)


def _drift(advisor: Advisor, name: str, path: Path, options: Options, begin: Begin) -> SuiteReport:
    return drift.replay(advisor, path, begin)


SUITES: Final = {
    "decisions": _decisions,
    "understanding": _understanding,
    "questions": _questions,
    "swaps": _questions,
    "retrieval": _retrieval,
    "drift": _drift,
}


@contextmanager
def progress() -> Iterator[Begin]:
    """A bar on standard error for each thing that is done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:

        def begin(what: str, number: int) -> Tell:
            task = bar.add_task(f"{number} {what}", total=number)
            return lambda: bar.advance(task)

        yield begin
