"""What the readers make of the pages that people copy."""

import contextlib
import hashlib
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.authors.author_line import author_line, looks_like_authors
from vectorstore.errors import ListingError
from vectorstore.listings.cards import CardLine, card_line
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.listings.glue import Glued, unglued
from vectorstore.listings.page_time import day_in_name
from vectorstore.listings.printed_dates import Ago, PrintedDate
from vectorstore.listings.profile_page import inferred_owner
from vectorstore.listings.readers import read_listing

SEEDS = Path(__file__).parent.parent / "seeds"
SUMMER = date(2026, 7, 1)

HEADED = """Ada Lovelace

LG
h-index41
2papers
1,234citations
Novelty52%
AI Score49

2 Papers

22.6LGMay 14
Sketch of the Analytical Engine

Luigi Menabrea, Ada Lovelace · turin

The engine weaves algebraic patterns. It does so with cards.

CLJun 2, 2025Code
Notes on Bernoulli Numbers

Ada Lovelace, Charles Babbage, Mary Somerville et al.

We compute numbers by a machine. Nobody did so before.
"""

HEADERLESS = """AIMay 27
Patterns Woven by an Engine for RLVRAda Lovelace, Charles Babbage
The engine weaves algebraic patterns with RLVR. It does so with cards.
65.9CLJun 2, 2025Code
Notes on Bernoulli NumbersMary Somerville, Ada Lovelace, Luigi Menabrea et al. · turin
We compute numbers by a machine. Nobody did so before."""

DAILY = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Apr 15

Weaving Patterns With Cards

The engine weaves algebraic patterns. It does so with cards.

  • 4 authors
·
Oct 25, 2022 1

A Paper Without Authors or Date

We show it all the same. Its neighbours keep what is theirs.

Computing Numbers by Machine

We compute numbers by a machine. Nobody did so before.

engine-lab Engine Lab
·
Feb 1
"""


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str | bytes, *, as_of: date | None = None) -> Listing:
        path = tmp_path / "listing.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_listing(path, as_of=as_of)

    return read


def split(*lines: str, abstract: str = "") -> list[tuple[str, str]]:
    return unglued([Glued(line, abstract) for line in lines])


# --- profile pages


def test_a_headed_page_names_its_owner_and_figures(read):
    listing = read(HEADED)
    assert (listing.kind, listing.owner) == ("profile", "Ada Lovelace")
    assert listing.figures == ProfileFigures(h_index=41, papers=2, citations=1234, novelty_percent=52, ai_score=49)
    assert listing.skipped == ()


def test_every_field_of_a_headed_page_is_read(read):
    assert read(HEADED).entries == (
        Entry(
            line=12,
            title="Sketch of the Analytical Engine",
            abstract="The engine weaves algebraic patterns. It does so with cards.",
            authors=("Luigi Menabrea", "Ada Lovelace"),
            authors_complete=True,
            author_count=2,
            affiliation="turin",
            published=date(2026, 5, 14),
            year_inferred=True,
            category="LG",
            score=22.6,
        ),
        Entry(
            line=19,
            title="Notes on Bernoulli Numbers",
            abstract="We compute numbers by a machine. Nobody did so before.",
            authors=("Ada Lovelace", "Charles Babbage", "Mary Somerville"),
            published=date(2025, 6, 2),
            category="CL",
            has_code=True,
        ),
    )


def test_every_field_of_a_headerless_page_is_read(read):
    listing = read(HEADERLESS, as_of=SUMMER)
    assert (listing.kind, listing.owner, listing.skipped) == ("headerless", "Ada Lovelace", ())
    first, second = listing.entries
    assert first.title == "Patterns Woven by an Engine for RLVR"
    assert first.authors == ("Ada Lovelace", "Charles Babbage")
    assert (first.line, first.published, first.year_inferred) == (1, date(2026, 5, 27), True)
    assert second.title == "Notes on Bernoulli Numbers"
    assert second.authors == ("Mary Somerville", "Ada Lovelace", "Luigi Menabrea")
    assert (second.authors_complete, second.author_count, second.affiliation) == (False, None, "turin")
    assert (second.score, second.category, second.has_code) == (65.9, "CL", True)


def test_a_line_under_no_card_is_reported_and_the_rest_kept(read):
    listing = read("Load all\n" + HEADERLESS)
    assert len(listing.entries) == 2
    assert [(skipped.line, skipped.reason) for skipped in listing.skipped] == [(1, "not part of an entry: 'Load all'")]


def test_a_label_under_the_last_abstract_is_not_abstract(read):
    listing = read(HEADED + "\nLoad more\n")
    assert listing.entries[-1].abstract == "We compute numbers by a machine. Nobody did so before."
    assert [skipped.line for skipped in listing.skipped] == [26]


def test_a_card_without_a_title_is_reported(read):
    listing = read("LGMay 1, 2025\n" + HEADERLESS)
    assert len(listing.entries) == 2
    assert listing.skipped[0].line == 1


def test_the_colon_behind_a_team_is_no_author(read):
    listing = read("CLJun 17, 2025\nScaling Attention\n\nMiniMax, :, Aili Chen et al.\n\nText. More text.\n")
    assert listing.entries[0].authors == ("MiniMax", "Aili Chen")


# --- the title and the first author


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("Small Models are Equation Reasoners", "Bumjun Kim, Kunha Lee, Juyeon Kim et al."),
        ("First-Token Diversification for RLVR", "Soeun Kim, Albert No"),
        ("Early Termination in Diffusion LLMs", "BumJun Kim, Dongjae Jeon, Dueun Kim et al."),
        ("Embeddings from Language Models", "Parishad BehnamGhader, Vaibhav Adlakha et al."),
        ("Contrastive Predictive Coding", "Aäron van den Oord, Yazhe Li, Oriol Vinyals"),
        ("Pixel Recurrent Networks", "van den Oord, Nal Kalchbrenner"),
        ("On Magic", "J. K. Rowling"),
        ("Does It Generalize?", "Conan O'Brien, Tim McDonald"),
        ("Look!", "Giulia D'Angelo, José DeSouza"),
        ("A Look at 2024", "Xiao-Ming Li, Bo Wu"),
        ("Evaluating GPT-4", "Jean-Baptiste Émile"),
        ("Reasoning with Rewards (RLVR)", "Albert No"),
        ("Sorting in $O(n)$", "Ada Lovelace"),
        ("What Is “Understanding”", "Nando de Freitas, Shixiang Gu"),
        ("Cooking, Cleaning, and Thinking", "Li Wei, Wang Fang"),
        ("Scaling Attention", "MiniMax, :, Aili Chen et al."),
        ("Open Models", "Gemma Team, Morgane Riviere, Shreya Pathak et al."),
    ],
)
def test_a_glued_title_is_told_from_its_first_author(title: str, authors: str):
    assert split(title + authors) == [(title, authors)]


def test_a_title_word_that_the_abstract_has_is_not_cut():
    line = "Training on ImageNetBo Li, Al Xu"
    assert split(line, abstract="We train on ImageNet.") == [("Training on ImageNet", "Bo Li, Al Xu")]


def test_a_name_printed_elsewhere_on_the_page_wins():
    line = "Learning with UniverSegJo Kim"
    assert split(line, "Another Look at SegmentsAl No, Jo Kim")[0] == ("Learning with UniverSeg", "Jo Kim")
    assert split(line, "Another Look at SegmentsAl No, SegJo Kim")[0] == ("Learning with Univer", "SegJo Kim")


def test_a_title_without_authors_stays_whole():
    assert split("Nobody signed this one") == [("Nobody signed this one", "")]


# --- the owner of a headerless page


def entry(*authors: str, complete: bool) -> Entry:
    return Entry(line=1, title="", abstract="", authors=authors, authors_complete=complete)


def test_the_owner_is_in_every_complete_list():
    entries = [
        entry("A B", "C D", complete=True),
        entry("E F", "a b", complete=True),
        entry("X Y", complete=False),
    ]
    assert inferred_owner(entries) == "A B"


def test_names_are_compared_without_case_and_accents():
    entries = [entry("BumJun Kím", "C D", complete=True), entry("Bumjun Kim", "E F", complete=True)]
    assert inferred_owner(entries) in {"BumJun Kím", "Bumjun Kim"}


def test_two_names_printed_as_often_leave_the_owner_open():
    assert inferred_owner([entry("A B", "C D", complete=True)] * 2) is None


def test_a_name_printed_once_is_no_owner():
    assert inferred_owner([entry("A B", complete=True)]) is None


def test_a_frequent_co_author_is_no_owner_where_et_al_hides_names():
    entries = [entry("A B", "C D", complete=False)] * 2 + [entry("E F", complete=False)]
    assert inferred_owner(entries) is None


# --- daily pages


def test_every_field_of_a_daily_page_is_read(read):
    listing = read(DAILY)
    assert (listing.kind, listing.owner, listing.skipped) == ("daily", None, ())
    first, bare, last = listing.entries
    assert first == Entry(
        line=13,
        title="Weaving Patterns With Cards",
        abstract="The engine weaves algebraic patterns. It does so with cards.",
        author_count=4,
        published=date(2022, 10, 25),
        comments=1,
    )
    assert (last.title, last.organization, last.author_count) == (
        "Computing Numbers by Machine",
        "Engine Lab",
        None,
    )
    assert (last.published, last.year_inferred) == (date(2023, 2, 1), True)
    assert bare.title == "A Paper Without Authors or Date"


def test_a_card_without_authors_and_date_takes_none_of_its_neighbours(read):
    bare = read(DAILY).entries[1]
    assert (bare.author_count, bare.organization, bare.published, bare.comments) == (None, None, None, None)
    assert bare.abstract == "We show it all the same. Its neighbours keep what is theirs."


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("nvidia NVIDIA", "NVIDIA"),
        ("ByteDance-Seed ByteDance Seed", "ByteDance Seed"),
        ("Qwen Qwen", "Qwen"),
        ("solo", "solo"),
    ],
)
def test_an_organisation_is_named_without_its_handle(read, printed: str, name: str):
    listing = read(f"A Title\n\nAn abstract. It is short.\n\n{printed}\n·\nFeb 1, 2025 3\n")
    assert listing.entries[0].organization == name
    assert listing.entries[0].comments == 3


def test_an_abstract_over_a_date_is_no_organisation(read):
    listing = read("A Title\n\nAn abstract. It is short.\n\n·\nFeb 1, 2025\n")
    assert listing.entries[0].organization is None
    assert listing.entries[0].abstract == "An abstract. It is short."


def test_furniture_under_the_last_card_is_reported(read):
    listing = read(DAILY + "\nPrevious\n\nNext\n")
    assert len(listing.entries) == 3
    assert [skipped.line for skipped in listing.skipped] == [33, 35]


# --- dates


def test_a_date_without_a_year_takes_the_year_of_as_of(read):
    assert read(HEADED, as_of=date(2031, 1, 1)).entries[0].published == date(2031, 5, 14)


@pytest.mark.parametrize("name", ["2019-05-21.txt", "daily_20190521.txt", "papers 2019.05.21 (copy).txt"])
def test_a_date_without_a_year_takes_the_year_of_the_day_that_the_file_is_named_after(tmp_path, name):
    (tmp_path / name).write_text(HEADED, encoding="utf-8")
    assert read_listing(tmp_path / name).entries[0].published == date(2019, 5, 14)
    assert read_listing(tmp_path / name, as_of=date(2032, 1, 1)).entries[0].published == date(2032, 5, 14)


@pytest.mark.parametrize("name", ["9999-05-21.txt", "2019-13-01.txt", "2019.0521.txt", "120190521.txt", "seeds.txt"])
def test_a_file_that_is_named_after_no_day_of_the_past_tells_no_year(name):
    assert day_in_name(name) is None


def test_without_as_of_it_takes_the_year_after_the_newest_printed_one(read):
    assert read(HEADED.replace("2025", "2019")).entries[0].published == date(2020, 5, 14)


def test_without_any_year_it_takes_this_year(read):
    listing = read("LGMay 14\nSome Deep TitleBo Li\nText. More text.\n")
    assert listing.entries[0].published == date(date.today().year, 5, 14)


def test_a_printed_year_is_not_marked_as_inferred(read):
    entry = read(HEADED, as_of=date(2031, 1, 1)).entries[1]
    assert (entry.published, entry.year_inferred) == (date(2025, 6, 2), False)


def test_a_day_that_does_not_exist_is_left_out_and_reported(read):
    listing = read(HEADED.replace("May 14", "Feb 30"))
    assert (listing.entries[0].published, listing.entries[0].year_inferred) == (None, False)
    assert [skipped.line for skipped in listing.skipped] == [12]


# --- files


@pytest.mark.parametrize("page", [HEADED, HEADERLESS, DAILY])
@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", " \t\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace(", ", ",\u00a0"),
    ],
    ids=["byte order mark", "CRLF", "CR", "trailing space", "no final newline", "non-breaking space"],
)
def test_how_the_file_was_saved_changes_nothing(read, page: str, disguise):
    assert read(disguise(page)).entries == read(page).entries


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n \r\n", "is empty"),
        (b"Dear reader,\n\nthis is a letter. It has two sentences.\n", "is no listing"),
        (b"<!DOCTYPE html><html><body>Dear reader</body></html>", "is a web page"),
        (b"%PDF-1.7\n\x93\x8c\n", "is a damaged PDF"),
        (b"PK\x03\x04\0\0\0", "is a binary file"),
        (bytes(range(256)), "is a binary file"),
        ("LGMay 14\nПривет, это текст".encode("koi8-r"), "is not UTF-8 text"),
        ("LGMay 14\nŻółć i gęśl".encode("cp1250"), "is not UTF-8 text"),
        (b"\xff\xfeL\xd8\x00\x00", "is not UTF-8 text"),
        (b"LGMay 14\n", "lists no papers"),
        (b"a" * (20 * 1024 * 1024 + 1), "is larger than 20 MiB"),
    ],
)
def test_what_is_no_listing_is_refused_in_one_sentence(read, tmp_path: Path, content: bytes, reason: str):
    with pytest.raises(ListingError) as caught:
        read(content)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'listing.txt'} {reason}")
    assert message.endswith(".")
    assert "\n" not in message


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path):
    with pytest.raises(ListingError, match="is a folder"):
        read_listing(tmp_path)
    with pytest.raises(ListingError, match="does not exist"):
        read_listing(tmp_path / "nothing.txt")


def test_the_listing_names_its_file_and_hash(read):
    content = b"LGMay 14\nSome Deep TitleBo Li\n"
    listing = read(content, as_of=SUMMER)
    assert listing.name == "listing.txt"
    assert listing.sha256 == hashlib.sha256(content).hexdigest()
    assert listing.as_of == SUMMER


@pytest.mark.parametrize(
    "content",
    [
        b"Aa" * 2_500_000,
        b"LGMay 14\n" + b"Aa" * 2_500_000,
        b"LGMay 14\n" + b"Ab, " * 1_250_000,
        b"LGMay 14\nA TitleBo Li\n" + b" et al." * 700_000,
        b"\n" * 200_000 + b"LGMay 14\nA TitleBo Li\n",
        b"LGMay 14\n" * 100_000,
        "·\n".encode() * 200_000 + b"May 14\n",
        (b"LGMay 14\n" + b"Ab" * 900 + b", Bo Li\n") * 100,
    ],
    ids=["one line", "long title", "commas", "et al.", "blank lines", "cards", "separators", "long words"],
)
def test_hostile_text_takes_linear_time(read, content: bytes):
    start = time.perf_counter()
    with contextlib.suppress(ListingError):
        read(content)
    assert time.perf_counter() - start < 10


# --- the seeds that ship with the project


def test_the_seeds_hold_seventy_entries_and_nothing_is_skipped():
    listings = {path.name: read_listing(path) for path in SEEDS.glob("*.txt")}
    assert {name: (listing.kind, listing.owner, len(listing.entries)) for name, listing in listings.items()} == {
        "daily_papers_apr_15.txt": ("daily", None, 53),
        "headerless_bumjun_kim.txt": ("headerless", "Bumjun Kim", 6),
        "headerless_soeun_kim.txt": ("headerless", "Soeun Kim", 4),
        "profile_kyelim_lee.txt": ("profile", "Kyelim Lee", 3),
        "profile_moongyu_jeon.txt": ("profile", "Moongyu Jeon", 4),
    }
    assert [listing.skipped for listing in listings.values()] == [()] * 5


# --- properties

WORDS = ("Deep", "learning", "of", "graphs", "and", "Sparse", "models", "for", "Vision", "RLVR", "GPT-4", "LLMs")
GIVEN = ("Ada", "Bumjun", "Soeun", "Jean-Luc", "José", "Xiao-Ming", "Wonje", "Émile")
FAMILY = ("Lovelace", "Kim", "No", "O'Brien", "McDonald", "Łukasz", "van den Berg", "Li")

titles = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9).map(" ".join)
abstracts = st.lists(titles, min_size=2, max_size=6).map(lambda parts: ". ".join(parts) + ".")
names = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))
days = st.dates(date(1995, 1, 1), date(2026, 12, 31))


@st.composite
def card_entries(draw: st.DrawFn) -> Entry:
    complete = draw(st.booleans())
    few = 1 if complete else 3
    authors = tuple(draw(st.lists(names, min_size=few, max_size=3, unique=True)))
    return Entry(
        line=0,
        title=draw(titles),
        abstract=draw(abstracts),
        authors=authors,
        authors_complete=complete,
        author_count=len(authors) if complete else None,
        affiliation=draw(st.sampled_from([None, "stanford"])),
        published=draw(days),
        category=draw(st.sampled_from(["LG", "CL", "CV"])),
        has_code=draw(st.booleans()),
        score=draw(st.sampled_from([None, 8.9, 65.9])),
    )


@st.composite
def daily_entries(draw: st.DrawFn) -> Entry:
    count = draw(st.one_of(st.none(), st.integers(1, 500)))
    return Entry(
        line=0,
        title=draw(titles),
        abstract=draw(abstracts),
        author_count=count,
        organization=None if count else draw(st.sampled_from(["NVIDIA", "Stanford NLP"])),
        published=draw(days),
        comments=draw(st.one_of(st.none(), st.integers(1, 99))),
    )


def printed_day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def card_lines(entry: Entry) -> tuple[str, str, str, str]:
    score = "" if entry.score is None else str(entry.score)
    head = f"{score}{entry.category}{printed_day(entry.published)}{'Code' * entry.has_code}"
    authors = ", ".join(entry.authors) + ("" if entry.authors_complete else " et al.")
    return head, entry.title, authors + (f" · {entry.affiliation}" if entry.affiliation else ""), entry.abstract


def headed(entries: list[Entry]) -> str:
    cards = [f"{head}\n{title}\n\n{authors}\n\n{text}\n" for head, title, authors, text in map(card_lines, entries)]
    return "Ada Lovelace\n\nLG\nh-index4\n\n" + "\n".join(cards)


def headerless(entries: list[Entry]) -> str:
    return "\n".join(f"{head}\n{title}{authors}\n{text}" for head, title, authors, text in map(card_lines, entries))


def daily(entries: list[Entry]) -> str:
    def card(entry: Entry) -> str:
        who = f"  • {entry.author_count} authors" if entry.author_count else f"handle {entry.organization}"
        comments = f" {entry.comments}" if entry.comments else ""
        return f"{entry.title}\n\n{entry.abstract}\n\n{who}\n·\n{printed_day(entry.published)}{comments}\n"

    return "Daily Papers\n\nApr 15\n\n" + "\n".join(map(card, entries))


def without_lines(entries: tuple[Entry, ...] | list[Entry]) -> list[Entry]:
    fields = Entry.__dataclass_fields__
    return [Entry(**{name: getattr(entry, name) for name in fields} | {"line": 0}) for entry in entries]


quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(entries=st.lists(card_entries(), min_size=1, max_size=5))
@pytest.mark.parametrize("rendered", [headed, headerless])
def test_what_a_profile_page_shows_is_what_is_read(read, rendered, entries: list[Entry]):
    assert without_lines(read(rendered(entries)).entries) == entries


@quick
@given(entries=st.lists(daily_entries(), min_size=1, max_size=5))
def test_what_a_daily_page_shows_is_what_is_read(read, entries: list[Entry]):
    assert without_lines(read(daily(entries)).entries) == entries


@quick
@given(content=st.one_of(st.binary(), st.text().map(str.encode)))
def test_any_bytes_are_read_or_refused(read, content: bytes):
    try:
        assert read(content).entries
    except ListingError as error:
        assert "listing.txt" in str(error)


PIECES = st.sampled_from(
    [*HEADED.splitlines(), *HEADERLESS.splitlines(), *DAILY.splitlines(), "·", "•", ", et al.", "LG", "May 1"]
)


@quick
@given(lines=st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30))
def test_pages_cut_and_shuffled_are_read_or_refused(read, lines: list[str]):
    text = "\n".join(lines)
    try:
        listing = read(text.encode(errors="replace"))
    except ListingError:
        return
    assert listing == read(text.encode(errors="replace"))
    assert all(entry.title for entry in listing.entries)


def test_sentences_of_capitalised_words_are_no_authors() -> None:
    assert not looks_like_authors("Deep Deep Deep. Deep Deep of.")
    assert looks_like_authors("Mohd. Rahman, J. Lee, Sammy Davis Jr., Ada Kim")


@pytest.mark.parametrize(
    ("head", "category", "said"),
    [
        ("CL3d ago", "CL", PrintedDate(ago=Ago(3, "day"))),
        ("CL3 ago 2024", "CL", PrintedDate(8, 3, 2024)),
        ("cs.AI, cs.LGMay 14, 2025", "cs.AI", PrintedDate(5, 14, 2025)),
        ("AI, LGMay 14, 2025", "AI", PrintedDate(5, 14, 2025)),
        ("AI MAY 14, 2025", "AI", PrintedDate(5, 14, 2025)),
    ],
)
def test_a_card_may_say_its_age_in_short_and_several_categories(head: str, category: str, said: PrintedDate) -> None:
    assert card_line(head) == CardLine(category=category, date=said)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lovelace (1), Charles Babbage (2), (1) London, (2) Cambridge", ("Ada Lovelace", "Charles Babbage")),
        ("Ada Lovelace [1], Charles Babbage [1]; [1] University of Lamps", ("Ada Lovelace", "Charles Babbage")),
        ("Ada Lovelace | Charles Babbage | G. B. Airy", ("Ada Lovelace", "Charles Babbage", "G. B. Airy")),
        ("Ada Lovelace • Charles Babbage", ("Ada Lovelace", "Charles Babbage")),
        ("Wei (David) Chen, Ada (Augusta) Lovelace", ("Wei (David) Chen", "Ada (Augusta) Lovelace")),
    ],
)
def test_a_line_of_authors_may_be_parted_by_strokes_and_end_in_affiliations(line: str, names: tuple[str, ...]) -> None:
    assert author_line(line).names == names
