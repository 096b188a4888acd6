"""Papers looked up online: what goes where, what is written of the answers, and what is not."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from assistant.online.enriching import Enrichment, Finding
from assistant.online.fetching import named_online
from assistant.online.http_client import HttpClient
from tests.command_line import run
from tests.paper_services import Served, Work, paper_services
from vectorstore.errors import OnlineError
from vectorstore.library import Library
from vectorstore.listings.entry import Publication
from vectorstore.papers.paper import Paper
from vectorstore.recovery.mending import damage_of

TODAY = date(2026, 7, 1)
LAMPS = Work(
    "Bright Lamps for Dark Rooms",
    ("Ada Lovelace", "Alan Turing"),
    abstract="Lamps are bright where rooms are dark.",
    arxiv_id="2405.00001",
)
JOURNAL = replace(
    LAMPS, arxiv_id="", doi="10.1000/lamps", venue="Journal of Lamps", pages="17-25", published="2024-11-02"
)


def bib(
    *, title: str = LAMPS.title, authors: str = "Ada Lovelace and Alan Turing", year: str = "2024", **said: str
) -> str:
    fields = {"title": title, "author": authors, "year": year, **said}
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{key{len(body)},\n{body}\n}}\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library") as library:
        yield library


def holding(library: Library, *entries: str) -> list[Paper]:
    file = library.path.parent / "own.bib"
    file.write_text("\n".join(entries), encoding="utf-8")
    library.ingest([file])
    return library.papers()


def looked_up(library: Library, served: Served, *, dry_run: bool = False, today: date = TODAY) -> list[Finding]:
    findings: list[Finding] = []
    enrichment = Enrichment(library, served.services(), today=today, dry_run=dry_run)
    enrichment.run(enrichment.due(), findings.append)
    assert not enrichment.problems
    return findings


# -- what is written


def test_what_a_paper_lacks_is_written_with_the_service_and_the_day_as_its_source(library: Library) -> None:
    (before,) = holding(library, bib(eprint="2405.00001", archiveprefix="arXiv"))
    with paper_services(LAMPS, JOURNAL) as served:
        looked_up(library, served)

    (paper,) = library.papers()
    assert paper.paper_id == before.paper_id
    assert paper.abstract == LAMPS.abstract
    assert (paper.publication.venue, paper.publication.kind) == ("Journal of Lamps", "article")
    assert (paper.publication.doi, paper.publication.pages) == ("10.1000/lamps", "17-25")
    assert paper.iso_date == "2024-05-14"
    sources = {name: paper.entries[place].listing for name, place in paper.sources}
    assert sources["venue"] == sources["doi"] == "Crossref 2026-07-01.jsonl"
    assert "arXiv 2026-07-01.jsonl" in [place.listing for place in paper.entries]


def test_what_a_paper_has_stays_and_the_difference_is_shown(library: Library) -> None:
    holding(library, bib(doi=JOURNAL.doi, journal="Journal of Lamps", pages="1-9", year="2024"))
    with paper_services(JOURNAL) as served:
        (crossref, *_) = looked_up(library, served)

    (paper,) = library.papers()
    assert paper.publication.pages == "1-9"
    assert [(one.field, one.ours, one.theirs) for one in crossref.differing] == [("pages", "1-9", "17-25")]


def test_citation_keys_and_removals_hold_after_a_lookup_and_deleting_the_listing_undoes_it(library: Library) -> None:
    (before,) = holding(library, bib(eprint="2405.00001", archiveprefix="arXiv"))
    keys = library.catalogue.citation_keys([before.paper_id])
    with paper_services(LAMPS) as served:
        looked_up(library, served)
    assert library.catalogue.citation_keys([before.paper_id]) == keys

    for sha256, name, _, _ in library.catalogue.listings():
        if name.endswith(".jsonl"):
            library.remove_listing(sha256)
    assert library.papers() == [before]


def test_a_name_with_a_suffix_comes_back_from_the_kept_answer(library: Library) -> None:
    work = replace(JOURNAL, authors=("Martin Luther King, Jr.", "Aäron van den Oord", "Gemini Team"))
    holding(library, bib(authors="", doi=JOURNAL.doi))
    with paper_services(work) as served:
        enrichment = Enrichment(library, served.services()[2:], today=TODAY)
        enrichment.run(enrichment.due(), lambda _: None)
    (paper,) = library.papers()
    assert paper.authors == work.authors
    assert damage_of(library.path / "catalogue.sqlite3") is None


def test_the_kept_answers_make_the_same_library_again(library: Library, tmp_path: Path) -> None:
    holding(library, bib(eprint="2405.00001", archiveprefix="arXiv"))
    with paper_services(LAMPS, JOURNAL) as served:
        looked_up(library, served)
    with Library(tmp_path / "again") as again:
        again.ingest([library.path / "listings"])
        assert again.papers() == library.papers()


# -- what is not


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (bib(authors="Grace Hopper and Edsger Dijkstra"), "the authors are others"),
        (bib(year="2001"), "the year is another"),
        (bib(authors="", year=""), "neither authors nor year can be compared"),
        (bib(title="Bright Lamps for Dark Rooms: A Survey"), "only the beginning of the title is the same"),
    ],
)
def test_a_title_alone_is_shown_as_perhaps_and_not_written(library: Library, entry: str, why: str) -> None:
    before = holding(library, entry)
    with paper_services(JOURNAL) as served:
        findings = looked_up(library, served)
    assert {finding.doubt for finding in findings} == {why}
    assert library.papers() == before
    assert findings[0].record()["perhaps"]["doi"] == "10.1000/lamps"


def test_an_identifier_of_another_paper_is_shown_as_perhaps(library: Library) -> None:
    before = holding(library, bib(title="On Whales", authors="Herman Melville", doi=JOURNAL.doi))
    with paper_services(JOURNAL) as served:
        findings = looked_up(library, served)
    assert findings[0].doubt == "the identifier is the same, the title another"
    assert library.papers() == before


def test_an_answer_that_may_be_of_two_papers_of_one_title_is_given_to_none(library: Library) -> None:
    before = holding(library, *(bib(eprint=one, archiveprefix="arXiv") for one in ("2401.00001", "2401.00002")))
    assert len(before) == 2
    with paper_services(JOURNAL) as served:
        findings = looked_up(library, served)
    assert {finding.doubt for finding in findings} == {"it may be of another paper of this title, too"}
    assert library.papers() == before


def test_a_dry_run_shows_the_same_and_writes_nothing(library: Library) -> None:
    before = holding(library, bib(eprint="2405.00001", archiveprefix="arXiv"))
    with paper_services(LAMPS, JOURNAL) as served:
        shown = looked_up(library, served, dry_run=True)
        assert library.papers() == before
        assert len(library.catalogue.listings()) == 1
        written = looked_up(library, served)
    assert [one.changes for one in shown] == [one.changes for one in written]


def test_keywords_that_a_service_guesses_are_not_written(library: Library) -> None:
    holding(library, bib(doi=JOURNAL.doi))
    with paper_services(JOURNAL) as served:
        looked_up(library, served)
    assert library.papers()[0].publication.keywords == ()


# -- what goes out


def test_only_identifiers_or_titles_are_sent(library: Library) -> None:
    holding(
        library,
        bib(title="A Secret {Title}?", abstract="A secret text.", note="mine"),
        bib(eprint="2405.00001", archiveprefix="arXiv"),
    )
    with paper_services() as served:
        looked_up(library, served)
    sent = {tuple(sorted(parameters.items())) for _, parameters in served.asked}
    assert sent == {
        (("id_list", "2405.00001"), ("max_results", "1")),
        (("max_results", "5"), ("search_query", 'ti:"a secret title"')),
        (("query.bibliographic", "a secret title"), ("rows", "5")),
        (("query.bibliographic", "bright lamps for dark rooms"), ("rows", "5")),
        (("filter", "doi:10.48550/arxiv.2405.00001"), ("per-page", "1")),
        (("filter", "title.search:a secret title"), ("per-page", "5")),
    }
    names = {name for headers in served.headers for name in headers}
    assert names == {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}


def test_papers_known_by_identifiers_are_asked_for_in_one_request(library: Library) -> None:
    holding(library, *(bib(title=f"Paper {word}", doi=f"10.1000/{word}") for word in ("one", "two", "three")))
    with paper_services() as served:
        looked_up(library, served)
    assert [parameters["filter"] for parameters in served.asked_of("crossref")] == [
        "doi:10.1000/one,doi:10.1000/three,doi:10.1000/two"
    ]


def test_a_paper_that_lacks_nothing_is_not_asked_for(library: Library) -> None:
    holding(library, bib(doi=JOURNAL.doi, journal="Journal of Lamps", abstract="Bright.", year="2024", month="nov"))
    with paper_services(JOURNAL) as served:
        looked_up(library, served)
    assert served.asked == []


def test_what_was_asked_is_asked_again_after_a_month(library: Library) -> None:
    (paper,) = holding(library, bib(title="A Paper That Nobody Knows"))
    with paper_services() as served:
        looked_up(library, served)
        asked = len(served.asked)
        looked_up(library, served, today=TODAY + timedelta(days=29))
        assert len(served.asked) == asked == 3
        looked_up(library, served, today=TODAY + timedelta(days=31))
        assert len(served.asked) == 6
        enrichment = Enrichment(library, served.services(), today=TODAY)
        enrichment.run(enrichment.due([paper.paper_id]), lambda _: None)
        assert len(served.asked) == 9


def test_a_service_that_fails_is_told_of_and_the_others_go_on(library: Library) -> None:
    holding(library, bib(eprint="2405.00001", archiveprefix="arXiv"))
    with paper_services(LAMPS, JOURNAL) as served:
        served.faults.append((500, {}, b"no"))
        for problems in (["arXiv"], []):
            enrichment = Enrichment(library, served.services()[:2], today=TODAY)
            enrichment.run(enrichment.due(), lambda _: None)
            assert [*enrichment.problems] == problems
            assert library.papers()[0].publication.venue == "Journal of Lamps"
    assert library.papers()[0].abstract == LAMPS.abstract
    assert [name for name, _ in served.asked] == ["arxiv", "crossref", "arxiv"]


def test_what_was_found_before_a_stop_is_stored_and_the_next_run_goes_on(library: Library) -> None:
    titles = [f"Paper number {word} of many" for word in ("one", "two", "three")]
    works = [replace(JOURNAL, title=title, doi=f"10.1000/{place}") for place, title in enumerate(titles)]
    holding(library, *(bib(title=title) for title in titles))
    with paper_services(*works) as served:
        findings: list[Finding] = []

        def stop_at_the_second(finding: Finding) -> None:
            findings.append(finding)
            if len(findings) == 2:
                raise KeyboardInterrupt

        crossref = served.services()[1:2]
        first = Enrichment(library, crossref, today=TODAY)
        with pytest.raises(KeyboardInterrupt):
            first.run(first.due(), stop_at_the_second)
        assert sum(bool(paper.publication.doi) for paper in library.papers()) == 2
        asked = len(served.asked)
        second = Enrichment(library, crossref, today=TODAY)
        second.run(second.due(), findings.append)
        assert len(served.asked) - asked <= 2
    assert all(paper.publication.doi for paper in library.papers())


# -- the HTTP client


def client(served: Served, *, sleeps: list[float] | None = None, timeout_seconds: float = 20.0) -> HttpClient:
    slept = sleeps if sleeps is not None else []
    return HttpClient(
        f"{served.base_url}/crossref", seconds_between=0.0, timeout_seconds=timeout_seconds, sleep=slept.append
    )


ASKED = {"query.bibliographic": "lamps"}


def test_a_service_that_has_enough_is_left_alone_as_long_as_it_says() -> None:
    sleeps: list[float] = []
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    with paper_services() as served, closing(client(served, sleeps=sleeps)) as connection:
        served.faults = [(429, {"Retry-After": "17"}, b""), (503, {"Retry-After": until}, b"")]
        assert b"work-list" in connection.get(ASKED)
    assert 16 < sleeps[1] <= 17
    assert 50 < sleeps[2] <= 60


def test_a_service_that_wants_an_hour_is_not_waited_for() -> None:
    with paper_services() as served, closing(client(served)) as connection:
        served.faults = [(429, {"Retry-After": "3600"}, b"")]
        with pytest.raises(OnlineError, match="wants no request for 3,600 s"):
            connection.get(ASKED)
        assert len(served.asked) == 1


def test_requests_are_as_far_apart_as_a_service_asks() -> None:
    sleeps: list[float] = []
    with paper_services() as served:
        polite = HttpClient(f"{served.base_url}/crossref", seconds_between=3.0, sleep=sleeps.append)
        with closing(polite) as connection:
            connection.get(ASKED)
            connection.get(ASKED)
    assert sleeps[0] == 0
    assert 2 < sleeps[1] <= 3


def test_a_redirect_to_another_host_is_not_followed_and_one_at_home_is() -> None:
    with paper_services() as served, paper_services() as elsewhere, closing(client(served)) as connection:
        served.faults = [(301, {"Location": f"{served.base_url}/crossref?query.bibliographic=x"}, b"")]
        assert b"work-list" in connection.get(ASKED)
        served.faults = [(302, {"Location": f"{elsewhere.base_url}/crossref"}, b"")]
        with pytest.raises(OnlineError, match="sends requests on to"):
            connection.get(ASKED)
        assert elsewhere.asked == []
        served.faults = [(302, {"Location": "/crossref"}, b"")] * 9
        with pytest.raises(OnlineError, match="without end"):
            connection.get(ASKED)


def test_an_answer_without_end_is_not_read() -> None:
    with paper_services() as served, closing(client(served)) as connection:
        served.faults = [(200, {}, b" " * (10 * 1024 * 1024 + 1))]
        with pytest.raises(OnlineError, match="more than 10 MiB"):
            connection.get(ASKED)


def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    with paper_services() as served, closing(client(served, timeout_seconds=0.5)) as connection:
        served.faults = [(200, {"Content-Length": "1000"}, b"{")]  # and then nothing
        with pytest.raises(OnlineError, match=r"did not answer in time|cannot be reached"):
            connection.get(ASKED)


@pytest.mark.parametrize("body", [b"", b"<html>Just a moment</html>", b"{", b'{"message": {}}', b"\xff\x00"])
def test_an_answer_in_another_form_changes_nothing(library: Library, body: bytes) -> None:
    before = holding(library, bib(doi=JOURNAL.doi))
    with paper_services() as served:
        served.faults = [(200, {}, body)] * 3
        enrichment = Enrichment(library, served.services(), today=TODAY)
        enrichment.run(enrichment.due(), lambda _: None)
        assert [*enrichment.problems] == ["arXiv", "Crossref", "OpenAlex"]
        assert library.papers() == before
        looked_up(library, served)  # nothing counts as asked
        assert len(served.asked) == 6


# -- ingest by identifier


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://arxiv.org/abs/2505.08001v2", Publication(arxiv_id="2505.08001v2")),
        ("arxiv:2505.08001", Publication(arxiv_id="2505.08001")),
        ("arXiv:cs/0112017", Publication(arxiv_id="cs/0112017")),
        ("doi:10.1000/Lamps", Publication(doi="10.1000/lamps")),
        ("https://doi.org/10.1000/lamps", Publication(doi="10.1000/lamps")),
        ("lamps.bib", None),
        ("folder/10.1000/lamps", None),
    ],
)
def test_identifiers_are_told_from_files(text: str, named: Publication | None) -> None:
    assert named_online(text) == named


def test_an_address_of_anything_else_is_not_asked() -> None:
    with pytest.raises(OnlineError, match="save the page"):
        named_online("https://example.org/paper.html")


def test_ingest_reads_a_paper_by_its_identifier(tmp_path: Path) -> None:
    with paper_services(LAMPS, JOURNAL) as served:
        own = served.environment()
        arguments = ("arxiv:2405.00001", "https://doi.org/10.1000/lamps", "--library", tmp_path / "library", "--json")
        done = run("ingest", *arguments, cwd=tmp_path, **own)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["listings"], report["papers_added"], report["papers_merged"]) == (2, 1, 1)
    assert "127.0.0.1 gets 2405.00001." in done.stderr
    with Library(tmp_path / "library") as library:
        (paper,) = library.papers()
        assert (paper.publication.venue, paper.publication.arxiv_id) == ("Journal of Lamps", "2405.00001v2")


def test_an_identifier_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    with paper_services() as served:
        own = served.environment()
        done = run("ingest", "doi:10.1000/none", "--library", tmp_path / "library", cwd=tmp_path, **own)
    assert done.returncode == 1
    assert "10.1000/none is not known at Crossref and OpenAlex" in done.stderr


def test_enrich_says_what_goes_where_and_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "own.bib").write_text(bib(doi=JOURNAL.doi), encoding="utf-8")
    folder = tmp_path / "library"
    run("ingest", tmp_path / "own.bib", "--library", folder, cwd=tmp_path)
    with paper_services(JOURNAL) as served:
        own = served.environment()
        shown = run("enrich", "--dry-run", "--library", folder, cwd=tmp_path, **own)
        done = run("enrich", "--library", folder, "--json", cwd=tmp_path, **own)
    assert "127.0.0.1 gets the identifiers of 1 paper." in shown.stderr
    assert "Crossref: + venue Journal of Lamps" in shown.stdout
    assert "1 paper would be added to." in shown.stderr
    record = json.loads(done.stdout)
    assert (record["written"], record["papers"]) == (True, 1)
    assert record["findings"][0]["new"]["pages"] == "17-25"


def test_without_enrich_no_service_is_asked(tmp_path: Path) -> None:
    (tmp_path / "own.bib").write_text(bib(doi=JOURNAL.doi), encoding="utf-8")
    with paper_services(JOURNAL) as served:
        own = served.environment()
        for arguments in (("ingest", tmp_path / "own.bib"), ("papers",), ("ask", "What are bright lamps?")):
            assert run(*arguments, "--library", tmp_path / "library", cwd=tmp_path, **own).returncode == 0
    assert served.asked == []
