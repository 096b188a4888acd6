"""An author's papers -> the summary of the work."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.manuscripts.author_summary import summary
from assistant.manuscripts.sections import Section
from assistant.models.providers import model_choice
from assistant.pipeline import Assistant
from assistant.records import Verdict
from assistant.settings import Settings
from tests.fakes import embed_beforehand, listing_of
from tests.openai_server import Script, openai_server
from tests.test_related_work import OF_A_MODEL, assert_whole
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import AuthorError, QuestionError
from vectorstore.library import Library
from vectorstore.listings.entry import Listing

LOCAL = model_choice("local:extractive", Settings())


@pytest.fixture
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


def by_one_author(count: int) -> Listing:
    listing = listing_of(count, name=f"{count}.txt")
    titles = (f"{entry.title} of {hashlib.sha256(entry.title.encode()).hexdigest()[:4]}" for entry in listing.entries)
    entries = tuple(
        replace(entry, authors=("Ada Lamp",), title=title) for entry, title in zip(listing.entries, titles, strict=True)
    )
    return replace(listing, entries=entries)


def summed_up(library: Library, who: str = "Ada Lamp", **options: int) -> Section:
    *_, section = summary(library.papers(Filters(authors=(who,))), who, library, LOCAL, Settings(), **options)
    assert isinstance(section, Section)
    return section


def authors(library: Library) -> list[str]:
    """The authors of the seeds who have most papers."""
    names = library.catalogue.people().values()
    return sorted(names, key=lambda name: (-library.count(Filters(authors=(name,))), name))[:12]


def test_all_papers_are_told_in_order_of_time_and_each_sentence_rests_on_them(seeds_library: Library) -> None:
    for who in authors(seeds_library):
        papers = {paper.paper_id: paper for paper in seeds_library.papers(Filters(authors=(who,)))}
        section = summed_up(seeds_library, who)
        assert_whole(section, seeds_library)
        assert set(section.paper_ids) == papers.keys()
        assert len(section.themes) <= 5
        for theme in section.themes:
            dates = [date for paper_id in theme.paper_ids if (date := papers[paper_id].published)]
            assert dates == sorted(dates)


def test_an_author_with_one_paper_has_one_paragraph(library: Library) -> None:
    listing = by_one_author(1)
    embed_beforehand(library.catalogue, listing)
    library.add([listing])
    section = summed_up(library)
    assert_whole(section, library)
    assert len(section.themes) == 1
    assert section.left_out == ()


def test_of_three_hundred_papers_twenty_five_are_told_and_the_rest_is_counted(library: Library) -> None:
    listing = by_one_author(300)
    embed_beforehand(library.catalogue, listing)
    library.add([listing])
    section = summed_up(library)
    assert len(section.references) == 25
    assert len(section.left_out) == 275
    assert section.sentences[-1].text == "Besides these 25 papers, the library has 275 other papers by Lamp."
    assert section.sentences[-1].verdict is Verdict.COMPUTED
    assert len(summed_up(library, most_papers=5).references) == 5


def test_without_papers_there_is_nothing_to_sum_up(library: Library) -> None:
    with pytest.raises(QuestionError, match="no paper by Ada Lamp"):
        summed_up(library)


def test_a_paragraph_is_written_anew(assistant: Assistant) -> None:
    section = assistant.author("Bumjun Kim").summary
    made = assistant.paragraph_anew(section, 1, words=40)
    assert_whole(made, assistant.library, in_any_order=True)
    assert made.text[made.themes[1].start :] == section.text[section.themes[1].start :]
    assert made.themes[0].end < section.themes[0].end


def test_python_gives_the_profile_and_the_summary(assistant: Assistant) -> None:
    work = assistant.author("kim, bumjun")
    assert work.profile.author == "Bumjun Kim"
    assert set(work.summary.paper_ids) == {paper.paper_id for paper in work.profile.papers}
    with pytest.raises(AuthorError, match="No author in the library is called “Nobody Atall”"):
        assistant.author("Nobody Atall")


def test_the_chat_answers_with_the_summary(assistant: Assistant) -> None:
    answer = assistant.ask("Summarize the work of Dongjae Jeon")
    section = assistant.author("Dongjae Jeon").summary
    assert answer.intent == "author"
    assert (answer.text, answer.sentences, answer.references) == (section.text, section.sentences, section.references)
    assert answer.papers == section.paper_ids


def test_a_chat_model_writes_it_with_a_verdict_a_sentence(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    local = assistant.author("Dongjae Jeon").summary
    with openai_server(Script(pieces=("Jeon won a prize in Paris [1]. ",))) as server:
        section = assistant.author("Dongjae Jeon", model=f"{server.base_url}#m").summary
        prompts = [chat.prompt for chat in server.chats]
    assert_whole(section, assistant.library, verdicts=OF_A_MODEL)
    prize = next(sentence for sentence in section.sentences if "prize" in sentence.text)
    assert prize.verdict is Verdict.UNSUPPORTED
    assert set(section.paper_ids) == set(local.paper_ids)
    assert len(prompts) == len(local.themes)
    assert all("work of Dongjae Jeon" in prompt for prompt in prompts)
