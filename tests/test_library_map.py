"""The map of a library: every paper once, the same every time, kept until papers change."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.facts.library_map import FILE, LibraryMap, library_map
from tests.fakes import embed_beforehand, listing_of
from tests.readability import is_vague
from vectorstore.library import Library
from vectorstore.listings.entry import Listing


@pytest.fixture
def seeds(seeds_folder: Path, tmp_path: Path) -> Path:
    """The folder of a library of the seeds of one's own."""
    return Path(shutil.copytree(seeds_folder, tmp_path / "seeds"))


def map_of(folder: Path, listings: Sequence[Listing] = ()) -> LibraryMap:
    with Library(folder) as library:
        for listing in listings:
            embed_beforehand(library.catalogue, listing)
            library.add([listing])
        return library_map(library)


def test_each_paper_is_on_the_map_once_in_a_theme_with_a_name(seeds: Path) -> None:
    with Library(seeds) as library:
        mapped, papers = library_map(library), library.catalogue.papers()

    assert [(one.paper_id, one.title, one.published) for one in mapped.points] == [
        (paper.paper_id, paper.title, paper.published) for paper in papers
    ]
    assert [theme.papers for theme in mapped.themes] == [
        sum(one.theme == number for one in mapped.points) for number in range(len(mapped.themes))
    ]
    assert len(mapped.themes) == 5
    assert [theme.papers for theme in mapped.themes] == sorted((t.papers for t in mapped.themes), reverse=True)
    names = [theme.name for theme in mapped.themes]
    assert len(set(names)) == 5
    assert not [name for name in names if is_vague(name)]


def test_papers_on_one_thing_are_close_on_the_map(seeds: Path) -> None:
    places = {point.title: complex(point.x, point.y) for point in map_of(seeds).points}
    ids = {start: next(place for title, place in places.items() if title.startswith(start)) for start in SAME + OTHER}

    assert abs(ids[SAME[0]] - ids[SAME[1]]) < min(abs(ids[SAME[0]] - ids[other]) for other in OTHER) / 2


SAME = ("Assigning Distinct Roles to Quantized", "Preserve-Then-Quantize")
OTHER = ("Event Camera Demosaicing", "Refine Drugs", "Learning to summarize", "Rainbow Padding")


def test_a_map_is_the_same_when_it_is_made_again(seeds: Path) -> None:
    once = map_of(seeds)
    written = (seeds / FILE).read_bytes()
    (seeds / FILE).unlink()

    assert map_of(seeds) == once
    assert (seeds / FILE).read_bytes() == written


def test_a_map_does_not_depend_on_the_order_of_listings(tmp_path: Path) -> None:
    one, other = listing_of(40, name="one.txt"), listing_of(30, name="other.txt")

    assert map_of(tmp_path / "a", [one, other]) == map_of(tmp_path / "b", [other, one])
    assert (tmp_path / "a" / FILE).read_bytes() == (tmp_path / "b" / FILE).read_bytes()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
@pytest.mark.filterwarnings("error")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_library_of_few_papers_has_a_map(tmp_path: Path, count: int) -> None:
    mapped = map_of(tmp_path / "library", [listing_of(count)] if count else [])

    assert len({point.paper_id for point in mapped.points}) == count
    assert sum(theme.papers for theme in mapped.themes) == count
    assert map_of(tmp_path / "library") == mapped


def test_a_kept_map_is_shown_without_computing_anything(seeds: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vectorstore.library import Library;"
        "from assistant.facts.library_map import library_map\n"
        f"with Library(Path({str(seeds)!r})) as library: library_map(library)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'sklearn', 'plotly', 'chromadb'}))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]

    assert [run.stdout.strip() for run in runs] == ["['chromadb', 'sklearn']", "[]"]


def test_new_papers_are_on_the_map_at_once(tmp_path: Path) -> None:
    before = map_of(tmp_path / "library", [listing_of(6, name="one.txt")])
    after = map_of(tmp_path / "library", [listing_of(6, name="other.txt")])

    assert (len(before.points), len(after.points)) == (6, 12)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"0.", b"1.", 1)),
        lambda file: file.write_bytes(b"\xff\xfe{"),
        lambda file: file.write_text("{}", encoding="utf-8"),
        lambda file: (file.unlink(), file.mkdir()),
    ],
)
def test_a_damaged_file_is_no_map(tmp_path: Path, damage: object) -> None:
    mapped = map_of(tmp_path / "library", [listing_of(20)])
    damage(tmp_path / "library" / FILE)  # type: ignore[operator]

    assert map_of(tmp_path / "library") == mapped


def test_a_record_is_json(seeds: Path) -> None:
    mapped = map_of(seeds)
    record = json.loads(json.dumps(mapped.record()))

    assert [theme["name"] for theme in record["themes"]] == [theme.name for theme in mapped.themes]
    assert record["points"][0] == {
        "paper_id": mapped.points[0].paper_id,
        "title": mapped.points[0].title,
        "x": mapped.points[0].x,
        "y": mapped.points[0].y,
        "theme": mapped.points[0].theme,
        "published": mapped.points[0].published.isoformat(),
    }


def test_a_question_imports_no_map(seeds: Path) -> None:
    code = f"import sys; sys.argv[1:] = ['ask', 'What is Rainbow Padding?', '--library', {str(seeds)!r}]\n"
    code += "from assistant.commands.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print(sorted({name.split('.')[0] for name in sys.modules} & {'sklearn', 'plotly'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_others_stay_where_they_are_when_a_few_papers_go(seeds: Path) -> None:
    with Library(seeds) as library:
        before = library_map(library)
        gone = [point.paper_id for point in before.points[::9]]
        library.remove_papers(gone)
        after = library_map(library)
        library.remove_papers([point.paper_id for point in after.points[::2]])
        anew = library_map(library)

    assert after.points == tuple(point for point in before.points if point.paper_id not in gone)
    assert [theme.name for theme in after.themes] == [theme.name for theme in before.themes]
    assert sum(theme.papers for theme in after.themes) == len(after.points)
    assert {point.paper_id: point.x for point in anew.points}.items() - {p.paper_id: p.x for p in after.points}.items()
