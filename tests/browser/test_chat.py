"""What a visitor sees and does, in a real browser, found by role and label."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_actions import (
    LISTING,
    PAYLOADS,
    QUESTION,
    UNREACHABLE,
    ask,
    evidence,
    pick_other_model,
    send,
    slow_model,
    upload,
)
from playwright.sync_api import Locator, Page, expect

from assistant.records import Answer
from assistant.text.plain_text import plain_text
from assistant.ui.sources import quote_marks
from tests.judging_server import FREELY, Stub, verdict_line
from tests.openai_server import Script, openai_server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent


def visitor(page: Page) -> Page:
    """Return the open page of somebody else."""
    browser = page.context.browser
    assert browser is not None
    other = browser.new_context().new_page()
    other.goto(page.url.partition("#")[0])
    other.get_by_role("textbox", name="Your question").wait_for()
    return other


def test_a_question_is_answered_with_citations(page: Page, answer: Answer) -> None:
    article = ask(page, QUESTION)

    expect(article.get_by_role("button", name=re.compile("^Citation 1: "))).not_to_have_count(0)
    expect(article).to_contain_text("supported")
    assert answer.references


@pytest.mark.parametrize("press", [lambda chip: chip.click(), lambda chip: chip.press("Enter")], ids=["click", "Enter"])
def test_a_citation_opens_its_reference_with_the_quote_marked(
    page: Page, answer: Answer, press: Callable[[Locator], None]
) -> None:
    first = [citation for citation in answer.citations if citation.number == 1]
    spans = quote_marks([(citation.start, citation.end, 0) for citation in first])

    press(ask(page, QUESTION).get_by_role("button", name=re.compile("^Citation 1: ")).first)

    card = evidence(page).get_by_role("article", name=re.compile("^Reference 1: "))
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    quotes = [citation.quote for citation in sorted(first, key=lambda citation: citation.start)]
    marked = card.get_by_role("mark").all_inner_texts() or card.locator("mark").all_inner_texts()
    assert len(spans) == len(quotes), "pick a question whose quotes do not overlap"
    assert marked[: len(quotes)] == [plain_text(quote) for quote in quotes]


def test_a_citation_of_an_earlier_answer_opens_that_answers_reference(page: Page) -> None:
    first = ask(page, "What is Rainbow Padding?")
    ask(page, "What is REFT?")

    first.get_by_role("button", name=re.compile("^Citation 1: ")).first.click()

    expect(evidence(page).get_by_role("article")).to_have_count(1)
    expect(evidence(page).get_by_role("article")).to_contain_text("Rainbow Padding")


def test_an_example_can_be_clicked(page: Page) -> None:
    example = page.get_by_role("button", name=re.compile("^What is .*\\?$"))
    question = example.inner_text()

    example.click()

    article = page.get_by_role("log").get_by_role("article")
    expect(article).to_contain_text(question, timeout=60_000)
    expect(article.get_by_role("button", name=re.compile("^Citation"))).not_to_have_count(0)


def test_an_uploaded_listing_is_found(page: Page) -> None:
    upload(page, "zebra lanterns.txt", LISTING)

    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("navigation", name="Library")).to_contain_text("zebra lanterns.txt")
    article = ask(page, "What are Zebra Lanterns?")
    expect(article).to_contain_text("stripes")
    expect(evidence(page)).to_contain_text("zebra lanterns.txt, line 1")


def test_a_listing_that_is_there_already_adds_nothing(page: Page) -> None:
    upload(page, "again.txt", (ROOT / "seeds" / "profile_kyelim_lee.txt").read_bytes())

    expect(page.get_by_text("Nothing new")).to_be_visible(timeout=60_000)


def test_an_empty_library_offers_the_seeds(empty_page: Page) -> None:
    expect(empty_page.locator("#scroll").get_by_text("The library is empty")).to_be_visible()

    empty_page.get_by_role("button", name="Read the seed listings").click()

    expect(empty_page.get_by_role("progressbar")).to_be_visible()
    expect(empty_page.get_by_text("65 papers added")).to_be_visible(timeout=60_000)
    empty_page.get_by_role("button", name=re.compile("^What is .*\\?$")).click()
    article = empty_page.get_by_role("log").get_by_role("article")
    expect(article.get_by_role("button", name=re.compile("^Citation"))).not_to_have_count(0, timeout=60_000)


def test_reading_is_stopped_and_goes_on_when_the_file_is_dropped_again(empty_page: Page) -> None:
    papers = [LISTING.replace("Zebra", f"Zebra{number}").replace("stripes", f"{number} lines") for number in range(400)]
    upload(empty_page, "many.txt", "\n".join(papers))

    empty_page.get_by_role("button", name="Stop reading").click()

    expect(empty_page.get_by_text("Stopped; what was read stays.")).to_be_visible(timeout=30_000)
    expect(empty_page.get_by_role("button", name="Stop reading")).to_be_hidden()
    expect(empty_page.get_by_role("navigation", name="Library")).to_contain_text("400 papers")
    upload(empty_page, "many.txt", "\n".join(papers))
    expect(empty_page.get_by_text("The rest of these listings is read now.")).to_be_visible(timeout=120_000)


def test_a_long_answer_is_read_from_its_beginning(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")

    article = ask(page, "Papers by Bumjun Kim")

    expect(article.get_by_text("Papers by Bumjun Kim")).to_be_in_viewport()


def test_a_bad_upload_says_why_and_changes_nothing(page: Page) -> None:
    before = page.get_by_role("navigation", name="Library").inner_text()

    upload(page, "paper.txt", b"%PDF-1.7 \x00\x01")

    alert = page.get_by_role("alert")
    expect(alert).to_have_text(re.compile(r"^paper\.txt is a damaged PDF; .*\.$"), timeout=60_000)
    assert page.get_by_role("navigation", name="Library").inner_text() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("openai:gpt-x", "Your question and the passages found for it are sent to api.openai.com."),
        ("https://models.example.org/v1", "is neither on this machine nor named in the configuration"),
        ("ollama:llama3", "Nothing leaves this machine."),
        ("nonsense", "'nonsense' is no model"),
    ],
)
def test_the_model_picker_says_what_leaves_the_machine(page: Page, name: str, said: str) -> None:
    pick_other_model(page, name)

    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


def test_an_unreachable_model_gives_a_sentence_and_the_local_one_still_answers(page: Page) -> None:
    pick_other_model(page, UNREACHABLE)

    problem = ask(page, QUESTION)

    expect(problem.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(problem).to_contain_text(QUESTION)
    page.get_by_role("button", name="Ask the local model instead").click()
    answered = page.get_by_role("log").get_by_role("article")
    expect(answered.get_by_role("button", name=re.compile("^Citation 1: "))).not_to_have_count(0, timeout=60_000)
    expect(answered).to_have_count(1)  # in the place of the one that failed
    expect(page.get_by_role("button", name=re.compile("Local model · nothing leaves this machine"))).to_be_visible()


def test_the_claims_of_an_answer_are_judged_at_a_click(page: Page) -> None:
    says = verdict_line(1, "says", "with as few as seven padding tokens sufficient")
    stub = Stub(FREELY, ["I would rather not.", says])
    with openai_server(Script(raw=stub.raw)) as stub.server:
        pick_other_model(page, f"{stub.server.base_url}#m")
        written = ask(page, "What does Rainbow Padding bring?")
        expect(written).not_to_contain_text("supported")
        ask(page, "What is DUSK?")

        written = page.get_by_role("log").get_by_role("article").first
        written.get_by_role("button", name=re.compile(r"^Check with .+ \(about \d+ tokens\)$")).click()

        expect(written).to_contain_text("1 supported", timeout=60_000)  # in its own place
        expect(page.get_by_role("log").get_by_role("article")).to_have_count(2)
        expect(written.get_by_role("button", name=re.compile("^Check with"))).to_have_count(0)


SLOW = Script(pieces=tuple(f"word{number} " for number in range(600)), seconds_a_piece=0.1)


def test_stop_keeps_the_text_so_far_and_the_chat_goes_on(page: Page) -> None:
    with openai_server(SLOW) as server:
        pick_other_model(page, slow_model(server))
        send(page, QUESTION)
        expect(page.get_by_text("word3")).to_be_visible(timeout=60_000)

        page.get_by_role("button", name="Stop").click()

        assert server.left.wait(1.0)  # the model is not left to write on
        stopped = page.get_by_role("log").get_by_role("article")
        expect(stopped).to_contain_text("word0 word1 word2 word3")
        expect(stopped).to_contain_text("Stopped here.")
        text = stopped.inner_text()
        page.wait_for_timeout(1000)
        assert stopped.inner_text() == text
    page.get_by_role("button", name=re.compile("leaves this machine")).click()
    page.get_by_role("radio", name="Local model").check()
    expect(ask(page, QUESTION).get_by_role("button", name=re.compile("^Citation 1: "))).not_to_have_count(0)


def test_stop_leaves_a_model_that_says_nothing(page: Page) -> None:
    with openai_server(Script(silent_seconds=60.0)) as server:
        pick_other_model(page, slow_model(server))
        send(page, QUESTION)
        expect(page.get_by_text("reading 16 passages, about")).to_be_visible(timeout=60_000)
        while not server.chats:
            page.wait_for_timeout(50)

        page.get_by_role("button", name="Stop").click()

        assert server.left.wait(1.0)
        expect(page.get_by_role("log").get_by_role("article")).to_contain_text("Stopped here.")


def test_two_visitors_are_answered_at_the_same_time(page: Page) -> None:
    with openai_server(SLOW) as server:
        pick_other_model(page, slow_model(server))
        send(page, QUESTION)
        expect(page.get_by_text("word3")).to_be_visible(timeout=60_000)
        other = visitor(page)

        answered = ask(other, "What is Rainbow Padding?")

        expect(answered).to_contain_text("Rainbow Padding")
        expect(answered).not_to_contain_text("word3")
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        other.context.close()


def test_a_follow_up_is_about_the_paper_before(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")

    expect(ask(page, "Who wrote it?")).to_contain_text("Bumjun Kim")


def test_a_new_chat_is_empty_and_forgets_the_paper_before(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")

    page.get_by_role("button", name="New chat").click()

    expect(page.get_by_role("log").get_by_role("article")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^What is .*\\?$"))).to_be_visible()
    expect(ask(page, "Who wrote it?")).not_to_contain_text("Bumjun Kim, Dongjae Jeon")


def test_two_visitors_do_not_share_a_conversation(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")
    other = visitor(page)

    expect(other.get_by_role("log").get_by_role("article")).to_have_count(0)
    expect(ask(other, "Who wrote it?")).not_to_contain_text("Bumjun Kim, Dongjae Jeon")
    expect(page.get_by_role("log").get_by_role("article")).to_have_count(1)
    other.context.close()


def test_a_hostile_listing_runs_no_script(page: Page) -> None:
    hostile = LISTING.replace("Zebra Lanterns", "Xebra Torches").replace("A Study", f"{PAYLOADS} A Study")
    hostile = hostile.replace("Striped illumination is", f"{PAYLOADS} ![x](http://evil.example/x.png) It is")

    upload(page, "<img src=x onerror=window.hacked=1>${window.hacked=1}.txt", hostile)

    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    ask(page, "What are Xebra Torches?")
    expect(evidence(page)).to_contain_text("<script>window.hacked=1</script>")
    expect(evidence(page).locator("img, script")).to_have_count(0)


def test_a_hostile_question_is_shown_as_typed(page: Page) -> None:
    article = ask(page, f"What is {PAYLOADS} Rainbow Padding?")

    expect(article).to_contain_text(f"What is {PAYLOADS} Rainbow Padding?")


def test_a_question_of_100000_characters_gets_a_sentence(page: Page) -> None:
    article = ask(page, "why " * 25_000)

    expect(article.get_by_role("alert")).to_have_count(1)
    expect(article).to_contain_text("characters")


def test_an_empty_question_is_not_asked(page: Page) -> None:
    send(page, "   ")

    expect(page.get_by_role("button", name="Send")).to_be_visible()
    ask(page, "What is Rainbow Padding?")
    expect(page.get_by_role("log").get_by_role("article")).to_have_count(1)
    expect(page.get_by_text("Error", exact=True)).to_have_count(0)


def test_the_page_works_again_after_a_reload(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")

    page.reload()

    expect(page.get_by_role("log").get_by_role("article")).to_contain_text("Rainbow Padding")
    expect(ask(page, "Who wrote it?")).to_contain_text("Bumjun Kim")


def test_on_a_phone_a_citation_opens_the_evidence_and_escape_closes_it(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    article = ask(page, "What is Rainbow Padding?")
    card = page.get_by_role("article", name=re.compile("^Reference 1: "))

    expect(card).not_to_be_in_viewport()
    article.get_by_role("button", name=re.compile("^Citation 1: ")).first.click()
    expect(card).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(card).not_to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_log_holds_no_traceback(page: Page, server: Any) -> None:
    assert "Traceback" not in Path(server.log).read_text()


def test_a_filter_can_be_taken_away(page: Page) -> None:
    narrow = ask(page, "papers by Soeun Kim from 2025")
    expect(narrow).to_contain_text("by Soeun Kim from 2025")
    articles = page.get_by_role("log").get_by_role("article")

    narrow.get_by_role("button", name="Ask again without: from 2025").click()

    expect(articles).to_have_count(2, timeout=60_000)
    expect(articles.nth(1)).to_contain_text("4 papers in the library are by Soeun Kim")
    expect(articles.nth(1).get_by_role("button", name="Ask again without: from 2025")).to_have_count(0)
    articles.nth(1).get_by_role("button", name="Ask again without: by Soeun Kim").click()
    expect(articles).to_have_count(3, timeout=60_000)
    expect(articles.nth(2)).to_contain_text(re.compile(r"\d+ papers in the library:"))


def test_a_model_is_tested_with_one_button(page: Page) -> None:
    with openai_server(Script(pieces=("ready",))) as server:
        pick_other_model(page, f"{server.base_url}#m")
        page.get_by_role("button", name="Test it").click()
        expect(page.get_by_role("status").filter(has_text="answers: first words after")).to_be_visible()

    page.get_by_role("textbox", name="Name or address").fill(UNREACHABLE)
    page.get_by_role("button", name="Test it").click()
    expect(page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible(timeout=30_000)
