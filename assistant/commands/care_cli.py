"""The commands that keep a library safe: `check`, `backup` and `restore`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.terminal import (
    EnvFileOption,
    JsonOption,
    LibraryOption,
    check_new,
    opened,
    print_json,
    print_text,
    say,
    settings_of,
)
from vectorstore.errors import LibraryDamaged, OutputError

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from vectorstore.recovery.rebuilding import Checked, Rebuilt

_CALLED = {
    "listings": "listings",
    "entries": "entries of listings",
    "author_decisions": "decisions on authors",
    "given_citation_keys": "citation keys",
    "removals": "deletions",
    "conversations": "conversations",
    "exchanges": "questions with their answers",
    "kept_sections": "related-work texts",
}  # those of the tables that are told of; the others can be made again, or go with these


def add_to(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(backup)
    app.command()(restore)


def check(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make a damaged catalogue anew from all that can be read of it.")
    ] = False,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every file that the library keeps against its checksum."""
    from assistant.conversations import rows
    from assistant.conversations.tables import schema as of_conversations
    from assistant.manuscripts.section_store import schema as of_sections
    from vectorstore.catalogue import tables
    from vectorstore.catalogue.catalogue import damaged
    from vectorstore.folder import LibraryFolder
    from vectorstore.recovery import rebuilding

    folder = LibraryFolder(settings_of(library, env_file).library)
    try:
        found = rebuilding.check(folder)
        made = None
        if found.catalogue and rebuild:
            made = rebuilding.rebuild(folder, [tables.schema, of_conversations, of_sections])
    finally:
        folder.release()
    if rebuild:
        with opened(library, env_file) as assistant:
            with assistant.library.catalogue.engine.begin() as connection:
                if made:
                    rows.adopt_orphans(connection)
            assistant.library.search("paper")  # the indexes are brought up to it
    if as_json:
        print_json(_record(found, made))
    else:
        for line in _lines(found, made):
            print_text(line)
    if found.catalogue and not rebuild:
        raise damaged(folder.catalogue, str(found.catalogue))
    if found.listings:
        raise LibraryDamaged(found.listings[0].reason)


def backup(
    file: Annotated[Path, typer.Argument(help="A new .zip file.")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the library, conversations and listings included, into one archive."""
    from vectorstore.folder import LibraryFolder
    from vectorstore.recovery.backups import write_archive

    check_new(file, force=force)
    folder = LibraryFolder(settings_of(library, env_file).library, read_only=True)  # it may be open elsewhere
    if not folder.catalogue.exists():
        raise OutputError(f"There is no library in {folder.path}; choose another folder with --library.")
    files = write_archive(folder, file)
    print_json({"file": str(file), "files": files}) if as_json else print_text(f"{files} files are in {file}.")


def restore(
    file: Annotated[Path, typer.Argument(help="An archive that `backup` wrote.")],
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a library out of an archive, in a folder that has none."""
    from vectorstore.folder import LibraryFolder
    from vectorstore.recovery.backups import read_archive

    folder = LibraryFolder(settings_of(library, env_file).library)
    try:
        files = read_archive(file, folder)
    finally:
        folder.release()
    with opened(library, env_file) as assistant:
        papers = len(assistant.library.catalogue.titles())
    record = {"library": str(folder.path), "files": files, "papers": papers}
    print_json(record) if as_json else print_text(f"{papers} papers are in {folder.path}.")


def _record(found: "Checked", made: "Rebuilt | None") -> dict[str, Any]:
    damage = found.catalogue
    rebuilt = None
    if made:
        when = made.backup_made.isoformat() if made.backup_made else None
        rebuilt = {**asdict(made), "backup_made": when, "damaged_file": str(made.damaged_file)}
    return {
        "catalogue": {"pages": list(damage.pages), "rows": dict(damage.rows)} if damage else None,
        "listings": [asdict(one) for one in found.listings],
        "uncopied": list(found.uncopied),
        "backups": list(found.backups),
        "indexes": list(found.indexes),
        "rebuilt": rebuilt,
    }


def _lines(found: "Checked", made: "Rebuilt | None") -> list[str]:
    lines = [] if found.catalogue else ["The catalogue is as it was written."]
    lines += [
        f"There is no copy of {name}: a damaged catalogue could not be mended from it; read it again to have one."
        for name in found.uncopied
    ]
    lines += [f"The backup {name} is damaged and not used." for name in found.backups]
    lines += [
        f"The index in {path} is not as it was left; it is made again at the next search." for path in found.indexes
    ]
    if made is None:
        return lines
    say(f"The catalogue was damaged ({found.catalogue}); it is at {made.damaged_file} now.")
    lines += [f"Kept: {_counted(made.salvaged)}."]
    if made.from_backup and made.backup_made:
        lines += [f"From the backup of {made.backup_made:%Y-%m-%d %H:%M}: {_counted(made.from_backup)}."]
    lines += [f"Lost: {_counted(made.lost) or 'nothing'}."]
    if unknown := [_CALLED[name] for name in made.unknown if name in _CALLED]:
        lines += [f"Whether more were lost of these cannot be told: {', '.join(unknown)}."]
    return lines


def _counted(rows: "Any") -> str:
    return ", ".join(f"{count} {_CALLED[name]}" for name, count in rows.items() if name in _CALLED and count)
