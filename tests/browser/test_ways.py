"""Every way leads on: from chosen papers, from a refusal, from an answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_chat import ask, evidence

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
