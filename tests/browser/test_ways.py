"""Every way leads on: from chosen papers, from a refusal, from an answer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_chat import LISTING, ask, evidence, upload
from tests.browser.test_conversations import act
from tests.served_page import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("label", ["Summarize", "Compare", "List", "Draft related work"])
def test_chosen_papers_can_be_asked_about_by_a_button(page: Page, label: str) -> None:
    page.get_by_role("link", name="Library", exact=True).click()
    boxes = page.get_by_role("region", name="Papers").get_by_role("checkbox")
    expect(boxes).not_to_have_count(0)
    for place in (1, 2, 3):
        boxes.nth(place).check()
    page.get_by_role("button", name="Ask about them").click()

    page.get_by_role("button", name=label, exact=True).click()

    article = page.get_by_role("log").get_by_role("article")
    expect(article).to_have_count(1, timeout=60_000)
    expect(evidence(page).get_by_role("article")).to_have_count(3)


def test_a_refusal_leads_to_the_closest_papers_and_to_questions_with_answers(page: Page) -> None:
    article = ask(page, "What is FlashAttention-3?")

    card = article.get_by_role("link").first
    title = card.locator("strong").inner_text()
    expect(evidence(page).get_by_role("article", name=title)).to_be_visible()
    article.get_by_role("group", name="Questions to go on with").get_by_role("button").first.click()
    answered = page.get_by_role("log").get_by_role("article").nth(1)
    expect(answered.get_by_role("button", name=re.compile("^Citation"))).not_to_have_count(0, timeout=60_000)
    card.click()
    expect(page.get_by_role("complementary", name="Paper").get_by_role("article", name=title)).to_be_visible()


def test_only_the_last_answer_offers_questions_to_go_on_with(page: Page) -> None:
    first = ask(page, "What is Rainbow Padding?")
    expect(first.get_by_role("group", name="Questions to go on with")).to_be_visible()
    second = ask(page, "Papers by Bumjun Kim")

    expect(second.get_by_role("group", name="Questions to go on with")).to_be_visible()
    expect(first.get_by_role("group", name="Questions to go on with")).not_to_be_visible()


# -- the left pane


def test_the_library_and_what_adds_to_it_stay_in_sight_of_many_conversations(page: Page) -> None:
    for _ in range(12):
        page.keyboard.press("Control+k")
        expect(page.locator("#welcome").first).to_be_visible()
        ask(page, "hello")

    for place in ("#listings", "#upload"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)
    assert page.evaluate("(list => list.scrollHeight > list.clientHeight)(document.getElementById('conversations'))")
    rows = page.get_by_role("navigation", name="Conversations").get_by_role("listitem")
    for place in range(5):
        expect(rows.nth(place)).to_be_in_viewport(ratio=1)
    row = rows.first
    expect(row).to_contain_text(re.compile(r"\d\d:\d\d"))


def test_a_part_of_the_left_pane_is_closed_and_opened(page: Page) -> None:
    head = page.get_by_role("button", name="Library ·")
    head.click()
    expect(head).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("link", name="Kyelim Lee")).not_to_be_visible()
    head.click()
    expect(page.get_by_role("link", name="Kyelim Lee")).to_be_visible()


def test_listings_are_ticked_as_the_sources_of_a_chat(page: Page) -> None:
    tick = page.get_by_role("checkbox", name="Ask only: Kyelim Lee")
    tick.check()
    expect(page.get_by_role("button", name="Remove limit: Kyelim Lee")).to_be_visible(timeout=30_000)
    expect(ask(page, "How many papers are there?")).to_contain_text("3 papers")

    page.get_by_role("button", name="Remove limit: Kyelim Lee").click()
    expect(tick).not_to_be_checked(timeout=30_000)
    tick.check()
    expect(page.get_by_role("button", name="Remove limit: Kyelim Lee")).to_be_visible(timeout=30_000)
    page.keyboard.press("Control+k")
    expect(tick).not_to_be_checked(timeout=30_000)


# -- what is open is closed


def test_the_limits_are_closed_by_escape_by_a_click_elsewhere_and_by_sending(page: Page) -> None:
    button = page.locator("#limit-panel > button")
    years = page.get_by_role("textbox", name="From year")
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("#scroll").click(position={"x": 5, "y": 5}),
        lambda: ask(page, "hello"),
    ):
        button.click()
        expect(years).to_be_visible()
        close()
        expect(years).not_to_be_visible()


# -- how it looks


def test_light_or_dark_is_chosen_and_kept(page: Page) -> None:
    page.get_by_role("button", name="Light or dark: as the system has it").click()
    page.get_by_role("button", name="Light or dark: light").click()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))

    page.reload()

    expect(page.get_by_role("button", name="Light or dark: dark")).to_be_visible()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))


def test_formulas_are_set_and_tokens_are_code(page: Page) -> None:
    ask(page, "papers about quantization error reconstruction")
    expect(evidence(page).locator(".math .katex").first).to_be_visible()
    expect(evidence(page).locator(".math:not(:has(.katex))")).to_have_count(0)

    ask(page, "What is Rainbow Padding?")

    expect(evidence(page).locator("code", has_text="<eos>").first).to_be_visible()


def test_a_formula_that_is_none_stays_as_it_is_and_runs_nothing(page: Page) -> None:
    formula = r"\href{javascript:window.hacked=1}{x}\htmlData{onclick=1}{y}"
    page.evaluate(
        """tex => {
            const one = Object.assign(document.createElement("span"), { className: "math", textContent: "as it is" });
            one.dataset.tex = tex;
            document.querySelector("#transcript").append(one);
        }""",
        formula + r"\frac{",
    )

    expect(page.locator(".math[data-set]")).to_have_text("as it is")


def test_a_paper_without_an_address_is_looked_for_by_its_title(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")
    way = evidence(page).get_by_role("link", name="Find on Scholar").first

    expect(way).to_have_attribute("href", re.compile(r"^https://scholar\.google\.com/scholar\?q=%22Rainbow\+Padding"))
    expect(way).to_have_attribute("target", "_blank")
    expect(way).to_have_attribute("rel", re.compile("noopener"))


def test_a_phone_shows_the_name_and_closes_what_slides_in(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("link", name="Library", exact=True)).to_be_in_viewport(ratio=1)
    assert page.locator("#top").bounding_box()["height"] <= 52  # type: ignore[index]
    page.locator('[data-opens="side"]').click()
    expect(page.get_by_role("heading", name="Research assistant")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Keys and marks")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    for opens, pane in (("side", "#side"), ("evidence", "#evidence")):
        page.locator(f'[data-opens="{opens}"]').click()
        expect(page.locator(pane)).to_be_in_viewport()
        page.locator(pane).get_by_role("button", name="Close").click()
        expect(page.locator(pane)).not_to_be_visible()


def test_a_citation_is_as_large_as_a_finger(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server.url)
    chip = ask(page, "What is Rainbow Padding?").get_by_role("button", name=re.compile("^Citation 1: ")).first
    box = chip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for across, down in ((-21, 0), (21, 0), (0, -21), (0, 21)):
        point = [x + across, y + down]
        assert page.evaluate("at => document.elementFromPoint(...at).matches('.citation')", point), (across, down)
    context.close()


def test_back_closes_what_slides_in_before_it_leaves_the_place(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    article = ask(page, "What is Rainbow Padding?")
    place = page.url
    article.get_by_role("button", name=re.compile("^Citation 1: ")).first.click()
    expect(page.locator("#evidence")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#evidence")).not_to_be_visible()
    assert page.url == place

    before = page.evaluate("history.length")
    page.locator('[data-opens="side"]').click()
    page.locator("#side").get_by_role("button", name="Close").click()
    expect(page.locator("#side")).not_to_be_visible()
    page.wait_for_function("!history.state?.pane")
    page.locator('[data-opens="side"]').click()
    page.locator("#listings").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Papers")).to_be_visible()
    page.go_back()
    expect(article).to_be_visible()
    assert page.url == place and page.evaluate("history.length") <= before + 1


def test_nothing_shines_through_what_slides_in(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for view in ("ask", "authors", "related", "check", "library"):
        page.evaluate("view => { location.hash = view; }", view)
        page.locator('[data-opens="side"]').click()
        expect(page.locator("#side")).to_be_in_viewport()
        page.wait_for_timeout(200)  # it has slid in
        through = page.evaluate(
            """() => {
                const { left, right, top, bottom } = document.getElementById("side").getBoundingClientRect();
                const pointed = document.createElement("style"); // what takes no pointer is seen as well
                pointed.textContent = "#chat *, .view * { pointer-events: auto !important; }";
                document.head.append(pointed);
                const seen = new Set();
                for (let x = left + 4; x < right; x += 12) for (let y = top + 4; y < bottom; y += 8) {
                    const above = document.elementFromPoint(x, y);
                    if (!above?.closest("#side")) seen.add(above?.outerHTML.slice(0, 120));
                }
                pointed.remove();
                return [...seen];
            }"""
        )
        assert through == [], view
        page.locator("#side").get_by_role("button", name="Close").click()


def test_what_is_offered_is_in_the_library(empty_page: Page) -> None:
    page = empty_page
    offered = page.locator("#authors").get_by_role("button", name="Ada Quill")
    upload(page, "zebra.txt", LISTING)
    expect(page.get_by_text("1 paper added")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Authors", exact=True).click()
    expect(offered).to_be_visible()

    listing = page.get_by_role("navigation", name="Library").get_by_role("listitem")
    act(page, listing, "Delete this listing")

    expect(listing).to_have_count(0, timeout=30_000)
    expect(offered).to_have_count(0)
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.get_by_role("region", name="Papers").get_by_text("The library is empty")).to_be_visible()
    page.get_by_role("tab", name="Map").click()
    expect(page.locator("#library").get_by_text("The library is empty").locator("visible=true")).to_be_visible()
    expect(page.locator("#map .js-plotly-plot").locator("visible=true")).to_have_count(0)


def test_the_page_is_served_while_the_seeds_are_read(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path / "library", tmp_path / "log") as server:
        page = browser.new_page()
        page.goto(server.url)
        expect(page.get_by_role("heading", name="Library · 65 papers")).to_be_visible(timeout=120_000)
        page.close()
