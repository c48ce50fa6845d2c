"""Whether it is noticed when somebody asks something of the advisor itself, and nothing else is taken for that."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.api import Advisor
from advisor.evaluation.report import CaseReport, Figure, Table, matrix, share
from advisor.evaluation.statistics import share_of
from advisor.knowledge.itself import CLASSES, ELSEWHERE, SubjectExample


@dataclass(frozen=True, slots=True)
class Noticed:
    """A message, and the subject on which it was taken to ask something of the advisor itself."""

    case: SubjectExample
    subject: str

    @property
    def good(self) -> bool:
        return self.subject == self.case.subject


def put(advisor: Advisor, case: SubjectExample) -> Noticed:
    """What is noticed of a message that opens a conversation."""
    return Noticed(case, advisor.understand(case.text).subject or ELSEWHERE)


def figures(outcomes: Sequence[Noticed]) -> list[Figure]:
    """The figures for a report."""
    of_itself = [one for one in outcomes if one.case.subject != ELSEWHERE]
    others = [one for one in outcomes if one.case.subject == ELSEWHERE]
    found = [
        share("noticed of what is asked of it", share_of(of_itself, lambda one: one.subject != ELSEWHERE)),
        share("told on the right subject", share_of(of_itself, lambda one: one.good)),
        share("taken for such of other messages", share_of(others, lambda one: not one.good), lower_is_better=True),
    ]
    return [figure for figure in found if figure.of]


def tables(outcomes: Sequence[Noticed]) -> list[Table]:
    """The tables for a report."""
    pairs = Counter((one.case.subject, one.subject) for one in outcomes)
    return [matrix(pairs, "what was told of", CLASSES, CLASSES)]


def case_report(outcome: Noticed) -> CaseReport:
    """One message for a report."""
    case = outcome.case
    return CaseReport(case.id, outcome.good, case.text, case.subject, outcome.subject)
