"""What surveys tell of the papers on a topic: themes, an order to read them in, years, findings and problems."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.planning.local import LocalPlanner
from assistant.planning.plan import Form, Survey, SurveyAspect
from assistant.planning.vocabulary import Vocabulary
from assistant.writing.surveys import survey_lines
from vectorstore.library import Library
from vectorstore.papers.paper import Paper


@pytest.fixture(scope="module")
def vocabulary(seeds_library: Library) -> Vocabulary:
    return Vocabulary.of(seeds_library)


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("what are the main approaches to unlearning", "approaches"),
        ("what should I read first on diffusion language models?", "reading_order"),
        ("where to start reading about unlearning", "reading_order"),
        ("trends in alignment", "trends"),
        ("how has unlearning evolved", "trends"),
        ("where do papers disagree on reasoning", "findings"),
        ("limitations of masked diffusion", "limitations"),
        ("open problems in quantization", "limitations"),
    ],
)
def test_what_is_asked_of_a_topic_is_told(vocabulary: Vocabulary, question: str, aspect: str) -> None:
    (step,) = LocalPlanner(vocabulary).plan(question).steps
    assert isinstance(step.arguments, Survey)
    assert step.arguments.aspect == aspect


def told(library: Library, papers: list[Paper], aspect: SurveyAspect, topic: str = "") -> list[str]:
    return [one.text for one in survey_lines(Survey(topic=topic, aspect=aspect), papers, library, form=Form())]


def test_surveys_are_read_first_then_what_others_name_then_what_has_the_topic_in_its_title(
    seeds_library: Library,
) -> None:
    one, *_ = seeds_library.papers()
    plain = replace(one, abstract="We study padding.", published=date(2024, 1, 1))
    papers = [
        replace(plain, paper_id="late", title="Padding Revisited", published=date(2026, 1, 1)),
        replace(plain, paper_id="early", title="On Tokens"),
        replace(plain, paper_id="named", title="Quilting: Cheap Rows", published=date(2025, 1, 1)),
        replace(plain, paper_id="survey", title="Padding: A Survey", published=date(2026, 2, 1)),
        replace(plain, paper_id="naming", title="Rows", abstract="We extend Quilting.", published=date(2026, 3, 1)),
    ]
    _, *lines = told(seeds_library, papers, "reading_order", "padding")
    order = [line.split("**")[1] for line in lines]
    assert order == ["Padding: A Survey", "Quilting: Cheap Rows", "Padding Revisited", "On Tokens", "Rows"]
    assert "**a survey**" in lines[0] and "**named by 1 of the others**" in lines[1]


def test_trends_are_told_by_year_with_the_terms_that_are_new(seeds_library: Library) -> None:
    one, *_ = seeds_library.papers()
    papers = [
        replace(one, paper_id=f"{year}-{n}", title=title, abstract=f"We study {what}.", published=date(year, n, 1))
        for n, (year, title, what) in enumerate(
            [
                (2024, "Crowd Counting", "crowd counting"),
                (2025, "Woven Copper Bridges", "crowd counting with woven copper bridges"),
                (2025, "More Woven Copper Bridges", "woven copper bridges"),
            ],
            1,
        )
    ]
    lines = told(seeds_library, papers, "trends")
    assert lines[1].strip() == "**2024** (1 paper)"
    assert lines[3].strip() == "**2025** (2 papers; new: woven copper bridges)"


@pytest.mark.parametrize("aspect", ["findings", "limitations"])
def test_findings_and_problems_are_sentences_of_the_abstracts(seeds_library: Library, aspect: SurveyAspect) -> None:
    papers = seeds_library.papers()[:8]
    lead, *lines = survey_lines(Survey(topic="language models", aspect=aspect), papers, seeds_library, form=Form())
    quoting = [line for line in lines if line.papers]
    assert f"{len(quoting)} of these" in lead.text
    assert quoting and all(line.quote and line.quote in line.papers[0].abstract for line in quoting)
