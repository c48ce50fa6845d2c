import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree

import pytest
from rich.console import Console

from advisor import Advisor
from advisor.errors import AdvisorError
from advisor.evaluation.compare import check_comparable, compare, is_worse
from advisor.evaluation.page import to_html
from advisor.evaluation.plots import confusion, risk_coverage
from advisor.evaluation.render import to_console, to_junit, to_markdown, verdict
from advisor.evaluation.report import CaseReport, Cited, Figure, Report, ReportError, SuiteReport, Table
from advisor.evaluation.run import evaluate, read_gates
from advisor.evaluation.suites import SUITES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    Scheme = Literal["light", "dark"]

EVALS = Path(__file__).parent.parent.parent / "evals"
CITED = Cited("roles", "Duties", "Nobody knows. ", "An <b>engineer</b> is on call.", " Nor do we.", right=False)
REPORT = Report(
    {"version": "1", "documents": "abc"},
    (
        SuiteReport(
            suite="questions",
            data="test.jsonl",
            data_sha256="123",
            figures=(
                Figure("right passage first", 0.5, 0.1, 0.9, 2, gate=0.75),
                Figure("declined", 0.1, gate=0.2, lower_is_better=True),
            ),
            tables=(Table("by voice", ("voice", "share"), (("terse | typed", "1/3"),)),),
            cases=(
                CaseReport("q1", True, "who?", "on call", "answered"),
                CaseReport("q2", False, "<script>alert(1)</script>", "no answer", "answered\x07", (CITED,)),
            ),
            plots={
                "risk and coverage": risk_coverage([(0.5, 0.0), (1.0, 0.5)]),
                "roles": confusion({("<us>", "them"): 3, ("<us>", "<us>"): 1}, "told", ("<us>",), ("<us>", "them")),
            },
            timings=("17 ms",),
        ),
    ),
)
(SUITE,) = REPORT.suites


def with_goods(*goods: bool) -> Report:
    cases = tuple(CaseReport(f"q{number}", good, "who?", "", "") for number, good in enumerate(goods))
    return Report({}, (replace(SUITE, figures=(), cases=cases),))


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(REPORT.to_json())
    kept = Report.from_json(tmp_path / "report.json")
    assert kept == replace(REPORT, suites=(replace(SUITE, plots={}, timings=()),))
    assert kept.to_json() == REPORT.to_json()


@pytest.mark.parametrize("text", ["", "[]", '{"about": {}}', '{"about": {}, "suites": [{}]}'])
def test_what_is_no_report_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(ReportError, match=r"report\.json"):
        Report.from_json(tmp_path / "report.json")
    with pytest.raises(ReportError, match=r"nowhere\.json"):
        Report.from_json(tmp_path / "nowhere.json")


def test_a_missed_gate_is_worse() -> None:
    assert is_worse(REPORT, ())
    assert not is_worse(Report({}, (SUITE.gated({"right passage first": 0.5}),)), ())
    assert is_worse(Report({}, (SUITE.gated({"declined": 0.05}),)), ())


def test_a_run_is_compared_case_by_case() -> None:
    (same,) = compare(with_goods(*[True] * 9), with_goods(*[True] * 9))
    assert (same.worse, same.better, same.chance, same.is_worse) == ((), (), 1.0, False)
    (worse,) = compare(with_goods(*[False] * 6, True), with_goods(*[True] * 6, False))
    assert [case.id for case in worse.worse] == ["q0", "q1", "q2", "q3", "q4", "q5"]
    assert [case.id for case in worse.better] == ["q6"]
    assert worse.chance == pytest.approx(8 / 2**7), "six or seven of seven heads"
    (surely,) = compare(with_goods(*[False] * 6), with_goods(*[True] * 6))
    assert surely.is_worse
    assert is_worse(with_goods(), [surely])


def test_two_ways_through_the_same_cases_are_compared_apart() -> None:
    def gone(good: bool) -> Report:
        cases = tuple(
            CaseReport(f"c{number}", good, "we", "", "", way=way) for number in range(3) for way in ("typed", "clicked")
        )
        return Report({}, (replace(SUITE, figures=(), cases=cases),))

    differences = compare(gone(good=False), gone(good=True))
    assert [(one.name, len(one.worse), one.chance) for one in differences] == [
        ("questions, typed", 3, 1 / 8), ("questions, clicked", 3, 1 / 8),
    ]  # fmt: skip
    assert not is_worse(gone(good=False), differences)


def test_the_more_is_compared_the_surer_it_must_be() -> None:
    def run(*worse: int) -> Report:
        suites = (
            replace(suite, suite=f"s{place}", figures=())
            for place, many in enumerate(worse)
            for suite in with_goods(*[False] * many, *[True] * (9 - many)).suites
        )
        return Report({}, tuple(suites))

    assert [one.is_worse for one in compare(run(5), run(0))] == [True]
    assert [one.is_worse for one in compare(run(5, 0), run(0, 0))] == [False, False], "1 in 32 is too often for two"
    assert [one.is_worse for one in compare(run(5, 6), run(0, 0))] == [True, True], "once one is sure, one is left"


def test_what_cannot_be_compared_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("")
    with pytest.raises(ReportError, match="none of that"):
        check_comparable({"swaps": tmp_path / "mine.jsonl"}, REPORT)
    with pytest.raises(ReportError, match="measured on other cases"):
        check_comparable({"questions": tmp_path / "mine.jsonl"}, REPORT)
    with pytest.raises(ReportError, match="measured on other cases"):
        compare(REPORT, Report({}, (replace(SUITE, data_sha256="456"),)))
    with pytest.raises(ReportError, match="measured on other cases"):
        compare(with_goods(True), with_goods(True, False))


def test_the_verdict_says_no_more_than_was_found() -> None:
    assert verdict(with_goods(True), ()).startswith("Measured. Nothing was set")
    worse, before = with_goods(*[False] * 4), with_goods(*[True] * 4)
    assert "nothing is surely worse than the baseline (4 worse cases, 0 better)" in verdict(
        worse, compare(worse, before)
    )
    missed = "Not good: missed: questions right passage first"
    assert verdict(REPORT, ()) == f"{missed}."
    assert verdict(REPORT, compare(REPORT, REPORT)).startswith(f"{missed}; nothing is surely worse than the baseline")
    lost = compare(with_goods(*[False] * 9), with_goods(*[True] * 9))
    assert verdict(with_goods(), lost).startswith("Not good: surely worse than the baseline: questions (9 worse cases")


def test_the_page_shows_everything_asks_for_nothing_and_runs_nothing() -> None:
    page = to_html(REPORT, compare(REPORT, REPORT))
    assert "missed: questions right passage first" in page
    assert "&lt;script&gt;" in page
    assert "<mark" in page
    assert "An &lt;b&gt;engineer&lt;/b&gt; is on call." in page
    bare = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not [token for token in ("<script", "src=", "http:", "https:") if token in bare]
    assert "default-src 'none'" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_opens_in_a_browser(browser: "Browser", tmp_path: Path, scheme: "Scheme", width: int) -> None:
    (tmp_path / "report.html").write_text(to_html(REPORT, compare(REPORT, REPORT)), encoding="utf-8")
    address = (tmp_path / "report.html").as_uri()
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(address)
    good, bad = page.get_by_text("q1: who?"), page.get_by_text("<script>alert(1)</script>")
    assert not bad.is_visible(), "a test split is looked at in the aggregate first"
    page.get_by_text("Cases: 1 of 2 not good").click()
    assert bad.is_visible()
    assert not good.is_visible()
    page.get_by_label("Show only the cases that are not good").uncheck()
    assert good.is_visible()
    assert not page.locator("mark").is_visible()
    bad.focus()
    page.keyboard.press("Enter")
    assert page.locator("mark").inner_text() == "An <b>engineer</b> is on call."
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.close()
    assert (asked, errors) == ([address], [])


def test_build_servers_get_junit() -> None:
    root = ElementTree.fromstring(to_junit(REPORT))
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["right passage first"]
    assert [case.get("name") for case in suite if case.find("system-out") is not None] == ["q2"]


def test_markdown_and_terminal_tell_figures_and_verdict() -> None:
    text = to_markdown(REPORT)
    assert "| right passage first | 0.500 | 0.100 to 0.900 | 2 | at least 0.75: MISSED |" in text
    assert r"terse \| typed" in text
    out = io.StringIO()
    to_console(REPORT, compare(REPORT, REPORT), Console(file=out, width=120), show_failures=False)
    assert "17 ms" in out.getvalue()
    assert "alert" not in out.getvalue(), "a test split is looked at in the aggregate"
    to_console(REPORT, (), Console(file=out, width=120), show_failures=True)
    assert "alert" in out.getvalue()


def test_a_run_is_kept_told_and_the_same_again(
    advisor: Advisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (EVALS / "swaps" / "development.jsonl").read_text(encoding="utf-8").splitlines()[:4]
    (tmp_path / "mine.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "gates.toml").write_text('[swaps]\n"citation precision" = 0.0\n')
    texts = []
    for out in ("one", "two"):
        code = evaluate(
            advisor, {"swaps": tmp_path / "mine.jsonl"},
            gates=tmp_path / "gates.toml", against=None, out=tmp_path / out,
            as_json=True, ablation=False, jobs=1, show_failures=False,
        )  # fmt: skip
        assert code == 0
        kept = tmp_path / out
        assert {path.name for path in kept.iterdir()} == {
            "report.json", "report.md", "report.html", "junit.xml", "swaps-risk-and-coverage.svg",
        }  # fmt: skip
        assert capsys.readouterr().out == (kept / "report.json").read_text()
        texts.append([path.read_text() for path in sorted(kept.iterdir())])
    assert texts[0] == texts[1]
    report = Report.from_json(tmp_path / "one")
    assert report == Report.from_json(tmp_path / "one" / "report.json")
    assert set(report.about) == {"version", "documents", "rules", "reader", "search"}
    assert len(report.suites[0].cases) == 4


def test_a_gate_that_names_no_figure_does_not_lose_the_run(advisor: Advisor, tmp_path: Path) -> None:
    lines = (EVALS / "swaps" / "development.jsonl").read_text(encoding="utf-8").splitlines()[:2]
    (tmp_path / "mine.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "gates.toml").write_text('[swaps]\n"no such figure" = 0.0\n')
    with pytest.raises(AdvisorError, match="no such figure"):
        evaluate(
            advisor, {"swaps": tmp_path / "mine.jsonl"},
            gates=tmp_path / "gates.toml", against=None, out=tmp_path / "out",
            as_json=True, ablation=False, jobs=1, show_failures=False,
        )  # fmt: skip
    assert len(Report.from_json(tmp_path / "out" / "report.json").suites[0].cases) == 2


def test_the_gates_name_suites_and_figures_that_exist() -> None:
    assert set(read_gates(EVALS / "gates.toml")) <= set(SUITES)
    with pytest.raises(ReportError, match="There is no figure 'right pasage first' in questions"):
        SUITE.gated({"right pasage first": 0.5})


def test_a_terminal_obeys_nothing_in_the_cases() -> None:
    suite = replace(SUITE, data="[red]x[/b].csv", tables=(Table("by kind", ("[/b]",), (("\x1b[31m",),)),))
    out = io.StringIO()
    to_console(Report({}, (suite,)), (), Console(file=out, width=120), show_failures=True)
    assert "\x1b" not in out.getvalue()
    assert "[/b]" in out.getvalue()


def test_a_report_that_cannot_be_kept_is_told_before_anything_runs(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AdvisorError, match="No report can be kept in"):
        evaluate(
            advisor, {"swaps": tmp_path / "nowhere.jsonl"}, gates=None, against=None, out=tmp_path / "file",
            as_json=True, ablation=False, jobs=1, show_failures=False,
        )  # fmt: skip
