"""The cells of a model's table that stand in the column of another paper than the one they cite."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from assistant.text.blocks import Block, blocks
from assistant.text.evidence import Evidence

_FEWEST_LETTERS = 3  # of a name
_FEWEST_OTHERS = 2  # cells that cite one paper, and so say whose column it is


def misplaced(text: str, cells: Mapping[int, frozenset[str]], papers: Mapping[str, Evidence]) -> Iterator[int]:
    """Yield the starts of those cells that cite another paper than the one whose column they stand in.

    `cells` are the papers that each cell cites, by where it starts. A column is of the paper that its head names, or
    else of the one that all its other cells cite. A row that is headed by the paper that the cell cites is its own.
    """
    for rows in _tables(text):
        heads = text[rows[0].start : rows[0].end].split("|")
        columns: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            line = text[row.start : row.end]
            for edge in re.finditer(r"\|\s*(?=[^|\s])", line):
                if (start := row.start + edge.end()) in cells:
                    columns[line.count("|", 0, edge.end())].append((start, line.split("|")[1]))
        for column, found in columns.items():
            named = _named(heads[column], papers) if column < len(heads) else set()
            counts = Counter(cells[start] for start, _ in found)
            for start, label in found:
                owner = named if len(named) == 1 else _cited_by_all_others(cells[start], counts)
                if owner and not owner & cells[start] and not _named(label, papers) & cells[start]:
                    yield start


def _tables(text: str) -> Iterator[list[Block]]:
    rows: list[Block] = []
    for block in blocks(text):
        if rows and (block.kind != "row" or block.start != rows[-1].end + 1):
            yield rows
            rows = []
        if block.kind == "row":
            rows.append(block)
    if rows:
        yield rows


def _cited_by_all_others(own: frozenset[str], counts: Counter[frozenset[str]]) -> set[str] | frozenset[str]:
    if len(counts) != 2 or counts[own] != 1:
        return set()
    ((other, count),) = ((papers, count) for papers, count in counts.items() if papers != own)
    return other if len(other) == 1 and count >= _FEWEST_OTHERS else set()


def _named(label: str, papers: Mapping[str, Evidence]) -> set[str]:
    """Return the papers whose title has the label, or whose authors it names."""
    name = re.sub(r"\[\d+\]|\([^()]*\)|[*_`]", "", label).strip()
    if len(name) < _FEWEST_LETTERS:
        return set()
    printed = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.I)
    return {key for key, item in papers.items() if printed.search(item.title) or name in item.people}
