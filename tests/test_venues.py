"""Questions on where papers appeared and what they are known by."""

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.pipeline import Assistant
from assistant.planning.chips import described
from assistant.planning.vocabulary import Vocabulary
from assistant.records import Abstention
from assistant.settings import Settings
from tests.planned import understood
from tests.test_model_planner import asked, steps
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library

BIB = r"""
@article{a, title={Pruning Lamps by Magnitude}, author={Doe, Jane}, journal={Nature}, year={2023},
  doi={10.1038/lamps-1}, abstract={We prune lamps by their magnitude and keep the light.}}
@inproceedings{b, title={Sparse Lanterns}, author={Quill, Ada}, year={2021}, abstract={We study pruning of lanterns.},
  booktitle={Advances in Neural Information Processing Systems (NeurIPS 2021)}}
@inproceedings{c, title={GlowNet: Deep Glow}, author={Moss, Ben}, booktitle={NeurIPS}, year={2022},
  eprint={2205.00001v2}, archiveprefix={arXiv}, abstract={GlowNet is a network that glows. It is found in nature.}}
@inproceedings{d, title={Dim Rooms}, author={Moss, Ben}, booktitle={Rooms "R" \& 100\% Dim_Workshop}, year={2022},
  abstract={Dim rooms need pruning of shades.}}
"""
NATURE = Filters(venue="Nature")
NEURIPS = Filters(
    any_of=(
        Filters(venue="Advances in Neural Information Processing Systems (NeurIPS 2021)"),
        Filters(venue="NeurIPS"),
    )
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("venues")
    (folder / "own.bib").write_text(BIB, encoding="utf-8")
    with Library(folder / "library") as library:
        library.ingest([folder / "own.bib"])
        yield library


@pytest.fixture(scope="module")
def vocabulary(library: Library) -> Vocabulary:
    return Vocabulary.of(library)


@pytest.fixture(scope="module")
def assistant(library: Library) -> Assistant:
    return Assistant(library, Settings())


@pytest.mark.parametrize(
    ("question", "filters", "topic"),
    [
        ("papers in Nature", NATURE, ""),
        ("papers in nature", NATURE, ""),
        ("NeurIPS papers on pruning", NEURIPS, "pruning"),
        ("which NeurIPS papers are about pruning?", NEURIPS, "pruning"),
        ("how many papers are in NeurIPS?", NEURIPS, ""),
        ("papers published in NeurIPS or Nature", Filters(any_of=(NEURIPS, NATURE)), ""),
        ("papers on pruning, not in Nature", Filters(excluding=(NATURE,)), "pruning"),
        ("papers by Ben Moss in NeurIPS", Filters(authors=("Ben Moss",), any_of=NEURIPS.any_of), ""),
        (
            "NeurIPS 2022 papers",
            Filters(since=date(2022, 1, 1), until=date(2022, 12, 31), any_of=NEURIPS.any_of),
            "",
        ),
    ],
)
def test_a_venue_that_the_library_prints_is_a_filter(
    vocabulary: Vocabulary, question: str, filters: Filters, topic: str
) -> None:
    asks = understood(question, vocabulary, today=date(2026, 7, 1))
    assert (asks.filters, asks.topic) == (filters, topic)


@pytest.mark.parametrize("question", ["What is found in nature?", "Is Nature full of whales?", "papers on nature"])
def test_what_is_in_nature_is_no_venue(vocabulary: Vocabulary, question: str) -> None:
    assert understood(question, vocabulary).filters == Filters()


@pytest.mark.parametrize(
    "venue",
    [
        "Nature",
        "NeurIPS",
        'Rooms "R" & 100% Dim_Workshop',
        "Advances in Neural Information Processing Systems (NeurIPS 2021)",
    ],
)
def test_the_catalogue_finds_the_papers_of_a_venue_and_no_others(library: Library, venue: str) -> None:
    assert [paper.publication.venue for paper in library.papers(Filters(venue=venue))] == [venue]
    assert described(Filters(venue=venue)) == f" in {venue}"


def test_the_end_of_a_venue_is_no_venue(library: Library) -> None:
    assert library.papers(Filters(venue="Nat")) == library.papers(Filters(venue="%")) == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which paper has DOI 10.1038/lamps-1?", "10.1038/lamps-1 as the DOI of “Pruning Lamps by Magnitude”"),
        ("doi of Pruning Lamps by Magnitude", "10.1038/lamps-1 as the DOI"),
        ("arXiv id of GlowNet", "2205.00001v2 as the arXiv id of “GlowNet: Deep Glow”"),
        ("Where was Sparse Lanterns published?", "(NeurIPS 2021) as the venue of “Sparse Lanterns”"),
        ("In which journal did Pruning Lamps by Magnitude appear?", "Nature as the venue"),
        ("Who wrote https://doi.org/10.1038/lamps-1?", "written by Jane Doe"),
        ("What is arXiv:2205.00001v1 about?", "GlowNet is a network that glows"),
        ("2205.00001", "GlowNet is a network that glows"),
    ],
)
def test_venue_and_identifiers_are_facts_and_name_papers(assistant: Assistant, question: str, said: str) -> None:
    assert said in assistant.ask(question).text


def test_an_identifier_that_is_not_known_is_not_in_the_library(assistant: Assistant) -> None:
    answer = assistant.ask("which paper has the DOI 10.9999/none?")
    assert answer.abstained
    assert "The library has no paper with the DOI 10.9999/none." in answer.text


def test_a_venue_that_a_paper_does_not_say_is_not_stated(assistant: Assistant) -> None:
    assert "no DOI" in assistant.ask("doi of Dim Rooms").text


def test_a_model_may_name_venues_that_the_library_prints(assistant: Assistant) -> None:
    for venue, filters in (("neurips", NEURIPS), ("Nature", NATURE), ("Nowhere", Filters())):
        plan = steps({"operation": "papers", "topic": "pruning", "venue": venue})
        answer, prompts = asked(assistant, "Which of them prune, and who wrote them?", plan)
        assert prompts
        assert answer.plan.filters == filters


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what is 10.1234/abcd about?", "no paper with the DOI 10.1234/abcd."),
        ("Summarize https://doi.org/10.1234/ABCD.", "no paper with the DOI 10.1234/abcd."),
        ("who wrote arXiv:2505.08001v2?", "no paper with the arXiv id 2505.08001v2."),
        ("What does (2505.08001) say on pruning?", "no paper with the arXiv id 2505.08001."),
        ("papers at ICML 2025", "of a paper that it appeared in ICML."),
        ("How many papers were published in Science?", "of a paper that it appeared in Science."),
        ("Was GlowNet presented at the Conference on Computer Vision?", "appeared in Conference on Computer Vision."),
    ],
)
def test_an_identifier_or_a_venue_that_the_library_lacks_is_said_to_be_lacking(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.abstention is Abstention.NOT_IN_LIBRARY
    assert said in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "papers published in 2022",
        "papers published in May 2022",
        "What is a speed-up of 2024.1999 worth?",
        "papers published by Ben Moss",
        "papers in English",
        "papers on pruning at scale",
    ],
)
def test_what_is_no_identifier_and_no_venue_is_none(vocabulary: Vocabulary, question: str) -> None:
    assert understood(question, vocabulary).plan.steps[0].operation != "unknown_name"
