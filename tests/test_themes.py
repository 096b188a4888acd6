"""Papers are grouped by subject, and each group is named by its own terms."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.themes import Theme, themes
from assistant.text.key_terms import KeyTerms
from tests.benchmarks.readability import vectors_of
from tests.readability import is_vague
from vectorstore.library import Library
from vectorstore.papers.paper import Paper

PAPER = Paper(
    paper_id="a",
    title="A title",
    abstract="An abstract.",
    authors=("Jo Kim",),
    authors_complete=True,
    author_count=None,
    organization=None,
    page_owners=(),
    published=None,
    year_inferred=False,
    category=None,
    has_code=False,
    score=None,
    comments=None,
    affiliation=None,
    url=None,
    entries=(),
)


def paper(number: int, title: str, abstract: str = "") -> Paper:
    return replace(
        PAPER, paper_id=str(number), title=title, abstract=abstract, published=date(2025, 1, 1 + number % 28)
    )


def around(direction: int, count: int, *, seed: int = 0) -> np.ndarray:
    """Return unit vectors that all lie close to one axis."""
    vectors = np.random.default_rng(seed + direction).normal(0, 0.01, (count, 16)).astype(np.float32)
    vectors[:, direction] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


CROWDS = [
    paper(n, f"Crowd Counting with {x}", "We study crowd counting in images.")
    for n, x in enumerate(("Lamps", "Cranes", "Kites"))
]
TONGUES = [
    paper(n + 3, f"Machine Translation of {x}", "We study machine translation for all.")
    for n, x in enumerate(("Basque", "Welsh", "Hausa"))
]


def test_papers_on_two_subjects_are_two_themes_named_by_their_terms() -> None:
    found = themes([*CROWDS, *TONGUES], np.vstack([around(0, 3), around(1, 3)]))

    assert [(theme.name, theme.papers) for theme in found] == [
        ("Crowd counting", tuple(CROWDS)),
        ("Machine translation", tuple(TONGUES)),
    ]


def test_papers_that_share_no_phrase_of_their_own_are_other_work_and_come_last() -> None:
    alone = [
        paper(n + 3, title, f"We study {title.lower()}.")
        for n, title in enumerate(("On Lamps", "Welding Cranes", "Kites in Wind", "Slow Rivers"))
    ]

    found = themes([*alone, *TONGUES], np.vstack([around(0, 4), around(1, 3)]), topic="machines")

    assert [(theme.name, len(theme.papers)) for theme in found] == [
        ("Machine translation", 3),
        ("Other work on machines", 4),
    ]


def test_a_theme_says_which_papers_have_its_terms() -> None:
    found = themes(CROWDS, around(0, 3))

    assert [theme.terms for theme in found] == [(("crowd counting", (0, 1, 2)),)]


def test_papers_of_a_theme_are_in_order_of_time_and_undated_ones_last() -> None:
    undated = replace(CROWDS[0], published=None)

    (theme,) = themes([undated, CROWDS[2], CROWDS[1]], around(0, 3))

    assert theme.papers == (CROWDS[1], CROWDS[2], undated)


def test_the_order_in_which_papers_come_does_not_matter() -> None:
    papers, vectors = [*CROWDS, *TONGUES], np.vstack([around(0, 3), around(1, 3)])
    shuffled = [3, 0, 5, 1, 4, 2]

    assert themes([papers[n] for n in shuffled], vectors[shuffled]) == themes(papers, vectors)


def test_no_paper_is_no_theme_and_one_paper_is_one() -> None:
    assert themes([], np.empty((0, 16), np.float32)) == []
    assert [theme.papers for theme in themes(CROWDS[:1], around(0, 1))] == [(CROWDS[0],)]


@pytest.mark.parametrize(("count", "seed"), [(11, 74), (8, 440), (10, 497)])
def test_two_papers_alone_that_are_closest_to_each_other_are_in_one_theme_once(count: int, seed: int) -> None:
    papers = [paper(number, f"Lamp {number}") for number in range(count)]
    random = np.random.default_rng(seed)
    random.integers(4, 40)
    vectors = random.normal(size=(count, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    placed = [one.paper_id for theme in themes(papers, vectors) for one in theme.papers]
    assert sorted(placed) == sorted(one.paper_id for one in papers)


@given(st.integers(1, 60), st.integers(0, 5))
def test_each_paper_is_in_one_theme_and_there_are_not_too_many(count: int, seed: int) -> None:
    papers = [paper(number, f"Lamp {number}") for number in range(count)]
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    found = themes(papers, vectors)

    placed = [one.paper_id for theme in found for one in theme.papers]
    assert sorted(placed) == sorted(one.paper_id for one in papers)
    assert len(found) <= (1 if count <= 3 else 5 if count <= 25 else 8)
    assert all(theme.name for theme in found)


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        (["Diffusion language models are slow.", "We tame diffusion language models."], "diffusion language models"),
        (["Gaussian Splatting is fast.", "We use Gaussian splatting."], "Gaussian splatting"),
        (["Work on African languages is rare.", "We serve African languages."], "African languages"),
        (["We propose MMTIT-Bench tests.", "The MMTIT-Bench tests are hard."], "MMTIT-Bench tests"),
    ],
)
def test_a_term_is_spelt_as_running_text_has_it(texts: list[str], named: str) -> None:
    terms = KeyTerms([(named, text) for text in texts])

    assert named in {terms.shown(phrase) for phrase in terms.phrases}


@pytest.mark.parametrize("cut", ["diffusion language", "the", "extending maps", "accurate"])
def test_a_part_of_a_term_a_verb_or_an_adjective_is_no_name(cut: str) -> None:
    texts = ["Diffusion language models are accurate.", "Extending maps with diffusion language models is accurate."]
    terms = KeyTerms([("Diffusion Language Models", text) for text in texts])

    assert cut not in {terms.shown(phrase).lower() for phrase in terms.phrases}


def test_the_themes_of_the_seeds_have_different_names(seeds_library: Library) -> None:
    papers = seeds_library.papers()

    found = themes(papers, vectors_of(seeds_library, papers))

    names = [theme.name for theme in found]
    assert 2 <= len(found) <= 8
    assert len(set(names)) == len(names)
    assert all(len(name) < 90 and (name[0].isupper() or name[0].isdigit()) for name in names)


@pytest.mark.parametrize(
    ("title", "text", "never"),
    [
        ("Mitigating Early Ends", "We study mitigation. Here mitigation is done.", "mitigation"),
        ("A Watermark Fusion Framework", "The watermark fusion framework is good.", "watermark fusion framework"),
        ("It Retrieves Curved Examples", "It retrieves curved examples.", "retrieves curved examples"),
        ("Do Not Unlearn Shared Lattices", "Lamps.", "unlearn shared lattices"),
        ("Care Without Costly Barriers", "Lamps.", "costly barriers"),
        ("Ovis-U1 Technical Report", "Lamps.", "Ovis-U1 technical"),
        ("Ovis", "Code is on our project page. See our project page: https://x.github.io", "project page"),
    ],
)
def test_what_is_no_subject_names_no_theme(title: str, text: str, never: str) -> None:
    terms = KeyTerms([(title, text), (title, text)])
    assert never.lower() not in [terms.shown(phrase).lower() for phrase in terms.phrases]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Models show the reversal curse. We cure the reversal curse.", "the reversal curse"),
        ("A reversal curse is seen. There is a reversal curse.", "a reversal curse"),
        ("Lamps have reversal curse. So reversal curse is good.", "reversal curse"),
        ("We see the reversal curses of the reversal curses.", "reversal curses"),
    ],
)
def test_a_term_in_a_sentence_has_the_article_of_running_text(text: str, shown: str) -> None:
    terms = KeyTerms([("On Reversal Curse", text)])
    (phrase,) = (phrase for phrase in terms.phrases if phrase.stems == ("revers", "curs"))
    assert terms.in_a_sentence(phrase) == shown


def test_the_themes_of_the_seeds_are_subjects(seeds_library: Library) -> None:
    papers = seeds_library.papers()
    vectors = vectors_of(seeds_library, papers)
    for start in range(0, len(papers) - 12, 6):
        for theme in themes(papers[start : start + 12], vectors[start : start + 12]):
            assert not is_vague(theme.name), theme.name


def test_a_theme_refuses_a_paper_that_it_has() -> None:
    papers = (paper(0, "One"), paper(1, "Two"))
    with pytest.raises(ValueError, match="has a paper twice"):
        Theme("Padding", (*papers, papers[0]))
    with pytest.raises(ValueError, match="has a paper twice"):
        Theme("Padding", papers, (("padding", (0, 1, 1)),))
