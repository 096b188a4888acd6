"""What a visitor does on the page, by role and label."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.openai_server import OpenAIServer

QUESTION = "Why do instruction-tuned diffusion LLMs terminate early?"
UNREACHABLE = "http://127.0.0.1:9/v1#nobody"
PAYLOADS = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>${window.hacked=1}{{constructor}}"
LISTING = """LGMay 14, 2025
Zebra Lanterns: A Study of Striped Illumination

Ada Quill, Ben Moss

Striped illumination is poorly understood. We introduce Zebra Lanterns, a method that paints light in stripes. \
Experiments show that Zebra Lanterns improve visibility by 12 percent over plain lanterns.
"""


def ask(page: Page, question: str) -> Locator:
    """Ask, wait until the answer is checked, and return it."""
    done = page.get_by_role("log").get_by_role("article")
    before = done.count()
    send(page, question)
    expect(done).to_have_count(before + 1, timeout=60_000)
    return done.nth(before)


def send(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Your question").fill(question)
    page.get_by_role("button", name="Send").click()


def upload(page: Page, name: str, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    file = {"name": name, "mimeType": "text/plain", "buffer": data}
    page.locator("#upload").get_by_label("File upload").set_input_files(file)  # type: ignore[arg-type]


def evidence(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Evidence")


def pick_other_model(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("leaves this machine")).click()
    page.get_by_role("radio", name="Another model").check()
    page.get_by_role("textbox", name="Name or address").fill(name)


def slow_model(server: OpenAIServer) -> str:
    return f"{server.base_url}#slow"


def turns(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("article")


def conversations(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations").get_by_role("listitem")


def act(page: Page, row: Locator, what: str) -> None:
    """Open the menu of a conversation or a listing and click."""
    row.hover()
    row.locator("summary").click()
    row.get_by_text(what, exact=True).click()
