"""Whose profile page it is, when the page does not say."""

from collections import Counter
from collections.abc import Sequence

from vectorstore.listings.entry import Entry
from vectorstore.listings.names import folded


def inferred_owner(entries: Sequence[Entry]) -> str | None:
    """Return the one name that all entries agree on, in its commonest spelling; None if there is no such name.

    The name stands in every complete list of authors, is printed in at least half of the entries or in some
    complete list, at least twice, and no other such name is printed as often. "et al." may hide it elsewhere.
    """
    printed = [{folded(name) for name in entry.authors} for entry in entries]
    complete = [names for names, entry in zip(printed, entries, strict=True) if entry.authors_complete]
    counts = Counter(name for names in printed for name in names)
    agreed = [name for name in counts if counts[name] >= 2 and all(name in names for names in complete)]
    if not complete:
        agreed = [name for name in agreed if 2 * counts[name] >= len(entries)]
    best = max((counts[name] for name in agreed), default=0)
    winners = [name for name in agreed if counts[name] == best]
    if len(winners) != 1:
        return None
    spellings = Counter(name for entry in entries for name in entry.authors if folded(name) == winners[0])
    return spellings.most_common(1)[0][0]
