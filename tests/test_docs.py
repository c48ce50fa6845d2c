"""What is written about the advisor is true: Python that runs, every command and setting, the figures on record."""

import re
from pathlib import Path

import pytest

from advisor import Advisor
from advisor.cli import _parser
from advisor.evaluation.report import Report, sha256_of
from advisor.settings import NAMES

HERE = Path(__file__).parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")
BASELINE = Report.from_json(HERE / "evals" / "baseline.json")


def test_the_python_in_the_readme_runs(advisor: object, environment: None, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.split()[0] in ("ask", "advise", "answer")


def test_every_command_is_named() -> None:
    (commands,) = (action.choices for action in _parser()._subparsers._group_actions)  # type: ignore[union-attr]
    assert all(f"`advisor {command}" in README for command in commands)


def test_every_setting_is_named_in_the_readme_and_in_the_help() -> None:
    for name in NAMES:
        assert f"`ADVISOR_{name.upper()}`" in README
        assert f"ADVISOR_{name.upper()}" in _parser().format_help()


def test_the_run_on_record_is_of_what_was_trained_and_of_these_documents_and_cases(advisor: Advisor) -> None:
    present = advisor.about()
    for part in ("documents", "reader", "rules", "search"):
        assert BASELINE.about[part] == present[part], "run make record"
    for suite in BASELINE.suites:
        assert suite.data_sha256 == sha256_of(HERE / "evals" / suite.suite / "test.jsonl"), "run make record"


@pytest.mark.parametrize(
    ("page", "suite", "part"),
    [
        ("README.md", "questions", ""),
        ("README.md", "guardrails", "rules and examples: "),
        ("README.md", "itself", ""),
        ("evals/itself/README.md", "itself", ""),
        ("evals/questions/README.md", "questions", ""),
        ("evals/guardrails/README.md", "guardrails", "rules and examples: "),
    ],
)
def test_the_figures_told_are_those_on_record(page: str, suite: str, part: str) -> None:
    (measured,) = (one for one in BASELINE.suites if one.suite == suite)
    values = {figure.name: f"{figure.value:.3f}" for figure in measured.figures}
    rows = re.findall(r"^\| ([^|]+) \| ([\d.]+)", (HERE / page).read_text(encoding="utf-8"), re.MULTILINE)
    told = {part + name.replace("`", ""): value for name, value in rows if part + name.replace("`", "") in values}
    assert len(told) >= 3
    assert told == {name: values[name] for name in told}
