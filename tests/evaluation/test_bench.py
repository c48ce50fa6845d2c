from functools import partial
from pathlib import Path

from advisor import Advisor
from advisor.evaluation.bench import Bench, Tell
from advisor.evaluation.question_cases import read_question_cases
from advisor.evaluation.questions import case_report, put
from advisor.language.reading import Parts

CASES = read_question_cases(Path(__file__).parent.parent.parent / "evals" / "questions" / "development.jsonl")[:8]


def test_several_processes_find_what_one_does_in_the_same_order(advisor: Advisor) -> None:
    begun: list[tuple[str, int]] = []
    told: list[int] = []

    def begin(what: str, number: int) -> Tell:
        begun.append((what, number))
        return partial(told.append, 1)

    alone = Bench(advisor, begin).each("questions", put, CASES)
    shared = Bench(advisor, begin, jobs=2, fewest_to_share=1).each("questions", put, CASES)
    assert [case_report(one) for one in shared] == [case_report(one) for one in alone]
    assert begun == [("questions", len(CASES))] * 2
    assert len(told) == 2 * len(CASES)


def test_a_part_of_the_reader_is_measured_by_itself(advisor: Advisor) -> None:
    by_rules = Bench(advisor, lambda what, number: lambda: None).with_parts(Parts(examples=False))
    assert by_rules.advisor.understand("write to anna@firm.example").intents == ("personal_data",)
    assert by_rules.advisor.understand("It runs in production.").facts == ()
