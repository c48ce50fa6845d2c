"""The README says what is true: its Python runs, and it names every command and setting."""

import re
from pathlib import Path

import pytest

from advisor.cli import _parser
from advisor.settings import NAMES

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


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
