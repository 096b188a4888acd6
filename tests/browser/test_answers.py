"""What a visitor sees of answers by careless and hostile models, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from page_actions import ask, evidence, pick_other_model, send
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.ui.labels import STRICT
from tests.openai_server import Script, openai_server

pytestmark = pytest.mark.browser

QUESTION = "What is Rainbow Padding?"
CARELESS = Script(
    pieces=(
        "Rainbow Padding replaces repeated <eos> placeholders with a repeating cycle of distinct padding tokens [1]. ",
        "As few as seven padding tokens are sufficient to prevent early termination [1]. ",
        "It was trained on the moon with 4,711 zebras [1]. It costs nothing [7]. ",
        "As few as nine padding tokens are sufficient to prevent early termination [1].",
    ),
    usage=(1204, 61),
)
HOSTILE = Script(
    pieces=(
        "Rainbow Padding replaces repeated <eos> placeholders with a cycle of distinct padding tokens [1]. ",
        "Rainbow Padding ![x](http://evil.example/x.png) [y](javascript:window.hacked=1) <img src=//evil.example/y",
        " onerror=window.hacked=1><script>window.hacked=1</script> <svg onload=window.hacked=1> [1].\n\n",
        "[r]: http://evil.example/r.png\n\n![r][r] <iframe src=http://evil.example></iframe> ${window.hacked=1}",
        "<style>@import url(http://evil.example/c.css)</style><link rel=stylesheet href=http://evil.example/d.css> [9]",
    )
)


@contextmanager
def answered_by(page: Page, script: Script) -> Iterator[Locator]:
    """Yield the answer of a scripted model to `QUESTION`."""
    with openai_server(script) as model:
        pick_other_model(page, f"{model.base_url}#m")
        yield ask(page, QUESTION)


def test_a_hostile_answer_loads_and_runs_nothing(page: Page) -> None:
    with answered_by(page, HOSTILE) as article:
        expect(article).to_contain_text("<script>")
        expect(article.locator("img, script, iframe, style, link, svg, .answer a")).to_have_count(0)
        expect(article).to_contain_text("1 citation of a passage that does not exist was removed.")
        page.wait_for_timeout(500)  # the fixture looks at what was called and whether a script ran


def test_no_image_of_another_host_could_be_loaded(browser: Browser, server: Any) -> None:
    page = browser.new_page()
    page.goto(server.url)

    blocked = page.evaluate(
        """url => new Promise((blocked) => {
            document.addEventListener("securitypolicyviolation", (event) => blocked(event.blockedURI));
            new Image().src = url;
        })""",
        "http://127.0.0.1:9/x.png",
    )

    assert blocked == "http://127.0.0.1:9/x.png"
    page.close()


def test_stop_is_said_at_once_while_a_model_is_silent(page: Page) -> None:
    with openai_server(Script(pieces=("too late",), silent_seconds=6)) as model:
        pick_other_model(page, f"{model.base_url}#m")
        send(page, QUESTION)
        expect(page.get_by_text(re.compile("^reading [0-9]+ passages?, about"))).to_be_visible()

        page.get_by_role("button", name="Stop").click()

        expect(page.get_by_role("log").get_by_role("article")).to_contain_text("Stopped here.", timeout=1500)
        page.wait_for_timeout(6500)
        expect(page.get_by_role("log")).not_to_contain_text("too late")


def test_an_unsupported_sentence_says_so_to_a_keyboard(page: Page) -> None:
    with answered_by(page, CARELESS) as article:
        mark = article.get_by_role("button", name=re.compile("^Unsupported: not found in what it cites")).first

        mark.focus()

        expect(mark).to_be_focused()
        expect(article).to_contain_text("1,204 tokens read, 61 written")
        expect(evidence(page)).to_contain_text("not found in what it cites")


def test_each_citation_marks_the_quote_of_its_own_sentence(page: Page) -> None:
    with answered_by(page, CARELESS) as article:
        chips = article.get_by_role("button", name=re.compile("^Citation 1: "))
        own = evidence(page).locator("mark.own")

        chips.nth(0).click()
        first = " ".join(own.all_inner_texts())
        chips.nth(1).click()
        second = " ".join(own.all_inner_texts())

        assert "repeating cycle" in first
        assert "seven padding tokens" in second
        assert first != second


def test_an_answer_is_copied_with_its_references(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with answered_by(page, CARELESS) as article:
        article.get_by_label("Copy as").click()
        article.get_by_role("button", name="Markdown").click()

        expect(article.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "○ unsupported: not found in what it cites." in copied
        assert re.search(r"^- \[1\] .*Rainbow Padding", copied, re.MULTILINE)


def test_strict_answers_can_be_asked_for(page: Page) -> None:
    with openai_server(CARELESS) as model:
        pick_other_model(page, f"{model.base_url}#m")
        page.get_by_role("checkbox", name=STRICT).check()
        article = ask(page, QUESTION)

        expect(article).to_contain_text("repeating cycle")
        expect(article).not_to_contain_text("nine padding tokens")  # the passage says seven


def test_a_narrow_page_says_whole_where_the_words_go(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    said = page.locator("#model > button > span").first
    page.locator('[data-opens="side"]').click()
    expect(said).to_contain_text("nothing leaves this machine")
    expect(said).to_be_visible()
    assert said.evaluate("line => line.scrollWidth <= line.clientWidth")

    said.click()
    page.get_by_role("radio", name="OpenAI").check()
    page.get_by_role("textbox", name="Name or address").fill("gpt-4.1-mini")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("sends to api.openai.com")
    expect(said).to_be_visible()  # what leaves the machine is said without a click
