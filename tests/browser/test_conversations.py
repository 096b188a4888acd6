"""Conversations as a person keeps them: found again, changed, limited, taken away, and there after a restart."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import bibtexparser
import pytest
from page_actions import act, ask, conversations, evidence, pick_other_model, send, turns
from playwright.sync_api import Browser, Download, Locator, Page, expect

from assistant.conversations.history import History
from assistant.settings import Settings
from assistant.wiring import open_assistant
from tests.openai_server import Script, openai_server
from tests.served_page import Server

pytestmark = pytest.mark.browser

QUESTION = "What is Rainbow Padding?"


def only(page: Page, words: str) -> Locator:
    """Search for a conversation that alone has these words."""
    page.get_by_role("textbox", name="Search conversations").fill(words)
    expect(conversations(page)).to_have_count(1)
    return conversations(page).first


def downloaded(page: Page, click: Locator) -> str:
    with page.expect_download() as waiting:
        click.click()
    download: Download = waiting.value
    return Path(download.path()).read_text(encoding="utf-8")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def copied_text(page: Page) -> str:
    """Return what is in the clipboard once something is: a promise is true to `wait_for_function` before it is kept."""
    for _ in range(150):
        if text := clipboard(page):
            return text
        page.wait_for_timeout(100)
    return ""


@pytest.fixture(scope="module")
def server(own_server: Server) -> Server:
    """A server on a library of its own: no conversation of other tests is in it."""
    return own_server


@pytest.fixture
def page(page: Page) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


# -- found again


def test_a_conversation_is_listed_by_its_first_question_and_opened_again(page: Page) -> None:
    ask(page, "What is SNIP?")
    page.get_by_role("button", name="New chat").click()
    expect(turns(page)).to_have_count(0)

    conversations(page).filter(has_text="What is SNIP?").first.get_by_role("link").click()

    expect(turns(page)).to_have_count(1)
    expect(turns(page)).to_contain_text("SNIP")
    expect(evidence(page).get_by_role("article")).not_to_have_count(0)


def test_an_address_that_no_conversation_has_says_so(page: Page) -> None:
    page.goto(page.url.partition("#")[0] + "#ask/0123456789abcdef")
    page.reload()
    expect(page.get_by_text("No conversation has this address")).to_be_visible()


def test_back_leads_to_the_conversation_before(page: Page) -> None:
    ask(page, "What is SNIP?")
    first = page.url
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_role("button", name=re.compile("^What is .*\\?$"))).to_be_visible()
    ask(page, "What is DUSK?")

    page.goto(first)

    expect(turns(page)).to_contain_text("SNIP")
    # The list of conversations may change between a step back and the page's notice of it.
    page.evaluate(
        "history.back(); new Promise((done) => addEventListener('popstate', () => {"
        " document.getElementById('conversations').append(document.createElement('p')); done(); }, { once: true }))"
    )
    expect(turns(page)).to_contain_text("DUSK")


def test_conversations_are_searched_by_what_was_said_in_them(page: Page) -> None:
    ask(page, "What improvement does R1-Reward report on the VL Reward-Bench?")

    expect(only(page, "vl reward bench")).to_contain_text("R1-Reward")
    page.get_by_role("textbox", name="Search conversations").fill("no conversation says zyzzyva")
    expect(page.get_by_text("No conversation has these words.")).to_be_visible()


def test_a_conversation_is_renamed_and_pinned(page: Page) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    ask(page, "What is hyperfitting?")
    act(page, only(page, "hyperfitting"), "Rename")
    page.get_by_role("textbox", name="Rename").fill("Sharpened models")
    page.get_by_role("textbox", name="Rename").press("Enter")

    row = only(page, "sharpened models")
    act(page, row, "Pin")

    page.get_by_role("textbox", name="Search conversations").fill("")
    expect(page.get_by_role("heading", name="Pinned")).to_be_visible()
    page.reload()
    expect(conversations(page).first).to_contain_text("Sharpened models")
    act(page, conversations(page).first, "Unpin")
    expect(page.get_by_role("heading", name="Pinned")).to_have_count(0)
    assert problems == []


def test_the_key_of_a_new_chat_leads_to_its_question_from_every_view(page: Page) -> None:
    page.get_by_role("link", name="Library", exact=True).click()
    page.keyboard.press("Control+k")

    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()


def test_a_deleted_conversation_can_be_taken_back(page: Page) -> None:
    ask(page, "Papers by Kyelim Lee from 2026")
    act(page, only(page, "kyelim lee 2026"), "Delete")

    expect(page.get_by_text("No conversation has these words.")).to_be_visible()
    expect(turns(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(conversations(page)).to_have_count(1)
    conversations(page).first.get_by_role("link").click()
    expect(turns(page)).to_have_count(1)


def test_a_deleted_conversation_stands_with_what_was_deleted_until_it_is_restored(page: Page) -> None:
    ask(page, "Papers by Moongyu Jeon from 2026")
    act(page, only(page, "moongyu jeon 2026"), "Delete")
    page.reload()
    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("tab", name="Deleted").click()
    row = page.get_by_role("region", name="Deleted").get_by_role("listitem").filter(has_text="Moongyu Jeon from 2026")
    row.get_by_role("button", name="Restore").click()

    expect(row).to_have_count(0)
    expect(only(page, "moongyu jeon 2026")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_what_was_done_is_said_beside_the_composer_for_a_while(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.clock.install()
    toast = page.get_by_text("Conversation deleted.")
    for _ in range(2):  # the same words again are said again
        ask(page, "hello")
        called = page.url.rpartition("/")[2]
        page.evaluate(
            "called => import('/page-assets/actions.js').then(it => it.tell('act', `delete ${called}`))", called
        )
        expect(toast).to_be_visible()
        said, composer = toast.bounding_box(), page.locator("#composer").bounding_box()
        assert said and composer and said["y"] + said["height"] <= composer["y"]
        page.clock.fast_forward(20_000)
        expect(toast).not_to_be_visible()


def test_another_browser_finds_the_conversation_with_its_citations(page: Page, browser: Browser) -> None:
    ask(page, QUESTION)
    other = browser.new_context().new_page()
    other.goto(page.url)

    turns(other).get_by_role("button", name=re.compile("^Citation 1: ")).first.click()

    expect(evidence(other).locator("mark.own")).not_to_have_count(0)
    other.context.close()


# -- changed


def test_a_changed_question_is_asked_in_the_place_of_the_last_one(page: Page) -> None:
    ask(page, QUESTION)
    last = ask(page, "Who wrote it?")
    last.hover()
    last.get_by_role("button", name="Edit").click()

    expect(page.get_by_role("textbox", name="Your question")).to_have_value("Who wrote it?")
    send(page, "When did it appear?")

    expect(turns(page)).to_have_count(2)
    expect(turns(page).nth(1)).to_contain_text("4 October 2025")
    expect(page.get_by_text("Who wrote it?")).to_have_count(0)


def test_a_changed_earlier_question_leaves_its_conversation_as_it_was(page: Page) -> None:
    first = ask(page, QUESTION)
    ask(page, "Who wrote it?")
    before = page.url
    first.hover()
    first.get_by_role("button", name="Edit").click()
    send(page, "What is DUSK?")

    expect(turns(page)).to_have_count(1)
    expect(turns(page)).to_contain_text("DUSK")
    assert page.url != before
    page.goto(before)
    expect(turns(page)).to_have_count(2)


def test_an_answer_is_made_anew(page: Page) -> None:
    article = ask(page, QUESTION)
    text = article.locator(".answer").inner_text()
    called = article.get_attribute("data-exchange")

    article.get_by_role("button", name="Answer this question anew").click()

    expect(turns(page)).to_have_count(1)
    expect(turns(page)).not_to_have_attribute("data-exchange", str(called))
    expect(turns(page).locator(".answer")).to_have_text(re.compile(re.escape(text[:40])))


def test_a_rating_is_kept_with_its_reason(page: Page, server: Server) -> None:
    article = ask(page, QUESTION)
    article.get_by_role("button", name="Bad answer").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("too long <b>")
    dialog.get_by_role("button", name="Keep").click()
    page.wait_for_timeout(300)

    page.reload()

    given = turns(page).get_by_role("button", name="Bad answer")
    expect(given).to_have_attribute("aria-pressed", "true")
    expect(given).to_have_attribute("title", "Bad answer: too long <b>")
    kept = json.loads(page.evaluate("fetch(`/conversations/${location.hash.slice(5)}.json`).then((it) => it.text())"))
    assert (kept["exchanges"][0]["rating"], kept["exchanges"][0]["reason"]) == (-1, "too long <b>")


# -- taken away


@pytest.mark.parametrize(
    ("form", "holds"),
    [("Markdown", "References"), ("LaTeX", r"\cite{kim2025rainbow")],
)
def test_an_answer_is_copied(page: Page, form: str, holds: str) -> None:
    article = ask(page, QUESTION)
    article.get_by_label("Copy as").click()
    article.get_by_role("button", name=form).click()

    expect(article.get_by_role("button", name="Copied")).to_have_count(1)
    assert holds in clipboard(page)


def test_an_answer_is_copied_by_one_click(page: Page) -> None:
    article = ask(page, QUESTION)
    article.get_by_role("button", name="Copy", exact=True).click()

    expect(article.get_by_role("button", name="Copied")).to_have_count(1)
    assert "[1]" in clipboard(page)


def test_praise_is_asked_for_no_reason(page: Page) -> None:
    article = ask(page, QUESTION)
    article.get_by_role("button", name="Good answer").click()

    expect(article.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_bib_of_an_answer_and_of_a_card_is_copied(page: Page) -> None:
    article = ask(page, QUESTION)
    for button in (
        article.get_by_role("button", name="BibTeX"),
        evidence(page).get_by_role("button", name="BibTeX"),
    ):
        page.evaluate("navigator.clipboard.writeText('')")
        button.click()
        copied = copied_text(page)
        keys = [entry.key for entry in bibtexparser.parse_string(copied).entries]
        assert [key.startswith("kim2025rainbow") for key in keys] == [True], copied


def test_a_conversation_is_exported_with_its_bibliography(page: Page) -> None:
    ask(page, "Compare DAPD with Rainbow Padding")
    row = only(page, "compare dapd")

    texts = {}
    for form in ("Markdown", "HTML", "JSON"):
        row.hover()
        row.locator("summary").click()
        texts[form] = downloaded(page, row.get_by_text(f"Export as {form}", exact=True))

    assert "Compare DAPD with Rainbow Padding" in texts["Markdown"]
    assert "@misc{kim2025rainbow" in texts["Markdown"]
    assert "<script" not in texts["HTML"]
    assert "Compare DAPD with Rainbow Padding" in texts["HTML"]
    assert len(bibtexparser.parse_string(json.loads(texts["JSON"])["bibtex"]).entries) == 2


# -- limited


def test_a_conversation_is_limited_to_an_author_and_a_year_and_the_limits_can_be_taken_away(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Limit")).click()
    page.get_by_role("combobox", name="Authors").fill("nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No author in the library is called “nobody”.")).to_be_visible()
    page.get_by_role("combobox", name="Authors").fill("soeun k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove limit: Soeun Kim")).to_be_visible()
    expect(page.locator("#limit-panel .token")).to_have_text("Soeun Kim")
    page.get_by_role("textbox", name="From year").press_sequentially("2026")
    expect(page.get_by_role("button", name="Remove limit: from 2026")).to_be_visible()
    page.keyboard.press("Escape")

    limited = ask(page, "Which papers are there?")
    expect(limited).to_contain_text("2 papers")
    page.reload()
    expect(page.get_by_role("button", name="Remove limit: Soeun Kim")).to_be_visible()

    page.get_by_role("button", name="Remove limit: from 2026").click()
    expect(page.get_by_role("button", name="Remove limit: from 2026")).to_have_count(0)
    expect(ask(page, "How many papers are there?")).to_contain_text("4 papers")


def test_a_year_that_is_put_in_at_once_limits_and_one_left_empty_begins_nothing(page: Page) -> None:
    before = conversations(page).count()
    page.get_by_role("button", name=re.compile("^Limit")).click()
    year = page.get_by_role("textbox", name="From year")
    year.focus()
    year.press("Tab")
    page.wait_for_timeout(500)
    assert page.locator("#conversation textarea, #conversation input").input_value() == ""

    year.fill("2026")
    year.press("Tab")

    expect(page.get_by_role("button", name="Remove limit: from 2026")).to_be_visible()
    assert conversations(page).count() == before


def test_a_conversation_is_limited_to_a_listing_from_the_side(page: Page) -> None:
    listing = page.get_by_role("navigation", name="Library").get_by_role("listitem").filter(has_text="Kyelim Lee")
    act(page, listing, "Limit this chat to it")

    expect(page.get_by_role("button", name="Remove limit: Kyelim Lee")).to_be_visible()
    expect(ask(page, "How many papers are there?")).to_contain_text("3 papers")


def test_a_click_on_another_view_is_not_lost_while_the_chat_changes(page: Page) -> None:
    page.evaluate("location.hash = '#library'; document.getElementById('live').append(document.createElement('p'))")

    expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible()
    assert page.url.endswith("#library")


# -- over a whole day


@pytest.fixture
def long_day(browser: Browser, seeds_folder: Path, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server on a library with a conversation of 200 exchanges, and the number of that."""
    folder = tmp_path / "library"
    shutil.copytree(seeds_folder, folder)
    with open_assistant(Settings(library=folder)) as assistant:
        answer = assistant.ask(QUESTION)
        history = History(assistant.library.catalogue.engine)
        called = history.begin()
        for number in range(200):
            exchange = history.ask(called, f"Question number{number}: {QUESTION}", answer.model)
            history.keep(exchange, text=answer.text, answer=answer, problem="", stopped=False)
    with Server(folder, tmp_path / "log") as server:
        yield server, called


def test_after_200_questions_the_next_one_sends_none_of_them_again(
    browser: Browser, long_day: tuple[Server, str]
) -> None:
    server, called = long_day
    page = browser.new_page()
    page.goto(f"{server.url}/#ask/{called}")
    expect(turns(page)).to_have_count(20, timeout=30_000)
    expect(turns(page).last).to_contain_text("number199")
    page.get_by_role("button", name="180 earlier").click()
    expect(turns(page)).to_have_count(40)
    expect(turns(page).first).to_contain_text("number160")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[int] = []
    session.on("Network.dataReceived", lambda event: received.append(event["dataLength"]))

    expect(ask(page, "Who wrote it?")).to_contain_text("Bumjun Kim")

    assert sum(received) < 100_000  # the whole conversation is more than a megabyte
    turns(page).first.get_by_role("button", name=re.compile("^Citation 1: ")).first.click()
    expect(evidence(page).locator("mark.own")).not_to_have_count(0)
    page.close()


def test_an_answer_that_the_end_of_the_server_cut_off_is_there_after_it(
    browser: Browser, seeds_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(seeds_folder, folder)
    slow = Script(pieces=tuple(f"word{number} " for number in range(600)), seconds_a_piece=0.1)
    first = Server(folder, tmp_path / "log")
    page = browser.new_page()
    with openai_server(slow) as model:
        try:
            first.wait()
            page.goto(first.url)
            ask(page, QUESTION)
            pick_other_model(page, f"{model.base_url}#slow")
            send(page, "Why do instruction-tuned diffusion LLMs terminate early?")
            expect(page.get_by_text("word15")).to_be_visible(timeout=60_000)
        finally:
            first.process.kill()
            first.process.wait()
    with Server(folder, tmp_path / "log2") as second:
        page.goto(page.url.replace(first.url, second.url))
        expect(turns(page)).to_have_count(2, timeout=30_000)
        expect(turns(page).nth(1)).to_contain_text("word1 ")
        expect(turns(page).nth(1)).to_contain_text("Stopped here.")
        expect(ask(page, "Who wrote it?")).to_contain_text("Bumjun Kim")
    page.close()


def test_a_page_that_was_open_while_the_server_was_started_again_goes_on(
    browser: Browser, seeds_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(seeds_folder, folder)
    server = Server(folder, tmp_path / "log")
    page = browser.new_page()
    try:
        server.wait()
        page.goto(server.url)
        ask(page, QUESTION)
        server.stop()
        server = Server(folder, tmp_path / "log2", port=server.port)
        server.wait()
        expect(page.get_by_text("Connection to the server was lost")).to_have_count(0)  # it is loaded anew

        expect(ask(page, "Who wrote it?")).to_contain_text("Bumjun Kim")
        expect(turns(page)).to_have_count(2)
    finally:
        server.stop()
        page.close()


def test_what_is_typed_stays_when_the_page_is_loaded_anew(page: Page) -> None:
    """As Gradio loads it once a server that was gone is back."""
    box = page.get_by_role("textbox", name="Your question")
    ask(page, QUESTION)
    box.fill("Who wrote")
    page.reload()
    expect(box).to_have_value("Who wrote")
    expect(turns(page)).to_have_count(1)

    ask(page, "Who wrote it?")
    page.reload()
    expect(turns(page)).to_have_count(2)
    expect(box).to_have_value("")


# -- by the keyboard alone


def test_the_keys_lead_through_the_chat(page: Page) -> None:
    page.get_by_role("heading", name="Research assistant").click()
    page.keyboard.press("Control+/")
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(turns(page)).to_have_count(1)

    page.keyboard.press("Alt+ArrowDown")
    chips = turns(page).get_by_role("button", name=re.compile("^Citation"))
    expect(chips.first).to_be_focused()
    expect(evidence(page).locator("mark.own")).not_to_have_count(0)
    page.keyboard.press("Alt+ArrowDown")
    expect(chips.nth(1)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(chips.first).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text("Rainbow Padding")

    page.keyboard.press("Alt+/")
    expect(page.get_by_role("textbox", name="Search conversations")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(turns(page)).to_have_count(0)


def test_escape_stops_an_answer(page: Page) -> None:
    slow = Script(pieces=tuple(f"word{number} " for number in range(600)), seconds_a_piece=0.1)
    with openai_server(slow) as model:
        pick_other_model(page, f"{model.base_url}#slow")
        send(page, QUESTION)
        expect(page.get_by_text("word3")).to_be_visible(timeout=60_000)

        page.keyboard.press("Escape")

        expect(turns(page)).to_contain_text("Stopped here.")


def test_a_look_at_a_citation_shows_title_and_quoted_words(page: Page) -> None:
    article = ask(page, QUESTION)

    article.get_by_role("button", name=re.compile("^Citation 1: ")).first.hover()

    look = page.get_by_role("tooltip")
    expect(look).to_contain_text("Rainbow Padding: Mitigating Early Termination")
    expect(look).to_contain_text("4 October 2025")
    assert look.locator("q").inner_text() in evidence(page).inner_text().replace("\n", " ")


def test_from_a_card_one_goes_on_to_like_papers_and_to_its_authors(page: Page) -> None:
    ask(page, QUESTION)
    evidence(page).get_by_role("button", name="More like this").first.click()
    expect(turns(page)).to_have_count(2, timeout=30_000)
    expect(turns(page).nth(1)).to_contain_text("closest to “Rainbow Padding”")

    evidence(page).get_by_role("button", name="Ask about it").first.click()
    expect(page.get_by_role("textbox", name="Your question")).to_have_value(re.compile("^In “.+”: $"))

    turns(page).first.get_by_role("button", name=re.compile("^Citation 1: ")).first.click()
    evidence(page).get_by_role("link", name="Bumjun Kim").first.click()
    expect(page.get_by_role("heading", name="Bumjun Kim")).to_be_visible(timeout=30_000)


def test_the_keys_and_marks_are_explained(page: Page) -> None:
    page.get_by_role("button", name="Keys and marks").click()

    dialog = page.get_by_role("dialog", name="Keys and marks")
    expect(dialog).to_contain_text("next citation")
    expect(dialog).to_contain_text("not found in what it cites")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).not_to_be_visible()
