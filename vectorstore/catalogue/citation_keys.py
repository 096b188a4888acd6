r"""Papers -> keys for \cite: readable, and the same for a paper in every document that is written from a library.

A key is the first author's surname, the year and the first long word of the title: "kim2025rainbow". Papers of a
library that would share one have more words: "kim2025rainbow-padding". The hyphen stands in no other keys, so that
these cannot meet the key of a third paper.

A key that was given stays the paper's own, whatever is ingested later: it may stand in somebody's manuscript. Until
then it depends on the papers of the library alone, and not on the order in which they came.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Column, ForeignKey, Table, Text, exists, select, update
from sqlalchemy.engine import Connection

from vectorstore.authors.personal_names import named, surname
from vectorstore.catalogue import tables
from vectorstore.catalogue.seals import insert_sealed, sound, verified
from vectorstore.catalogue.tables import chunks
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

# Derived from the papers, so that those that share a key are found without reading all.
short_keys = Table(
    "citation_keys",
    tables.schema,
    Column("paper_id", ForeignKey("papers.paper_id", ondelete="CASCADE"), primary_key=True),
    Column("short_key", Text, nullable=False, index=True),
)
# Outlives the papers' rows, which every ingest of another listing writes anew.
given_keys = Table(
    "given_citation_keys",
    tables.schema,
    Column("paper_id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
)
_SMALL_WORDS = frozenset(
    "a an the on in of for to and or with from via at by is are do does how what when where why".split()
)
_MOST_WORDS = 6  # of a title, in a key


def short_key(paper: Paper) -> str:
    """Return the key that a paper has if no other paper would have it: "kim2025rainbow"."""
    first = next(named(paper.people), None)
    author = _plain(surname(first) if first else folded(paper.organization or ""))
    year = str(paper.published.year) if paper.published else "nd"
    return (author or "anon") + year + "".join(_title_words(paper.title)[:1])


def told_apart(titles: Mapping[str, str], short: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the keys of papers that share a short one, by id; `titles` are theirs by id.

    `given` holds the ids of papers by keys that are theirs already.
    """
    claimed: defaultdict[str, set[str]] = defaultdict(set)
    for key, paper_id in (given or {}).items():
        claimed[key].add(paper_id)
    whole: defaultdict[str, set[str]] = defaultdict(set)  # keys that have all that a title has for a key
    for paper_id, title in titles.items():
        *_, longest = _candidates(short, title)
        whole[longest].add(paper_id)
        for key in _candidates(short, title):
            claimed[key].add(paper_id)

    def own(paper_id: str, title: str) -> str:
        candidates = list(_candidates(short, title))
        alone = (key for key in candidates if claimed[key] == {paper_id})
        # A title with which another one begins has no word of its own: its whole key is its own.
        free = (given or {}).get(candidates[-1], paper_id) == paper_id
        ends = (key for key in candidates[-1:] if free and whole[key] == {paper_id})
        # No number of words tells two papers of the same title apart.
        return next(alone, None) or next(ends, None) or f"{short}-{paper_id}"

    return {paper_id: own(paper_id, title) for paper_id, title in titles.items()}


def _candidates(short: str, title: str) -> Iterator[str]:
    """Yield a short key, the same with the second word of a title, with the second and the third, and so on."""
    words = _title_words(title)[1:_MOST_WORDS]
    for count in range(len(words) + 1):
        yield "-".join([short, *words[:count]])


def _title_words(title: str) -> list[str]:
    plain = (_plain(word) for word in folded(title).split() if word not in _SMALL_WORDS)
    return [word for word in plain if word]


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)


# -- in the catalogue


def store_keys(connection: Connection, papers: Sequence[Paper]) -> None:
    rows = [{"paper_id": paper.paper_id, "short_key": short_key(paper)} for paper in papers]
    insert_sealed(connection, short_keys, rows)


def keep_keys(connection: Connection, moved: Mapping[str, str]) -> None:
    """Let papers keep the keys that they were given under another id; `moved` are the new ids by the old ones."""
    for old, new in moved.items():
        has_one = exists().where(given_keys.c.paper_id == new)
        connection.execute(update(given_keys).where(given_keys.c.paper_id == old, ~has_one).values(paper_id=new))


def fill_if_empty(connection: Connection) -> None:
    """Store the keys of all papers in a library that was made before keys were stored."""
    if connection.scalar(select(short_keys.c.paper_id).limit(1)) is None:
        store_keys(connection, [tables.paper_of(row) for row in connection.execute(tables.selected_papers)])


def keys_of(connection: Connection, paper_ids: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    r"""Return the keys for \cite that papers were given, and those that others are to be given, by id.

    Unknown ids are left out.
    """
    wanted = sorted(set(paper_ids))
    given = select(given_keys, sound(*given_keys.c).label("sound"))
    own = {
        row.paper_id: row.key
        for chunk in chunks(wanted)
        for row in connection.execute(given.where(given_keys.c.paper_id.in_(chunk)))
        if verified(row, "a citation key")
    }
    new = {paper_id for paper_id in wanted if paper_id not in own}
    groups = _sharing(connection, new)
    candidates = {
        key for short, titles in groups.items() for title in titles.values() for key in _candidates(short, title)
    }
    taken = {
        row.key: row.paper_id
        for chunk in chunks(sorted(candidates))
        for row in connection.execute(select(given_keys).where(given_keys.c.key.in_(chunk)))
    }
    keys = [told_apart(titles, short, taken) for short, titles in groups.items()]
    return own, {paper_id: key for group in keys for paper_id, key in group.items() if paper_id in new}


def _sharing(connection: Connection, paper_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Return all titles by id of the papers that share a short key with one of `paper_ids`, by that key."""
    columns = select(short_keys.c.short_key).distinct()
    shorts = {
        short
        for chunk in chunks(sorted(paper_ids))
        for short in connection.scalars(columns.where(short_keys.c.paper_id.in_(chunk)))
    }
    titles = select(short_keys.c.short_key, tables.papers.c.paper_id, tables.papers.c.title).join(tables.papers)
    groups: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for chunk in chunks(sorted(shorts)):
        for row in connection.execute(titles.where(short_keys.c.short_key.in_(chunk))):
            groups[row.short_key][row.paper_id] = row.title
    return groups
