"""What a conversation is limited to, as filters on the library and as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.pipeline import Assistant
from assistant.records import Abstention
from assistant.settings import Settings
from assistant.ui.chats import Chats
from assistant.ui.model_picker import Pick
from tests.answered import ended
from tests.fakes import embed_beforehand
from tests.openai_server import Script, openai_server
from tests.test_catalogue import listing
from tests.test_papers import ENGINES, LAMPS
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing

_NAMES = st.lists(st.text(), max_size=3).map(tuple)
_YEARS = st.none() | st.integers(1, 9999)


def titles(library: Library, limits: Limits) -> set[str]:
    return {paper.title for paper in library.papers(limits.filters())}


def test_no_limits_are_no_filters(seeds_library: Library) -> None:
    assert not Limits()
    assert not Limits().filters()
    assert titles(seeds_library, Limits()) == {paper.title for paper in seeds_library.papers()}


def test_listings_are_alternatives_and_so_are_authors(seeds_library: Library) -> None:
    names = [name for _, name, _, _ in seeds_library.catalogue.listings()][:2]
    one, two = (titles(seeds_library, Limits(listings=(name,))) for name in names)
    assert one and two and one != two
    assert titles(seeds_library, Limits(listings=tuple(names))) == one | two

    kim, no = (titles(seeds_library, Limits(authors=(name,))) for name in ("Bumjun Kim", "Albert No"))
    assert kim and no - kim
    assert titles(seeds_library, Limits(authors=("Bumjun Kim", "Albert No"))) == kim | no


def test_all_limits_hold_at_once(seeds_library: Library) -> None:
    listing = seeds_library.catalogue.listings()[0][1]
    limits = Limits(listings=(listing,), authors=("Bumjun Kim", "Albert No"), since_year=2025, until_year=2025)
    expected = titles(seeds_library, Limits(listings=(listing,)))
    expected &= titles(seeds_library, Limits(authors=("Bumjun Kim", "Albert No")))
    expected &= {paper.title for paper in seeds_library.papers() if paper.published and paper.published.year == 2025}

    assert titles(seeds_library, limits) == expected


def test_years_are_included(seeds_library: Library) -> None:
    dated = [paper for paper in seeds_library.papers() if paper.published]
    for year in {paper.published.year for paper in dated if paper.published}:
        of_it = {paper.title for paper in dated if paper.published and paper.published.year == year}
        assert titles(seeds_library, Limits(since_year=year, until_year=year)) == of_it


def test_papers_can_be_named(seeds_library: Library) -> None:
    some = seeds_library.papers()[:3]
    assert titles(seeds_library, Limits(paper_ids=tuple(one.paper_id for one in some))) == {one.title for one in some}


@given(st.builds(Limits, listings=_NAMES, authors=_NAMES, since_year=_YEARS, until_year=_YEARS, paper_ids=_NAMES))
def test_limits_survive_json(limits: Limits) -> None:
    assert Limits.of(json.loads(json.dumps(limits.record()))) == limits
    limits.filters()


@pytest.mark.parametrize("year", [0, -1, 20255])
def test_a_year_is_one_that_there_is(year: int) -> None:
    with pytest.raises(ValueError, match="is no year"):
        Limits(since_year=year)
    with pytest.raises(ValueError):
        Limits.of({"until_year": year})


@pytest.mark.parametrize("record", [{"listings": "a"}, {"since_year": "soon"}, {"authors": [1]}])
def test_what_is_no_limits_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Limits.of(record)


# -- papers that are merged, deleted and brought back

SHORT = listing(Entry(1, "Bright Lamps", LAMPS, ("Ada Lovelace",)), name="short.txt")
WHOLE = listing(Entry(1, "Bright Lamps: Why They Last", LAMPS, ("Ada Lovelace",)), name="whole.txt")
LONGER = listing(Entry(1, "Bright Lamps: Why They Last, and How", LAMPS, ("Ada Lovelace",)), name="longer.txt")
OTHER = listing(Entry(1, "Engines That Weave", ENGINES, ("Ada Lovelace",)), name="other.txt")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        for one in (SHORT, WHOLE, LONGER, OTHER):
            embed_beforehand(library.catalogue, one)
        add(library, SHORT, OTHER)
        yield library


def add(library: Library, *listings: Listing) -> None:
    library.add(listings)


def limited_to(library: Library, title: str) -> Limits:
    return Limits(paper_ids=tuple(one.paper_id for one in library.papers() if one.title == title))


def test_limits_follow_a_paper_whose_longer_title_was_read(library: Library) -> None:
    limits = limited_to(library, "Bright Lamps")
    add(library, WHOLE)
    assert titles(library, limits) == {"Bright Lamps: Why They Last"}
    add(library, LONGER)
    assert titles(library, limits) == {"Bright Lamps: Why They Last, and How"}
    assert titles(library, limited_to(library, "Engines That Weave")) == {"Engines That Weave"}

    outside = Filters(excluding=(limits.filters(),))
    assert [one.title for one in library.papers(outside)] == ["Engines That Weave"]


def test_limits_follow_it_back_when_the_longer_title_is_forgotten(library: Library) -> None:
    add(library, WHOLE)
    limits = limited_to(library, "Bright Lamps: Why They Last")
    library.forget(library.remove_listing(WHOLE.sha256).removal_id)
    assert titles(library, limits) == {"Bright Lamps"}
    add(library, WHOLE)
    assert titles(library, limits) == titles(library, limited_to(library, "Bright Lamps: Why They Last"))


def test_limits_follow_papers_that_turn_out_to_be_one(library: Library) -> None:
    apart = Entry(1, "Bright Lamps", ENGINES + " They do not shine.", ("Bo Kim",))
    bridge = Entry(1, "Bright Lamps", LAMPS, ("Ada Lovelace",))
    add(library, listing(apart, name="apart.txt"), listing(bridge, name="bridge.txt"))
    sha256 = next(row[0] for row in library.catalogue.listings() if row[1] == "bridge.txt")
    before = library.keep_apart(sha256, 1)
    limits = Limits(paper_ids=(before,))
    assert titles(library, limits) == {"Bright Lamps"}

    together = library.rejoin(sha256, 1)

    assert [one.paper_id for one in library.papers(limits.filters())] == [together]


def test_limits_drop_what_is_deleted_and_have_it_again_when_it_is_restored(library: Library) -> None:
    limits = Limits(paper_ids=tuple(one.paper_id for one in library.papers()))
    removal = library.remove_papers(limited_to(library, "Bright Lamps").paper_ids)
    assert titles(library, limits) == {"Engines That Weave"}
    library.restore(removal.removal_id)
    assert titles(library, limits) == {"Bright Lamps", "Engines That Weave"}


def test_a_reader_beside_the_writer_follows_papers_too(library: Library) -> None:
    limits = limited_to(library, "Bright Lamps")
    add(library, WHOLE)
    with Library(library.path, read_only=True) as reader:
        assert titles(reader, limits) == {"Bright Lamps: Why They Last"}


def test_limits_that_leave_nothing_are_said_and_no_model_is_asked(library: Library) -> None:
    limits = limited_to(library, "Bright Lamps")
    library.remove_papers(limits.paper_ids)
    assistant = Assistant(library, Settings())
    with openai_server(Script(pieces=("They shine [1].",))) as server:
        for model in ("local:extractive", f"{server.base_url}#m"):
            for question in ("What shines?", "Summarize these papers", "How many papers are there?", "Who wrote it?"):
                answer = assistant.ask(question, model=model, within=limits.filters())
                assert answer.abstention is Abstention.OUTSIDE_LIMITS, question
                assert answer.text == (
                    "The library has no paper within the limits of this conversation now; widen these, or take them"
                    " away, to ask."
                )
    assert not server.chats
    assert assistant.ask("Hello", within=limits.filters()).abstention is Abstention.NONE
    assert assistant.ask("papers by Ada Lovelace").references


@pytest.mark.parametrize("question", ["papers like it", "papers by the authors of it", "Who wrote it?", "Compare them"])
def test_what_was_told_of_a_paper_that_was_deleted_since_leads_to_nothing(library: Library, question: str) -> None:
    assistant = Assistant(library, Settings())
    before = assistant.ask("papers by Ada Lovelace")
    library.remove_papers([one.paper_id for one in before.references])
    add(library, WHOLE)
    library.remove_papers(limited_to(library, "Bright Lamps: Why They Last").paper_ids)
    add(library, listing(Entry(1, "Clouds", "A cloud rains.", ("Bo Kim",)), name="clouds.txt"))
    assert assistant.ask(question, history=[before.turn]).abstained


def test_a_follow_up_is_about_the_paper_of_before_whose_longer_title_was_read(library: Library) -> None:
    assistant = Assistant(library, Settings())
    before = assistant.ask("Who wrote Bright Lamps?")
    add(library, WHOLE)
    answer = assistant.ask("papers like it", history=[before.turn])
    assert answer.text.startswith("The paper closest to “Bright Lamps”:\n\n1. **Engines That Weave**")


def test_an_answer_shows_the_paper_that_it_cites_under_a_former_id(library: Library) -> None:
    chats = Chats(Assistant(library, Settings()), History(library.catalogue.engine))
    called = chats.ask("", "Who wrote Bright Lamps?", model=Pick("local:extractive"), strict=False)
    ended(chats, called)
    add(library, WHOLE)
    assert "Bright Lamps: Why They Last" in chats.transcript_html(called)
