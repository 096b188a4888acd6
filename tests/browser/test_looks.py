"""How the page looks, at every width, in light and in dark: kept as pictures for the eye, measured where that can be.

The pictures lie in artifacts/, which git ignores.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_actions import ask
from playwright.sync_api import Browser, Locator, Page, expect

from tests.served_page import Server

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parent.parent.parent / "artifacts"
SIZES = {"phone": (360, 740), "laptop": (1280, 800), "wide": (2560, 1440)}
SCHEMES = ("light", "dark")
VIEWS = ("ask", "authors", "related", "check", "library")


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser, server: Server, scheme: str) -> Iterator[Page]:
    """The page at one size in one scheme, with every other host blocked."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    outside: list[str] = []

    def pass_on(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.url.startswith((server.url, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route("**/*", pass_on)
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("textbox", name="Your question").wait_for()
    yield page
    context.close()
    assert outside == []


def cited(page: Page, region: str) -> Locator:
    return page.get_by_role("region", name=region).get_by_role("button", name=re.compile("^Citation"))


def filled(page: Page, view: str) -> None:
    """Bring a view to what a person looks at."""
    page.goto(f"{page.url.partition('#')[0]}#{view}")
    if view == "ask":
        ask(page, "What is Rainbow Padding?")
    elif view == "authors":
        page.get_by_role("textbox", name="Author", exact=True).fill("Bumjun Kim")
        page.get_by_role("textbox", name="Author", exact=True).press("Enter")
        expect(
            page.get_by_role("region", name="Summary").get_by_role("button", name=re.compile("^Citation"))
        ).not_to_have_count(0, timeout=60_000)
    elif view == "related":
        page.get_by_role("textbox", name="Topic").fill("machine unlearning")
        page.get_by_role("textbox", name="Topic").press("Enter")
        expect(
            page.get_by_role("region", name="Text").get_by_role("button", name=re.compile("^Citation"))
        ).not_to_have_count(0, timeout=60_000)
    elif view == "check":
        draft = (
            "As few as nine padding tokens are enough to keep replies long [1].\n\n# References\n\n1. Rainbow Padding: "
        )
        page.get_by_role("textbox", name="Your text").fill(
            f"{draft}Mitigating Early Termination in Instruction-Tuned Diffusion LLMs"
        )
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.get_by_role("region", name="Report").locator("mark")).not_to_have_count(0, timeout=60_000)
    else:
        expect(page.get_by_role("region", name="Papers").get_by_role("row")).not_to_have_count(0)
    page.wait_for_timeout(400)


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def cut_off(page: Page) -> list[str]:
    """Return the buttons, links and headings that stand out of the window at the side."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("button, a, h1, h2, h3, input, textarea")].filter((one) => {
                const { left, right, width } = one.getBoundingClientRect();
                if (!width || !one.checkVisibility({ visibilityProperty: true })) return false;
                if (one.closest("table, .table-of-papers, #side, .plot, .sr-only")) return false;
                return left < -1 || right > innerWidth + 1;
            }).map((one) => `${one.tagName} ${one.textContent.slice(0, 40)} ${one.id}`)"""
        )
    )


def test_every_view_fits_its_window(sized: Page, scheme: str) -> None:
    width = sized.viewport_size["width"] if sized.viewport_size else 0
    for view in VIEWS:
        filled(sized, view)
        picture(sized, f"{view}-{width}-{scheme}")
        assert sized.evaluate("document.documentElement.scrollWidth") == width, view
        assert cut_off(sized) == [], view


def test_the_texts_are_set_in_the_pages_own_fonts(page: Page) -> None:
    article = ask(page, "What is Rainbow Padding?")

    assert "Source Serif 4" in article.locator(".answer p").first.evaluate("(it) => getComputedStyle(it).fontFamily")
    loaded = page.evaluate(
        "document.fonts.ready.then((all) => [...all].filter((one) => one.status === 'loaded').map((one) => one.family))"
    )
    assert {"Inter Variable", "Source Serif 4 Variable"} <= {name.strip("\"'") for name in loaded}


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_serious_stands_in_the_way_of_anybody(browser: Browser, server: Server, view: str, scheme: str) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.goto(server.url)
    page.get_by_role("textbox", name="Your question").wait_for()
    filled(page, view)

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})

    serious = [
        f"{one['id']}: {node['html'][:160]}"
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    page.context.close()
    assert serious == []


def test_nothing_moves_for_those_who_want_no_motion(browser: Browser, server: Server) -> None:
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(server.url)
    page.get_by_role("textbox", name="Your question").wait_for()

    assert page.locator("#side").evaluate("(it) => getComputedStyle(it).transitionDuration") in ("0s", "none")
    page.context.close()


def test_the_answer_does_not_jump_while_it_grows(page: Page) -> None:
    ask(page, "What is Rainbow Padding?")
    page.evaluate(
        """() => {
            window.shifts = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
                if (!entry.hadRecentInput) window.shifts += entry.value;
            })).observe({ type: "layout-shift" });
        }"""
    )
    ask(page, "What is DUSK?")

    assert page.evaluate("window.shifts") < 0.25
