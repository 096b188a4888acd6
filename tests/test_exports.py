"""A conversation as Markdown, HTML and JSON: all of it, with a bibliography, and nothing in it loads or runs."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.conversations.exports import as_json, as_markdown
from assistant.conversations.html_export import as_html
from assistant.conversations.limits import Limits
from assistant.conversations.records import StoredConversation, StoredExchange
from assistant.pipeline import Assistant
from assistant.records import Answer, Citation, Reference, Sentence, Usage, Verdict
from assistant.settings import Settings
from assistant.text.plain_text import plain_text
from tests.test_injection import HOSTILE, TEXTS, assert_inert
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.library import Library

QUESTIONS = ("What is Rainbow Padding?", "papers by Bumjun Kim", "Compare Rainbow Padding and REFT", "Who won?")
ASKED = datetime(2026, 7, 30, 12, 5, tzinfo=UTC)
LIMITS = Limits(listings=("a.txt", "b.txt"), authors=("Bumjun Kim",), since_year=2024, paper_ids=("p1", "p2"))


def exchange(question: str, answer: Answer | None = None, **fields: object) -> StoredExchange:
    known: dict[str, object] = {"text": answer.text if answer else "", "problem": "", "stopped": False}
    known |= {"rating": 0, "reason": "", "asked": ASKED, "model": "local:extractive"} | fields
    return StoredExchange("e", "c", question, answer=answer, **known)  # type: ignore[arg-type]


def conversation(*exchanges: StoredExchange, title: str = "Padding", limits: Limits = LIMITS) -> StoredConversation:
    return StoredConversation("c", title, False, limits, exchanges)


@pytest.fixture(scope="module")
def answers(seeds_library: Library) -> list[Answer]:
    assistant = Assistant(seeds_library, Settings())
    return [assistant.ask(question) for question in QUESTIONS]


@pytest.fixture(scope="module")
def whole(answers: list[Answer]) -> StoredConversation:
    later = exchange("Why?\nReally?", text="It was abo", stopped=True, asked=ASKED.replace(day=31))
    failed = exchange("And now?", problem="The model is not reachable.")
    return conversation(*(exchange(answer.question, answer) for answer in answers), later, failed)


@pytest.fixture(scope="module")
def empty() -> Catalogue:
    return Catalogue("sqlite://")


class Page(HTMLParser):
    """The tags, the attributes and the words of a page, and its ids and the places that links lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.values: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.values += attributes

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, name: str) -> list[str]:
        return [value or "" for attribute, value in self.values if attribute == name]


def assert_harmless(html: str) -> None:
    page = Page(html)
    assert page.tags <= set(
        "html head meta title style body main h1 h2 h3 p div span section article strong em code pre ul ol li a"
        " table thead tbody tr th td".split()
    )
    assert page.attributes <= set("lang charset http-equiv content name class id href title rel target start".split())
    assert all(re.match(r"#|https?://", address) for address in page.of("href"))


def bib_in(markdown: str) -> str:
    (fenced,) = re.findall(r"(?ms)^## Bibliography\n\n(`{3,})bibtex\n(.*)\n\1\n\Z", markdown)
    return str(fenced[1])


def keys(bib: str) -> list[str]:
    read = bibtexparser.parse_string(bib)
    assert not read.failed_blocks
    return [entry.key for entry in read.entries]


# -- Markdown


def test_markdown_has_everything_in_its_order(whole: StoredConversation, seeds_library: Library) -> None:
    markdown = as_markdown(whole, seeds_library.catalogue)

    assert markdown.startswith(
        "# Padding\n\n2026-07-30 to 2026-07-31\n\nLimited to papers on a.txt or b.txt, by Bumjun Kim, since 2024,"
        " among 2 chosen.\n\n## Question 1\n\n> What is Rainbow Padding?\n\n"
    )
    assert re.findall(r"(?m)^## (.*)$", markdown) == [*(f"Question {n}" for n in range(1, 7)), "Bibliography"]
    assert markdown.count("\nReferences\n\n- [1] ") == 3
    assert "> Why?\n> Really?\n\nIt was abo\n\nThis answer was stopped.\n\n*local:extractive, 2026-07-31" in markdown
    assert "> And now?\n\nThe model is not reachable.\n\n*" in markdown
    assert_inert(markdown)


def test_the_bibliography_has_each_cited_paper_once(
    whole: StoredConversation, answers: list[Answer], seeds_library: Library
) -> None:
    cited = [reference.key for answer in answers for reference in answer.references]
    assert len(cited) > len(set(cited))

    assert keys(bib_in(as_markdown(whole, seeds_library.catalogue))) == list(dict.fromkeys(cited))


def test_a_conversation_without_anything_is_a_title(empty: Catalogue) -> None:
    nothing = conversation(title=" \n", limits=Limits())

    assert as_markdown(nothing, empty) == "# Conversation\n"
    assert "<h1>Conversation</h1>" in as_html(nothing, empty)
    assert json.loads(as_json(nothing, empty))["exchanges"] == []


# -- HTML


def test_html_links_each_citation_to_its_reference_with_its_quotes(
    whole: StoredConversation, answers: list[Answer], seeds_library: Library
) -> None:
    html = as_html(whole, seeds_library.catalogue)
    page = Page(html)
    assert_harmless(html)

    assert {place.removeprefix("#") for place in page.of("href") if place.startswith("#")} == {
        f"source-{number}-{reference.number}"
        for number, answer in enumerate(answers, 1)
        for reference in answer.references
    }
    assert len(page.of("id")) == len(set(page.of("id")))
    assert {one.removeprefix("#") for one in page.of("href") if one.startswith("#")} <= set(page.of("id"))
    for answer in answers:
        assert answer.question in page.words
        for citation in answer.citations:
            assert plain_text(citation.quote) in page.words
    assert keys(page.words[page.words.index("Bibliography") :].partition("Bibliography")[2])


def test_html_loads_nothing_and_runs_nothing(whole: StoredConversation, seeds_library: Library) -> None:
    html = as_html(whole, seeds_library.catalogue)

    policy = next(value for value in Page(html).of("content") if value.startswith("default-src"))
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )
    assert not re.search(r"<script|<link|<img|@import|url\(|\son\w+=|\sstyle=|\ssrc=|<button", html)


def test_marks_of_verdicts_are_shown_with_their_reasons(empty: Catalogue) -> None:
    sentences = (
        Sentence("It shines [1].", Verdict.SUPPORTED, (1,), 0, 14, (0,)),
        Sentence("It sings [1].", Verdict.UNSUPPORTED, (1,), 15, 28, (), "no passage sings"),
    )
    answer = Answer(
        *("Q", "Q", "passages", {}, "It shines [1]. It sings [1].", False, sentences),
        (Citation(1, "gone", "gone:0", "The lamp <shines>.", 0, 18),),
        (Reference(1, "gone", "Lamps", ("Ada Quill",), True, "2025-01-02", "quill2025lamps"),),
        *("m", Usage(), {}),
    )

    html = as_html(conversation(exchange("Q", answer)), empty)

    assert (
        '<span class="verdict unsupported" title="Unsupported: not found in what it cites (no passage sings)">○' in html
    )
    assert "no passage sings</li>" in html
    assert "○ unsupported: not found in what it cites." in html
    assert "“The lamp &lt;shines&gt;.”" in html
    assert "% quill2025lamps: no longer in the library" in html


# -- JSON


def test_json_has_what_the_others_have_and_the_ratings(answers: list[Answer], seeds_library: Library) -> None:
    rated = exchange(answers[0].question, answers[0], rating=-1, reason="too short")
    stopped = exchange("And?", text="half", stopped=True)

    record = json.loads(as_json(conversation(rated, stopped), seeds_library.catalogue))

    assert record.keys() == {"id", "title", "limits", "exchanges", "bibtex"}
    assert Limits.of(record["limits"]) == LIMITS
    first, second = record["exchanges"]
    assert first["answer"] == json.loads(json.dumps(answers[0].record()))
    assert (first["rating"], first["reason"], first["asked"]) == (-1, "too short", "2026-07-30T12:05:00+00:00")
    assert (second["answer"], second["text"], second["stopped"]) == (None, "half", True)
    assert keys(record["bibtex"]) == [reference.key for reference in answers[0].references]


# -- hostile texts


def hostile(text: str) -> StoredConversation:
    """Return a conversation with a text in each place that holds one."""
    reference = Reference(1, "gone", text, (text,), False, None, "gone")
    citation = Citation(1, "gone", "gone:0", text, 0, len(text))
    answer = Answer(
        *(text, text, "passages", {}, "It is so [1].", False),
        (Sentence("It is so [1].", Verdict.QUOTED, (1,), 0, 13, (0,), text),),
        *((citation,), (reference,), text, Usage(), {}),
        notes=(text,),
    )
    limits = Limits(listings=(text,), authors=(text,))
    broken = exchange(text, text=text, problem=text, model=text)
    return conversation(exchange(text, answer), broken, exchange(text, text=text), title=text, limits=limits)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_nothing(text: str, empty: Catalogue) -> None:
    held = hostile(text)

    markdown, html = as_markdown(held, empty), as_html(held, empty)
    assert_inert(markdown)
    assert_harmless(html)
    assert keys(bib_in(markdown)) == ["gone"]
    assert json.loads(as_json(held, empty))["title"] == text
    if text.startswith("<script>"):
        assert text in Page(html).words


@hypothesis_settings(max_examples=60)
@given(text=TEXTS | st.text(max_size=40))
def test_no_text_does_anything(empty: Catalogue, text: str) -> None:
    held = hostile(text)

    assert_inert(as_markdown(held, empty))
    assert_harmless(as_html(held, empty))
    assert keys(json.loads(as_json(held, empty))["bibtex"]) == ["gone"]
