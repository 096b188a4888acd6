"""The library in the page: its table, a paper's page, what is deleted and comes back, several files, the map."""

import re
from collections.abc import Iterator

import pytest
from page_actions import LISTING, PAYLOADS, act, ask, upload
from playwright.sync_api import Browser, Locator, Page, expect

from tests.served_page import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, own_server: Server) -> Iterator[Page]:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{own_server.url}/#library")
    expect(rows(page)).not_to_have_count(0)
    yield page
    assert page.evaluate("window.hacked") is None
    page.context.close()


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="Papers").locator("tbody").get_by_role("row")


def search(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Title, author, organisation or category").fill(words)


def paper(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Paper").get_by_role("article")


def listings(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Library").get_by_role("listitem")


def total(page: Page) -> Locator:
    return page.get_by_role("region", name="Papers").get_by_role("status")


def restored(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Restored:")).to_be_visible(timeout=30_000)


def test_the_table_follows_what_is_typed(page: Page) -> None:
    expect(total(page)).to_have_text("1–50 of 65 papers")
    search(page, "rainb")
    expect(rows(page)).to_have_count(1)
    search(page, "no paper has this")
    expect(page.get_by_text("No paper fits")).to_be_visible()
    search(page, "")
    expect(total(page)).to_have_text("1–50 of 65 papers")


def test_the_table_is_sorted_and_turned_over(page: Page) -> None:
    page.get_by_role("button", name="Title").click()
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    first = rows(page).first.inner_text()
    page.get_by_role("button", name="Title").click()
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "descending")
    assert rows(page).first.inner_text() != first

    page.get_by_role("button", name="Next").click()
    expect(total(page)).to_have_text("51–65 of 65 papers")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_role("button", name="Previous").click()
    expect(total(page)).to_have_text("1–50 of 65 papers")


def test_the_table_is_filtered_by_year_and_by_a_listing_at_the_side(page: Page) -> None:
    page.get_by_role("combobox", name="Year").click()
    page.get_by_role("option", name=re.compile("^2025")).click()
    expect(rows(page).first).to_contain_text(re.compile(r"\d [A-Z][a-z]+ 2025"))

    listings(page).filter(has_text="Kyelim Lee").get_by_role("link", name="Kyelim Lee").click()
    expect(total(page)).to_have_text("1–3 of 3 papers")


def test_a_papers_page_says_where_it_is_printed_and_why_its_entries_are_one(page: Page) -> None:
    search(page, "reversal curse")
    expect(rows(page)).to_have_count(1)
    rows(page).first.get_by_role("link").click()

    expect(paper(page).get_by_role("heading", level=2)).to_contain_text("Reversal Curse")
    entries = paper(page).get_by_role("listitem")
    expect(entries).not_to_have_count(0)
    expect(entries.first).to_contain_text(re.compile(r"\.txt, line \d+"))
    assert re.search(r"#library/[0-9a-f]{12}$", page.url)


def test_a_file_that_is_chosen_while_another_is_read_is_read_too(page: Page) -> None:
    for name in ("one", "two", "three"):
        with page.expect_request(lambda sent, name=name: "/queue/join" in sent.url and f"{name}.txt" in sent.post_data):
            upload(page, f"{name}.txt", LISTING.replace("Zebra", name.title()))
        expect(page.locator("#upload").get_by_role("row")).to_have_count(0)  # it is being read, or waits for that
    for name in ("one", "two", "three"):
        expect(listings(page).filter(has_text=f"{name}.txt")).to_be_visible(timeout=60_000)


def test_an_entry_is_kept_apart_and_joined_again(page: Page) -> None:
    upload(page, "first.txt", LISTING)
    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    upload(page, "second.txt", LISTING.replace("Ada Quill, Ben Moss", "Ada Quill, Cleo Nix"))
    expect(page.get_by_text("1 merged with others")).to_be_visible(timeout=60_000)
    search(page, "zebra")
    expect(rows(page)).to_have_count(1)
    rows(page).first.get_by_role("link").click()
    expect(paper(page)).to_contain_text(re.compile("same title", re.I))

    paper(page).get_by_role("button", name="Keep apart").last.click()
    expect(rows(page)).to_have_count(2, timeout=30_000)
    expect(paper(page)).to_contain_text("Zebra Lanterns")
    page.get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(1, timeout=30_000)


def test_a_deleted_paper_is_in_no_answer_until_it_is_restored(page: Page) -> None:
    search(page, "rainbow padding")
    expect(rows(page)).to_have_count(1)
    rows(page).first.get_by_role("link").click()
    paper(page).get_by_role("button", name="Delete this paper").click()
    expect(page.get_by_text("No paper fits")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(ask(page, "What is Rainbow Padding?")).not_to_contain_text("distinct padding tokens")

    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("tab", name="Deleted").click()
    page.get_by_role("region", name="Deleted").get_by_role("button", name="Restore").first.click()
    expect(page.get_by_text("Restored: Rainbow Padding")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(ask(page, "What is Rainbow Padding?")).to_contain_text("distinct padding tokens")


def test_a_deleted_listing_comes_back_as_it_was(page: Page) -> None:
    before = listings(page).all_inner_texts()
    act(page, listings(page).filter(has_text="Soeun Kim"), "Delete this listing")
    expect(listings(page)).to_have_count(len(before) - 1, timeout=30_000)

    restored(page)

    expect(listings(page)).to_have_count(len(before))
    assert listings(page).all_inner_texts() == before


def test_chosen_papers_are_asked_about(page: Page) -> None:
    search(page, "diffusion")
    boxes = page.get_by_role("region", name="Papers").get_by_role("checkbox")
    boxes.nth(1).check()
    boxes.nth(2).check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    search(page, "")
    expect(page.get_by_text("2 chosen")).to_be_visible()

    page.get_by_role("button", name="Ask about them").click()

    expect(page.get_by_role("button", name="Remove limit: 2 chosen papers")).to_be_visible(timeout=30_000)
    expect(ask(page, "How many papers are there?")).to_contain_text("2 papers")


def test_several_files_are_read_at_once_and_what_was_skipped_is_said(page: Page) -> None:
    files = [
        {"name": "quills.txt", "mimeType": "text/plain", "buffer": LISTING.replace("Zebra", "Quagga").encode()},
        {"name": "moss.txt", "mimeType": "text/plain", "buffer": LISTING.replace("Zebra", "Okapi").encode()},
    ]
    page.locator("#upload").get_by_label("File upload").set_input_files(files)  # type: ignore[arg-type]

    expect(page.get_by_text("2 papers added, 0 merged with others, from 2 listings.")).to_be_visible(timeout=60_000)
    search(page, "okapi")
    expect(rows(page)).to_have_count(1)


def test_a_file_that_is_no_listing_keeps_no_other_from_being_read(page: Page) -> None:
    files = [
        {"name": "gnu.txt", "mimeType": "text/plain", "buffer": LISTING.replace("Zebra", "Gnu").encode()},
        {"name": "bin.txt", "mimeType": "text/plain", "buffer": b"%PDF \xff\xfe"},
    ]
    page.locator("#upload").get_by_label("File upload").set_input_files(files)  # type: ignore[arg-type]

    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    page.get_by_text("1 file left out").click()
    expect(page.get_by_text(re.compile("^bin.txt, the whole file: bin.txt"))).to_be_visible()


def test_a_file_that_is_dropped_anywhere_is_read(page: Page) -> None:
    dropped = page.evaluate_handle(
        "text => { const held = new DataTransfer(); held.items.add(new File([text], 'dropped.txt')); return held; }",
        LISTING.replace("Zebra", "Tapir"),
    )
    for event in ("dragover", "drop"):
        page.dispatch_event("#library", event, {"dataTransfer": dropped})

    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    search(page, "tapir")
    expect(rows(page)).to_have_count(1)


def paste(page: Page, selector: str, text: str) -> None:
    script = """([selector, text]) => {
        const held = new DataTransfer();
        held.setData("text/plain", text);
        const target = document.querySelector(selector);
        target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(script, [selector, text])


def test_text_that_is_pasted_where_nothing_is_typed_is_read(page: Page) -> None:
    paste(page, "#search-papers :is(input, textarea)", LISTING.replace("Zebra", "Koala"))  # is typed
    paste(page, "#library h2", LISTING.replace("Zebra", "Ibex"))

    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("navigation", name="Library")).to_contain_text("pasted 20")
    search(page, "ibex")
    expect(rows(page)).to_have_count(1)
    search(page, "koala")
    expect(rows(page)).to_have_count(0)


def test_a_listing_that_is_pasted_into_the_question_box_is_offered_to_the_library(page: Page) -> None:
    page.get_by_role("link", name="Ask", exact=True).click()
    box = page.get_by_role("textbox", name="Your question")
    question = (
        "Which of my papers say that a lantern in stripes is seen better than a plain one, and by how much is it?"
    )
    paste(page, "#question textarea", question)
    expect(box).to_have_value(question)

    paste(page, "#question textarea", LISTING.replace("Zebra", "Gerenuk"))
    expect(page.get_by_text("a listing of 1 paper")).to_be_visible()
    expect(box).to_have_value(question)
    page.get_by_role("button", name="Put it into the question").click()
    expect(box).to_have_value(re.compile("Gerenuk"))

    paste(page, "#question textarea", LISTING.replace("Zebra", "Gerenuk"))
    page.get_by_role("button", name="Add these papers").click()
    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("a listing of 1 paper")).not_to_be_visible()


def test_where_nothing_can_be_pasted_by_keys_a_listing_is_pasted_into_a_box_of_its_own(page: Page) -> None:
    page.get_by_role("button", name="Paste a listing").click()
    page.get_by_role("dialog", name="Paste a listing").get_by_role("textbox").fill(LISTING.replace("Zebra", "Serval"))
    page.get_by_role("dialog", name="Paste a listing").get_by_role("button", name="Add these papers").click()

    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    search(page, "serval")
    expect(rows(page)).to_have_count(1)


def test_the_map_shows_each_paper_and_a_lasso_chooses_some(page: Page) -> None:
    page.get_by_role("tab", name="Map").click()
    plot = page.locator("#map .js-plotly-plot")
    expect(plot).to_be_visible(timeout=120_000)
    page.wait_for_function("document.querySelector('#map .js-plotly-plot').dataset.listened")
    count = page.evaluate(
        "document.querySelector('#map .js-plotly-plot').data.reduce((sum, one) => sum + one.customdata.length, 0)"
    )
    assert page.get_by_role("heading", name="Library ·").text_content() == f"Library · {count} papers"

    box = plot.locator(".nsewdrag").bounding_box()
    assert box is not None
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.03)]
    x, y = corners[0]
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=10)
    page.mouse.up()

    expect(page.get_by_text(f"{count} chosen")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="Ask about them")).not_to_be_visible()


def test_the_timeline_is_drawn(page: Page) -> None:
    page.get_by_role("tab", name="Timeline").click()

    expect(page.locator("#library .js-plotly-plot").locator("visible=true")).to_have_count(1, timeout=120_000)


def test_a_hostile_listing_runs_nothing_in_the_table_on_its_page_and_on_the_map(page: Page) -> None:
    hostile = LISTING.replace("Zebra Lanterns", f"Yak Torches {PAYLOADS}").replace("Ada Quill", "<b>Ada</b> Quill")
    upload(page, '<img src=x onerror="window.hacked=1">.txt', hostile)
    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    search(page, "yak torches")
    expect(rows(page).first).to_contain_text("<script>window.hacked=1</script>")

    rows(page).first.get_by_role("link").click()
    expect(paper(page)).to_contain_text("<script>window.hacked=1</script>")
    page.get_by_role("tab", name="Map").click()
    expect(page.locator("#map .js-plotly-plot")).to_be_visible(timeout=120_000)
    for place in ("#library", "#side", "#evidence"):
        expect(page.locator(place).locator("img, script, b")).to_have_count(0)
