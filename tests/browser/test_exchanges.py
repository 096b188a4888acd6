"""An exchange belongs to its conversation: what runs, waits, is stopped, edited or asked again there."""

import re
from collections.abc import Iterator

import pytest
from page_actions import (
    QUESTION,
    UNREACHABLE,
    act,
    ask,
    conversations,
    evidence,
    pick_other_model,
    send,
    slow_model,
    turns,
)
from playwright.sync_api import Locator, Page, expect

from tests.openai_server import OpenAIServer, Script, openai_server
from tests.served_page import Server

pytestmark = pytest.mark.browser

PIECES = ("Rainbow Padding is a remedy [1]. ", *(f"word{number} " for number in range(600)))


@pytest.fixture(scope="module")
def server(own_server: Server) -> Server:
    return own_server


@pytest.fixture
def slow() -> Iterator[OpenAIServer]:
    with openai_server(Script(pieces=PIECES, seconds_a_piece=0.1)) as server:
        yield server


def begin(page: Page, question: str, server: OpenAIServer) -> None:
    """Ask a slow model, and wait until it writes."""
    pick_other_model(page, slow_model(server))
    send(page, question)
    expect(live(page)).to_contain_text("word3", timeout=60_000)


def live(page: Page) -> Locator:
    return page.locator("#live").get_by_role("article")


def stop(page: Page) -> Locator:
    return page.get_by_role("button", name="Stop", exact=True)


def row(page: Page, title: str) -> Locator:
    return conversations(page).filter(has_text=title)


def dot(page: Page, title: str) -> Locator:
    return row(page, title).get_by_role("img", name="Being answered")


def test_another_conversation_shows_nothing_of_an_answer_that_goes_on_in_its_own(
    page: Page, slow: OpenAIServer
) -> None:
    ask(page, "What is SNIP?")
    page.get_by_role("button", name="New chat").click()
    expect(turns(page)).to_have_count(0)
    begin(page, "What is Rainbow Padding?", slow)
    own = page.url

    row(page, "What is SNIP?").get_by_role("link").click()

    expect(turns(page)).to_have_count(1)
    expect(turns(page)).to_contain_text("SNIP")
    expect(live(page)).to_have_count(0)
    expect(stop(page)).to_be_hidden()
    expect(evidence(page).get_by_role("article").first).to_contain_text("SNIP")
    expect(row(page, "What is SNIP?")).to_have_class(re.compile("current"))
    expect(dot(page, "What is Rainbow Padding?")).to_be_visible()
    expect(dot(page, "What is SNIP?")).to_have_count(0)

    row(page, "What is Rainbow Padding?").get_by_role("link").click()

    expect(live(page)).to_contain_text("word30", timeout=30_000)
    expect(page).to_have_url(own)
    expect(evidence(page).get_by_role("article").first).to_contain_text("Rainbow Padding")
    stop(page).click()
    expect(turns(page)).to_contain_text("Stopped here.")
    expect(dot(page, "What is Rainbow Padding?")).to_have_count(0)


def test_an_answer_is_stopped_from_the_list_and_kept_in_its_own_conversation(page: Page, slow: OpenAIServer) -> None:
    begin(page, "What is DUSK?", slow)
    page.get_by_role("button", name="New chat").click()
    expect(live(page)).to_have_count(0)
    expect(stop(page)).to_be_hidden()

    act(page, row(page, "What is DUSK?"), "Stop")

    expect(dot(page, "What is DUSK?")).to_have_count(0)
    expect(turns(page)).to_have_count(0)
    row(page, "What is DUSK?").get_by_role("link").click()
    expect(turns(page)).to_contain_text("Stopped here.")


def test_what_is_asked_right_after_new_chat_stays_in_view_in_a_chat_of_its_own(page: Page) -> None:
    ask(page, "What is SNIP?")
    for question in ("Papers by Bumjun Kim", "Papers by Soeun Kim", "Papers by Albert No"):
        page.get_by_role("button", name="New chat").click()

        send(page, question)

        expect(turns(page)).to_have_count(1)
        expect(turns(page).locator(".question")).to_have_text(question)
        expect(conversations(page).and_(page.locator(".current"))).to_contain_text(question)


def test_two_answers_run_in_two_conversations_and_survive_a_reload(page: Page, slow: OpenAIServer) -> None:
    begin(page, "What is REFT?", slow)
    page.get_by_role("button", name="New chat").click()
    expect(live(page)).to_have_count(0)
    send(page, "What is IDER?")
    expect(live(page)).to_contain_text("What is IDER?", timeout=60_000)
    expect(live(page)).to_contain_text("word3", timeout=60_000)
    for title in ("What is REFT?", "What is IDER?"):
        expect(dot(page, title)).to_be_visible()

    page.reload()

    expect(live(page)).to_contain_text("What is IDER?")
    stop(page).click()
    expect(turns(page)).to_contain_text("Stopped here.")
    act(page, row(page, "What is REFT?"), "Stop")
    expect(dot(page, "What is REFT?")).to_have_count(0)


def test_evidence_and_chips_come_with_the_text_and_a_stopped_answer_has_them(page: Page) -> None:
    with openai_server(Script(pieces=PIECES, silent_seconds=3.0, seconds_a_piece=0.1)) as slow:
        pick_other_model(page, slow_model(slow))
        send(page, "What is Rainbow Padding?")
        expect(evidence(page)).to_contain_text("Rainbow Padding: Mitigating", timeout=60_000)
        expect(live(page)).not_to_contain_text("word")

        chip = live(page).get_by_role("button", name=re.compile("^Citation 1: Rainbow Padding"))
        expect(chip).to_be_visible()
        expect(evidence(page).get_by_role("article", name=re.compile("^Reference 1: Rainbow Padding"))).to_be_visible()
        stop(page).click()

        expect(turns(page)).to_contain_text("Stopped here.")
        expect(turns(page).get_by_role("button", name=re.compile("^Citation 1: Rainbow Padding"))).to_be_visible()
        expect(turns(page).get_by_role("button", name="Copy", exact=True)).to_be_visible()
        expect(evidence(page).get_by_role("article")).to_have_count(1)


def test_the_evidence_begins_at_its_top_with_each_answer(page: Page) -> None:
    ask(page, "Papers by Bumjun Kim")
    page.locator("#evidence").evaluate("pane => { pane.scrollTop = 300; }")

    ask(page, "Papers by Soeun Kim")

    assert page.locator("#evidence").evaluate("pane => pane.scrollTop") == 0


@pytest.mark.parametrize("leave", ["Escape", "Cancel"])
def test_an_edit_says_that_it_is_one_and_can_be_left(page: Page, leave: str) -> None:
    article = ask(page, QUESTION)
    article.hover()
    article.get_by_role("button", name="Edit").click()
    expect(page.get_by_text("You are changing an earlier question")).to_be_visible()

    if leave == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("You are changing an earlier question")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Your question")).to_have_value("")
    ask(page, "What is DUSK?")
    expect(turns(page)).to_have_count(2)


def test_an_answer_that_is_replaced_stays_as_a_version(page: Page) -> None:
    article = ask(page, "What is DUSK?")
    article.hover()
    article.get_by_role("button", name="Edit").click()
    send(page, "What is SNIP?")
    expect(turns(page)).to_contain_text("2/2")
    expect(turns(page)).to_have_count(1)
    expect(page.get_by_text("You are changing an earlier question")).to_be_hidden()

    turns(page).get_by_role("button", name="Earlier version").click()

    expect(turns(page)).to_contain_text("1/2")
    expect(turns(page)).to_contain_text("What is DUSK?")
    expect(evidence(page)).to_contain_text("DUSK")
    page.reload()
    expect(turns(page)).to_contain_text("1/2")
    turns(page).get_by_role("button", name="Later version").click()
    expect(turns(page)).to_contain_text("What is SNIP?")
    turns(page).get_by_role("button", name="Answer this question anew").click()
    expect(turns(page)).to_contain_text("3/3")


def test_the_chosen_model_is_there_after_a_reload_and_its_key_is_not(page: Page, slow: OpenAIServer) -> None:
    pick_other_model(page, slow_model(slow))
    page.get_by_label("Key, if the server wants one").fill("sk-secret")
    page.get_by_label("Key, if the server wants one").press("Enter")
    expect(page.get_by_text("is kept in memory, for this page alone")).to_be_visible()
    page.wait_for_function("localStorage.getItem('model')?.endsWith('slow')")

    page.reload()

    expect(page.locator("#model > button")).to_contain_text("slow")
    assert "sk-secret" not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_a_server_that_does_not_answer_loses_its_green_dot(page: Page) -> None:
    pick_other_model(page, UNREACHABLE)
    expect(page.locator("#model")).to_have_class(re.compile("local"))

    ask(page, QUESTION)

    expect(page.locator("#model")).to_have_class(re.compile("wrong"))
    expect(page.locator("#model > button")).to_contain_text("did not answer")


def test_escape_stops_the_test_of_a_model(page: Page) -> None:
    with openai_server(Script(silent_seconds=60.0)) as silent:
        pick_other_model(page, slow_model(silent))
        page.get_by_role("button", name="Test it").click()
        expect(page.get_by_text("waiting for its first words")).to_be_visible()

        page.keyboard.press("Escape")

        assert silent.left.wait(2.0)
        expect(page.get_by_role("button", name="Test it")).to_be_visible()


def test_a_question_that_is_asked_meanwhile_waits_and_is_asked_next(page: Page, slow: OpenAIServer) -> None:
    begin(page, "What is Rainbow Padding?", slow)
    for question in ("Who wrote it?", "What is DUSK?"):
        page.get_by_role("textbox", name="Your question").fill(question)
        page.get_by_role("textbox", name="Your question").press("Enter")
        expect(page.get_by_role("status").filter(has_text=question)).to_contain_text("Asked next")
    page.get_by_role("status").filter(has_text="DUSK").get_by_role("button", name="Take back").click()
    expect(page.get_by_role("textbox", name="Your question")).to_have_value("What is DUSK?")

    page.keyboard.press("Escape")

    expect(turns(page)).to_have_count(2)
    expect(turns(page).nth(1)).to_contain_text("Bumjun Kim")
    expect(page.get_by_text("Asked next")).to_have_count(0)


def test_the_arrow_brings_the_last_question_into_an_empty_composer(page: Page) -> None:
    ask(page, QUESTION)
    composer = page.get_by_role("textbox", name="Your question")

    composer.press("ArrowUp")

    expect(composer).to_have_value(QUESTION)


def test_a_button_leads_back_to_the_newest(page: Page) -> None:
    for author in ("Bumjun Kim", "Soeun Kim", "Albert No"):
        ask(page, f"Papers by {author}")
    newest = page.get_by_role("button", name="To the newest")
    page.locator("#scroll").hover()
    page.mouse.wheel(0, -9000)
    expect(newest).to_be_visible()

    newest.click()

    expect(newest).to_be_hidden()
    expect(turns(page).last.locator("footer").last).to_be_in_viewport()
