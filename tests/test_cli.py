"""The commands, run in this process on the session's index, and a few in a process of their own."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.text import printable

pytestmark = pytest.mark.usefixtures("environment", "advisor")

BAD_TEXTS = {
    "empty": "",
    "blank": "  \n",
    "long": "x " * 50_000,
    "controls": "\x01\x02\x03",
    "binary": "\udcff\udc80\udc81",
}

EVALS = Path(__file__).parent.parent / "evals"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def talk(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))


def test_ask_answers_with_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "who is on call when a model fails in production?", "--json")
    reply = json.loads(out)
    assert code == 0
    assert reply["kind"] == "answer"
    assert reply["citations"]
    code, out, _ = run(capsys, "ask", "who is on call when a model fails in production?")
    assert "[1]" in out
    assert "\x1b[" not in out, "no colours where nobody watches"


def test_ask_takes_a_project_too(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "ask", "A tested model works in a notebook, the data is clean and in one place.", "--json")
    reply = json.loads(out)
    assert reply["kind"] == "ask"
    assert reply["understood"]


def test_search_prints_passages(capsys: pytest.CaptureFixture[str], advisor: object) -> None:
    code, out, _ = run(capsys, "search", "deploying models", "-k", "4", "--json")
    assert code == 0
    hits = json.loads(out)
    assert len(hits) == 4
    assert list(hits[0]) == ["score", "article", "title", "section", "start", "end", "text"]
    code, out, _ = run(capsys, "search", "deploying models", "-k", "2")
    assert out.count("›") == 2


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_bad_text_is_told_and_exits_with_2(capsys: pytest.CaptureFixture[str], command: str, text: str) -> None:
    code, out, err = run(capsys, command, text)
    assert code == 2
    assert (out + err).strip()
    assert "x x x x" not in out + err


@pytest.mark.parametrize("number", ["0", "-1", "1001", "many", "1.5", ""])
def test_a_bad_number_of_passages_is_named(capsys: pytest.CaptureFixture[str], number: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["search", "models", "-k", number])
    assert stopped.value.code == 2
    assert "1000" in capsys.readouterr().err


def test_json_lines_keep_one_conversation(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"stage": "proof_of_concept", "goal": "ship", "data": "ready", "team": "none",
               "deliverable": "deployed_model", "production": "now", "headcount": "one"}  # fmt: skip
    lines = ["We sell flowers"]
    lines += [json.dumps({"choose": {"factor": factor, "value": value}}) for factor, value in answers.items()]
    talk(monkeypatch, "\n".join(lines).encode())
    code, out, _ = run(capsys, "chat", "--jsonl")
    replies = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(replies) == len(lines)
    assert replies[-1]["kind"] == "advise"
    assert replies[-1]["verdict"]["recommendation"] == "ml_engineer"


def test_json_lines_survive_anything(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        b'{"choose": {"factor": "stage", "value": "live"}}',
        b'{"choose": {"factor": "stage", "value": "nowhere"}}',
        b'{"choose": {"factor": ["stage"], "value": {}}}',
        b'{"choose": "stage"}',
        b'{"message": 3}',
        b'{"what": "else"}',
        b"{}",
        b"{ not json",
        b"[" * 5000,
        b'{"a":' * 5000,
        b"",
        b"\xff\xfe\x00\x01",
        b"x" * 100_000,
        b'{"message": "what did you understand?"}',
    ]
    talk(monkeypatch, b"\n".join(lines) + b"\n")
    code, out, _ = run(capsys, "chat", "--jsonl")
    replies = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(replies) == len(lines)
    assert all(set(reply) == {"error"} for reply in replies[1:7])
    assert [fact["value"] for fact in replies[-1]["understood"] if fact["factor"] == "stage"] == ["live"]


def test_the_terminal_chat_takes_numbers_words_and_leaves(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(monkeypatch, b"3\n99\n00011\nGr\xf6\xdfe?\nwhat did you understand so far?\n/restart\n\n/quit\n")
    code, out, _ = run(capsys, "chat")
    assert code == 0
    assert "automated advisor" in out
    assert "A model works in a notebook or a trial" in out
    assert out.count("How far along is the project?") >= 2
    assert "Goodbye" in out


def test_the_terminal_goes_on_with_a_kept_conversation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(monkeypatch, b"it is live and in use\nthere is no data\n/undo\n/quit\n")
    _, out, _ = run(capsys, "chat")
    name = out.split("--conversation ")[1].split()[0]
    talk(monkeypatch, b"what did you understand so far?\n")
    code, out, _ = run(capsys, "chat", "--conversation", name)
    assert code == 0
    assert "It is live and in use" in out
    assert "None yet" not in out.split("what I understood")[1]
    code, _, err = run(capsys, "chat", "--conversation", "nobody-knows")
    assert code == 2
    assert "start a new one" in err


def test_the_end_of_the_input_ends_the_chat(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(monkeypatch, b"")
    assert run(capsys, "chat")[0] == 0


def test_what_should_not_have_happened_is_no_measured_result(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("advisor.api.Advisor.open", fail)
    assert main(["ask", "who?"]) == 2
    assert "Please report it" in capsys.readouterr().err


def test_documents_cannot_command_the_terminal() -> None:
    assert "\x1b" not in printable("\x1b]0;title\x07 \x1b[2J words")


def test_check_finds_the_installation_sound(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check")
    assert code == 0
    assert out.count("ok ") == 6


def test_ingest_works_from_ones_own_documents_and_back(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    (tmp_path / "one.md").write_text("# Handbook\n\nAn ML engineer mends models.\n\nContact us\n")
    code, out, _ = run(capsys, "ingest", str(tmp_path / "one.md"))
    assert code == 0
    assert "1 document," in out
    assert "0 of 69 of the advisor's claims" in out
    assert "questions are not answered from them" in out
    assert "left out as advertising: Contact us" in out
    _, out, _ = run(capsys, "search", "who mends models?", "--json")
    assert [hit["article"] for hit in json.loads(out)] == ["one"]
    assert run(capsys, "ingest", "--bundled")[0] == 0
    assert not (home / "corpus.json").exists()
    _, out, _ = run(capsys, "search", "who mends models?", "--json")
    assert "one" not in [hit["article"] for hit in json.loads(out)]


def test_a_folder_named_from_where_one_is_is_indexed_once(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.md").write_text("# Handbook\n\nAn ML engineer mends models.\n")
    monkeypatch.chdir(tmp_path)
    before = set((home / "index").glob("*/*/manifest.json"))
    assert run(capsys, "ingest", "docs")[0] == 0
    assert run(capsys, "search", "who mends models?")[0] == 0
    assert len(set((home / "index").glob("*/*/manifest.json")) - before) == 1
    assert run(capsys, "ingest", "--bundled")[0] == 0


def test_what_was_ingested_and_is_gone_is_told(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# Handbook\n\nAn ML engineer mends models.\n")
    assert run(capsys, "ingest", str(tmp_path / "one.md"))[0] == 0
    (tmp_path / "one.md").unlink()
    code, _, err = run(capsys, "search", "who?")
    assert code == 2
    assert "no longer there" in err
    assert run(capsys, "ingest", "--bundled")[0] == 0


def test_what_cannot_be_ingested_is_named_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.md").touch()
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "data.pdf").write_bytes(b"%PDF")
    code, _, err = run(capsys, "ingest", str(tmp_path), str(tmp_path / "missing.md"))
    assert code == 2
    assert "missing.md" in err
    code, _, err = run(capsys, "ingest", str(tmp_path))
    assert code == 2
    assert all(name in err for name in ("empty.md", "binary.txt", "data.pdf", "nothing was changed"))
    assert not (home / "corpus.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser can read every folder")
def test_a_folder_that_may_not_be_read_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)
    code, _, err = run(capsys, "ingest", str(tmp_path / "closed"))
    assert code == 2
    assert "closed" in err


def test_a_wrong_setting_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_CORPUS", "/nowhere/at/all")
    code, _, err = run(capsys, "ask", "who deploys?")
    assert code == 2
    assert "/nowhere/at/all" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("decisions",), "--data"),
        (("decision",), "There is no suite 'decision'. The suites are: decisions, understanding, questions"),
        (("--data", "mine.csv"), "--data belongs to one suite"),
        (("questions", "--data", "mine.csv"), "There is no mine.csv"),
        (("retrieval",), "advisor eval retrieval --beir DIR"),
        (("questions", "--beir", "."), "advisor eval retrieval --beir DIR"),
    ],
)
def test_eval_that_cannot_run_says_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    code, _, err = run(capsys, "eval", *arguments)
    assert code == 2
    assert told in err


def advisor_command(*arguments: str, home: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "advisor", *arguments],
        env={"ADVISOR_HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        input=b"",
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_a_process_of_its_own(home: Path) -> None:
    done = advisor_command("ask", "who keeps models running in production?", home=home)
    assert done.returncode == 0
    assert b"[1]" in done.stdout
    assert advisor_command("--help", home=home).returncode == 0
    assert advisor_command("nonsense", home=home).returncode == 2


def test_an_evaluation_finds_the_same_in_another_process(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (EVALS / "questions" / "development.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "mine.jsonl").write_text("".join(lines[:5]), encoding="utf-8")
    arguments = ("eval", "questions", "--data", str(tmp_path / "mine.jsonl"), "--json")
    code, here, _ = run(capsys, *arguments)
    there = advisor_command(*arguments, home=home)
    assert code == there.returncode == 0
    assert here == there.stdout.decode()
    assert json.loads(here)["suites"][0]["figures"]
