"""A library whose files are damaged in every way, and what becomes of what it knew."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.conversations import rows
from assistant.conversations.history import History
from assistant.conversations.tables import schema as of_conversations
from assistant.facts.papers_json import paper_record
from vectorstore.catalogue import tables
from vectorstore.errors import AssistantError
from vectorstore.folder import LibraryFolder
from vectorstore.library import Library
from vectorstore.recovery import rebuilding

PAGE_BYTES = 4096
PLACES = (0.02, 0.25, 0.5, 0.75, 0.98)  # of a file's length
QUERIES = ("early termination of diffusion LLMs", "low-rank quantization")
_CONVERSATIONS = 30  # of which the last are in no backup
_LATE = 5

# By kind, the files of a library, as patterns.
FILES = {
    "catalogue": "catalogue.sqlite3",
    "seal of the catalogue": "catalogue.seal",
    "copy of a listing": "listings/*/*.txt",
    "backup": "backups/*.sqlite3",
    "vectors": "index/chroma/vectors.f32",
    "Chroma": "index/chroma/chroma.sqlite3",
    "tantivy": "index/tantivy/*.store",
}


def zeroed(content: bytes, at: int) -> bytes:
    start = at // PAGE_BYTES * PAGE_BYTES
    length = len(content[start : start + PAGE_BYTES])
    return content[:start] + bytes(length) + content[start + length :]


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]


def exchanged(content: bytes, at: int) -> bytes:
    """Return a file with the page at a place and the one after it, or the first, exchanged."""
    pages = [content[start : start + PAGE_BYTES] for start in range(0, len(content), PAGE_BYTES)]
    here = at // PAGE_BYTES
    there = (here + 1) % len(pages)
    pages[here], pages[there] = pages[there], pages[here]
    return b"".join(pages)


# What is left of a file, None for nothing; by the damage.
DAMAGES: dict[str, Callable[[bytes, int], bytes | None]] = {
    "cut": lambda content, at: content[:at],
    "emptied": lambda content, at: b"",
    "zeroed page": zeroed,
    "flipped bit": flipped,
    "exchanged pages": exchanged,
    "removed": lambda content, at: None,
}
ONE_PAGE = ("zeroed page", "flipped bit")


@dataclass(frozen=True)
class Known:
    """What a library knows, each thing by its id."""

    papers: dict[str, str]
    found: list[list[str]]
    exchanges: dict[str, str]
    decisions: dict[str, str]
    keys: dict[str, str]

    @property
    def by_hand(self) -> dict[str, str]:
        """What the user made and no listing holds."""
        return self.exchanges | self.decisions | self.keys


@dataclass(frozen=True)
class Outcome:
    """What damage led to: `noticed` says how, "" for not at all. `wrong` is what was shown and is not so, `kept` the
    share of conversations, decisions and keys that are there after the way out was taken."""

    noticed: str
    wrong: list[str] = field(default_factory=list)
    kept: float = 1.0


def lived_in(folder: Path) -> Known:
    """Give a library of the seeds conversations, decisions and citation keys, and a backup of most of them; return what
    it knows."""
    with Library(folder) as library:
        history = History(library.catalogue.engine)
        for number in range(_CONVERSATIONS - _LATE):
            _talk(history, number)
        library.decide(lambda people: people.merge("Soeun Kim", "Moongyu Jeon", today=date(2026, 1, 1)))
        library.catalogue.citation_keys(library.catalogue.paper_ids([])[:40])
    shutil.rmtree(folder / "backups", ignore_errors=True)
    with Library(folder) as library:  # makes the backup of the day
        history = History(library.catalogue.engine)
        for number in range(_CONVERSATIONS - _LATE, _CONVERSATIONS):
            _talk(history, number)
        return known(library)


def _talk(history: History, number: int) -> None:
    talk = history.begin()
    for turn in range(3):
        asked = history.ask(talk, f"Question {number}.{turn} on lamp {number * turn}?", "local:extractive")
        text = " ".join(f"Sentence {number}.{turn}.{line} of an answer." for line in range(10 + 5 * (number % 7)))
        history.keep(asked, text=text, answer=None, problem="none", stopped=False)


def known(library: Library) -> Known:
    history = History(library.catalogue.engine)
    talks = [history.conversation(line.id) for line in history.conversations()]
    paper_ids = library.catalogue.paper_ids([])
    return Known(
        {paper.paper_id: json.dumps(paper_record(paper), sort_keys=True) for paper in library.papers()},
        [[one.passage.text for one in library.search(query, top_k=5)] for query in QUERIES],
        {one.id: f"{one.question}\n{one.text}" for talk in talks if talk for one in talk.exchanges},
        {f"decision {one.number}": repr(one) for one in library.catalogue.namesakes.decisions()},
        {f"key of {paper_id}": key for paper_id, key in library.catalogue.citation_keys(paper_ids[:40]).items()},
    )


def cases(folder: Path) -> Iterator[tuple[str, str, float]]:
    """Yield (kind of file, damage, place): those without a place once."""
    for kind in FILES:
        for damage in DAMAGES:
            for place in PLACES[:1] if damage in ("emptied", "removed") else PLACES:
                yield kind, damage, place


def after_damage(whole: Path, copy: Path, expected: Known, kind: str, damage: str, place: float) -> Outcome:
    """Damage a file of a copy of a library, use it, take the way out that is said, and use it again."""
    shutil.copytree(whole, copy)
    file = sorted(copy.glob(FILES[kind]))[-1]
    content = file.read_bytes()
    left = DAMAGES[damage](content, min(int(place * len(content)), len(content) - 1))
    if left is None:
        file.unlink()
    else:
        file.write_bytes(left)
    if left == content:
        return Outcome("harmless")
    try:
        with Library(copy) as library:
            now = known(library)
    except AssistantError:
        return _after_rebuild(copy, expected)
    return Outcome(_said_by_check(copy) or "mended or harmless", _wrong(now, expected), _share(now, expected))


def rebuilt(library: Path) -> rebuilding.Rebuilt:
    """Do what `check --rebuild` does with a closed library, but for the indexes."""
    folder = LibraryFolder(library)
    try:
        return rebuilding.rebuild(folder, [tables.schema, of_conversations])
    finally:
        folder.release()


def _after_rebuild(copy: Path, expected: Known) -> Outcome:
    rebuilt(copy)
    with Library(copy) as library:
        with library.catalogue.engine.begin() as connection:
            rows.adopt_orphans(connection)
        now = known(library)
    return Outcome("refused, then rebuilt", _wrong(now, expected), _share(now, expected))


def _said_by_check(copy: Path) -> str:
    folder = LibraryFolder(copy)
    try:
        found = rebuilding.check(folder)
    finally:
        folder.release()
    return "said by check" if found.catalogue or found.listings or found.backups else ""


def _wrong(now: Known, expected: Known) -> list[str]:
    """Return what is shown that is not what was stored; what is lost is not wrong."""
    before = expected.papers | expected.by_hand
    return [name for name, said in (now.papers | now.by_hand).items() if before.get(name) != said] + [
        query for query, one, other in zip(QUERIES, now.found, expected.found, strict=True) if one != other
    ]


def _share(now: Known, expected: Known) -> float:
    kept = [name for name, said in expected.by_hand.items() if now.by_hand.get(name) == said]
    return len(kept) / len(expected.by_hand)
