import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from advisor.core.facts import FACTORS, Fact
from advisor.evaluation.plots import reliability
from advisor.evaluation.understanding import (
    Judged,
    calibration,
    judge,
    macro_f1,
    read_all,
    scores,
    summarise,
    told_apart,
)
from advisor.knowledge.examples import Example, Stated, read_examples
from advisor.language.reading import Reading
from advisor.learning.reading import load_examples
from advisor.rows import RowsError
from advisor.text import bare_words

EVALS = Path(__file__).parent.parent.parent / "evals" / "understanding"


def example(text: str = "it is live", **changes: object) -> Example:
    values: dict[str, object] = {
        "id": "x", "voice": "terse", "kind": "plain", "asked": None, "text": text,
        "facts": (Stated("stage", "live", text),), "may": {"production": ("live",)}, "intents": ("describe",),
    }  # fmt: skip
    return Example(**values | changes)  # type: ignore[arg-type]


def judged(*facts: Fact, of: Example | None = None) -> Judged:
    return judge(of or example(), Reading(facts, ("describe",)))


def test_a_reading_is_right_when_it_takes_what_is_stated_and_nothing_else() -> None:
    live, nearly = Fact("stage", "live", "it is live", "said", 0.9), Fact("stage", "deploying", "", "said", 0.6)
    assert judged(live).right
    assert judged(live, Fact("production", "live")).right, "what may be taken from the words counts neither way"
    assert judged(nearly).verdicts == {"stage": "wrong"}
    assert judged().verdicts == {"stage": "missed"}
    assert judged(live, Fact("data", "ready")).verdicts == {"stage": "right", "data": "spurious"}


def test_precision_and_recall_count_wrong_values_on_both_sides() -> None:
    messages = [judged(Fact("stage", "live")), judged(Fact("stage", "idea")), judged()]
    score = scores(messages)["stage"]
    assert (score.right, score.read, score.stated) == (1, 2, 3)
    assert (score.precision, score.recall, score.f1) == (1 / 2, 1 / 3, 2 / 5)
    assert macro_f1(messages) == pytest.approx(2 / 5), "what nobody speaks of counts for nothing"


def test_the_calibration_error_is_how_far_confidence_lies_from_the_share_that_is_right() -> None:
    sure = [judged(Fact("stage", "live", "", "said", 0.95)) for _ in range(3)]
    wrong = [judged(Fact("stage", "idea", "", "said", 0.95))]
    error, bins = calibration(sure + wrong)
    assert error == pytest.approx(0.2)
    assert [(one.facts, round(one.right, 2)) for one in bins if one.facts] == [(4, 0.75)]


def test_every_message_is_read_once_in_the_light_of_its_question() -> None:
    asked = []

    def read(message: str, factor: str | None) -> Reading:
        asked.append(factor)
        return Reading((Fact("stage", "live", message, "said", 0.9),), ("answer",))

    messages = [example(asked="stage", intents=("answer",)), example()]
    languages = told_apart(lambda text: None, [*messages, example("ja, läuft", language="de")])
    summary = summarise(read_all(read, messages, lambda: None), languages)
    assert (summary.other_languages.right, summary.other_languages.of) == (2, 3)
    assert asked == ["stage", None]
    assert (summary.messages, summary.right.right, summary.intents_right.right) == (2, 2, 1)
    assert summary.facts["stage"].f1 == summary.span_overlap == 1.0
    assert all(math.isfinite(value) for value in summary.macro_f1_interval)


def test_the_splits_are_large_varied_and_apart_from_the_examples() -> None:
    splits = {name: read_examples(EVALS / f"{name}.jsonl") for name in ("development", "test")}
    texts = {name: {bare_words(one.text) for one in some if len(one.text.split()) > 4} for name, some in splits.items()}
    learned = {bare_words(one.text) for one in load_examples()}
    assert not texts["test"] & (texts["development"] | learned)
    assert not texts["development"] & learned
    test = splits["test"]
    assert sum(one.kind != "multi" for one in test) >= 600
    assert sum(one.kind == "multi" for one in test) >= 60
    assert len({one.voice for one in test}) >= 12
    assert {(fact.factor, fact.value) for one in test for fact in one.facts} >= {
        (factor, value) for factor, values in FACTORS.items() for value in values
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "a"}', "no 'facts'"),
        ('{"facts": [{"factor": "stage", "value": "done", "said": ""}]}', "stage = done"),
        ('{"facts": [{"factor": "stage", "value": "live", "said": "gone"}], "text": "it is live"}', "'gone' is not in"),
        ('{"facts": [], "text": "hi", "asked": "mood"}', "'mood' is no factor"),
        ('{"facts": [], "text": "hi", "asked": null, "intents": ["sing"]}', "'sing' is no intent"),
        ("nonsense", "line 1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(RowsError, match=said):
        read_examples(path)


def test_the_plot_is_one_dot_for_each_tenth_that_has_facts() -> None:
    error, bins = calibration(
        [judged(Fact("stage", "live", "", "said", 0.95)), judged(Fact("stage", "live", "", "said", 0.5))]
    )
    drawn = ElementTree.fromstring(reliability(bins, error))
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}circle")) == 2
