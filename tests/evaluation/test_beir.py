import json
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.errors import AdvisorError
from advisor.evaluation.beir import read_collection, retrieval
from advisor.retrieval.embed import MiniLM

DOCUMENTS = {
    "d1": ("Cheese", "A ripe cheese smells strong."),
    "d2": ("Boats", "A boat is moored in the harbour."),
    "d3": ("Bread", "Bread rises with yeast."),
    "d4": (None, None),
    "d5": ("Empty", "  "),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [json.dumps({"_id": name, "title": title, "text": text}) for name, (title, text) in DOCUMENTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines))
    queries = {"q1": "which dairy food has an odour?", "q2": "where are ships kept?", "q3": "nothing is relevant"}
    lines = [json.dumps({"_id": name, "text": text}) for name, text in queries.items()]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n")
    return tmp_path


def silent(what: str, of: int) -> Callable[[], None]:
    return lambda: None


def test_search_is_measured_as_others_measure_it(folder: Path, model: MiniLM) -> None:
    report = retrieval(folder, model, silent)
    figures = {figure.name: figure for figure in report.figures}
    assert figures["fused: nDCG@10"].value == figures["MiniLM alone: RR@10"].value == 1.0
    assert figures["fused: nDCG@10"].of == 2
    assert figures["BM25 alone: nDCG@10"].value < 1.0
    assert [case.id for case in report.cases] == ["q1", "q2"]


def test_queries_without_a_relevant_document_are_left_out(folder: Path) -> None:
    assert set(read_collection(folder).queries) == {"q1", "q2"}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "x"}\n{"_id": "d2"}', r"corpus\.jsonl, line 2: no 'text'"),
        ("qrels/test.tsv", "query\tdocument\nq1\td1\n", "needs query-id, corpus-id, score"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tmuch\n", "needs query-id, corpus-id, score"),
        ("queries.jsonl", None, r"has no queries\.jsonl"),
    ],
)
def test_a_folder_in_another_format_is_told(folder: Path, name: str, text: str | None, told: str) -> None:
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text)
    with pytest.raises(AdvisorError, match=told):
        read_collection(folder)
