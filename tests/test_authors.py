"""An author's profile: every fact is the catalogue's, and who is meant is found or asked for."""

import json
import random
import re
import shutil
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.facts.author_record import author_record
from assistant.facts.author_text import profile_lines
from assistant.facts.authors import AuthorProfile, author_named, author_profile
from assistant.facts.cluster_labels import distinctive_terms
from assistant.facts.name_ambiguity import Place, Work, apart, connected
from assistant.planning.people import People
from tests.command_line import problem, run
from tests.fakes import embed_beforehand
from vectorstore.errors import AuthorError
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

SEED_PEOPLE = 15  # at least so many people are in the seeds


def entry(title: str, *authors: str, **fields: Any) -> Entry:
    return Entry(1, title, f"The abstract of {title}.", authors, **{"authors_complete": True, **fields})


def listing(*entries: Entry, name: str = "many.txt", **fields: Any) -> Listing:
    numbered = tuple(
        Entry(**{**{field: getattr(one, field) for field in one.__slots__}, "line": line})
        for line, one in enumerate(entries, 1)
    )
    plain = {"kind": "daily", "as_of": None, "owner": None, "figures": ProfileFigures()}
    return Listing(name, f"{name:0<64}", entries=numbered, **{**plain, **fields})


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


def add(library: Library, *listings: Listing) -> None:
    for one in listings:
        embed_beforehand(library.catalogue, one)
    library.add(listings)


def profile_of(library: Library, name: str) -> AuthorProfile:
    return author_profile(name, library, People.of(library.catalogue))


# -- the facts


def facts_of(name: str, papers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Compute an author's facts from the JSON of `papers` alone, in another way than the program does."""
    key = folded(name)
    mine = [paper for paper in papers if key in map(folded, paper["authors"] + paper["page_owners"])]
    others: Counter[str] = Counter()
    for paper in mine:
        others.update({folded(other) for other in paper["authors"] + paper["page_owners"]} - {key, ""})
    dated = sorted(paper["published"] for paper in mine if paper["published"])
    repository = re.compile(r"https?://(www\.)?(github|gitlab|bitbucket|codeberg)\.(com|org)/[\w.~/-]+")
    return {
        "papers": {paper["paper_id"] for paper in mine},
        "first": dated[0] if dated else None,
        "latest": dated[-1] if dated else None,
        "years": Counter(int(day[:4]) for day in dated),
        "inferred": {paper["paper_id"] for paper in mine if paper["published"] and paper["year_inferred"]},
        "categories": Counter(paper["category"] for paper in mine if paper["category"]),
        "coauthors": others,
        "hidden": {paper["paper_id"] for paper in mine if not paper["authors_complete"]},
        "code": {paper["paper_id"] for paper in mine if paper["has_code"] or repository.search(paper["abstract"])},
        "listings": Counter(place["listing"] for paper in mine for place in paper["entries"]),
        "page_only": {paper["paper_id"] for paper in mine if key not in map(folded, paper["authors"])},
    }


def told_by(record: dict[str, Any]) -> dict[str, Any]:
    """Return a profile's facts in the form of `facts_of`; a count must be that of the papers that come with it."""
    facts = record["facts"]
    for name in ("years", "categories", "coauthors", "printed_as"):
        assert all(one["count"] == len(set(one["paper_ids"])) for one in facts[name])
    ids = {name: set(facts[name]["paper_ids"]) for name in ("papers", "year_inferred", "hidden_authors", "page_only")}
    assert facts["code"]["share"] == pytest.approx(facts["code"]["count"] / facts["papers"]["count"], abs=1e-4)
    return {
        "papers": ids["papers"],
        "first": facts["first"] and facts["first"]["published"],
        "latest": facts["latest"] and facts["latest"]["published"],
        "years": Counter({one["year"]: one["count"] for one in facts["years"]}),
        "inferred": ids["year_inferred"],
        "categories": Counter({one["category"]: one["count"] for one in facts["categories"]}),
        "coauthors": Counter({folded(one["name"]): one["count"] for one in facts["coauthors"]}),
        "hidden": ids["hidden_authors"],
        "code": set(facts["code"]["paper_ids"]),
        "listings": Counter({one["listing"]: one["entries"] for one in facts["listings"]}),
        "page_only": ids["page_only"],
    }


def test_the_facts_of_every_author_of_the_seeds_are_those_of_the_catalogue(
    seeds_folder: Path, seeds_library: Library, tmp_path: Path
) -> None:
    shutil.copytree(seeds_folder, tmp_path / "library")
    papers = json.loads(run("papers", "--json", "--library", tmp_path / "library", cwd=tmp_path).stdout)
    names = {name for paper in papers for name in paper["authors"] + paper["page_owners"] if folded(name)}
    assert len(names) >= SEED_PEOPLE
    for name in names:
        record = author_record(profile_of(seeds_library, name))
        assert told_by(record) == facts_of(name, papers), name


def test_a_page_owner_is_told_from_printed_names(seeds_library: Library) -> None:
    profile = profile_of(seeds_library, "Kyelim Lee")

    assert len(profile.page_only) == 1
    (paper,) = seeds_library.catalogue.papers(profile.page_only)
    assert "Kyelim Lee" not in paper.authors
    number = 1 + [paper.paper_id for paper in profile.papers].index(paper.paper_id)
    said = f"1 paper on the author's page is printed without the name [{number}]"
    assert ("", said) in list(profile_lines(profile))


def test_the_figures_of_a_page_are_said_to_be_the_pages(library: Library) -> None:
    figures = ProfileFigures(h_index=4, papers=30, citations=1234)
    page = {"kind": "profile", "owner": "Ada Lovelace", "figures": figures}
    add(
        library,
        listing(entry("Lamps", "Ada Lovelace"), name="ada.txt", as_of=date(2026, 7, 1), **page),
        listing(entry("Boats", "Ada Lovelace"), name="undated.txt", **page),
        listing(entry("Kites", "Ada Lovelace", "Bo Kim"), name="bo.txt", **{**page, "owner": "Bo Kim"}),
    )
    dated, unknown = profile_of(library, "ada lovelace").pages

    assert (dated.listing, dated.as_of, dated.figures, unknown.as_of) == ("ada.txt", date(2026, 7, 1), figures, None)
    lines = [text for label, text in profile_lines(profile_of(library, "ada lovelace")) if label == "Page"]
    says = "says h-index 4, 30 papers, 1,234 citations; these are the page's own figures, of"
    assert lines == [f"ada.txt [3] {says} 1 July 2026", f"undated.txt [1] {says} an unknown day"]


def test_a_fact_cites_its_papers_by_their_place_in_the_list(library: Library) -> None:
    add(
        library,
        listing(
            entry("Lamps", "Ada Lovelace", "Bo Kim", published=date(2026, 7, 1), category="LG"),
            entry("Boats", "Ada Lovelace", published=date(2025, 7, 1), category="LG", has_code=True),
            entry("Kites", "Ada Lovelace", "Bo Kim", published=date(2024, 7, 1), category="CV"),
        ),
    )
    lines = dict(profile_lines(profile_of(library, "Ada Lovelace")))

    assert lines["Papers"] == "3 papers, 1 July 2024 [3] to 1 July 2026 [1]"
    assert lines["Years"] == "2024: 1 [3], 2025: 1 [2], 2026: 1 [1]"
    assert lines["Categories"] == "LG (2) [1, 2], CV (1) [3]"
    assert lines["Co-authors"] == "Bo Kim (2) [1, 3]"
    assert lines["Code"] == "1 of 3 papers (33%) [2]"


def test_an_author_with_one_undated_paper_has_a_profile(library: Library) -> None:
    add(library, listing(entry("Lamps", "Ada Lovelace")))
    profile = profile_of(library, "Ada Lovelace")

    assert author_record(profile)["facts"]["first"] is None
    assert list(profile_lines(profile))[:3] == [
        ("Papers", "1 paper, undated"),
        ("Co-authors", "none printed"),
        ("Code", "none that is known of"),
    ]


def test_an_author_with_three_hundred_papers_has_a_profile_at_once(library: Library) -> None:
    chance = random.Random(5)
    entries = [
        entry(
            f"Lamp {number}",
            "Ada Lovelace",
            *(f"Author {chance.randrange(500)}" for _ in range(8)),
            published=date(2020, 1, 1) + timedelta(chance.randrange(2000)),
            category=chance.choice(["LG", "CV"]),
        )
        for number in range(300)
    ]
    add(library, listing(*entries))
    people = People.of(library.catalogue)
    started = time.thread_time()
    profile = author_profile("Ada Lovelace", library, people)

    assert time.thread_time() - started < 1
    assert len(profile.papers) == sum(year.count for year in profile.years) == 300
    assert len(list(profile_lines(profile))) < 60


# -- who is meant

PRINTED = ("Bumjun Kim", "Young-Jun Lee", "José Álvarez", "Ada King Lovelace", "X. Y. Chen", "Soeun Kim", "Bo Kim")
PEOPLE = People({folded(name): name for name in PRINTED})


def plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def turned(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


@given(
    st.sampled_from(PRINTED),
    st.lists(st.sampled_from([str.lower, str.upper, plain, turned, lambda name: f"  {name}  "]), max_size=5),
)
def test_a_name_is_known_in_any_case_order_and_accents(name: str, changes: Sequence[Any]) -> None:
    written = name
    for change in changes:
        if change is not turned or "," not in written:
            written = change(written)

    assert author_named(written, PEOPLE) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kim, Bumjun", "Bumjun Kim"),
        ("Kim Bumjun", "Bumjun Kim"),
        ("Kim, S.", "Soeun Kim"),
        ("s. kim", "Soeun Kim"),
        ("S Kim", "Soeun Kim"),
        ("Youngjun Lee", "Young-Jun Lee"),
        ("A. K. Lovelace", "Ada King Lovelace"),
        ("Lovelace Ada King", "Ada King Lovelace"),
        ("Lovelace", "Ada King Lovelace"),
    ],
)
def test_initials_surnames_and_turned_names_lead_to_the_author(written: str, name: str) -> None:
    assert author_named(written, PEOPLE) == name


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Kim", "Several authors are called “Kim”: Bo Kim, Bumjun Kim, Soeun Kim. Ask again with the full name."),
        ("B. Kim", "Several authors are called “B. Kim”: Bo Kim, Bumjun Kim. Ask again with the full name."),
        ("Bumjum Kim", "No author in the library is called “Bumjum Kim”. Did you mean Bumjun Kim?"),
        ("Bmjun Kiim", "No author in the library is called “Bmjun Kiim”. Did you mean Bumjun Kim?"),
        ("Jose Alvares", "No author in the library is called “Jose Alvares”. Did you mean José Álvarez?"),
        ("Grace Hopper", "No author in the library is called “Grace Hopper”. Give a name as it is printed."),
        ("", "No author in the library is called “”. Give a name as it is printed."),
    ],
)
def test_who_is_unknown_or_unclear_is_never_made_up(written: str, said: str) -> None:
    with pytest.raises(AuthorError) as caught:
        author_named(written, PEOPLE)
    assert str(caught.value) == said


HOSTILE = ("<script>alert(1)</script>", "'; DROP TABLE people; --", "a" * 10_000)


@given(st.one_of(st.text(max_size=60), st.sampled_from([*HOSTILE, "%", "--", "..."])))
def test_any_text_is_an_author_or_a_message(written: str) -> None:
    try:
        assert author_named(written, PEOPLE) in PRINTED
    except AuthorError as error:
        assert len(str(error)) < 400


# -- possibly two people


def works(*papers: tuple[str, str], **fields: Any) -> list[Work]:
    """Return works of (id, co-authors in one word each); those from "f" on are in another category."""
    return [
        Work(key, frozenset(names.split()), category="LG" if key < "f" else "IT", **fields) for key, names in papers
    ]


def vectors(**places: float) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Return unit vectors in a plane, given their angles in degrees."""
    angles = {name: np.radians(angle) for name, angle in places.items()}
    return {name: np.array([np.cos(angle), np.sin(angle)], np.float32) for name, angle in angles.items()}


def ids(groups: Sequence[Sequence[Work]]) -> list[str]:
    return ["".join(sorted(work.paper_id for work in group)) for group in groups]


APART = works(("a", "x y"), ("b", "y"), ("f", "z"), ("g", "z w"))
NEAR, FAR = {"a": 0, "b": 5, "c": 10, "d": 15}, {"f": 95, "g": 100}


def test_works_without_common_co_authors_on_distant_topics_are_apart() -> None:
    assert ids(apart(connected(APART), vectors(**NEAR, **FAR))) == ["ab", "fg"]


def test_near_topics_and_common_categories_keep_works_together() -> None:
    assert apart(connected(APART), vectors(a=0, b=5, f=60, g=65)) == []
    of_one_category = [replace(work, category="LG") for work in APART]
    assert apart(connected(of_one_category), vectors(**NEAR, **FAR)) == []


def test_a_common_co_author_or_co_authors_who_wrote_together_join_works() -> None:
    assert len(connected(APART)) == 2
    assert len(connected([*APART, *works(("e", "x z"))])) == 1
    assert len(connected(APART, {"x": ["paper"], "w": ["paper"]})) == 1
    assert len(connected(APART, {"x": ["paper"], "w": ["other"]})) == 2


def test_who_leads_a_paper_is_told_apart_sooner_than_who_comes_last_and_hidden_authors_speak_for_one() -> None:
    places = vectors(a=0, b=0, f=85, g=85)  # a cosine of 0.09, where groups of two may have none
    assert apart(connected([replace(work, place=Place.FIRST) for work in APART]), places)
    assert not apart(connected(APART), places)
    far = vectors(a=0, b=0, f=95, g=95)
    assert apart(connected(APART), far)
    assert not apart(connected([replace(work, place=Place.LAST) for work in APART]), far)
    assert not apart(connected([replace(work, hides_authors=True) for work in APART]), far)


def test_one_paper_speaks_for_another_person_only_if_the_author_leads_it_and_no_author_is_hidden() -> None:
    four = works(("a", "x"), ("b", "x"), ("c", "x"), ("d", "x"))
    alone = Work("f", frozenset("z"), category="IT", place=Place.FIRST)
    places = vectors(**NEAR, f=95)

    assert ids(apart(connected([*four, alone]), places)) == ["abcd", "f"]
    assert not apart(connected([*four[1:], alone]), places)
    for other in (
        replace(alone, place=Place.LAST),
        replace(alone, hides_authors=True),
        replace(alone, coauthors=frozenset()),
    ):
        assert not apart(connected([*four, other]), places)


def test_a_paper_that_tells_nothing_is_with_those_that_it_is_most_like() -> None:
    assert ids(apart(connected([*APART, *works(("h", "v"))]), vectors(**NEAR, **FAR, h=90))) == ["fgh", "ab"]


@given(st.lists(st.tuples(st.sets(st.sampled_from("uvwxyz"), max_size=3), st.integers(0, 359)), max_size=12))
def test_groups_hold_every_work_once_and_share_no_co_author(drawn: list[tuple[set[str], int]]) -> None:
    papers = [Work(f"{number}", frozenset(names)) for number, (names, _) in enumerate(drawn)]
    places = vectors(**{f"{number}": angle for number, (_, angle) in enumerate(drawn)})
    groups = apart(connected(papers), places)

    assert len(groups) != 1
    if groups:
        assert sorted(work.paper_id for group in groups for work in group) == sorted(work.paper_id for work in papers)
    named = [name for group in groups for name in set().union(*(work.coauthors for work in group))]
    assert len(named) == len(set(named))


def test_a_group_is_named_by_what_its_papers_share() -> None:
    def paper(title: str) -> Paper:
        blank = dict.fromkeys(field.name for field in fields(Paper))
        return Paper(**{**blank, "title": title, "abstract": f"{title} is studied."})

    wireless = [paper("Wireless channels of boats"), paper("Wireless channels in a language model")]
    lamps = [paper("Oil lamps")]
    assert distinctive_terms([wireless, lamps], lambda words: dict.fromkeys(words, 1.0)) == [
        "wireless channels",
        "oil lamps",
    ]
    assert distinctive_terms([[paper("Of the")], lamps], lambda words: dict.fromkeys(words, 1.0))[0] == ""


def test_the_seeds_tell_of_the_one_paper_that_another_bumjun_kim_wrote(seeds_library: Library) -> None:
    profile = profile_of(seeds_library, "Bumjun Kim")
    others, (paper_id,) = (one.paper_ids for one in profile.possibly_two)

    assert "Wireless" in seeds_library.catalogue.papers([paper_id])[0].title
    assert len(others) == 5
    assert profile.namesakes == (
        "Possibly two people: the paper on communication-efficient wireless federated fine-tuning shares no co-author"
        " and no topic with the other five."
    )
    assert ("Namesakes?", profile.namesakes) in list(profile_lines(profile))
    told = [name for name in People.of(seeds_library.catalogue) if profile_of(seeds_library, name).possibly_two]
    assert told == ["Bumjun Kim"]


NAMESAKES = [
    *(entry(f"Diffusion {number}", "Bumjun Kim", "Albert No", category="LG") for number in range(4)),
    *(entry(f"Wireless {number}", "Bumjun Kim", "Wan Choi", category="IT") for number in range(4)),
]


def test_a_profile_shows_possibly_two_people_with_what_speaks_for_it(library: Library) -> None:
    add(library, listing(*NAMESAKES))  # vectors drawn by chance: all topics are distant
    one, other = profile_of(library, "Bumjun Kim").possibly_two

    assert {one.coauthors, other.coauthors} == {("Albert No",), ("Wan Choi",)}
    assert one.reason.endswith("share no co-author and no topic with the other four")
    lines = list(profile_lines(profile_of(library, "Bumjun Kim")))
    assert ("", 'if so: author "Bumjun Kim" --split, or with the papers of one of them') in lines


def test_hidden_authors_are_said_where_they_make_it_less_sure(library: Library) -> None:
    hiding = [replace(one, authors_complete=False) if "Wireless" in one.title else one for one in NAMESAKES]
    add(library, listing(*hiding))
    reasons = {one.coauthors[0]: one.reason for one in profile_of(library, "Bumjun Kim").possibly_two}

    assert reasons["Wan Choi"].endswith(
        "no topic and no known co-author with the other four; the listings hide some authors of four of them"
    )
    assert reasons["Albert No"].endswith("no co-author and no topic with the other four")


def test_a_page_joins_no_papers_since_it_may_be_collected_by_the_name(library: Library) -> None:
    add(library, listing(*NAMESAKES, kind="profile", owner="Bumjun Kim"))

    assert len(profile_of(library, "Bumjun Kim").possibly_two) == 2


def test_whom_the_user_put_together_is_not_told_apart_again(library: Library) -> None:
    add(library, listing(*NAMESAKES, entry("Lamps", "B. Kim")))
    library.decide(lambda people: people.merge("Bumjun Kim", "B. Kim"))

    profile = profile_of(library, "Bumjun Kim")
    assert profile.possibly_two == ()
    assert [one.name for one in profile.spellings] == ["Bumjun Kim", "B. Kim"]
    assert len(profile.decisions) == 1


def test_a_page_of_two_people_is_said_to_be_of_both(library: Library) -> None:
    page = {"kind": "profile", "owner": "Bumjun Kim", "figures": ProfileFigures(h_index=4)}
    add(library, listing(*NAMESAKES, **page))
    wireless = [paper.paper_id for paper in library.papers() if "Wireless" in paper.title]
    library.decide(lambda people: people.split("Bumjun Kim", wireless))
    profile = profile_of(library, "Bumjun Kim (with Wan Choi)")

    assert [page.paper_ids for page in profile.pages] == [tuple(paper.paper_id for paper in profile.papers)]
    assert ("", "the page does not tell apart the people that you did") in list(profile_lines(profile))


def test_the_profile_of_a_split_author_has_their_own_facts_alone(library: Library) -> None:
    add(library, listing(*NAMESAKES, entry("Both", "Albert No", "Wan Choi")))
    wireless = [paper.paper_id for paper in library.papers() if "Wireless" in paper.title]
    library.decide(lambda people: people.split("Bumjun Kim", wireless))
    profile = profile_of(library, "Bumjun Kim (with Wan Choi)")

    assert {paper.paper_id for paper in profile.papers} == set(wireless)
    assert [(one.name, one.count) for one in profile.coauthors] == [("Wan Choi", 4)]
    assert [(one.name, one.count) for one in profile.spellings] == [("Bumjun Kim", 4)]
    assert ("Bumjun Kim (with Wan Choi)", 4) in [
        (one.name, one.count) for one in profile_of(library, "Wan Choi").coauthors
    ]


# -- the command


@pytest.fixture(scope="module")
def folder(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authors") / "library"
    shutil.copytree(seeds_folder, folder)
    return folder


def test_author_prints_the_contract_or_a_tidy_profile(folder: Path, tmp_path: Path) -> None:
    done = run("author", "Kim, Bumjun", "--json", "--library", folder, cwd=tmp_path)
    record = json.loads(done.stdout)
    assert set(record) >= {"author", "facts", "possibly_two", "decisions", "timeline", "coauthor_graph"}
    assert set(record) >= {"text", "sentences", "citations", "references", "latex", "bibtex", "model", "abstained"}
    assert {one["paper_id"] for one in record["references"]} == set(record["facts"]["papers"]["paper_ids"])
    assert (record["author"], record["facts"]["papers"]["count"]) == ("Bumjun Kim", 6)
    shown = run("author", "bumjun kim", "--library", folder, cwd=tmp_path).stdout
    period = "19 September 2024 [6] to 6 April 2026 (year inferred) [1]"
    assert shown.startswith(f"Bumjun Kim\nPapers        6 papers, {period}\n")
    assert max(map(len, shown.splitlines())) <= 100
    assert "\nSummary (its numbers are those of the references below it)\n\n" in shown
    narrow = run("author", "bumjun kim", "--library", folder, cwd=tmp_path, COLUMNS="80").stdout
    assert 70 < max(map(len, narrow.splitlines())) <= 80
    assert not any(line.endswith(" ") for line in shown.splitlines())


def test_a_split_is_kept_shown_and_undone_by_commands(folder: Path, tmp_path: Path) -> None:
    def author(*arguments: str) -> str:
        return run("author", *arguments, "--library", folder, cwd=tmp_path).stdout

    def profile() -> dict[str, Any]:
        return {
            name: value for name, value in json.loads(author("Bumjun Kim", "--json")).items() if name != "timings_ms"
        }

    record = profile()
    wireless = next(one["paper_id"] for one in record["timeline"] if "Wireless" in one["title"])
    assert "Bumjun Kim (with Wan Choi) wrote 1 paper." in author("Bumjun Kim", wireless, "--split")
    asked = run("author", "Bumjun Kim", "--library", folder, cwd=tmp_path)
    assert "Bumjun Kim (with Dongjae Jeon), Bumjun Kim (with Wan Choi)" in problem(asked)
    theirs = json.loads(author("Bumjun Kim (with Wan Choi)", "--json"))
    assert theirs["facts"]["papers"]["paper_ids"] == [wireless]
    assert [one["kind"] for one in theirs["decisions"]] == ["split"]
    undone = json.loads(author("bumjun KIM", "--undo", "--json"))
    assert undone["papers"][1] == [wireless]
    assert profile() == record


def test_two_names_are_put_together_by_a_command(folder: Path, tmp_path: Path) -> None:
    done = run("author", "Bumjun Kim", "--merge", "dueun kim", "--library", folder, cwd=tmp_path)
    assert "names both Bumjun Kim and Dueun Kim" in problem(done)
    run("author", "Bumjun Kim", "--merge", "Soeun Kim", "--library", folder, cwd=tmp_path)
    record = json.loads(run("author", "Soeun Kim", "--json", "--library", folder, cwd=tmp_path).stdout)
    assert record["author"] == "Bumjun Kim"
    run("author", "Kim, Soeun", "--undo", "--library", folder, cwd=tmp_path)
    unknown = run("author", "Kim, Soeun", "--undo", "--library", folder, cwd=tmp_path)
    assert problem(unknown) == "Nothing was decided about Soeun Kim; there is nothing to undo."


@pytest.mark.parametrize("name", ["Nobody Known", *HOSTILE])
def test_a_name_that_nobody_has_is_one_line_and_no_json(folder: Path, tmp_path: Path, name: str) -> None:
    assert name[:20] in problem(run("author", name, "--json", "--library", folder, cwd=tmp_path))


def test_options_that_do_not_go_together_are_wrong_usage(folder: Path, tmp_path: Path) -> None:
    for options in (["--split", "--undo"], ["abc"], ["--merge", "Albert No", "--undo"]):
        done = run("author", "Bumjun Kim", *options, "--library", folder, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
