"""The page in a real browser, served by the real command."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.usefixtures("advisor")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "advisor", "serve", "--port", str(port)],
        env={**os.environ, "ADVISOR_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield wait_for(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"nothing is served at {address}")


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """The page, opened and greeting; at the end, nothing may have gone elsewhere or wrong."""
    opened = browser.new_page(viewport={"width": 1280, "height": 1000})
    elsewhere: list[str] = []
    errors: list[str] = []
    opened.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else elsewhere.append(request.url),
    )
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
    opened.goto(address)
    opened.get_by_text("How far along is the project?").wait_for(timeout=60_000)
    yield opened
    opened.close()
    assert elsewhere == []
    assert errors == []


ANSWERS = {
    "What should the person you hire achieve?": "Get a model into a product or process",
    "What data is there?": "Clean and easy to get at",
    "Who is there already?": "Software engineers",
    "What should there be in the end?": "A model running in production",
    "Does a model have to run in production?": "Yes, now",
    "How much load, volume or speed will it have to bear?": "Not sure",
    "How big is your organisation?": "Mid-sized: about 50 to 500",
    "How many people can you hire?": "One",
}


def click(page: "Page", label: str) -> None:
    before = page.get_by_test_id("bot").count()
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_function("n => document.querySelectorAll('[data-testid=bot]').length > n", arg=before)


def last_question(page: "Page") -> str:
    said = reversed(page.get_by_test_id("bot").all_inner_texts())
    return next(question for text in said for question in ANSWERS if question in text)


def type_message(page: "Page", words: str) -> None:
    before = page.get_by_test_id("bot").count()
    page.get_by_label("Your message").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('[data-testid=bot]').length > n", arg=before)


def test_a_clicked_conversation_ends_in_cited_advice(page: "Page") -> None:
    click(page, "A model works in a notebook or a trial")
    advice = page.get_by_role("heading", name="Hire a machine learning engineer")
    for _ in range(len(ANSWERS)):
        if advice.count():
            break
        click(page, ANSWERS[last_question(page)])
    advice.wait_for()
    assert page.get_by_text("What speaks against it").count()
    assert page.get_by_text("What would change it").count()
    panel = page.locator("#panel")
    assert "A model works in a notebook or a trial" in panel.inner_text()
    assert "ML engineer" in panel.locator("table").inner_text()


def test_a_citation_opens_and_shows_the_quote(page: "Page") -> None:
    quote = "A data scientist generally covers the first four stages"
    assert not page.get_by_text(quote).is_visible()
    page.get_by_text("2 sources").click()
    page.get_by_text(quote).wait_for()


def test_typing_is_understood_and_the_words_are_shown(page: "Page") -> None:
    type_message(page, "it works in a notebook, tested and all")
    assert "it works in a notebook" in page.locator("#panel").inner_text()


def test_hostile_text_is_shown_as_text(page: "Page") -> None:
    hostile = (
        "<img src=x onerror=alert(1)> ![x](http://evil.example/a.png) <script>alert(2)</script> it works in a notebook"
    )
    type_message(page, hostile)
    assert page.get_by_test_id("user").last.inner_text().strip() == hostile
    assert page.locator("img[src*=evil], img[src=x]").count() == 0


def test_starting_over_begins_a_new_conversation(page: "Page") -> None:
    click(page, "It is live and in use")
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Only an idea so far").wait_for()
    assert "Nothing yet." in page.locator("#panel").inner_text()


def test_two_tabs_do_not_mix(page: "Page", browser: "Browser", address: str) -> None:
    click(page, "It is live and in use")
    other = browser.new_page()
    other.goto(address)
    other.get_by_text("How far along is the project?").wait_for()
    assert "Nothing yet." in other.locator("#panel").inner_text()
    other.close()
