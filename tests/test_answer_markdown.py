"""An answer is the same on the page, in JSON, on the command line and in what is copied."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from assistant.answering.answer_markdown import answer_markdown, read_answer
from assistant.answering.verdict_labels import SIGNS
from assistant.commands.cli import _print_answer
from assistant.pipeline import Assistant
from assistant.records import Answer, Verdict
from assistant.settings import Settings
from assistant.ui.sources import sources_html
from assistant.ui.transcript import Exchange, exchange_html
from tests.openai_server import Script, openai_server
from vectorstore.library import Library

SAID = (
    "Kim et al. (2025) introduce Rainbow Padding, a simple remedy that replaces repeated `<eos>` placeholders [1]. "
    "Rainbow Padding was trained on the moon with 4,711 zebras [1]. It costs **nothing** [7].\n\n"
    "- It is *here* ![x](http://127.0.0.1:9/x.png)\n"
)
OF_MODELS = ("What is Rainbow Padding?", "Compare Rainbow Padding and REFT", "Papers by Bumjun Kim")


class _Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words += data


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@pytest.fixture(scope="module")
def answers(seeds_library: Library) -> Iterator[list[Answer]]:
    assistant = Assistant(seeds_library, Settings())
    local = [assistant.ask(question) for question in OF_MODELS]
    with openai_server(Script(pieces=(SAID[:50], SAID[50:]), usage=(300, 20))) as server:
        name = f"{server.base_url}#m"
        yield [*local, assistant.ask(OF_MODELS[0], model=name), assistant.ask(OF_MODELS[0], model=name, strict=True)]


def test_an_answer_survives_json(answers: list[Answer]) -> None:
    for answer in answers:
        back = read_answer(json.loads(json.dumps(answer.record())))
        assert back.record() == answer.record()
        assert answer_markdown(back) == answer_markdown(answer)


def test_the_four_forms_say_the_same(answers: list[Answer], seeds_library: Library) -> None:
    papers = {paper.paper_id: paper for paper in seeds_library.papers()}
    for answer in answers:
        record = json.loads(json.dumps(answer.record()))
        markdown = answer_markdown(answer)
        page = exchange_html(Exchange("e1", "c1", answer.question, answer=answer, is_over=True), papers)

        body = page[page.index('<div class="answer') : page.index("<footer")]
        marks = [SIGNS[sentence.verdict] for sentence in answer.sentences if sentence.verdict.is_marked]
        assert re.findall("[✗○]", body) == marks
        head = markdown[: markdown.index("References\n\n")] if answer.references else markdown
        assert re.findall("[✗○]", head)[: len(marks)] == marks
        text = re.sub(r"(?m)^(?:\d+\. |\|[\s:|-]*$)", "", record["text"])
        below = "".join(record["notes"])
        assert letters(_Words(body).words) == letters(text) + letters(below)
        assert letters(head).startswith(letters(record["text"]))
        assert 'data-fetch="/exchanges/e1.md"' in page  # which gives this Markdown
        chips = re.findall(r'data-reference="(\d+)"', page)
        numbers = [str(reference["number"]) for reference in record["references"]]
        assert sorted(set(chips), key=int) == numbers
        assert re.findall(r"(?m)^- \[(\d+)\] ", markdown) == numbers


def test_the_references_are_the_cited_papers(answers: list[Answer], seeds_library: Library) -> None:
    for answer in answers:
        cited = {number for sentence in answer.sentences for number in sentence.citations}
        assert cited == {reference.number for reference in answer.references}
        papers = {paper.paper_id: paper for paper in seeds_library.papers()}
        cards = re.findall(r'class="card" data-reference="(\d+)"', sources_html(answer, papers, text_id="0"))
        assert cards == [str(reference.number) for reference in answer.references]


def test_a_hostile_models_answer_is_marked_and_noted(answers: list[Answer]) -> None:
    answer = answers[-2]
    assert [sentence.verdict for sentence in answer.sentences].count(Verdict.UNSUPPORTED) >= 1
    assert "[7]" not in answer.text
    assert "1 citation of a passage that does not exist was removed." in answer.notes
    assert "○ unsupported: not found in what it cites." in answer_markdown(answer)
    assert "![" not in answer_markdown(answer)
    for sentence in answer.sentences:
        if sentence.verdict.is_marked:
            assert re.search(
                rf"(?m)^- {SIGNS[sentence.verdict]} “.+”: .*{re.escape(sentence.reason)}$", answer_markdown(answer)
            )


def test_the_command_line_prints_it_and_says_quietly_what_it_took(
    answers: list[Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    for answer in answers:
        _print_answer(answer.record())

        printed, quiet = capsys.readouterr()
        assert printed == answer_markdown(answer).replace("**", "") + "\n"
        assert re.fullmatch(rf"{re.escape(answer.model)} · .*\d\.\d\d s\n", quiet)
