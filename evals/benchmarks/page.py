"""The page in a real browser: how soon it is usable, and how soon it answers. Needs Chromium.

    python page.py [--shots FOLDER]

With --shots it takes the pictures that the README shows instead.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import spread
from playwright.sync_api import Browser, Page, sync_playwright

STORY = (
    "regional ferry line, 60 staff. an intern built a no-show model last summer, the notebook is really good. "
    "it should run in the booking app by easter, six backend devs, no data people"
)
STARTS, CONVERSATIONS = 5, 12
WATCH = """() => {
  window.changed = window.answered = 0;
  const began = performance.now();
  const turns = document.querySelector('.talk').dataset.turns;
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(() => {
    window.changed ||= performance.now() - began;
    if (document.querySelector('.talk')?.dataset.turns !== turns) window.answered ||= performance.now() - began;
  });
  window.watcher.observe(document.querySelector('#talk'), {childList: true, subtree: true});
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=Path, metavar="FOLDER", help="take pictures of the page instead")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if options.shots:
            with served() as address:
                pictures(browser, address, options.shots)
        else:
            print(json.dumps(measured(browser), indent=1))
        browser.close()


def measured(browser: Browser) -> dict[str, dict[str, float]]:
    """Milliseconds from opening the page on a server just started until it can be used; and from a click, or Enter, to
    the first visible change and to the whole reply."""
    usable, changed, answered = [], [], []
    for _ in range(STARTS):
        with served() as address:
            page = browser.new_page()
            began = time.perf_counter()
            opened(page, address)
            usable.append((time.perf_counter() - began) * 1e3)
            page.close()
    with served() as address:
        for _ in range(CONVERSATIONS):
            page = browser.new_page()
            opened(page, address)
            while not page.locator(".verdict").count():
                turns = int(page.locator(".talk").get_attribute("data-turns") or 0)
                page.evaluate(WATCH)
                if turns == 1:
                    page.locator("#words").fill(STORY)
                    page.keyboard.press("Enter")
                else:
                    page.locator("#talk .option").first.click()
                page.wait_for_function("() => window.answered > 0")
                changed.append(page.evaluate("window.changed"))
                answered.append(page.evaluate("window.answered"))
            page.close()
    return {"usable": spread(usable), "first change": spread(changed), "whole reply": spread(answered)}


def pictures(browser: Browser, address: str, folder: Path) -> None:
    """The main states of the page, as the README shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
        opened(page, address)
        if scheme == "light":
            page.screenshot(path=folder / "greeting.png")
        page.locator("#words").fill(STORY)
        page.keyboard.press("Enter")
        page.locator("li.reply").nth(1).wait_for()
        if scheme == "dark":
            page.screenshot(path=folder / "question-dark.png")
            continue
        while not page.locator(".verdict").count():
            page.locator("#talk .option").last.click()
            page.locator("body:not([aria-busy])").wait_for()
        page.wait_for_timeout(800)
        page.screenshot(path=folder / "verdict.png")
        page.locator(".verdict a[data-source]").first.click()
        page.locator("#quote").wait_for()
        page.screenshot(path=folder / "source.png")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    opened(page, address)
    page.screenshot(path=folder / "phone.png")


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#talk .option").first.wait_for()


@contextmanager
def served() -> Iterator[str]:
    """The advisor's page, at an address of its own, until it can be reached no more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "advisor", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            try:
                urllib.request.urlopen(f"{address}/look/page.css", timeout=5).read()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        yield address
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
