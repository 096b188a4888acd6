"""Papers -> keys for \\cite."""

import re

from vectorstore.names import folded, surname
from vectorstore.papers import Paper

_SMALL_WORDS = frozenset(
    "a an the on in of for to and or with from via at by is are do does how what when where why".split()
)


def citation_key(paper: Paper) -> str:
    """Return a readable key: first author's surname, year, first long word of the title ("kim2025rainbow")."""
    people = paper.people
    author = surname(people[0]) if people else folded(paper.organization or "").replace(" ", "")
    year = str(paper.published.year) if paper.published else "nd"
    words = [word for word in folded(paper.title).split() if word not in _SMALL_WORDS]
    return re.sub(r"[^a-z0-9]", "", (author or "anon") + year + (words[0] if words else "")) or paper.paper_id
