"""Search measured on a folder in BEIR's format, so that it can be compared to what others publish (Thakur et al. 2021).

`corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`), `qrels/test.tsv` (query, document, relevance).
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from advisor.core.evidence import Passage, quote, sentences
from advisor.errors import AdvisorError
from advisor.evaluation.bench import Begin
from advisor.evaluation.report import CaseReport, Figure, SuiteReport, sha256_of
from advisor.evaluation.statistics import bootstrap_interval
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.entries import Entry
from advisor.retrieval.search import Searcher
from advisor.retrieval.store import contents
from advisor.rows import read_lines

DEPTH: Final = 100
FILES: Final = ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")
WORDS_WEIGHT: Final = 0.25
"""The part of the score that words in common make up, with MiniLM as packaged; chosen on SciFact's training claims."""
GOOD: Final = 0.5
"""nDCG@10 from which the documents found for a query count as good, in the list of cases."""

Run = Mapping[str, Mapping[str, float]]
"""By query, the score of each document found."""


class BeirError(AdvisorError):
    """A folder that is not in BEIR's format."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document, or a query, which has no title."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents (title, text) and queries by id, and by query the relevance of documents."""

    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


def read_collection(folder: Path) -> Collection:
    """A folder in BEIR's format; queries without a relevant document are left out. Raises `BeirError`, `RowsError`.

    A relevant document that the corpus lacks, or that holds no text, counts as not found, as BEIR has it.
    """
    lacking = [name for name in FILES if not (folder / name).is_file()]
    if lacking:
        raise BeirError(f"{folder} has no {lacking[0]}. A BEIR folder holds {', '.join(FILES)}.")
    documents = {one.id: (one.title, one.text) for one in read_lines(folder / FILES[0], _text)}
    queries = {one.id: one.text for one in read_lines(folder / FILES[1], _text)}
    relevant: dict[str, dict[str, int]] = {}
    try:
        with (folder / FILES[2]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                query, document, grade = row["query-id"], row["corpus-id"], int(row["score"])
                if query in queries and grade > 0:
                    relevant.setdefault(query, {})[document] = grade
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise BeirError(f"{folder / FILES[2]}: needs query-id, corpus-id, score ({error!r})") from error
    if not relevant:
        raise BeirError(f"{folder / FILES[2]} names no relevant document for any of the queries.")
    return Collection(documents, {name: queries[name] for name in relevant}, relevant)


def retrieval(folder: Path, model: MiniLM, begin: Begin) -> SuiteReport:
    """The advisor's way of searching, with MiniLM as packaged, beside its two parts alone. Whole documents are searched
    for; the sentences of each stand beside it as the questions that it answers do in the advisor's own corpus."""
    collection = read_collection(folder)
    entries = _entries(collection)
    tell = begin("texts", len(entries))
    vectors = model.embed([entry.text for entry in entries], lambda done, of: tell())
    searcher = Searcher(contents(entries, vectors), model, words_weight=WORDS_WEIGHT)
    runs: dict[str, dict[str, dict[str, float]]] = {"fused": {}, "MiniLM alone": {}, "BM25 alone": {}}
    tell = begin("queries", len(collection.queries))
    for name, text in collection.queries.items():
        candidates = searcher.seek(text, most=len(entries)).candidates
        others = [one for one in candidates if one.piece.article != name]  # a query may be a document itself
        for run, score in (("fused", "score"), ("MiniLM alone", "meaning"), ("BM25 alone", "words")):
            found = [(one.piece.article, getattr(one, score)) for one in others if getattr(one, score) > 0]
            runs[run][name] = dict(sorted(found, key=lambda pair: -pair[1])[:DEPTH])
        tell()
    return SuiteReport(
        suite="retrieval",
        data=folder.name,
        data_sha256=sha256_of(*(folder / name for name in FILES)),
        figures=tuple(figure for name, run in runs.items() for figure in _figures(name, run, collection.relevant)),
        cases=tuple(_cases(runs["fused"], collection)),
    )


def _figures(name: str, run: Run, relevant: Mapping[str, Mapping[str, int]]) -> Iterator[Figure]:
    import ir_measures

    for measure in (ir_measures.nDCG @ 10, ir_measures.R @ 10, ir_measures.R @ DEPTH, ir_measures.RR @ 10):
        values = [
            one.value for one in sorted(ir_measures.iter_calc([measure], relevant, run), key=lambda m: m.query_id)
        ]
        low, high = bootstrap_interval(values, _mean)
        yield Figure(f"{name}: {measure}", _mean(values), low, high, len(values))


def _cases(run: Run, collection: Collection) -> Iterator[CaseReport]:
    import ir_measures

    found = {
        one.query_id: one.value for one in ir_measures.iter_calc([ir_measures.nDCG @ 10], collection.relevant, run)
    }
    for name, text in collection.queries.items():
        first = next(iter(run[name]), "nothing")
        yield CaseReport(
            id=name,
            good=found[name] >= GOOD,
            said=text,
            wanted=", ".join(collection.relevant[name]),
            got=f"{first} first, nDCG@10 {found[name]:.3f}",
        )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _entries(collection: Collection) -> list[Entry]:
    passages = [
        Passage(name, title, "", 0, len(text), text, (title,) if title else ())
        for name, (title, text) in collection.documents.items()
        if text.strip()
    ]
    documents = [Entry("words", passage.contextual_text, passage, quote(passage)) for passage in passages]
    beside = [
        Entry("question", passage.in_context(sentence.text), passage, quote(passage))
        for passage in passages
        for sentence in sentences(passage)
    ]
    return documents + beside


def _text(values: Mapping[str, Any]) -> Text:
    return Text(str(values["_id"]), str(values.get("title") or ""), str(values["text"] or ""))
