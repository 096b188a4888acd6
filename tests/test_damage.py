"""Damage of what a library keeps: noticed, never shown as if it were right, and mended or said."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.conversations.history import History
from tests.command_line import problem, run
from tests.damage import Known, after_damage, known
from vectorstore.catalogue.seals import add_functions, row_seal
from vectorstore.embedders.embeddings import text_key
from vectorstore.errors import LibraryDamaged
from vectorstore.library import Library
from vectorstore.listings.readers import read_listing
from vectorstore.recovery.mending import damage_of

SEEDS = Path(__file__).parent.parent / "seeds"
TEXT = b"masked diffusion"


@pytest.fixture
def folder(whole: tuple[Path, Known], tmp_path: Path) -> Path:
    """A closed library that a test may damage."""
    return Path(shutil.copytree(whole[0], tmp_path / "library"))


@pytest.fixture
def catalogue(folder: Path) -> Iterator[sqlite3.Connection]:
    """The folder's catalogue, with nothing that seals what is written to it: as a disk changes it."""
    with closing(sqlite3.connect(folder / "catalogue.sqlite3")) as connection:
        add_functions(connection)
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def changed(catalogue: sqlite3.Connection, table: str, column: str) -> None:
    """Flip one bit of a text in the first row of a table."""
    rowid, text = catalogue.execute(f"SELECT rowid, {column} FROM {table} LIMIT 1").fetchone()
    flipped = text[:20] + chr(ord(text[20]) ^ 1) + text[21:]
    catalogue.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (flipped, rowid))


# -- noticed, and mended or said


@pytest.mark.parametrize(("table", "column"), [("papers", "abstract"), ("entries", "record"), ("passages", "text")])
def test_a_flipped_bit_in_a_text_is_mended_from_what_is_kept(
    whole: tuple[Path, Known],
    folder: Path,
    catalogue: sqlite3.Connection,
    caplog: pytest.LogCaptureFixture,
    table: str,
    column: str,
) -> None:
    changed(catalogue, table, column)
    catalogue.commit()
    restore_triggers(catalogue, whole[0])

    with Library(folder) as library:
        assert known(library) == whole[1]

    assert f"was damaged (not as they were written: 1 row of {table})" in caplog.text
    assert "nothing is lost" in caplog.text
    assert damage_of(folder / "catalogue.sqlite3") is None


def restore_triggers(catalogue: sqlite3.Connection, whole: Path) -> None:
    with closing(sqlite3.connect(whole / "catalogue.sqlite3")) as sound:
        for (statement,) in sound.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'"):
            catalogue.execute(statement.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"))
    catalogue.commit()


def test_a_text_that_changes_while_the_library_is_open_is_not_shown(folder: Path) -> None:
    with Library(folder) as library:
        paper = library.papers()[0]
        with library.catalogue.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER papers_update_sealed")
            connection.exec_driver_sql(
                "UPDATE papers SET abstract = 'X' || substr(abstract, 2) WHERE paper_id = ?", (paper.paper_id,)
            )
        with pytest.raises(LibraryDamaged, match=r"not as it was written; .*check --rebuild"):
            library.papers()


def test_a_damaged_entry_without_a_copy_is_said_and_changes_nothing(
    whole: tuple[Path, Known], folder: Path, catalogue: sqlite3.Connection
) -> None:
    changed(catalogue, "entries", "record")
    restore_triggers(catalogue, whole[0])
    shutil.rmtree(folder / "listings")

    for _ in range(2):
        with pytest.raises(LibraryDamaged, match=r"1 row of entries.*check --rebuild --library"):
            Library(folder)


def test_a_damaged_answer_is_taken_from_the_backup(
    whole: tuple[Path, Known], folder: Path, catalogue: sqlite3.Connection
) -> None:
    changed(catalogue, "exchanges", "text")
    restore_triggers(catalogue, whole[0])

    said = problem(run("papers", "--library", folder, cwd=folder))
    assert "1 row of exchanges" in said
    assert f"python -m assistant check --rebuild --library {folder}" in said
    done = run("check", "--rebuild", "--library", folder, cwd=folder)

    assert done.returncode == 0, done.stderr
    assert "From the backup of" in done.stdout
    assert "1 questions with their answers" in done.stdout
    assert "Lost: nothing." in done.stdout
    with Library(folder) as library:
        assert known(library) == whole[1]


def test_a_conversation_whose_own_row_is_lost_is_named_anew(whole: tuple[Path, Known], folder: Path) -> None:
    with Library(folder) as library:
        line = History(library.catalogue.engine).conversations()[0]
    shutil.rmtree(folder / "backups")
    with closing(sqlite3.connect(folder / "catalogue.sqlite3")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM conversations WHERE id = ?", (line.id,))
        connection.commit()
    (folder / "catalogue.sqlite3").write_bytes(damaged_first_page(folder / "catalogue.sqlite3"))

    done = run("check", "--rebuild", "--library", folder, cwd=folder)

    assert done.returncode == 0, done.stderr
    with Library(folder) as library:
        now = History(library.catalogue.engine).conversation(line.id)
        assert known(library).exchanges == whole[1].exchanges
    assert now is not None
    assert now.title == line.title


def damaged_first_page(file: Path) -> bytes:
    return bytes(4096) + file.read_bytes()[4096:]


# Damage to single pages, at places that differ in what is stored there; tests/benchmarks/damage.py has all.
@pytest.mark.parametrize(
    ("damage", "place"),
    [("zeroed page", 0.0), ("zeroed page", 0.25), ("zeroed page", 0.6), ("flipped bit", 0.5), ("exchanged pages", 0.4)],
)
def test_a_damaged_page_of_the_catalogue_loses_nothing(
    whole: tuple[Path, Known], tmp_path: Path, damage: str, place: float
) -> None:
    outcome = after_damage(whole[0], tmp_path / "copy", whole[1], "catalogue", damage, place)

    assert outcome.noticed
    assert outcome.wrong == []
    assert outcome.kept >= 0.95


@pytest.mark.parametrize("kind", ["copy of a listing", "backup"])
def test_a_damaged_copy_is_said_by_check_and_harmless(whole: tuple[Path, Known], tmp_path: Path, kind: str) -> None:
    outcome = after_damage(whole[0], tmp_path / "copy", whole[1], kind, "flipped bit", 0.5)

    assert (outcome.noticed, outcome.wrong, outcome.kept) == ("said by check", [], 1.0)


def test_a_copy_that_is_missing_is_said_by_check_and_comes_back(folder: Path) -> None:
    (gone, *_) = sorted(folder.glob("listings/*"))
    (name,) = [file.name for file in gone.iterdir()]
    shutil.rmtree(gone)
    done = run("check", "--library", folder, cwd=folder.parent)
    assert done.returncode == 0
    assert f"There is no copy of {name}" in done.stdout
    with Library(folder) as library:
        library.ingest([SEEDS / name])
    assert "no copy" not in run("check", "--library", folder, cwd=folder.parent).stdout


def test_a_damaged_copy_is_replaced_when_the_listing_is_read_again(folder: Path) -> None:
    copy = next(folder.glob("listings/*/headerless_bumjun_kim.txt"))
    copy.write_text(copy.read_text().replace("the", "teh"))
    assert "is not the listing that was read; read it again" in run("check", "--library", folder, cwd=folder).stderr

    assert run("ingest", SEEDS / copy.name, "--library", folder, cwd=folder).returncode == 0

    assert copy.read_bytes() == (SEEDS / copy.name).read_bytes()
    assert run("check", "--library", folder, cwd=folder).returncode == 0


def test_a_missing_catalogue_is_no_new_library(folder: Path) -> None:
    (folder / "catalogue.sqlite3").unlink()
    with pytest.raises(LibraryDamaged, match="it is missing"):
        Library(folder)
    assert not (folder / "catalogue.sqlite3").exists()


def test_a_sound_library_is_said_to_be_sound(folder: Path) -> None:
    done = run("check", "--library", folder, cwd=folder)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "The catalogue is as it was written.")


# -- the cache of embeddings


@pytest.mark.parametrize("vector", ["zeroblob(1536)", "substr(vector, 1, 1000)"])
def test_damaged_vectors_are_embedded_again(
    whole: tuple[Path, Known], folder: Path, catalogue: sqlite3.Connection, vector: str
) -> None:
    shutil.rmtree(folder / "index")
    catalogue.execute(f"UPDATE embeddings SET vector = {vector} WHERE rowid < 10")
    restore_triggers(catalogue, whole[0])

    with Library(folder) as library:
        assert known(library) == whole[1]
        assert library.embeddings.embedded == 9
    assert damage_of(folder / "catalogue.sqlite3") is None


def test_damaged_words_are_read_again_while_the_index_is_whole(
    whole: tuple[Path, Known], folder: Path, catalogue: sqlite3.Connection
) -> None:
    catalogue.execute("UPDATE word_codes SET codes = zeroblob(240) WHERE rowid < 10")
    restore_triggers(catalogue, whole[0])

    with Library(folder) as library:
        assert known(library) == whole[1]
        assert library.embeddings.embedded == 9


def test_vectors_that_change_while_the_library_is_open_are_not_used(folder: Path) -> None:
    with Library(folder) as library:
        key = text_key(library.catalogue.passages()[0].embedded_text)
        with library.catalogue.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER embeddings_update_sealed")
            connection.exec_driver_sql("UPDATE embeddings SET vector = zeroblob(1536)")
        assert library.catalogue.known("minilm", [key]) == {}
        library.catalogue.remember("minilm", {key: np.ones(384, np.float32)})


# -- what is kept


def test_a_listing_that_grows_is_kept_as_it_was_read(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes((SEEDS / "headerless_bumjun_kim.txt").read_bytes())
    listing = read_listing(page)
    with page.open("a") as file:
        file.write("\n\nOne More Paper\n\nAda Lovelace\n\nIt came late.\n")

    with Library(tmp_path / "library") as library:
        library.add([listing])
        library._folder.keep_listing(listing)

    (copy,) = (tmp_path / "library").glob("listings/*/page.txt")
    assert copy.read_bytes() == (SEEDS / "headerless_bumjun_kim.txt").read_bytes()
    assert read_listing(copy).sha256 == listing.sha256


def test_a_library_of_an_earlier_version_is_sealed_when_it_is_opened(
    whole: tuple[Path, Known], folder: Path, catalogue: sqlite3.Connection
) -> None:
    tables = [row[0] for row in catalogue.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if "seal" in [row[1] for row in catalogue.execute(f"PRAGMA table_info({table})")]:
            catalogue.execute(f"ALTER TABLE {table} DROP COLUMN seal")
    catalogue.execute("UPDATE schema_version SET version = 2")
    catalogue.execute("PRAGMA user_version = 0")
    catalogue.commit()
    shutil.rmtree(folder / "backups")

    with Library(folder) as library:
        assert known(library) == whole[1]
        assert len(library._backups.all()) == 1  # from before it was changed
        with library.catalogue.engine.connect() as connection:
            (paper_id, seal) = connection.exec_driver_sql("SELECT text_sha256, seal FROM embeddings").first() or ("", 0)
            (vector,) = connection.exec_driver_sql("SELECT vector FROM embeddings").first() or (b"",)
    assert seal == row_seal("embeddings", "minilm", paper_id, vector)


@pytest.mark.parametrize("kind", ["folder", "link", "version"])
def test_what_is_no_catalogue_at_all_is_rebuilt(whole: tuple[Path, Known], folder: Path, kind: str) -> None:
    file = folder / "catalogue.sqlite3"
    if kind == "version":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE schema_version SET version = 'five'")
            connection.commit()
    else:
        file.unlink()
        file.mkdir() if kind == "folder" else file.symlink_to("/etc/passwd")
    assert "is damaged" in problem(run("papers", "--library", folder, cwd=folder.parent))
    done = run("check", "--rebuild", "--library", folder, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    with Library(folder) as library:
        found = known(library)
    assert found.papers == whole[1].papers
    if kind == "version":  # else it comes from the listings and the backup, which may be older
        assert found == whole[1]


def test_a_file_in_the_place_of_the_backups_keeps_nothing_from_being_read_or_forgotten(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    (folder / "backups").write_text("no folder")
    with Library(folder) as library:
        paper = library.papers()[0]
        removal = library.remove_papers([paper.paper_id])
        library.forget(removal.removal_id)
        assert library.removals() == []
