"""What the app serves beside the page, and under which headers."""

import http.client
import sqlite3
from contextlib import closing
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from advisor import Advisor
from advisor.dialogue import Dialogue
from advisor.server.run import opened_at
from advisor.settings import Settings
from advisor.storage.conversations import Conversations
from tests.serving import Server


class Answer(NamedTuple):
    status: int
    headers: Message
    text: str


def get(server: Server, path: str) -> Answer:
    """What the server answers; the path is sent as it stands."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


@pytest.fixture
def kept(home: Path) -> Conversations:
    return Conversations(Settings(home).conversations)


@pytest.mark.parametrize(
    ("path", "by_default"),
    [
        ("/", "'self'"), ("/look/page.js", "'self'"), ("/nowhere", "'self'"),
        ("/articles/two-jobs-one-overlap", "'none'"), ("/articles/none", "'none'"),
        ("/articles/two-jobs-one-overlap?start=here", "'none'"),
    ],
)  # fmt: skip
def test_everything_is_served_under_headers_that_forbid_what_is_foreign(
    server: Server, path: str, by_default: str
) -> None:
    headers = get(server, path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith(f"default-src {by_default};")
    assert "unsafe-eval" not in policy
    assert ("unsafe-inline" in policy) == (by_default == "'self'"), "a document runs no script of its own"
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_address_with_a_part_missing_is_told_on_a_page(server: Server) -> None:
    answer = get(server, "/articles/two-jobs-one-overlap?start=here")
    assert answer.status == 404
    assert "<h1>That is not there</h1>" in answer.text


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"), ("::1", "http://[::1]:80"), ("example.org", "http://example.org:80"),
    ],
)  # fmt: skip
def test_the_address_told_is_one_to_open_on_this_machine(host: str, address: str) -> None:
    assert opened_at(host, 80) == address


@pytest.mark.parametrize("query", ["", "?start=0&end=10", "?start=-5&end=3", "?start=9&end=2", "?start=1&end=999999"])
def test_an_article_is_served_whatever_place_is_asked_for(server: Server, query: str) -> None:
    answer = get(server, f"/articles/two-jobs-one-overlap{query}")
    assert answer.status == 200
    assert answer.text.count("<mark") == (query == "?start=0&end=10")


@pytest.mark.parametrize(
    "path",
    ["/articles/../../etc/passwd", "/articles/none", "/conversations/none/decision-memo.md", "/look/../app.py"],
)
def test_what_is_not_there_is_not_found(server: Server, path: str) -> None:
    assert get(server, path).status == 404


def test_files_of_a_conversation(server: Server, advisor: Advisor, kept: Conversations) -> None:
    dialogue = Dialogue.begin(advisor, kept, {"stage": "live", "data": "ready"})
    for name in ("decision-memo.md", "job-description.html", "roles-compared.docx", "decision-record.json"):
        answer = get(server, f"/conversations/{dialogue.id}/{name}")
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
        shown = "inline" if name.endswith("html") else "attachment"
        assert answer.headers["content-disposition"] == f'{shown}; filename="{name}"'
    for name in ("decision-memo.exe", "decision-record.md", "decision-memo", "..%2f..%2fetc"):
        assert get(server, f"/conversations/{dialogue.id}/{name}").status == 404


def test_nothing_of_an_empty_conversation_can_be_taken_away(
    server: Server, advisor: Advisor, kept: Conversations
) -> None:
    dialogue = Dialogue.begin(advisor, kept)
    for name in ("decision-memo.docx", "job-description.md", "decision-record.json"):
        answer = get(server, f"/conversations/{dialogue.id}/{name}")
        assert answer.status == 404
        assert "yet" in answer.text
        assert answer.headers["content-type"].startswith("text/html"), "a page that one can read"


def test_documents_run_no_script_of_their_own(server: Server, advisor: Advisor, kept: Conversations) -> None:
    dialogue = Dialogue.begin(advisor, kept, {"stage": "live", "data": "ready"})
    for path in ("/articles/two-jobs-one-overlap", f"/conversations/{dialogue.id}/decision-memo.html"):
        assert "unsafe-inline" not in get(server, path).headers["content-security-policy"]


def test_a_conversation_that_cannot_be_read_is_told_on_a_page(
    server: Server, advisor: Advisor, home: Path, kept: Conversations
) -> None:
    name = Dialogue.begin(advisor, kept, {"stage": "live"}).id
    with closing(sqlite3.connect(Settings(home).conversations)) as base, base:
        base.execute("UPDATE turns SET turn = 'damaged' WHERE conversation = ?", [name])
    answer = get(server, f"/conversations/{name}/decision-memo.md")
    assert answer.status == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src" in answer.headers["content-security-policy"]
    assert 'href="../../"' in answer.text
