"""Answers, evidence and reports as HTML: the right words in the right place, and never a tag of somebody else's."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.html.markdown import References, answer_html
from assistant.html.sanitizing import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, cleaned, link
from assistant.records import Answer, Citation, Reference, Sentence, Usage, Verdict
from assistant.settings import Settings
from assistant.ui.chats import sentence_of
from assistant.ui.labels import LOCAL_MODEL, OLLAMA, OPENAI, OTHER_MODEL, UNEXPECTED
from assistant.ui.library_panel import refusal_html, report_html
from assistant.ui.model_picker import pick_of, picked_model, privacy
from assistant.ui.server import ResponseHeaders, listening_socket
from assistant.ui.sources import marked, quote_marks, sources_html, ways_out
from assistant.ui.transcript import Exchange, exchange_html
from tests.fakes import paper_of
from vectorstore.errors import AssistantError, ListingError
from vectorstore.library import IngestReport, SkippedLine
from vectorstore.listings.entry import Publication
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper
from vectorstore.servers import OPENAI_URL, origin_of

ABSTRACT = "Lamps are dim. We propose $\\mathbf{Z}$ebra <eos> lamps. They shine 12 percent brighter."
QUOTE = "We propose $\\mathbf{Z}$ebra <eos> lamps."
MARKED = r'We propose <span class="math" data-tex="\mathbf{Z}">Z</span>ebra <code>&lt;eos&gt;</code> lamps.'
NO_REFERENCES = References("0", {})
# Text as an attacker or a careless model writes it.
FRAGMENTS = [
    *("<script>", "</p>", "<img src=x onerror=a>", '" onclick="a', "'", "&lt;", "javascript:a", "![a](http://b/c)"),
    *("**", "*", "_", "`", "```\n", "| a |", "|---|\n", "\n", "1. ", "- ", "# ", "[1]", "[9]", "<eos>", "\x00", "é"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=12).map("".join)


class _Reader(HTMLParser):
    """Reads HTML as tags with their attributes, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS, tag
        for name, _ in attributes:
            allowed = ALLOWED_ATTRIBUTES.get(tag, set()) | ALLOWED_ATTRIBUTES["*"]
            assert name in allowed or (tag, name) == ("a", "rel"), f"{name} of {tag}"  # nh3 adds it
        self.tags.append(tag)
        if tag not in ("br", "input"):  # which nothing closes
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def read(html: str) -> _Reader:
    reader = _Reader(html)
    assert reader.open == []
    return reader


def paper(*, title: str = "Zebra Lamps: Bright", abstract: str = ABSTRACT, listing: str = "lamps.txt") -> Paper:
    return paper_of(
        title,
        abstract,
        authors=("Ada Quill", "Ben Moss"),
        author_count=2,
        published=date(2025, 5, 14),
        category="LG",
        entries=(Provenance(listing, 12, "0" * 64),),
    )


def answer(text: str = "Zebra lamps shine [1].", *sentences: Sentence, title: str = "Zebra Lamps: Bright") -> Answer:
    start = ABSTRACT.index(QUOTE)
    return Answer(
        question="What are zebra lamps?",
        query="zebra lamps",
        intent="passages",
        filters={},
        text=text,
        abstained=False,
        sentences=sentences,
        citations=(Citation(1, "p1", "p1:0", QUOTE, start, start + len(QUOTE)),),
        references=(Reference(1, "p1", title, ("Ada Quill", "Ben Moss"), True, "2025-05-14", "quill2025zebra"),),
        model="local:extractive",
        usage=Usage(),
        timings_ms={"total": 210.0},
    )


def shown(given_answer: Answer) -> str:
    return exchange_html(
        Exchange("e1", "c1", given_answer.question, answer=given_answer, is_over=True), {"p1": paper()}
    )


def blocks(html: str) -> list[str]:
    return [tag for tag in read(html).tags if tag not in ("strong", "em", "code", "button", "span")]


@given(TEXTS)
def test_no_text_of_an_answer_brings_a_tag_or_an_attribute_of_its_own(text: str) -> None:
    html = answer_html(text, References("3", {1: text}), [Sentence(text, Verdict.QUOTED, end=len(text))])

    before = read(html)
    assert read(cleaned(html)).tags == before.tags  # the escaping holds by itself; the second wall finds nothing


@given(TEXTS)
def test_no_text_of_a_listing_brings_a_tag_or_an_attribute_of_its_own(text: str) -> None:
    hostile = paper(title=text, abstract=f"{text}{QUOTE}{text}", listing=text)
    citation = Citation(1, "p1", "p1:0", QUOTE, len(text), len(text) + len(QUOTE))

    read(sources_html(replace(answer(title=text), citations=(citation,)), {"p1": hostile}, text_id="0"))
    read(shown(answer(title=text)))
    read(report_html(IngestReport(1, 1, 1, 0, 1, (SkippedLine(text, 3, text),), 0.1)))
    read(refusal_html(text, [Path("/tmp/x") / "a.txt"]))


@given(TEXTS)
def test_a_question_is_shown_as_it_was_typed(text: str) -> None:
    reader = read(exchange_html(Exchange("e1", "c1", text), {}))

    typed = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    assert reader.text == typed.replace("\x00", "")


@given(TEXTS)
def test_every_beginning_of_a_text_can_be_shown_while_it_streams(text: str) -> None:
    for end in range(len(text)):
        read(answer_html(text[:end], NO_REFERENCES))


def test_special_tokens_are_words() -> None:
    assert read(answer_html("It ends with <eos> & <pad>.", NO_REFERENCES)).text == "It ends with <eos> & <pad>."


def test_the_markdown_of_answers_is_understood() -> None:
    text = "Two papers:\n\n1. **One**, *new*\n2. `Two`\n\n# Head\n- a\n- b\n\n"
    text += "| | A |\n|---|---|\n| x | y |\n\n```\n<b>\n```"

    html = answer_html(text, NO_REFERENCES)

    expected = ["p", "ol", "li", "li", "h3", "ul", "li", "li"]
    table = ["div", "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert blocks(html) == [*expected, *table, "pre"]
    assert "<strong>One</strong>, <em>new</em>" in html
    assert "<code>&lt;b&gt;</code>" in html


@pytest.mark.parametrize("text", ["![x](http://evil.example/x.png)", "[x](javascript:alert(1))", "<a href=b>c</a>"])
def test_links_and_images_are_words(text: str) -> None:
    reader = read(answer_html(text, NO_REFERENCES))

    assert reader.tags == ["p"]
    assert reader.text == text


def test_a_marker_of_a_reference_is_a_button_and_any_other_is_text() -> None:
    html = answer_html("Lamps [1] and prices [2024].", References("4", {1: "Zebra"}))

    assert '<button type="button" class="citation" data-text="4" data-reference="1"' in html
    assert "[2024]" in html
    assert html.count("<button") == 1


def test_an_unsupported_sentence_is_marked_and_the_next_one_is_not() -> None:
    text = "Lamps **may** shine [1]. They do [1]."
    marked = Sentence(text[:24], Verdict.UNSUPPORTED, (1,), 0, 24)
    sure = Sentence(text[25:], Verdict.SUPPORTED, (1,), 25, len(text))

    html = answer_html(text, References("0", {1: "Zebra"}), [marked, sure])

    marked_words = re.findall(r'<span class="unsupported"[^>]*>([^<]*)</span>', html)
    assert "".join(marked_words) == "Lamps may shine ."
    assert re.search(r'</button> They do <span class="cited"><button [^>]*>1</button>\.</span></p>$', html)


def test_the_line_under_an_answer_counts_the_verdicts() -> None:
    verdicts = [*[Verdict.SUPPORTED] * 3, Verdict.QUOTED, Verdict.NOT_A_CLAIM]

    text = read(shown(answer("a", *(Sentence("a", verdict) for verdict in verdicts)))).text

    assert "3 supported" in text
    assert "1 quoted" in text
    assert "unsupported" not in text
    assert "1 paper" in text


def test_a_card_shows_the_quote_marked_and_where_it_was_printed() -> None:
    html = sources_html(answer(), {"p1": paper()}, text_id="2")

    assert re.findall("<mark[^>]*>(.*?)</mark>", html) == [MARKED]
    assert 'data-text="2"' in html
    assert 'data-reference="1"' in html
    text = read(html).text
    assert "Ada Quill, Ben Moss · 14 May 2025 · LG" in text
    assert "lamps.txt, line 12" in text
    assert "They shine 12 percent brighter." in text


def test_what_was_read_and_is_not_cited_is_named_below_the_cards() -> None:
    html = sources_html(
        replace(answer(), also_read=("p2", "p3")), {"p1": paper(), "p2": paper(title="<b>Dim</b>")}, text_id="2"
    )

    assert read(html).text.count("Also read") == 1
    assert "<code>&lt;b&gt;</code>Dim&lt;/b&gt;" in html.partition("Also read")[2]
    assert 'href="#library/' in html.partition("Also read")[2]
    assert "Also read" not in sources_html(answer(), {"p1": paper()}, text_id="2")


def test_of_a_long_abstract_the_quote_is_shown_with_its_neighbours() -> None:
    filler = "This sentence fills the abstract with words. " * 30
    abstract = f"{filler}{QUOTE} {filler}".strip()
    citation = Citation(1, "p1", "p1:0", QUOTE, len(filler), len(filler) + len(QUOTE))

    html = sources_html(replace(answer(), citations=(citation,)), {"p1": paper(abstract=abstract)}, text_id="0")

    window = re.findall('<p class="abstract">(.*?)</p>', html)[0]
    assert window.count("This sentence fills") == 2
    assert window.startswith("… ")
    assert window.endswith(" …")


@given(st.text(min_size=5, max_size=60), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), max_size=4))
def test_marking_loses_no_letter(text: str, spans: list[tuple[int, int]]) -> None:
    plain = "".join(letter for letter in text if letter not in "\\$`'\x00\r")
    quotes = [(start, min(end, len(plain)), place) for place, (start, end) in enumerate(spans)]

    html = marked(plain, 0, len(plain), quote_marks(quotes))

    assert read(html).text == plain
    for start, end, place in quotes:
        pieces = re.findall(r'<mark data-quotes="([\d ]+)">(.*?)</mark>', html, re.DOTALL)
        own = "".join(unescape(words) for places, words in pieces if str(place) in places.split())
        assert own == plain[start:end]


def test_each_chip_knows_the_quotes_of_its_own_sentence() -> None:
    text = "They glow [1][2]. They **shine [1].** Nobody knows."
    ends = [17, 37, len(text)]
    sentences = [
        Sentence(text[:17], Verdict.SUPPORTED, (1, 2), 0, ends[0], (0, 1)),
        Sentence(text[18:37], Verdict.CONTRADICTED, (1,), 18, ends[1], (2,), "it has “8 %”"),
        Sentence(text[38:], Verdict.UNSUPPORTED, (), 38, ends[2]),
    ]
    citations = [Citation(number, "p1", "p1:0", QUOTE, 0, len(QUOTE)) for number in (1, 2, 1)]

    html = answer_html(text, References("0", {1: "Zebra", 2: "Yak"}), sentences, citations)

    assert re.findall(r'data-reference="(\d)" data-quotes="([\d ]*)"', html) == [("1", "0"), ("2", "1"), ("1", "2")]
    marks = re.findall(r'<button type="button" class="verdict (\w+)" aria-label="([^"]*)">(.)</button>', html)
    assert marks == [
        ("contradicted", "Contradicted: the cited passage says otherwise (it has “8 %”)", "✗"),
        ("unsupported", "Unsupported: not found in what it cites", "○"),
    ]
    assert read(html).text == "They glow 12. They shine 1.✗ Nobody knows.○"


def test_10000_sentences_are_shown_in_a_moment() -> None:
    text = "They glow [1]. " * 10_000
    spans = [(at, at + 14) for at in range(0, len(text), 15)]
    sentences = [Sentence(text[start:end], Verdict.UNSUPPORTED, (1,), start, end) for start, end in spans]
    began = time.perf_counter()

    html = answer_html(text, References("0", {1: "Zebra"}), sentences)

    assert html.count('class="verdict unsupported"') == 10_000
    assert time.perf_counter() - began < 5


def test_below_an_answer_stand_its_notes_and_what_it_took() -> None:
    whole = replace(
        answer("a", Sentence("a", Verdict.QUOTED, end=1)),
        notes=("1 citation of a passage that does not exist was removed.", "The page `http://e.x` broke off."),
        incomplete=True,
        usage=Usage(1204, 61, estimated=True),
        model="m",
    )

    html = shown(whole)
    text = read(html).text

    assert "The page <code>http://e.x</code> broke off." in html
    assert "1 citation of a passage that does not exist was removed." in text
    assert "about 1,204 tokens read, 61 written · 0.21 s" in text
    assert "61 written" not in read(shown(replace(whole, model="local:extractive"))).text


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:a", "data:text/html,a", "http://", "//b.c", "ht\ntp://b.c", None, "http://["],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert link(url, "Open") == ""


def test_a_web_address_opens_in_a_new_tab_without_a_referrer() -> None:
    html = cleaned(link('https://b.c/"x', "Open"))

    assert html == '<a href="https://b.c/&quot;x" target="_blank" rel="noopener noreferrer">Open</a>'


def test_a_refusal_names_the_file_as_the_reader_knows_it() -> None:
    html = refusal_html("/tmp/gradio/abc/page.txt is a PDF; copy its text.", [Path("/tmp/gradio/abc/page.txt")])

    assert read(html).text == "page.txt is a PDF; copy its text."


def test_an_unforeseen_problem_is_one_plain_sentence(caplog: pytest.LogCaptureFixture) -> None:
    assert sentence_of(ListingError("a.txt is empty.")) == "a.txt is empty."
    assert sentence_of(KeyError("secret")) == UNEXPECTED
    assert "secret" in caplog.text


def test_what_an_answer_cites_of_a_paper_that_was_deleted_stays() -> None:
    html = sources_html(answer(), {}, text_id="2")

    assert re.findall("<mark[^>]*>(.*?)</mark>", html) == [MARKED]
    assert "no longer in the library" in read(html).text


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "ASSISTANT_MODEL"):
        monkeypatch.delenv(name, raising=False)
    yield Settings(_env_file=None)  # type: ignore[call-arg]


def test_the_header_says_where_questions_go(settings: Settings) -> None:
    assert privacy(LOCAL_MODEL, "", settings).line == "Local model · nothing leaves this machine"
    assert privacy(OTHER_MODEL, "openai:gpt-x", settings).line == "gpt-x · sends to api.openai.com"
    assert privacy(OTHER_MODEL, "ollama:llama3", settings).line == "llama3 · nothing leaves this machine"
    assert privacy(OTHER_MODEL, "<b>", settings).kind == "wrong"


def test_the_header_says_where_papers_go_to_be_embedded(settings: Settings) -> None:
    remote = settings.model_copy(update={"embedder": "https://host.example.org/v1#m"})
    sent = "The title and abstract of every paper, and every question, are sent to host.example.org to be embedded."
    local = privacy(LOCAL_MODEL, "", remote)
    assert (local.line, local.sentence, local.kind) == ("Local model · sends to host.example.org", sent, "remote")
    both = privacy(OTHER_MODEL, "openai:gpt-x", remote)
    assert both.line == "gpt-x · sends to api.openai.com and host.example.org"
    assert both.sentence == f"Your question and the passages found for it are sent to api.openai.com. {sent}"
    here = settings.model_copy(update={"embedder": "ollama:m"})
    assert privacy(LOCAL_MODEL, "", here) == privacy(LOCAL_MODEL, "", settings)


def test_the_kind_of_a_model_is_part_of_its_name() -> None:
    assert picked_model(OLLAMA, "llama3.2") == "ollama:llama3.2"
    assert picked_model(OPENAI, "openai:gpt-x") == "openai:gpt-x"
    assert picked_model(OPENAI, "gpt-x") == "openai:gpt-x"
    for name in ("local:extractive", "ollama:llama3.2", "openai:gpt-x", "http://127.0.0.1:8000/v1#m"):
        assert picked_model(*pick_of(name)) == name


def test_a_model_of_openai_says_that_its_key_is_missing(settings: Settings) -> None:
    said = privacy(OPENAI, "gpt-x", settings)

    assert "OPENAI_API_KEY" in said.speed
    typed = {origin_of(OPENAI_URL): SecretStr("k")}
    assert "OPENAI_API_KEY" not in privacy(OPENAI, "gpt-x", settings, typed).speed


def test_a_model_that_is_not_picked_is_not_asked() -> None:
    assert picked_model(LOCAL_MODEL, "openai:gpt-x") == "local:extractive"
    assert picked_model(OTHER_MODEL, "  ") == "local:extractive"
    assert picked_model(OTHER_MODEL, " openai:gpt-x ") == "openai:gpt-x"


def test_a_port_that_is_taken_gives_one_sentence_with_the_way_out() -> None:
    with listening_socket("127.0.0.1", 0) as taken, pytest.raises(AssistantError, match="--port") as problem:
        listening_socket("127.0.0.1", taken.getsockname()[1])

    assert "\n" not in str(problem.value)


def test_every_response_keeps_other_hosts_out_and_a_refusal_is_not_kept() -> None:
    app = Starlette(routes=[Route("/there", lambda _request: PlainTextResponse("here"))])
    client = TestClient(ResponseHeaders(app, of_path=lambda path: {"Cache-Control": f"of {path}"}))

    there, lost = client.get("/there").headers, client.get("/lost").headers

    assert "default-src 'self'" in there["Content-Security-Policy"]
    assert "default-src 'self'" in lost["Content-Security-Policy"]
    assert there["Cache-Control"] == "of /there"
    assert "Cache-Control" not in lost


def test_a_formula_in_an_answer_is_set_and_money_is_none() -> None:
    html = answer_html(r"It needs $x^2$ or \(\alpha\) steps and costs $5 to $10.", NO_REFERENCES)

    assert re.findall('data-tex="(.*?)"', html) == ["x^2", r"\alpha"]
    assert "$5 to $10" in html


def test_a_formula_is_escaped_like_any_word() -> None:
    html = cleaned(answer_html('Take $"><img src=x onerror=alert(1)>$ here.', NO_REFERENCES))

    assert "<img" not in html
    assert read(html).text == 'Take $"><img src=x onerror=alert(1)>$ here.'


def test_a_paper_leads_out_by_what_is_known_of_it_and_else_by_a_search() -> None:
    known = replace(paper(), url=None, publication=Publication(doi="10.1000/a b", arxiv_id="2505.08001v2"))
    unknown = replace(paper(title='A "quoted" & <b>title</b>'), url=None)

    assert re.findall('href="(.*?)"', "".join(ways_out(known))) == [
        "https://doi.org/10.1000/a%20b",
        "https://arxiv.org/abs/2505.08001v2",
    ]
    searches = [
        parse_qs(urlsplit(unescape(one)).query) for one in re.findall('href="(.*?)"', "".join(ways_out(unknown)))
    ]
    assert [next(iter(one.values())) for one in searches] == [['"A "quoted" & <b>title</b>"']] * 2
