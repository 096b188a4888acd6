"""What the readers make of the many ways in which pages print dates, author lines and abstracts."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.authors.author_line import author_line
from vectorstore.errors import ListingError
from vectorstore.listings.cards import card_line
from vectorstore.listings.entry import Listing
from vectorstore.listings.page_time import page_time, published
from vectorstore.listings.printed_dates import printed_date
from vectorstore.listings.readers import read_listing
from vectorstore.listings.time_words import MONTHS

SUMMER = date(2026, 7, 1)
HEADER = "Ada Lovelace\n\nLG\nh-index4\n\n"
ABSTRACT = "Models forget facts when they are edited. We study this on four benchmarks, and show what comes of it."


def read(text: str | bytes, *, as_of: date | None = SUMMER) -> Listing:
    content = text.encode() if isinstance(text, str) else text
    return read_listing(Path("page.txt"), as_of=as_of, content=content)


def card(
    head: str = "LGMay 14, 2025", title: str = "A Title", authors: str = "Ada Lovelace", text: str = ABSTRACT
) -> str:
    return f"{head}\n{title}\n\n{authors}\n\n{text}\n\n"


# --- dates


@pytest.mark.parametrize(
    "printed",
    [
        "May 14, 2025",
        "2025-05-14",
        "2025/05/14",
        "2025. 5. 14.",
        "14 May 2025",
        "14th of May, 2025",
        "14. Mai 2025",
        "14 mai 2025",
        "14 de mayo de 2025",
        "14 мая 2025 г.",
        "2025年5月14日",
        "2025년 5월 14일",
        "14 مايو 2025",
        "٢٠٢٥-٠٥-١٤",
        "14.05.2025",
        "14/05/2025",
        "05/14/25",
        "14-May-25",
        "MAY 14, 2025",
        "Published on May 14, 2025",
        "lundi 14 mai 2025",
        "Wed, 14 May 2025 10:33:12 GMT",
        "2025-05-14T10:33:00Z",
        "May 14, 2025 (v2)",
        "\u200bMay\u200b 14,\u00a02025",
    ],
)
@pytest.mark.parametrize("category", ["AI", "cs.LG", "math-ph", "q-bio.NC", "cond-mat.mtrl-sci"])
def test_a_date_is_read_however_it_is_printed(category: str, printed: str) -> None:
    for between in ("", " ", " · "):
        head = card_line(f"22.6 {category}{between}{printed}{between}Code")
        assert head is not None and head.date is not None
        assert (head.score, head.category, head.has_code) == (22.6, category, True)
        assert published(head.date, page_time([head.date], as_of=SUMMER, page=None)).day == date(2025, 5, 14)


@pytest.mark.parametrize(
    ("printed", "day", "precision"),
    [
        ("3 days ago", date(2026, 6, 28), "day"),
        ("yesterday", date(2026, 6, 30), "day"),
        ("5 hours ago", date(2026, 7, 1), "day"),
        ("vor 3 Tagen", date(2026, 6, 28), "day"),
        ("il y a 3 jours", date(2026, 6, 28), "day"),
        ("3天前", date(2026, 6, 28), "day"),
        ("3일 전", date(2026, 6, 28), "day"),
        ("2 weeks ago", date(2026, 6, 1), "month"),
        ("3 months ago", date(2026, 4, 1), "month"),
        ("a year ago", date(2025, 1, 1), "year"),
        ("May 2025", date(2025, 5, 1), "month"),
        ("2025-05", date(2025, 5, 1), "month"),
    ],
)
def test_a_date_is_as_precise_as_it_is_printed(printed: str, day: date, precision: str) -> None:
    entry = read(HEADER + card(f"AI{printed}") + card()).entries[0]
    assert (entry.published, entry.precision) == (day, precision)
    assert entry.year_inferred is ("2025" not in printed)


def test_a_relative_date_without_a_day_of_saving_counts_from_today_and_is_reported() -> None:
    listing = read(HEADER + card("AI3 days ago"), as_of=None)
    assert listing.entries[0].year_inferred
    assert [(one.line, "counts back" in one.reason) for one in listing.skipped] == [(6, True)]


def test_numbers_that_may_be_day_or_month_follow_the_other_dates_of_the_page() -> None:
    alone = read(HEADER + card("AI02/03/2025"))
    assert alone.entries[0].published == date(2025, 3, 2)
    assert [one.line for one in alone.skipped] == [6]
    american = read(HEADER + card("AI02/03/2025") + card("AI02/28/2025"))
    assert (american.entries[0].published, american.skipped) == (date(2025, 2, 3), ())


@settings(max_examples=200, deadline=None)
@given(
    day=st.dates(date(1991, 1, 1), date(2099, 12, 31)),
    month=st.sampled_from(sorted(MONTHS)),
    order=st.permutations([0, 1, 2]),
)
def test_every_name_of_a_month_is_read(day: date, month: str, order: list[int]) -> None:
    parts = [str(day.day), month, str(day.year)]
    read_date = printed_date(f"{parts[0]} {month} {day.year}")
    assert read_date is not None
    assert (read_date.day, read_date.month, read_date.year) == (day.day, MONTHS[month], day.year)
    printed_date(" ".join(parts[place] for place in order))  # whatever its order, it does not fail


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = printed_date(text)
    assert found is None or found.ago or 1 <= (found.month or 0) <= 12


@pytest.mark.parametrize(
    "text", ["DINOv3", "In 1990 we", "MNIST 10", "Attention Is All You Need", "3D Splatting", "LLMs"]
)
def test_a_title_is_no_card_line(text: str) -> None:
    assert card_line(text) is None


# --- authors


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Kim, Bo Li, and Al No", ["Ada Kim", "Bo Li", "Al No"]),
        ("Ada Kim and Bo Li", ["Ada Kim", "Bo Li"]),
        ("Ada Kim, Bo Li & Al No", ["Ada Kim", "Bo Li", "Al No"]),
        ("Ada Kim; Bo Li; Al No", ["Ada Kim", "Bo Li", "Al No"]),
        ("Kim, Ada; Li, Bo", ["Kim, Ada", "Li, Bo"]),
        ("Kim, Ada and Li, Bo", ["Kim, Ada", "Li, Bo"]),
        ("王伟、李娜, 김범준", ["王伟", "李娜", "김범준"]),
        ("محمد علي، فاطمة حسن", ["محمد علي", "فاطمة حسن"]),
        ("Иван Петров, Анна Смирнова", ["Иван Петров", "Анна Смирнова"]),
        ("danah boyd, Kate Crawford", ["danah boyd", "Kate Crawford"]),
        ("Ada Kim*, Bo Li†, Al No", ["Ada Kim", "Bo Li", "Al No"]),
        ("Ada Kim1,2, Bo Li2, Al No¹˒²", ["Ada Kim", "Bo Li", "Al No"]),
        ("Ada Kim$^{1,2}$, Bo Li (1), नेहा शर्मा2", ["Ada Kim", "Bo Li", "नेहा शर्मा"]),
        ("Authors: Robby T. Tan, Aby Mathew", ["Robby T. Tan", "Aby Mathew"]),
        ("ATLAS Collaboration and CMS Collaboration", ["ATLAS Collaboration", "CMS Collaboration"]),
        ("Ministry of Health and Welfare, Ada Kim", ["Ministry of Health and Welfare", "Ada Kim"]),
        ("Llama Team, AI @ Meta", ["Llama Team", "AI @ Meta"]),
        ("Tencent Hunyuan3D, Qwen2", ["Tencent Hunyuan3D", "Qwen2"]),
        ("José Ortega y Gasset, Steele, Jr.", ["José Ortega y Gasset", "Steele, Jr."]),
    ],
)
def test_a_line_of_authors_is_taken_apart(line: str, names: list[str]) -> None:
    assert list(author_line(line).names) == names
    entry = read(HEADER + card(authors=line)).entries[0]
    assert (list(entry.authors), entry.authors_complete, entry.author_count) == (names, True, len(names))
    assert entry.abstract == ABSTRACT


@pytest.mark.parametrize(
    ("rest", "count"),
    [
        (", et al. (2915 additional authors not shown)", 2917),
        (", and 12 others", 14),
        (" +3 authors", 5),
        (" and 1,024 more", 1026),
        (" et al.", None),
        (", …", None),
        (" et al. · stanford", None),
    ],
)
def test_authors_that_are_not_shown_are_counted(rest: str, count: int | None) -> None:
    entry = read(HEADER + card(authors=f"Ada Kim, Bo Li{rest}")).entries[0]
    assert (entry.authors, entry.authors_complete, entry.author_count) == (("Ada Kim", "Bo Li"), False, count)


def test_thousands_of_authors_are_authors() -> None:
    names = [
        f"Ada {first}{second}son" for first in "BCDFGHJKLMNPQRST" for second in ("a", "e", "ou") for _ in range(60)
    ]
    for page in (
        HEADER + card(authors=", ".join(names)),
        f"LGMay 14, 2025\nRare Decays{', '.join(names)}\n{ABSTRACT}\n",
    ):
        entry = read(page).entries[0]
        assert (entry.author_count, entry.authors[0], entry.abstract) == (len(names), "Ada Bason", ABSTRACT)


@pytest.mark.parametrize(
    "authors",
    [
        "김범준, Ada Kim",
        "Иван Петров, Анна Смирнова",
        "danah boyd, Kate Crawford",
        "Ada Kim*, Bo Li†",
        "Ada Kim and Bo Li",
    ],
)
def test_authors_of_any_script_are_told_from_the_title_that_they_are_glued_to(authors: str) -> None:
    entry = read(f"LGMay 14, 2025\nEditing Agents with Forests{authors}\nWe plant forests. They are edited.\n").entries[
        0
    ]
    assert entry.title == "Editing Agents with Forests"
    assert entry.authors == author_line(authors).names


def test_a_title_that_cannot_be_told_from_its_authors_is_reported() -> None:
    listing = read(f"LGMay 14, 2025\n深度学习的森林王伟, 李娜\n{ABSTRACT}\n")
    assert listing.entries[0].title == "深度学习的森林王伟, 李娜"
    assert [one.line for one in listing.skipped] == [1]


def test_affiliations_under_authors_are_neither_authors_nor_abstract() -> None:
    listing = read(HEADER + card(authors="Ada Kim¹, Bo Li²\n¹ University of Foo, ² Bar Institute"))
    assert (listing.entries[0].authors, listing.entries[0].abstract) == (("Ada Kim", "Bo Li"), ABSTRACT)
    assert [one.line for one in listing.skipped] == [10]


# --- abstracts, and what must not be swallowed by them

PARTS = """Background

Many leave early. It is not known why.

Methods

We asked. They told us.

Results

It was cold. It was."""


def test_the_parts_of_a_structured_abstract_are_no_papers() -> None:
    listing = read(f"Daily Papers\n\nMay 9\n\nWhy They Leave\n\n{PARTS}\n\n  • 4 authors\n·\nMay 8, 2025\n")
    assert [(entry.title, entry.abstract) for entry in listing.entries] == [("Why They Leave", PARTS)]
    assert listing.skipped == ()


@pytest.mark.parametrize(
    "text", [PARTS, PARTS.replace("\n\n", "\n"), "We do:\n• one thing;\n• another.\n\nIt works. It does."]
)
def test_an_abstract_in_parts_stays_whole_on_a_profile_page(text: str) -> None:
    listing = read(HEADER + card(text=text) + card(title="Another"))
    assert [entry.abstract for entry in listing.entries] == [text, ABSTRACT]


WRAPPED = "Models forget facts. They were said to do so on\nMay 14, 2025\nand we study it with\nAI\nalone."


@pytest.mark.parametrize("page", [HEADER + card(text=WRAPPED), f"LGMay 14, 2025\nA Title for AllAda Kim\n{WRAPPED}\n"])
def test_a_date_or_a_category_in_a_wrapped_line_opens_no_card(page: str) -> None:
    (entry,) = read(page).entries
    assert entry.abstract == WRAPPED


def test_titles_and_author_lists_may_be_wrapped() -> None:
    entry = read(HEADER + card(title="A Title of\nTwo Lines", authors="Ada Kim, Bo\nLi, Al No")).entries[0]
    assert (entry.title, entry.authors) == ("A Title of Two Lines", ("Ada Kim", "Bo Li", "Al No"))


HEADS = ["AI sometime in spring", "LG n/a", "CS-17/88", "Q3 2025", "RO14. nosuchmonth 2025", "AI2025-13-77", ""]


@pytest.mark.parametrize("head", HEADS)
def test_a_card_under_a_head_that_cannot_be_read_is_a_card_and_reported(head: str) -> None:
    listing = read(HEADER + card() + card(head, "Another Title", "Bo Li, Al No") + card(title="A Third"))
    assert [(entry.title, entry.abstract) for entry in listing.entries][1] == ("Another Title", ABSTRACT)
    assert listing.entries[1].authors == ("Bo Li", "Al No")
    assert {13, 14} & {one.line for one in listing.skipped}


@settings(max_examples=150, deadline=None)
@given(
    head=st.one_of(st.sampled_from(HEADS), st.from_regex(r"[A-Z]{2}[ A-Za-z0-9/.-]{1,20}", fullmatch=True)),
    glued=st.booleans(),
    wrapped=st.booleans(),
)
def test_no_head_is_swallowed_silently(head: str, glued: bool, wrapped: bool) -> None:
    text = ABSTRACT.replace(". ", ".\n").replace("four ", "four\n") if wrapped else ABSTRACT
    cards = [
        ("LGMay 14, 2025", "A Title for All"),
        (head.strip(), "Another Way to Look"),
        ("CVMay 1, 2025", "A Third Idea"),
    ]
    page = "".join(
        f"{top}\n{title}Ada Kim, Bo Li\n{text}\n" if glued else card(top, title, "Ada Kim, Bo Li", text)
        for top, title in cards
    )
    listing = read(page)
    lines = page.split("\n")
    title = next(number for number, line in enumerate(lines, start=1) if line.startswith("Another Way"))
    told = {entry.line for entry in listing.entries} | {one.line for one in listing.skipped}
    assert told & {title - 1, title}
    assert listing.entries[0].title == "A Title for All"


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "utf-16-le"])
def test_a_file_in_another_form_of_unicode_is_read(encoding: str) -> None:
    page = HEADER + card(authors="José Müller, 王伟")
    assert read(page.encode(encoding)).entries == read(page).entries


def test_windows_1252_is_read_and_said() -> None:
    listing = read((HEADER + card(authors="José Müller", text="“Quoted” – it is. It costs 5 €.")).encode("cp1252"))
    assert (listing.entries[0].authors, listing.entries[0].abstract) == (
        ("José Müller",),
        "“Quoted” – it is. It costs 5 €.",
    )
    assert "Windows-1252" in listing.skipped[0].reason


def test_another_encoding_is_refused_and_named() -> None:
    text = "Мы изучаем, как забывают большие языковые модели, и показываем, что это происходит из-за помех. " * 20
    with pytest.raises(ListingError, match=r"it seems, \w+"):
        read((HEADER + card(text=text)).encode("cp1251"))
