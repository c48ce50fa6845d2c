"""The page in a real browser, served by the real command."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from advisor import Advisor
from advisor.records import Record, verify
from advisor.settings import Settings
from advisor.storage.conversations import Conversations, UnknownConversationError
from tests.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Download, Page

pytestmark = pytest.mark.usefixtures("advisor")

STORY = (
    "regional ferry line, 60 staff. an intern built a no-show model last summer, the notebook is really good. "
    "it should run in the booking app by easter, six backend devs, no data people"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page(browser: "Browser", server: Server) -> Iterator["Page"]:
    """The page, opened and greeting; at the end, nothing may have gone elsewhere or wrong."""
    opened = browser.new_page(viewport={"width": 1440, "height": 1000})
    watched = watch(opened, server.address)
    opened.goto(server.address)
    opened.locator(".talk").wait_for()
    yield opened
    opened.close()
    assert watched == []


def watch(page: "Page", address: str) -> list[str]:
    """What the page asks of elsewhere, and what goes wrong in it, as it comes."""
    wrong: list[str] = []
    own = (address, "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    return wrong


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


def replies(page: "Page") -> int:
    return page.locator("li.reply").count()


def after(page: "Page", turns: int) -> None:
    """Wait until the conversation has so many turns, the last of them answered."""
    page.wait_for_function("n => document.querySelector('.talk')?.dataset.turns === String(n)", arg=turns)


def click(page: "Page", label: str) -> None:
    turns = replies(page) + 1
    page.locator("#talk").get_by_role("button", name=label, exact=True).click()
    after(page, turns)


def type_message(page: "Page", words: str) -> None:
    turns = replies(page) + 1
    page.get_by_label("Your message").fill(words)
    page.keyboard.press("Enter")
    after(page, turns)


def last_question(page: "Page") -> str:
    return page.locator(".question .ask").last.inner_text()


def to_the_advice(page: "Page") -> None:
    type_message(page, STORY)
    answer_what_is_asked(page)


def answer_what_is_asked(page: "Page") -> None:
    """Click an answer to each question, until there is advice."""
    last = page.locator("li.reply").last
    for _ in ANSWERS:
        if last.locator(".verdict").count():
            return
        click(page, ANSWERS[last_question(page)])
    assert last.locator(".verdict").count()


def said(page: "Page", label: str) -> str:
    """What the panel holds about a factor."""
    return page.locator("#side .understood li").filter(has=page.get_by_text(label, exact=True)).inner_text()


def test_a_conversation_typed_ends_in_advice_with_quotes(page: "Page") -> None:
    type_message(page, STORY)
    assert "six backend devs, no data people" in said(page, "Team")
    typed = {
        "What data is there?": "it's all in one database, very tidy",
        "How many people can you hire?": "just the one",
        "How much load, volume or speed will it have to bear?": "no idea",
    }
    for _ in range(6):
        if page.locator(".verdict").count():
            break
        type_message(page, typed[last_question(page)])
    verdict = page.locator(".verdict")
    assert "Hire a machine learning engineer" in verdict.get_by_role("heading").first.inner_text()
    for title in ("Why", "The strongest case against", "What would change it", "What the articles leave open"):
        assert verdict.get_by_role("heading", name=title, exact=True).count() == 1
    assert verdict.locator(".quote").count() >= 2
    assert "ML engineer" in page.locator("#side .leaning p").first.inner_text()
    assert "%" not in verdict.locator(".sub").inner_text()


def test_a_conversation_clicked_ends_in_the_same_advice(page: "Page") -> None:
    click(page, "A model works in a notebook or a trial")
    answer_what_is_asked(page)
    assert "Hire a machine learning engineer" in page.locator(".verdict").inner_text()
    assert "chosen" in said(page, "Stage")


def test_a_conversation_by_keyboard_alone(page: "Page") -> None:
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("It is live and in use")
    page.keyboard.press("Enter")
    after(page, 2)
    assert page.evaluate("document.activeElement.id") == "words"
    for turn in range(3, 10):
        if page.locator(".verdict").count():
            break
        option = page.locator("#talk .question").last.locator("button.option").first
        for _ in range(60):
            page.keyboard.press("Shift+Tab")
            if option.evaluate("one => one === document.activeElement"):
                break
        assert option.evaluate("one => one === document.activeElement")
        page.keyboard.press("Enter")
        after(page, turn)
        heading = page.locator("li.reply").last.locator("h2")
        assert heading.evaluate("one => one === document.activeElement"), "where the reply begins"
        page.get_by_label("Your message").focus()
    assert page.locator(".verdict").count() == 1
    page.locator(".verdict a[data-source]").first.focus()
    page.keyboard.press("Enter")
    page.locator("#quote").wait_for()
    page.keyboard.press("Escape")
    page.locator("#source").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.hasAttribute('data-source')"), "the way back"


def test_a_reply_is_announced(page: "Page") -> None:
    click(page, "It is live and in use")
    assert last_question(page) in page.locator("#live").inner_text()


def test_a_starting_point_starts(page: "Page") -> None:
    assert page.locator(".starts button").count() == 4
    click(page, "Our model is live, and it is getting worse.")
    assert "our model is live" in said(page, "Stage").casefold()


def test_a_fact_is_corrected_in_place(page: "Page") -> None:
    type_message(page, STORY)
    row = page.locator("#side .understood li").filter(has=page.get_by_text("Company size", exact=True))
    row.locator("summary").click()
    row.get_by_role("button", name="Large: more than 500").click()
    after(page, 3)
    assert "Large" in said(page, "Company size")
    assert "Changed: Company size is now" in page.locator("li.reply").last.inner_text()


def test_an_earlier_message_is_edited_and_what_followed_is_gone(page: "Page") -> None:
    type_message(page, "It is only an idea")
    type_message(page, "there is no data")
    field = page.get_by_label("Your message")
    field.fill("a draft")
    page.locator("#talk .edit").first.click()
    assert field.input_value() == "It is only an idea"
    page.keyboard.press("Escape")
    assert field.input_value() == "a draft", "what was being written is there again"
    page.locator("#talk .edit").first.click()
    field.fill("It is live and in use")
    page.keyboard.press("Enter")
    after(page, 2)
    assert "live" in said(page, "Stage")
    assert page.get_by_text("there is no data").count() == 0


def test_undo_takes_back_the_last_thing(page: "Page") -> None:
    click(page, "It is live and in use")
    page.get_by_role("button", name="Undo").click()
    after(page, 1)
    assert "not told" in said(page, "Stage")


def test_a_flip_is_tried_and_taken(page: "Page") -> None:
    to_the_advice(page)
    turns = replies(page)
    flip = page.locator(".flips li").filter(has_text="Data were “None yet”")
    assert "Nobody yet" in flip.inner_text()
    flip.get_by_role("button").click()
    after(page, turns + 1)
    assert "it would be Nobody yet" in page.locator("li.reply").last.inner_text()
    assert "Clean" in said(page, "Data"), "only tried"
    click(page, "Take this as my answer")
    assert "None yet" in said(page, "Data")
    answer_what_is_asked(page)
    assert "Hire nobody yet." in page.locator(".verdict").last.inner_text()


def test_every_citation_opens_at_exactly_its_quote(page: "Page", advisor: Advisor) -> None:
    to_the_advice(page)
    links = page.locator(".verdict sup a")
    texts = {article.title: article.text for article in advisor.articles}
    for number in range(links.count()):
        address = links.nth(number).get_attribute("href") or ""
        links.nth(number).click()
        page.locator("#quote").first.wait_for()
        title = page.locator("#source-title").inner_text()
        start, end = (int(part.split("=")[1]) for part in address.split("?")[1].split("#")[0].split("&"))
        assert page.locator("#source mark").all_inner_texts() == [texts[title][start:end]]
        page.get_by_role("button", name="Back to the conversation").click()


def test_all_articles_can_be_read_in_full(page: "Page", advisor: Advisor) -> None:
    for article in advisor.articles:
        page.locator(".menu summary").first.click()
        page.locator(".menu").get_by_role("link", name=article.title).click()
        page.locator("#source article").wait_for()
        shown = page.locator("#source").inner_text()
        last = [line for line in article.text.splitlines() if line.strip()][-1]
        assert last.strip("-| ") in shown
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")


def download(page: "Page", name: str) -> "Download":
    with page.expect_download() as told:
        page.get_by_role("link", name=name, exact=True).click()
    return told.value


def test_what_one_takes_away_opens_and_keeps_its_citations(page: "Page", advisor: Advisor, tmp_path: Path) -> None:
    to_the_advice(page)
    for link, title in (
        ("Decision memo for Word", "Which role to hire: decision memo"),
        ("Draft job description for Word", "Job description: ML engineer (draft)"),
    ):
        download(page, link).save_as(tmp_path / "kept.docx")
        document = docx.Document(str(tmp_path / "kept.docx"))
        paragraphs = [paragraph.text for paragraph in document.paragraphs]
        assert paragraphs[0] == title
        assert_cited("\n".join(paragraphs), advisor)
    download(page, "Decision memo as Markdown").save_as(tmp_path / "memo.md")
    assert_cited((tmp_path / "memo.md").read_text(encoding="utf-8"), advisor)
    download(page, "Decision record as JSON").save_as(tmp_path / "record.json")
    assert verify(Record.read(tmp_path / "record.json"), advisor).holds


def assert_cited(text: str, advisor: Advisor) -> None:
    """Every number in the text has its source, and beside it stands a quote that one of the articles holds."""
    body, _, sources = text.partition("\nSources\n" if "\nSources\n" in text else "\n## Sources\n")
    listed = re.findall(r"^(?:- )?\[(\d+)\] ", sources, re.MULTILINE)
    assert listed
    assert listed == sorted(set(re.findall(r"\[(\d+)\]", body)), key=int)
    quotes = {number: quote for quote, number in re.findall(r"“([^“”]+)” \[(\d+)\]", body)}
    quotes |= dict(re.findall(r"\[(\d+)\] “([^“”]+)”", sources))
    assert sorted(quotes, key=int) == listed
    texts = [article.text for article in advisor.articles]
    for quote in quotes.values():
        assert any(quote.replace("\\", "") in article for article in texts), quote


def test_the_memo_prints(page: "Page") -> None:
    to_the_advice(page)
    with page.context.expect_page() as told:
        page.get_by_role("link", name="Decision memo to print").click()
    memo = told.value
    memo.wait_for_load_state()
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(memo.pdf())).pages)
    assert "Hire a machine learning engineer" in text
    assert "[1]" in text
    memo.close()


def test_an_address_reopens_the_situation_and_tells_nothing_personal(
    page: "Page", browser: "Browser", server: Server
) -> None:
    to_the_advice(page)
    address = page.locator("a[data-copy]").get_attribute("href") or ""
    assert "ferry" not in address
    assert set(address.strip("?").replace("=", "&").split("&")[::2]) <= {
        "stage", "goal", "data", "team", "deliverable", "production", "scale", "company_size", "headcount",
    }  # fmt: skip
    other = browser.new_page()
    other.goto(f"{server.address}/{address}")
    other.locator(".verdict h3").wait_for()
    assert other.locator(".verdict h3").inner_text() == page.locator(".verdict h3").inner_text()
    assert other.url.rstrip("/") == server.address
    other.close()


def test_an_address_that_makes_no_sense_begins_as_always(browser: "Browser", server: Server) -> None:
    other = browser.new_page()
    wrong = watch(other, server.address)
    other.goto(f"{server.address}/?stage=<script>alert(1)</script>&colour=red&data=ready")
    other.locator(".talk").wait_for()
    assert "Clean" in said(other, "Data")
    other.close()
    assert wrong == []


@pytest.fixture
def alone(browser: "Browser", home: Path) -> Iterator[tuple["Page", Server]]:
    """A page, open, and a server of its own, which can be stopped and started again."""
    server = Server(home)
    server.start()
    page = browser.new_page()
    try:
        page.goto(server.address)
        page.locator(".talk").wait_for()
        yield page, server
    finally:
        page.close()
        server.stop()


def test_neither_a_reload_nor_a_restart_loses_the_conversation(alone: tuple["Page", Server]) -> None:
    page, server = alone
    type_message(page, STORY)
    page.reload()
    after(page, 2)
    server.stop()
    server.start()
    type_message(page, "there is no data at all")
    assert "no data at all" in said(page, "Data")
    page.reload()
    after(page, 3)
    assert STORY in page.locator("li.me").first.inner_text()


def test_two_tabs_do_not_mix(browser: "Browser", server: Server) -> None:
    context = browser.new_context()
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto(server.address)
        page.locator(".talk").wait_for()
    click(one, "It is live and in use")
    click(other, "Only an idea so far")
    for page, stage in ((one, "It is live"), (other, "Only an idea")):
        page.reload()
        after(page, 2)
        assert stage in said(page, "Stage")
    context.close()


def test_the_same_conversation_in_two_tabs_tells_the_one_that_is_behind(
    page: "Page", browser: "Browser", server: Server
) -> None:
    click(page, "It is live and in use")
    name = page.evaluate("sessionStorage.conversation")
    other = browser.new_page()
    other.add_init_script(f"sessionStorage.conversation = {json.dumps(name)}")
    other.goto(server.address)
    after(other, 2)
    type_message(other, "we are 40 people")
    page.get_by_label("Your message").fill("we are 4000 people")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert "another window" in page.get_by_role("alert").inner_text()
    assert "we are 40 people" in page.locator("li.me").last.inner_text()
    assert page.get_by_label("Your message").input_value() == "we are 4000 people", "nothing that was typed is lost"
    other.close()


def test_a_new_tab_finds_the_conversation_before(browser: "Browser", server: Server) -> None:
    context = browser.new_context()
    one = context.new_page()
    one.goto(server.address)
    after(one, 1)
    click(one, "It is live and in use")
    one.close()
    other = context.new_page()
    other.goto(server.address)
    after(other, 1)
    other.get_by_role("button", name="Go back to the conversation before").click()
    after(other, 2)
    assert "It is live" in said(other, "Stage")
    other.evaluate("window.confirm = () => true")
    other.get_by_role("button", name="Delete this conversation").click()
    after(other, 1)
    third = context.new_page()
    third.goto(server.address)
    after(third, 1)
    assert third.get_by_role("button", name="Go back to the conversation before").count() == 0
    context.close()


def test_what_was_clicked_can_be_said_otherwise(page: "Page") -> None:
    click(page, "It is live and in use")
    page.locator("#talk .edit").first.click()
    page.get_by_label("Your message").fill("It is only an idea")
    page.keyboard.press("Enter")
    page.locator("li.me", has_text="It is only an idea").and_(page.locator(":not(.sending)")).wait_for()
    assert "Only an idea" in said(page, "Stage")


def test_starting_over_begins_a_new_conversation(page: "Page") -> None:
    click(page, "It is live and in use")
    page.get_by_role("button", name="Start over").click()
    after(page, 1)
    assert "not told" in said(page, "Stage")
    page.get_by_role("button", name="Go back to the conversation before").click()
    after(page, 2)
    assert "It is live and in use" in said(page, "Stage")


def test_a_conversation_can_be_deleted(page: "Page", home: Path) -> None:
    type_message(page, "It is live, at Zanzibar Trading")
    name = page.evaluate("sessionStorage.conversation")
    page.evaluate("window.confirm = () => true")
    page.get_by_role("button", name="Delete this conversation").click()
    after(page, 1)
    assert "deleted" in page.get_by_role("alert").inner_text()
    with pytest.raises(UnknownConversationError):
        Conversations(Settings(home).conversations).turns(name)


def test_what_is_sent_to_a_server_that_is_gone_is_not_lost(alone: tuple["Page", Server]) -> None:
    page, server = alone
    server.stop()
    page.get_by_label("Your message").fill("It is live")
    page.evaluate("window.before = true")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    server.start()  # the page notices, and opens itself anew
    again = "words => !window.before && document.querySelector('#words')?.value === words"
    page.wait_for_function(again, arg="It is live", timeout=60_000)
    page.reload()
    page.wait_for_function(again, arg="It is live")


def test_escape_stops_waiting_and_keeps_what_was_typed(page: "Page") -> None:
    page.route("**/queue/join*", lambda route: None)  # it never answers
    field = page.get_by_label("Your message")
    field.fill("It is live and in use")
    page.keyboard.press("Enter")
    page.locator("body[aria-busy]").wait_for()
    assert field.input_value() == ""
    page.keyboard.press("Escape")
    assert field.input_value() == "It is live and in use"
    page.unroute("**/queue/join*")
    page.keyboard.press("Enter")
    after(page, 2)
    assert "live" in said(page, "Stage")


def test_what_somebody_thinks_is_kept_with_the_record(page: "Page", tmp_path: Path) -> None:
    to_the_advice(page)
    page.get_by_role("button", name="Helpful", exact=True).last.click()
    page.locator("[aria-pressed=true]", has_text="Helpful").wait_for()
    page.locator(".evidence summary").last.click()
    page.locator(".evidence").last.get_by_role("button", name="2: “").click()
    page.locator(".evidence [aria-pressed=true]", has_text="noted, thank you").wait_for()
    download(page, "Decision record as JSON").save_as(tmp_path / "record.json")
    feedback = Record.read(tmp_path / "record.json").feedback
    assert [one["opinion"] for one in feedback] == ["helpful", "wrong_evidence"]
    assert feedback[0]["quote"] is None
    shown = page.locator(".evidence").last.get_by_role("button", name="2: “").inner_text()
    assert feedback[1]["quote"]["quote"][:60] in shown


def test_a_word_of_the_trade_is_explained_where_it_stands(page: "Page") -> None:
    to_the_advice(page)
    word = page.locator(".verdict .term").first
    word.focus()
    page.keyboard.press("Enter")
    meaning = page.locator(".meaning:popover-open")
    assert meaning.inner_text().startswith(f"{word.inner_text()}: ")
    page.keyboard.press("Escape")
    assert meaning.count() == 0
    assert word.evaluate("button => button === document.activeElement")


def test_where_an_answer_came_from_is_told(browser: "Browser", server: Server) -> None:
    page = browser.new_page()
    page.goto(f"{server.address}/?data=ready")
    after(page, 1)
    assert page.get_by_role("alert").bounding_box()["y"] < page.locator(".turns").bounding_box()["y"]  # type: ignore[index]
    assert page.locator(".starts").count() == 0
    assert "came with the address" in said(page, "Data")
    for _ in range(3):
        type_message(page, "hello there")
    assert "left open" in said(page, "Stage")
    click(page, page.locator("#talk .option").first.inner_text())
    assert "chosen" in page.locator("#side .understood").inner_text()
    page.close()


def test_after_the_advice_the_panel_says_the_same(page: "Page") -> None:
    to_the_advice(page)
    told = page.locator(".verdict .sub").inner_text()
    assert told in page.locator("#side .leaning").inner_text()
    assert "Leaning towards" not in page.locator("#side").inner_text()


def test_on_a_phone_the_panel_is_opened_changed_in_and_closed(browser: "Browser", server: Server) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(server.address)
    after(page, 1)
    click(page, "It is live and in use")
    assert not page.locator("#aside").is_visible()
    opens = page.locator("#talk [data-panel]")
    opens.click()
    assert page.locator("#aside").is_visible()
    assert page.evaluate("document.activeElement.hasAttribute('data-panel-close')")
    page.keyboard.press("Escape")
    assert not page.locator("#aside").is_visible()
    assert opens.evaluate("button => button === document.activeElement"), "the way back"
    opens.click()
    row = page.locator("#side .understood li").filter(has=page.get_by_text("Stage", exact=True))
    row.locator("summary").click()
    row.get_by_role("button", name="Only an idea so far").click()
    after(page, 3)
    assert not page.locator("#aside").is_visible()
    page.close()


HOSTILE = (
    "<img src=x onerror=alert(1)> ![x](http://evil.example/a.png) <script>alert(2)</script> "
    "[y](javascript:alert(3)) $$x$$ \"' onmouseover=alert(4) it works in a notebook"
)


def test_hostile_text_is_shown_as_text(page: "Page", browser: "Browser") -> None:
    type_message(page, HOSTILE)
    assert page.locator("li.me .words").last.inner_text().strip() == HOSTILE
    assert page.locator("#talk :is(img, script), #side :is(img, script)").count() == 0
    name = page.evaluate("sessionStorage.conversation")
    memo = browser.new_page()
    memo.goto(f"{page.url.rstrip('/')}/conversations/{name}/decision-memo.html")
    assert "it works in a notebook" in memo.locator("article").inner_text()
    assert memo.locator("article :is(img, script, a)").count() == 0
    memo.close()


STATES: dict[str, Any] = {
    "greeting": lambda page: None,
    "menu": lambda page: page.locator(".menu summary").first.click(),
    "panel": lambda page: page.evaluate("document.querySelector('[data-panel]').click()"),
    "question": lambda page: type_message(page, STORY),
    "verdict": to_the_advice,
    "refusal": lambda page: type_message(page, "Which of these two applicants is better, Ann or Bob?"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390, 320])
def test_nothing_stands_in_anybodys_way(browser: "Browser", server: Server, scheme: Any, width: int) -> None:
    axe = Axe()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, reach in STATES.items():
        page = context.new_page()
        page.goto(server.address)
        page.locator(".talk").wait_for()
        reach(page)
        page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open ||= !one.name && !one.matches('.menu'))"
        )
        if name == "verdict":
            assert_accessible(axe, page, name)
            page.locator(".verdict a[data-source]").first.click()
            page.locator("#quote").wait_for()
        assert_accessible(axe, page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways for"
        page.close()
    context.close()


def assert_accessible(axe: Axe, page: "Page", state: str) -> None:
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")  # nothing half under the form
    found = axe.run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert not found, (state, [(one["id"], one["nodes"][0]["html"]) for one in found])
