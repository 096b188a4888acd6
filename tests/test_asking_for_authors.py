"""Questions for someone's work, for co-authors and for related work, however they are put."""

import pytest

from assistant.pipeline import Assistant
from assistant.planning.vocabulary import Vocabulary
from assistant.settings import Settings
from tests.planned import understood
from vectorstore.library import Library

SUMMARIES = {
    "Summarise Albert No's work": "Albert No",
    "What does Albert No work on?": "Albert No",
    "who is Moongyu Jeon": "Moongyu Jeon",
    "Give me an overview of Albert No's research since 2025": "Albert No",
    "what has Kyelim Lee been working on lately?": "Kyelim Lee",
    "Can you sum up what Albert No has published?": "Albert No",
    "What are Soeun Kim's research interests?": "Soeun Kim",
    "Bumjun Kim's main contributions": "Bumjun Kim",
    "Introduce me to the work of No, Albert": "Albert No",
    "Give me a bio of Bumjun Kim": "Bumjun Kim",
    "how has Bumjun Kim's work developed over time?": "Bumjun Kim",
    "Which topics has Bumjun Kim worked on?": "Bumjun Kim",
    "the research of Kyelim Lee in two paragraphs": "Kyelim Lee",
}
CO_AUTHORS = (
    "co-authors of Bumjun Kim",
    "Who has Bumjun Kim worked with?",
    "who are Bumjun Kim's collaborators?",
    "With whom has Bumjun Kim published?",
    "people Bumjun Kim has written papers with",
)
RELATED = {
    "write related work on diffusion language models": "diffusion language models",
    "draft a related-work paragraph on quantization with LaTeX": "quantization",
    "Related work: parallel decoding for diffusion LLMs": "parallel decoding for diffusion LLMs",
    "compose the background section on grokking": "grokking",
    "generate related work in LaTeX on LLM agents": "LLM agents",
    "draft the related work for my paper on video generation": "video generation",
}
NEITHER = (
    "summarise the work",
    "summarise Rainbow Padding",
    "what does Rainbow Padding work on?",
    "tell me about diffusion models",
    "explain the work on wireless fine-tuning",
    "which papers did Bumjun Kim write with Albert No?",
    "what problems does DUSK address?",
    "newest paper by Albert No",
)


@pytest.fixture(scope="module")
def vocabulary(seeds_library: Library) -> Vocabulary:
    return Vocabulary.of(seeds_library)


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.mark.parametrize(("question", "author"), SUMMARIES.items())
def test_someones_whole_work_is_asked_for(vocabulary: Vocabulary, question: str, author: str) -> None:
    query = understood(question, vocabulary)

    assert (query.kind, query.filters.authors, query.topic) == ("author", (author,), "")


@pytest.mark.parametrize("question", CO_AUTHORS)
def test_co_authors_are_asked_for(vocabulary: Vocabulary, question: str) -> None:
    query = understood(question, vocabulary)

    assert (query.kind, query.filters.authors, query.topic) == ("coauthors", ("Bumjun Kim",), "")


@pytest.mark.parametrize(("question", "topic"), RELATED.items())
def test_related_work_is_asked_for(vocabulary: Vocabulary, question: str, topic: str) -> None:
    query = understood(question, vocabulary)

    assert (query.kind, query.topic) == ("related_work", topic)


def test_the_figures_of_a_profile_page_are_given_where_the_library_has_the_page(assistant: Assistant) -> None:
    known = assistant.ask("Kyelim Lee - h index and so on?")
    assert "h-index 4" in known.text and not known.abstained
    assert {one.number for one in known.citations} == {1, 2, 3}
    unknown = assistant.ask("how many citations does Albert No have")
    assert unknown.abstained
    assert unknown.text.startswith("The library has no profile page of Albert No")


@pytest.mark.parametrize("question", NEITHER)
def test_what_names_no_author_or_wants_papers_is_no_summary(vocabulary: Vocabulary, question: str) -> None:
    kind = understood(question, vocabulary).kind

    assert kind not in ("author", "coauthors", "related_work")


def test_a_part_of_the_work_can_be_asked_for(vocabulary: Vocabulary) -> None:
    assert understood("Summarise Soeun Kim's work on unlearning", vocabulary).topic == "unlearning"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("tell me about bumjum kim", "No paper in the library is by bumjum kim. Did you mean Bumjun Kim?"),
        ("Who is Grace Hopper?", "No paper in the library is by Grace Hopper."),
        ("Summarise Grace Hopper's work", "No paper in the library is by Grace Hopper."),
        ("co-authors of Grace Hopper", "No paper in the library is by Grace Hopper."),
    ],
)
def test_the_work_of_nobody_is_never_summed_up(assistant: Assistant, question: str, text: str) -> None:
    answer = assistant.ask(question)

    assert (answer.text, answer.abstained, answer.references) == (text, True, ())


def test_a_name_of_several_is_asked_back(assistant: Assistant) -> None:
    assert assistant.ask("who is Kim?").text.startswith("Several authors have that name: Bumjun Kim, Dueun Kim, ")


def test_co_authors_are_counted_from_the_papers_that_are_meant(assistant: Assistant) -> None:
    everything = assistant.ask("co-authors of Bumjun Kim")
    assert everything.text.startswith(
        "9 co-authors are known of 6 papers by Bumjun Kim:\n\n1. **Dongjae Jeon**, 2 papers"
    )
    assert everything.text.endswith("The listings hide some authors of 4 of these papers.")
    assert len(everything.references) == 6
    of_2025 = assistant.ask("who did Bumjun Kim write with in 2025?")
    assert {(reference.published or "")[:4] for reference in of_2025.references} == {"2025"}
    assert "Albert No" not in of_2025.text


def test_a_summary_keeps_to_the_years_asked_for_and_notes_possible_namesakes(assistant: Assistant) -> None:
    answer = assistant.ask("Give me an overview of Bumjun Kim's research since 2026")

    assert answer.references
    assert {(reference.published or "")[:4] for reference in answer.references} == {"2026"}
    assert any(note.startswith("Possibly two people: the paper on") for note in answer.notes)
