"""Pages that are copied from a browser: what each prints, and how such pages vary."""

import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.authors.author_line import author_line
from vectorstore.errors import ListingError
from vectorstore.listings.entry import Entry, Listing
from vectorstore.listings.readers import read_listing

SUMMER = date(2026, 7, 1)
ABSTRACT = (
    "Lanterns of zebras glow when they are lit many times. We study this on four benches and show why it happens."
    " A simple step removes most of it."
)


def read(text: str) -> Listing:
    return read_listing(Path("page.txt"), as_of=SUMMER, content=text.encode())


def titles(listing: Listing) -> list[str]:
    return [entry.title for entry in listing.entries]


def only(listing: Listing) -> Entry:
    (entry,) = listing.entries
    return entry


# --- Google Scholar

SCHOLAR = """My profile
Ada Quill
Professor of Optics, Example University
Verified email at example.edu - Homepage
OpticsZebras
TITLE\t
CITED BY
YEAR
Zebra Lanterns
A Quill, B Moss, ...
Journal of Lanterns 12 (3), 45-67, 2025
1204*\t2025
A Lantern That Folds
A Quill
US Patent 10,123,456, 2020
\t2020
Lost Lanterns
A Quill, W van den Berg
17
Undated and Uncited
A Quill, C Nix
Zebra Memories in Small Rooms
A Quill
arXiv preprint arXiv:2502.01003, 2025\t5\t2025
Articles 1–5
Show more
Cited by
View all
All\tSince 2020
Citations\t30\t28
h-index\t4\t4
"""


def test_a_scholar_profile_gives_its_owner_and_papers_without_abstracts() -> None:
    listing = read(SCHOLAR)

    assert (listing.kind, listing.owner, listing.figures.h_index, listing.figures.citations) == (
        "scholar",
        "Ada Quill",
        4,
        30,
    )
    assert titles(listing) == [
        "Zebra Lanterns",
        "A Lantern That Folds",
        "Lost Lanterns",
        "Undated and Uncited",
        "Zebra Memories in Small Rooms",
    ]
    assert not any(entry.abstract for entry in listing.entries)
    assert listing.skipped == ()


def test_a_scholar_venue_is_taken_apart() -> None:
    journal, patent, lost, undated, preprint = read(SCHOLAR).entries

    assert (journal.authors, journal.authors_complete) == (("A Quill", "B Moss"), False)
    where = journal.publication
    assert (where.venue, where.volume, where.issue, where.pages) == ("Journal of Lanterns", "12", "3", "45-67")
    assert (journal.published, journal.precision) == (date(2025, 1, 1), "year")
    assert (patent.publication.venue, patent.published) == ("US Patent 10,123,456", date(2020, 1, 1))
    assert (lost.authors, lost.published) == (("A Quill", "W van den Berg"), None)
    assert (undated.authors, undated.published) == (("A Quill", "C Nix"), None)
    assert preprint.publication.arxiv_id == "2502.01003"


def test_a_scholar_profile_in_another_language_is_read() -> None:
    listing = read(
        "Ada Quill\nProfessorin, Beispieluniversität\nBestätigte E-Mail-Adresse bei example.de\nTITEL\n"
        "ZITIERT VON\nJAHR\n"
        "Zebra Lanterns\nA Quill, B Moss\nNature 521 (7553), 436-444, 2015\n9\t2015\n"
    )
    assert (titles(listing), listing.owner) == (["Zebra Lanterns"], "Ada Quill")


# --- arXiv


def test_a_list_of_recent_papers_has_days_and_no_abstracts() -> None:
    listing = read(
        "Computation and Language\nAuthors and titles for recent submissions\n  Wed, 14 May 2025\n  Tue, 13 May 2025\n"
        "See today's new changes\nTotal of 2 entries\nWed, 14 May 2025 (showing 1 of 1 entries )\n"
        "[1] arXiv:2505.08001 [pdf, html, other]\nTitle: On $\\alpha$-Zebras: A \\emph{Study}\nAda Quill, "
        "José Garc\\'ia\n"
        "Subjects: Computation and Language (cs.CL); Machine Learning (stat.ML)\n"
        "Tue, 13 May 2025 (continued, showing last 1 of 9 entries )\n"
        "[2] arXiv:2505.07002 (cross-list from stat.ML) [pdf, other]\nTitle: Quagga Lamps\nAuthors: B Moss\n"
        "Comments: This paper has been withdrawn\nSubjects: Machine Learning (stat.ML)\nTotal of 2 entries\n"
    )
    first, second = listing.entries
    assert (first.title, first.authors) == ("On $\\alpha$-Zebras: A \\emph{Study}", ("Ada Quill", "José García"))
    assert (first.published, first.category, first.abstract) == (date(2025, 5, 14), "CL", "")
    assert (second.published, second.category, second.authors) == (date(2025, 5, 13), "stat.ML", ("B Moss",))
    assert listing.skipped == ()


def test_a_replaced_paper_is_as_old_as_its_identifier() -> None:
    entry = only(
        read(
            "Computation and Language\nShowing new listings for Wednesday, 14 May 2025\n"
            "Replacement submissions (showing 1 of 1 entries)\n[1] arXiv:2401.00001 (replaced) [pdf, html, other]\n"
            "Title: Zebra Lanterns\nAda Quill\nComments: 9 pages\nJournal-ref: J. Lamps 3 (2025) 4\n"
            "Subjects: Computation and Language (cs.CL)\n"
        )
    )
    assert (entry.published, entry.precision) == (date(2024, 1, 1), "month")
    assert entry.publication.venue == "J. Lamps 3 (2025) 4"


def test_an_email_has_new_cross_listed_and_replaced_papers() -> None:
    dashes = "-" * 78
    listing = read(
        f"{dashes}\nSubmissions to:\nComputation and Language\n received from  Mon 12 May 25  to  Tue 13 "
        f"May 25\n{dashes}\n"
        f"{dashes}\n\\\\\narXiv:2505.08001\nDate: Mon, 12 May 2025 19:12:33 GMT   (210kb)\n\nTitle: Zebra "
        f"Lanterns That\n"
        f"  Glow\nAuthors: Ada Quill (1), Bo\n  Moss (1 and 2) ((1) Example University, (2) Other)\nCategories: cs.CL\n"
        f"\\\\\n  {ABSTRACT.replace(' We ', chr(10) + '  We ')}\n\\\\ ( https://arxiv.org/abs/2505.08001 ,  "
        f"210kb)\n{dashes}\n"
        f"%%--%%--%%--%%--%%\n{dashes}\n\\\\\narXiv:2401.00001\nreplaced with revised version Mon, 12 May "
        f"2025 17:59:59 GMT (9kb)\n\n"
        f"Title: Old Lamps\nAuthors: C. Nix\nCategories: cs.CL\nComments: 9 pages\n\\\\ ( "
        f"https://arxiv.org/abs/2401.00001 ,  9kb)\n"
        f"{dashes}\n"
    )
    new, replaced = listing.entries
    assert (new.title, new.authors) == ("Zebra Lanterns That Glow", ("Ada Quill", "Bo Moss"))
    assert (new.published, " ".join(new.abstract.split())) == (date(2025, 5, 12), " ".join(ABSTRACT.split()))
    assert (replaced.title, replaced.abstract, replaced.published) == ("Old Lamps", "", date(2024, 1, 1))
    assert listing.skipped == ()


def test_an_abstract_page_that_was_copied_as_a_whole_is_one_paper() -> None:
    listing = read(
        "Skip to main content\nWe gratefully acknowledge support from the Simons Foundation, member "
        "institutions, and all\n"
        "arXiv logo > cs > arXiv:2505.08001\nHelp | Advanced Search\n\nComputer Science > Computation and Language\n"
        "arXiv:2505.08001 (cs)\n[Submitted on 12 May 2025 (v1), last revised 3 Jun 2025 (this version, v2)]\n"
        "Title:Zebra Lanterns\nAuthors:Ada Quill, Bo Moss, Cleo Nix (7 additional authors not shown)\n"
        f"View a PDF of the paper titled Zebra Lanterns, by Ada Quill and 9 other authors\nView PDF HTML "
        f"(experimental)\nAbstract:{ABSTRACT}\n"
        "Comments:\t9 pages\nSubjects:\tComputation and Language (cs.CL); Machine Learning (cs.LG)\n"
        "Cite as:\tarXiv:2505.08001 [cs.CL]\n \t(or arXiv:2505.08001v2 [cs.CL] for this version)\n"
        " \thttps://doi.org/10.48550/arXiv.2505.08001\nFocus to learn more\nJournal reference:\tJ. Lamps 3\n"
        "Related DOI:\thttps://doi.org/10.1000/lamp.3\nSubmission history\nFrom: Ada Quill [view email]\n"
        "[v1] Mon, 12 May 2025 19:12:33 UTC (210 KB)\n"
    )
    entry = only(listing)
    assert (entry.title, entry.abstract, entry.category) == ("Zebra Lanterns", ABSTRACT, "CL")
    assert (entry.authors, entry.authors_complete, entry.author_count) == (
        ("Ada Quill", "Bo Moss", "Cleo Nix"),
        False,
        10,
    )
    assert (entry.published, entry.publication.arxiv_id) == (date(2025, 5, 12), "2505.08001v2")
    assert (entry.publication.doi, entry.publication.venue) == ("10.1000/lamp.3", "J. Lamps 3")


# --- OpenReview


def test_a_forum_is_one_paper_whatever_is_said_of_it() -> None:
    listing = read(
        "Go to ICLR 2026 Conference homepage\nZebra Lanterns\nDownload PDF\nAda Quill, Bo Moss\n"
        "Published: 26 Jan 2026, Last Modified: 12 Mar 2026ICLR 2026 OralEveryoneRevisionsBibTeXCC BY 4.0\n"
        f"Keywords: lamps; zebras\nTL;DR: Zebras glow: why.\nAbstract: {ABSTRACT}\nPrimary Area: optics\n"
        f"Submission Number: 12\n"
        "Paper Decision\nDecision by Program Chairs\nDecision: Accept (Oral)\nComment: Well done: it glows.\n"
    )
    entry = only(listing)
    assert (entry.title, entry.authors, entry.abstract) == ("Zebra Lanterns", ("Ada Quill", "Bo Moss"), ABSTRACT)
    assert (entry.publication.venue, entry.publication.keywords) == ("ICLR 2026 Oral", ("lamps", "zebras"))
    assert entry.published == date(2026, 1, 26)


def test_openreview_papers_without_authors_abstracts_or_marks_are_kept() -> None:
    listing = read(
        "ICLR 2026 Conference\n\nZebra Lanterns\nAnonymous\n01 Oct 2025 (modified: 10 Mar 2026)Submitted to "
        "ICLR 2026Readers: Everyone\n\n"
        "Quagga Lamps: Light for All\nAda Quill, Bo Moss\nPublished: 26 Jan 2026, Last Modified: 12 Mar "
        "2026\nICLR 2026 Poster\nShow details\n"
    )
    first, second = listing.entries
    assert (first.title, first.authors, first.publication.venue) == ("Zebra Lanterns", (), "Submitted to ICLR 2026")
    assert (second.title, second.authors) == ("Quagga Lamps: Light for All", ("Ada Quill", "Bo Moss"))
    assert second.publication.venue == "ICLR 2026 Poster"


# --- DBLP


@pytest.mark.parametrize(
    ("record", "title", "where"),
    [
        ("Zebra Lanterns. CoRR abs/2505.08001 (2025)", "Zebra Lanterns", ("CoRR", None, None)),
        ("Do Zebras Glow? ACL (1) 2025: 123-135", "Do Zebras Glow?", ("ACL (1)", None, "123-135")),
        ("What Glows? A Study of Lamps. NeurIPS 2025", "What Glows? A Study of Lamps", ("NeurIPS", None, None)),
        (
            "Lamps. J. Mach. Learn. Res. 21: 140:1-140:67 (2025)",
            "Lamps",
            ("J. Mach. Learn. Res.", "21", "140:1-140:67"),
        ),
        ("Lamps. Neural Networks 12(3): 4-5 (2025)", "Lamps", ("Neural Networks", "12", "4-5")),
        ("Zebra Lamps. Example University, Germany 2025", "Zebra Lamps", ("Example University, Germany", None, None)),
    ],
)
def test_a_record_of_dblp_is_taken_apart(record: str, title: str, where: tuple[str | None, ...]) -> None:
    listing = read(
        "Ada Quill 0002\n[–] Person information\naffiliation: Example University, home of lamps\n2020 – "
        "today\n2025\n[j1]\nview\n"
        f"electronic edition via DOI\nexport record\nAda Quill 0002, Bo Moss 0001:\n{record}\n"
    )
    entry = only(listing)
    printed = entry.publication
    assert (entry.title, (printed.venue, printed.volume, printed.pages)) == (title, where)
    assert (entry.authors, listing.owner, entry.published) == (("Ada Quill", "Bo Moss"), "Ada Quill", date(2025, 1, 1))
    assert entry.line == 6


# --- the ACL Anthology


def test_a_volume_is_no_paper_of_its_own() -> None:
    volume = "Proceedings of the 63rd Annual Meeting (Volume 1: Long Papers)"
    listing = read(
        f"{volume}\nAda Quill, Bo Moss (Editors)\nAnthology ID:\n2025.acl-long\nMonth:\nJuly\nYear:\n2025\n"
        f"Venue:\nACL\n"
        f"pdf bib\n{volume}\nAda Quill | Bo Moss\n\npdf bib abs\nZebra Lanterns in GPT 4\nAda Quill | Bo "
        f"Moss\n\npdf bib abs Code\n"
        f"Quagga Lamps\nCleo Nix\n{ABSTRACT}\n"
    )
    assert titles(listing) == ["Zebra Lanterns in GPT 4", "Quagga Lamps"]
    first, second = listing.entries
    assert (first.authors, first.abstract, first.publication.venue) == (("Ada Quill", "Bo Moss"), "", volume)
    assert (second.abstract, second.published, second.precision) == (ABSTRACT, date(2025, 7, 1), "month")


def test_a_persons_page_of_the_anthology_has_years_and_volumes() -> None:
    listing = read(
        "Ada Quill\n2025\npdf bib abs\nZebra Lanterns\nAda Quill | Bo Moss\nFindings of the Association: "
        "ACL 2025\n2024\npdf bib\n"
        "Quagga Lamps\nAda Quill\nProceedings of the Workshop on Lamps\n"
    )
    first, second = listing.entries
    assert (first.published, first.publication.venue) == (date(2025, 1, 1), "Findings of the Association: ACL 2025")
    assert (second.published, second.publication.venue) == (date(2024, 1, 1), "Proceedings of the Workshop on Lamps")


def test_the_anthologys_page_of_a_paper_is_one_paper() -> None:
    entry = only(
        read(
            f"Zebra Lanterns in GPT 4\nAda Quill, Bo Moss\nCorrect Metadata for ...\nAbstract\n{ABSTRACT}\n"
            f"Anthology ID:\n2025.acl-long.12\n"
            "Volume:\nProceedings of the 63rd Annual Meeting\nMonth:\nJuly\nYear:\n2025\nPages:\n123–135\n"
            "Publisher:\nAssociation for Lamps\nDOI:\n10.18653/v1/2025.acl-long.12\nURL:\nhttps://aclanthology.org/2025.acl-long.12/\n"
        )
    )
    assert (entry.title, entry.authors, entry.abstract) == (
        "Zebra Lanterns in GPT 4",
        ("Ada Quill", "Bo Moss"),
        ABSTRACT,
    )
    where = entry.publication
    assert (where.doi, where.pages, where.publisher) == (
        "10.18653/v1/2025.acl-long.12",
        "123-135",
        "Association for Lamps",
    )


# --- today's daily papers


def test_todays_page_has_titles_counts_and_comments() -> None:
    listing = read(
        "Daily Papers\nby\nAK\nand the research community\nPrevious\nMay 14\nNext\n\nSubmitted by\nquill\n"
        "45\nZebra Lanterns\n·2 authors\n3\n\n"
        "Submitted by moss\n1.2k\nQuagga Lamps\nExample Lab\n·\n1 author\n\nSubmitted by\nnix\n-\nOkapi "
        "Bulbs\nExample Lab · 12 authors\n1\n"
    )
    assert titles(listing) == ["Zebra Lanterns", "Quagga Lamps", "Okapi Bulbs"]
    assert [(one.author_count, one.organization, one.comments) for one in listing.entries] == [
        (2, None, 3),
        (1, "Example Lab", None),
        (12, "Example Lab", 1),
    ]
    assert {(one.published, one.year_inferred) for one in listing.entries} == {(date(2026, 5, 14), True)}
    assert listing.skipped == ()


# --- notes


def test_notes_are_read_in_the_usual_orders() -> None:
    below = f"Zebra Lanterns\n\n{ABSTRACT}\n\nAda Quill, Bo Moss\n\nMay 12, 2025\n\n"
    above = f"Quagga Lamps Revisited\nAda Quill and Bo Moss\n13 May 2025\n{ABSTRACT}\n"
    listing = read(below + above)
    assert [(one.title, one.authors, one.published) for one in listing.entries] == [
        ("Zebra Lanterns", ("Ada Quill", "Bo Moss"), date(2025, 5, 12)),
        ("Quagga Lamps Revisited", ("Ada Quill", "Bo Moss"), date(2025, 5, 13)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ada,\n\nthank you for the letter. It was long.\n\nYours,\nBo Moss\n",
        "Shopping\n\nmilk\n\nbread, butter\n",
        f"# A heading\n\n{ABSTRACT}\n\n{ABSTRACT}\n\n## Another\n\n- one\n- two\n",
    ],
)
def test_a_letter_is_no_listing_and_what_would_be_is_said(text: str) -> None:
    with pytest.raises(ListingError, match="what is read: pages of Google Scholar, arXiv"):
        read(text)


# --- hostile


@pytest.mark.parametrize(
    "unit",
    [
        "[1] arXiv:2505.08001 [pdf]\n",
        "[1] arXiv:2505.08001 [pdf]\nTitle: A\n",
        "\\\\\narXiv:2505.08001\n",
        "arXiv:2505.08001 (cs)\n[Submitted on 12 May 2025]\n",
        "A Title\nPublished: 26 Jan 2026, Last Modified: 12 Mar 2026\n",
        "[j1]\nA Quill:\nA. B. C. D. E (2025)\n",
        "pdf bib abs\n",
        "Submitted by\nx\n·\n1 author\n",
        "A Quill, B Moss\n5\t2025\n",
        "A Title\n\nOne. Two. Three.\n\nMay 12\n\n",
    ],
)
def test_a_page_of_one_thing_thousands_of_times_is_read_in_linear_time(unit: str) -> None:
    def seconds(times: int) -> float:
        started = time.thread_time()
        try:
            read(unit * times)
        except ListingError as error:
            assert "\n" not in str(error)
        return time.thread_time() - started

    few, many = (min(seconds(times), seconds(times)) for times in (1_000, 4_000))
    assert many < 10 * max(few, 0.005)  # it would be sixteen times as long if it were quadratic


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_pages_that_are_cut_and_shuffled_raise_nothing_else(data: st.DataObject) -> None:
    pages = [
        SCHOLAR,
        f"Zebra Lanterns\n\n{ABSTRACT}\n\nAda Quill\n\nMay 12, 2025\n",
        "Submitted by\nx\n4\nA\n·\n1 author\n",
    ]
    pages.append(
        "\\\\\narXiv:2505.08001\nDate: Mon, 12 May 2025\nTitle: A\n\\\\\n  b\n\\\\ ( https://x )\n[1] "
        "arXiv:2505.08001 [pdf]\n"
    )
    pages.append(
        "[c1]\nexport record\nA Quill:\nT. ACL 2025\nPublished: 26 Jan 2026, Last Modified: 12 Mar 2026\n"
        "pdf bib\nDOI:\n"
    )
    pages.append("arXiv:2505.08001 (cs)\n[Submitted on 12 May 2025]\nT\nA\nSubjects: x\nAnthology ID:\n1\n")
    lines = "".join(pages).split("\n")
    order = data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=40))
    noise = random.Random(data.draw(st.integers(0, 9)))
    text = "\n".join(lines[place][noise.randrange(3) :] for place in order)
    try:
        listing = read(text)
    except ListingError:
        return
    numbers = [entry.line for entry in listing.entries]
    assert len(set(numbers)) == len(numbers)
    assert all(entry.title.strip() for entry in listing.entries)


def test_an_arxiv_page_of_a_wide_window_has_its_identifier_in_the_table_alone() -> None:
    (entry,) = read(
        "Computer Science > Machine Learning\n[Submitted on 23 May 2023]\nLamps in Time\nAda Quill, Ben Moss\n"
        "We light lamps. They shine.\nSubjects:\tMachine Learning (cs.LG)\nCite as:\tarXiv:2305.14314 [cs.LG]\n"
    ).entries
    assert (entry.title, entry.authors) == ("Lamps in Time", ("Ada Quill", "Ben Moss"))
    assert (entry.publication.arxiv_id, entry.published) == ("2305.14314", date(2023, 5, 23))
    assert entry.abstract == "We light lamps. They shine."


# --- further forms of pages


def test_a_year_behind_the_venue_of_scholar_is_no_page() -> None:
    (entry,) = read("Zebra Lanterns\nA Quill, B Moss\nJournal of Lanterns, 2023\n12\t2023\n").entries
    assert (entry.publication.venue, entry.publication.pages) == ("Journal of Lanterns", None)


@pytest.mark.parametrize(
    "footer", ["Artikel 1–20\nMehr anzeigen\nDatenschutzerklärung\nHilfe", "文章 1–20\n展开\n隐私权\n帮助"]
)
def test_the_footer_of_scholar_is_none_of_its_papers_in_any_language(footer: str) -> None:
    listing = read(f"Zebra Lanterns\nA Quill, B Moss\nNature 521 (7553), 436-444, 2015\n9\t2015\n{footer}\n")
    assert (titles(listing), listing.skipped) == (["Zebra Lanterns"], ())


def test_papers_of_a_volume_of_dblp_have_its_venue_and_year() -> None:
    volume = "Advances in Lanterns 33: Annual Conference on Lanterns 2020, December 6-12, 2020, virtual."
    listing = read(
        f"33rd NeurIPS 2020: Virtual\n{volume}\nEd Itor, Ada Quill:\n{volume} 2020\nview\nexport record\n"
        "Jane Doe, Max Power:\nOn Lamps.\nview\nexport record\nJane Doe:\nOn Lights. 11-20\n"
    )
    assert listing.kind == "dblp"
    where = [(one.title, one.publication.venue, one.publication.kind, one.published) for one in listing.entries]
    assert where == [
        ("On Lamps", "NeurIPS", "inproceedings", date(2020, 1, 1)),
        ("On Lights", "NeurIPS", "inproceedings", date(2020, 1, 1)),
    ]
    assert [line.reason for line in listing.skipped] == ["the volume itself, which is no paper"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Quill (Equal contribution), Ben Moss (Example University, UK)", ("Ada Quill", "Ben Moss")),
        ("Ada Quill [MIT (CSAIL)], Wei (David) Chen and Ben Moss [2]", ("Ada Quill", "Wei (David) Chen", "Ben Moss")),
        ("Chen Wang (王晨), Ben Moss (1)(2)*", ("Chen Wang (王晨)", "Ben Moss")),
        ("Ada Quill (unclosed, Ben Moss", ("Ada Quill (unclosed", "Ben Moss")),
    ],
)
def test_what_stands_in_brackets_behind_an_author_is_no_part_of_the_name(line: str, names: tuple[str, ...]) -> None:
    assert author_line(line).names == names


PUBMED = """1. J Lanterns. 2024 May 14;7(2):17-25. doi: 10.1000/lamps. Epub 2024 Apr 1.

Bright lanterns for dark rooms, in a title that is wrapped over
two lines.

Quill A(1)(2), Moss BC(1), King ML Jr(3), van den Berg W(1); Lantern Study
Group.

Author information:
(1)Department of Light, Example University, London, UK.
(2)Institute of Dark, Example Town.

Comment in
    Nature. 2024 Jun;1(2):3.

BACKGROUND: Lanterns are bright.
METHODS: We lit many of them in the dark.

Copyright © 2024 Example Press. All rights reserved.

DOI: 10.1000/lamps
PMCID: PMC1234
PMID: 12345678 [Indexed for MEDLINE]

Conflict of interest statement: The authors declare no conflict.


2. Light. 2023;120(3):e221.

Lanterns without an abstract.

Quill A.

PMID: 12345679
"""


def test_the_abstracts_of_pubmed_are_read() -> None:
    listing = read(PUBMED)
    bright, without = listing.entries
    assert (listing.kind, listing.skipped) == ("pubmed-text", ())
    assert bright.title == "Bright lanterns for dark rooms, in a title that is wrapped over two lines"
    assert bright.authors == ("A Quill", "BC Moss", "ML King Jr", "W van den Berg", "Lantern Study Group")
    assert bright.abstract == "BACKGROUND: Lanterns are bright. METHODS: We lit many of them in the dark."
    where = bright.publication
    assert (where.venue, where.volume, where.issue, where.pages) == ("J Lanterns", "7", "2", "17-25")
    assert (where.doi, where.pmid, bright.published) == ("10.1000/lamps", "12345678", date(2024, 5, 14))
    assert (without.authors, without.abstract, without.publication.pages) == (("A Quill",), "", "e221")
