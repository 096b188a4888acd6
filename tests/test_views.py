"""The HTML of authors and of related work: the reader's choice, whose tags it holds, and what can be clicked."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.facts.authors import AuthorProfile, PossiblePerson, author_profile
from assistant.manuscripts.sections import Form, LeftOut, Section
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.ui.author_html import facts_html, names_html, profile_html, summary_footer_html
from assistant.ui.footers import slug
from assistant.ui.gradio_parts import said_in
from assistant.ui.related_html import Choice, papers_html, source_html, table_html
from assistant.ui.section_html import growing_html, section_html
from tests.test_ui import TEXTS, read
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library

IDS = [f"p{number}" for number in range(5)]
ACTS = st.sampled_from(["pin", "unpin", "drop", "take", "earlier", "later", "rewrite", ""])


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.fixture(scope="module")
def profile(assistant: Assistant) -> AuthorProfile:
    return author_profile("Bumjun Kim", assistant.library, assistant.vocabulary().people)


@pytest.fixture(scope="module")
def section(assistant: Assistant) -> Section:
    return assistant.related_work("diffusion language models")


# -- the choice of papers


@given(st.lists(st.tuples(ACTS, st.sampled_from([*IDS, "of another topic"])), max_size=20))
def test_after_any_clicks_no_paper_is_both_pinned_and_dropped_and_none_is_lost(clicks: list[tuple[str, str]]) -> None:
    choice = Choice()
    for act, paper_id in clicks:
        choice = choice.after(act, paper_id, IDS)

    assert not {*choice.pinned} & {*choice.dropped}
    assert len(choice.pinned) == len({*choice.pinned}) and len(choice.dropped) == len({*choice.dropped})
    assert sorted(choice.order) in ([], IDS)


def test_a_paper_moves_one_place_and_not_over_the_edge() -> None:
    once = Choice().after("later", "p0", IDS)

    assert once.order == ("p1", "p0", "p2", "p3", "p4")
    assert once.after("earlier", "p1", IDS).order == once.order


def test_each_paper_stands_once_with_what_can_be_done_with_it(assistant: Assistant, section: Section) -> None:
    cited, last = section.paper_ids[0], section.paper_ids[-1]
    others = [paper.paper_id for paper in assistant.library.papers() if paper.paper_id not in section.paper_ids]
    beyond = replace(section, left_out=(LeftOut(others[0], "A title"),))

    html = papers_html(beyond, Choice(pinned=(cited,), dropped=(last, others[1])), assistant.library, changed=True)

    acts = re.findall(r'data-value="(\w+) (\w+)"', html)
    assert [act for act, one in acts if one == cited] == ["unpin", "drop", "earlier", "later"]
    assert [act for act, one in acts if one == others[0]] == ["pin"]
    assert [act for act, one in acts if one in (last, others[1])] == ["take", "take"]
    assert "Draft again" in html


# -- texts


@given(TEXTS)
def test_no_name_topic_or_file_brings_a_tag_of_its_own(text: str) -> None:
    read(names_html(text, [text, text]))
    read(source_html(text, f"{slug(text)}.bib"))
    read(growing_html(text, text))
    assert re.fullmatch(r"[a-z0-9-]+", slug(text))


@given(TEXTS)
def test_no_text_of_a_profile_or_a_section_brings_a_tag_of_its_own(profile: AuthorProfile, text: str) -> None:
    group = PossiblePerson((profile.papers[0].paper_id,), (), (), text, text)
    read(profile_html(replace(profile, author=text, possibly_two=(group, group))))
    read(summary_footer_html(Section(Form.SUMMARY, text, text)))
    read(section_html(Section(Form.RELATED, text, text, notes=(text,)), "related"))


def test_a_click_is_read_without_its_time() -> None:
    assert said_in("Albert No 1700000000000") == "Albert No"


def test_paragraphs_on_papers_can_be_rewritten_and_only_where_it_is_meant(section: Section) -> None:
    assert len(re.findall("data-value=.rewrite", section_html(section, "related", rewritten_by="box"))) == len(
        section.themes
    )
    assert "rewrite" not in section_html(section, "author")


def test_the_table_shows_latex_as_characters(assistant: Assistant, section: Section) -> None:
    html = table_html(assistant.table(section.paper_ids), "related", "name")
    shown = re.sub(r'data-copy="[^"]*"', "", html)

    assert r"\texttt" in html and r"\texttt" not in shown
    assert "&lt;eos&gt;" in shown


# -- who is who


def test_papers_that_may_be_two_peoples_can_be_taken_apart(profile: AuthorProfile) -> None:
    ids = [paper.paper_id for paper in profile.papers]
    two = tuple(PossiblePerson(tuple(part), (), (), "lamps", "they share no co-author") for part in (ids[:4], ids[4:]))

    html = profile_html(replace(profile, possibly_two=two))

    assert 'data-value="split"' in html
    assert "4 papers on lamps: " in html and "2 papers on lamps: " in html
    assert html.count(": they share no co-author.") == 1
    assert "split" not in profile_html(replace(profile, possibly_two=()))


def test_every_fact_of_a_profile_is_shown(profile: AuthorProfile) -> None:
    html = facts_html(profile)

    assert all(f'data-value="{one.name}"' in html for one in profile.coauthors)
    assert all(one.listing in html for one in profile.listings)
    assert html.count("<li>") == len(profile.papers)


def test_the_authors_offered_first_have_the_most_papers_as_they_are_mostly_spelled(assistant: Assistant) -> None:
    library = assistant.library
    offered = library.catalogue.namesakes.most_papers(5)

    counts = [library.count(Filters(authors=(name,))) for name in offered]
    assert offered[0] == "Bumjun Kim"
    assert counts == sorted(counts, reverse=True)
    assert all(
        library.count(Filters(authors=(name,))) <= counts[-1]
        for name in {*library.catalogue.people().values()} - {*offered}
    )
