"""Related-work texts are kept with their versions, and a paragraph that a reader edits is checked as any other."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.manuscripts.section_store import KeptSections
from assistant.manuscripts.sections import LeftOut, Section
from assistant.pipeline import Assistant
from assistant.records import Verdict
from assistant.settings import Settings
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.errors import HistoryError, QuestionError
from vectorstore.library import Library


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.fixture(scope="module")
def section(assistant: Assistant) -> Section:
    section = assistant.related_work("quantization")
    assert len(section.paragraphs) > 1
    return section


@pytest.fixture
def catalogue(seeds_folder: Path, tmp_path: Path) -> Iterator[Catalogue]:
    shutil.copy(seeds_folder / "catalogue.sqlite3", tmp_path)
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))
    yield catalogue
    catalogue.close()


@pytest.fixture
def kept(catalogue: Catalogue) -> KeptSections:
    return KeptSections(catalogue.engine)


# -- kept


def test_each_version_comes_back_as_it_was_made(kept: KeptSections, section: Section) -> None:
    later = replace(section, notes=("later",))
    section_id = kept.keep(section)
    assert kept.keep(later, section_id) == section_id

    first, last = kept.version(section_id, 1), kept.version(section_id)
    assert first is not None and last is not None
    assert (first.section, first.number, first.of) == (section, 1, 2)
    assert (last.section, last.number, last.of) == (later, 2, 2)
    assert kept.version(section_id, 3) is None and kept.version(section_id, 0) is None
    (line,) = kept.all()
    assert (line.id, line.name, line.versions) == (section_id, section.about, 2)


def test_what_changed_last_comes_first(kept: KeptSections, section: Section) -> None:
    first, second = kept.keep(section), kept.keep(replace(section, about="  other\ntopic "))
    assert [(line.id, line.name) for line in kept.all()] == [(second, "other topic"), (first, section.about)]
    kept.keep(section, first)
    assert [line.id for line in kept.all()] == [first, second]


def test_what_is_deleted_can_be_taken_back_until_it_is_purged(kept: KeptSections, section: Section) -> None:
    section_id = kept.keep(section)
    kept.delete(section_id)
    assert kept.all() == []
    kept.delete(section_id, deleted=False)
    assert [line.id for line in kept.all()] == [section_id]
    kept.delete(section_id)
    kept.purge()
    assert kept.version(section_id) is None


def test_a_version_that_is_made_of_a_deleted_text_brings_it_back(kept: KeptSections, section: Section) -> None:
    section_id = kept.keep(section)
    kept.delete(section_id)
    assert kept.keep(section, section_id) == section_id
    kept.purge()
    assert [(line.id, line.versions) for line in kept.all()] == [(section_id, 2)]


def test_versions_about_a_forgotten_paper_go(kept: KeptSections, section: Section) -> None:
    other = kept.keep(Section(section.form, "lamps", "Lamps shine."))
    section_id = kept.keep(section)
    named = kept.keep(Section(section.form, "moths", "Moths fly.", left_out=(LeftOut(section.paper_ids[0], "Gone"),)))
    kept.withdraw([section.paper_ids[0]])
    version = kept.version(named)
    assert version is not None and version.section.left_out == ()
    kept.delete(named)
    assert [line.id for line in kept.all()] == [other]
    assert kept.version(section_id) is None


def test_a_text_on_a_paper_that_was_forgotten_meanwhile_is_not_kept(
    kept: KeptSections, catalogue: Catalogue, section: Section
) -> None:
    section_id = kept.keep(section)
    removal = catalogue.removals.remove_papers([section.paper_ids[0]])
    assert kept.keep(section, section_id) == section_id  # it can be restored
    catalogue.removals.forget(removal.removal_id)
    with pytest.raises(HistoryError, match="deleted for good meanwhile"):
        kept.keep(section)
    assert [line.versions for line in kept.all()] == [2]


def test_a_section_that_no_version_can_read_is_none(kept: KeptSections, catalogue: Catalogue, section: Section) -> None:
    section_id = kept.keep(section)
    with catalogue.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE section_versions SET section = \'{"of": "tomorrow"}\'')
    assert kept.version(section_id) is None


# -- edited


def test_an_edited_paragraph_is_checked_and_the_others_stay(assistant: Assistant, section: Section) -> None:
    last = section.paragraphs[-1].sentences[-1]
    number = last.numbers[0]
    edited = assistant.paragraph_edited(
        section, 1, f"{last.text} It runs on 977 GPUs [{number}]. Nothing is cited here."
    )

    true, false, bare, *_ = edited.sentences
    assert true.verdict is Verdict.SUPPORTED
    assert (false.verdict, false.reason) == (Verdict.UNSUPPORTED, "977 is not in the passage")
    assert (bare.verdict, bare.reason) == (Verdict.UNSUPPORTED, "cites nothing")
    said = [
        [told.text.partition(" [")[0] for told in one.sentences]
        for one in (edited.paragraphs[1], section.paragraphs[1])
    ]
    assert said[0] == said[1]


def test_the_references_of_an_edited_section_are_those_it_cites(assistant: Assistant, section: Section) -> None:
    edited = assistant.paragraph_edited(section, 1, section.paragraphs[0].sentences[-1].text)

    gone = set(section.paper_ids) - set(edited.paper_ids)
    assert gone and set(edited.paper_ids) <= set(section.paper_ids)
    assert [reference.number for reference in edited.references] == list(range(1, len(edited.references) + 1))
    cited = {number for sentence in edited.sentences for number in sentence.citations}
    assert cited == {reference.number for reference in edited.references}
    for reference in edited.references:
        assert reference.key in edited.bibtex and reference.key in edited.latex


def test_a_paper_that_was_left_out_can_be_cited_by_its_number(assistant: Assistant) -> None:
    section = next(
        one
        for topic in ("machine unlearning", "diffusion language models", "quantization")
        if (one := assistant.related_work(topic)).left_out
    )
    added = section.left_out[0]
    number = section.citable.index(added.paper_id) + 1
    edited = assistant.paragraph_edited(section, 1, f"{section.paragraphs[0].text} A further one is close [{number}].")
    assert {*section.paper_ids, added.paper_id} == set(edited.paper_ids)
    assert added.paper_id not in {one.paper_id for one in edited.left_out}
    back = assistant.paragraph_edited(edited, 1, section.paragraphs[0].text)
    assert set(back.paper_ids) == set(section.paper_ids)
    assert added.paper_id in {one.paper_id for one in back.left_out}


@pytest.mark.parametrize("text", ["", "Lamps shine.", "Lamps shine [99].", "<script>alert(1)</script>"])
def test_an_edited_paragraph_must_cite(assistant: Assistant, section: Section, text: str) -> None:
    with pytest.raises(QuestionError, match="cites no paper"):
        assistant.paragraph_edited(section, 1, text)


def test_only_a_paragraph_on_papers_is_edited(assistant: Assistant, section: Section) -> None:
    with pytest.raises(QuestionError, match="no paragraph 9"):
        assistant.paragraph_edited(section, 9, "Lamps shine [1].")
