"""Backups: made by themselves, taken elsewhere in one archive, and empty of what was forgotten."""

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.conversations.history import History
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.model_picker import Pick
from tests.answered import ended
from tests.command_line import problem, run
from tests.damage import Known, known, rebuilt
from vectorstore.errors import NotInLibrary
from vectorstore.library import Library

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture
def folder(whole: tuple[Path, Known], tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole[0], tmp_path / "library"))


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("backups/*.sqlite3"))


# -- in the folder


def test_a_backup_is_made_once_a_day_and_a_few_are_kept(folder: Path) -> None:
    (first,) = backups(folder)
    Library(folder).close()
    assert backups(folder) == [first]

    for day in ("01", "02", "03"):
        name = f"catalogue-2020-01-{day}T00-00-00-000000"
        for suffix in (".sqlite3", ".seal"):
            shutil.copy(folder / "backups" / first.replace(".sqlite3", suffix), folder / "backups" / (name + suffix))
    for suffix in (".sqlite3", ".seal"):
        (folder / "backups" / first.replace(".sqlite3", suffix)).unlink()
    Library(folder).close()

    kept = backups(folder)
    assert len(kept) == 3
    assert kept[:2] == [f"catalogue-2020-01-{day}T00-00-00-000000.sqlite3" for day in ("02", "03")]


def test_a_backup_is_made_before_a_listing_is_removed(folder: Path) -> None:
    before = backups(folder)
    with Library(folder) as library:
        library.remove_listing(library.catalogue.listings()[0][0])
    (new,) = set(backups(folder)) - set(before)
    with closing(sqlite3.connect(folder / "backups" / new)) as backup:
        assert backup.execute("SELECT count(*) FROM removals").fetchone() == (0,)
        assert backup.execute("SELECT count(*) FROM embeddings").fetchone() == (0,)
        assert backup.execute("SELECT count(*) FROM exchanges").fetchone() == (90,)


def holding(folder: Path, words: str) -> list[str]:
    """Return the files under a folder that have some words in them, as they stand or lower case in an index."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if words.encode() in path.read_bytes()]


def test_what_is_forgotten_is_in_no_file(folder: Path) -> None:
    with Library(folder) as library:
        paper = next(paper for paper in library.papers() if len(paper.entries) == 1 and len(paper.abstract) > 300)
        others = {one.paper_id: one for one in library.papers() if one != paper}
        sentence = paper.abstract[100:140]
        (folder / "damaged").mkdir()
        shutil.copy(folder / "catalogue.sqlite3", folder / "damaged")
        assert len(holding(folder, sentence)) >= 3  # catalogue, listing, backup
        removal = library.remove_papers([paper.paper_id])
        library.forget(removal.removal_id)
        assert {one.paper_id: one for one in library.papers()} == others
    assert holding(folder, sentence) == []
    assert holding(folder, paper.title) == []
    assert len(backups(folder)) == 1
    (folder / "catalogue.sqlite3").write_bytes(bytes(8192))
    rebuilt(folder)
    with Library(folder) as library:  # from backup and listings
        assert {one.paper_id: one for one in library.papers()} == others


def test_answers_about_a_forgotten_paper_are_withdrawn(folder: Path) -> None:
    with Library(folder) as library:
        chats = Chats(Assistant(library, Settings()), History(library.catalogue.engine))
        ids = []
        for question in ("What is DUSK?", "What is Rainbow Padding?"):
            exchange = ended(chats, chats.ask("", question, model=Pick("local:extractive"), strict=False))
            ids.append(exchange.exchange_id)
        (paper,) = (one for one in library.papers() if one.title.startswith("DUSK"))
        removal = library.remove_papers([paper.paper_id])
        stopped = chats.history.ask(exchange.conversation_id, "And DUSK?", "m")
        chats.history.keep(stopped, text=paper.abstract[:200], answer=None, problem="", stopped=True)
        kept = [chats.history.exchange(one) for one in ids]
        assert all(one is not None and one.answer is not None for one in kept)

        chats.forget(removal.removal_id)

        of_it, other = (chats.history.exchange(one) for one in ids)
        assert of_it is not None and (of_it.question, of_it.text, of_it.answer) == ("What is DUSK?", "", None)
        assert of_it.problem == labels.WITHDRAWN
        assert other == kept[1]
        with pytest.raises(NotInLibrary):
            chats.forget(removal.removal_id)
    assert holding(folder, paper.abstract[100:140]) == []


def test_a_forgotten_listing_is_in_no_file(folder: Path) -> None:
    with Library(folder) as library:
        sha256, name, *_ = next(one for one in library.catalogue.listings() if one[1].startswith("daily"))
        only_there = next(one for one in library.papers() if {place.listing for place in one.entries} == {name})
        library.forget(library.remove_listing(sha256).removal_id)
    assert holding(folder, only_there.abstract[20:60]) == []


# -- one archive


def test_an_archive_is_the_whole_library_and_no_index(whole: tuple[Path, Known], folder: Path, tmp_path: Path) -> None:
    with Library(folder):  # it may be open meanwhile
        done = run("backup", tmp_path / "all.zip", "--library", folder, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = archive.namelist()
    assert json.loads(done.stdout)["files"] == len(names) - 1 == 6
    assert not [name for name in names if "index" in name or "chroma" in name or name.endswith(".pickle")]

    done = run("restore", tmp_path / "all.zip", "--library", tmp_path / "again", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    with Library(tmp_path / "again") as library:
        assert known(library) == whole[1]
        assert library.embeddings.embedded == 0


def test_an_archive_writes_over_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("mine")
    assert "is there already" in problem(run("backup", tmp_path / "all.zip", "--library", folder, cwd=tmp_path))
    assert run("backup", tmp_path / "all.zip", "--force", "--library", folder, cwd=tmp_path).returncode == 0
    assert "has a library already" in problem(run("restore", tmp_path / "all.zip", "--library", folder, cwd=tmp_path))


@pytest.fixture(scope="module")
def archive(whole: tuple[Path, Known], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "all.zip"
    assert run("backup", file, "--library", whole[0], cwd=file.parent).returncode == 0
    return file


def with_member(archive: Path, target: Path, name: str, content: bytes, **listed: object) -> None:
    """Write an archive that has one more file, which it lists as it is, but for `listed`."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as packed:
        manifest = json.loads(source.read("manifest.json"))
        for member in source.namelist():
            if member != "manifest.json":
                packed.writestr(member, source.read(member))
        packed.writestr(name, content)
        manifest["files"][name] = {"bytes": len(content), "sha256": sha256(content).hexdigest(), **listed}
        packed.writestr("manifest.json", json.dumps(manifest))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "listings/../../evil.txt",
        "/tmp/evil.txt",
        "listings/a/b/evil.txt",
        "listings\\a\\evil.txt",
        "index/chroma/chroma.sqlite3",
        "index/chroma/x.pickle",
        "lock",
        "listings/a/c:evil",
    ],
)
def test_an_archive_that_names_other_files_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    with_member(archive, tmp_path / "evil.zip", name, b"evil")

    said = problem(run("restore", tmp_path / "evil.zip", "--library", tmp_path / "new", cwd=tmp_path))

    assert "is no whole backup of a library" in said
    assert not list(tmp_path.rglob("*evil.txt"))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["lock"]


def test_an_archive_with_more_than_it_lists_is_refused(archive: Path, tmp_path: Path) -> None:
    with_member(archive, tmp_path / "bomb.zip", "listings/abc/page.txt", bytes(10_000_000), bytes=10)
    said = problem(run("restore", tmp_path / "bomb.zip", "--library", tmp_path / "new", cwd=tmp_path))
    assert "page.txt is damaged" in said


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.zip").write_bytes(content)
    said = problem(run("restore", tmp_path / "some.zip", "--library", tmp_path / "new", cwd=tmp_path))
    assert "is no whole backup of a library" in said
