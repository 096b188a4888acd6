"""The map of a library: every paper a point, near those that are close in meaning, in a theme named by its own terms.

It is kept in the library's folder, as map.json, and made anew when papers have come or changed, when many have gone, or
with another embedding model.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.facts.cluster_labels import theme_names
from vectorstore.library import Library
from vectorstore.listings.entry import Precision
from vectorstore.papers.paper import PaperText
from vectorstore.papers.partial_dates import iso_date
from vectorstore.search.current_indexes import OnProgress

if TYPE_CHECKING:
    from assistant.facts.map_projection import Placed

FILE = "map.json"
_MADE_BY = "map 2"  # counted up when maps of the same papers become others
_HASHED = 16  # hexadecimal digits
_MOST_READ = 250  # papers of a theme, for its name: some of its nearer half, since those at its very middle are few

_STILL_THERE = 0.8  # of the papers of a kept map: so many must be left for it to stay as it is, without the others

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A paper's place: `x` and `y` in [-1, 1]; `theme` counts from 0 in the map's themes."""

    paper_id: str
    title: str
    x: float
    y: float
    theme: int
    published: date | None
    precision: Precision = "day"  # of `published`


@dataclass(frozen=True, slots=True)
class MapTheme:
    """What the papers of a part of the map are about, and how many these are."""

    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class LibraryMap:
    """A point for each paper, in the order of their ids, and the themes, the largest first."""

    points: tuple[MapPoint, ...]
    themes: tuple[MapTheme, ...]

    def record(self) -> dict[str, Any]:
        """Return the map as JSON has it."""
        points = [{**asdict(one), "published": iso_date(one.published, one.precision)} for one in self.points]
        for point in points:
            del point["precision"]
        return {"points": points, "themes": [asdict(theme) for theme in self.themes]}


def _silent(_step: str, _done: int, _total: int) -> None:
    """Report no progress."""


def library_map(library: Library, *, on_progress: OnProgress = _silent) -> LibraryMap:
    """Return the map of all papers; those that another thread is just adding may be missing.

    The same papers and the same embedding model give the same map; when a few papers go, the others stay where they
    are, in themes of the same names. 60,000 papers take about a minute, once.
    """
    papers, file = library.catalogue.texts(), library.path / FILE
    kept = _without_others(_read(file, _key(library)), papers)
    if kept is None:
        dense = library.retriever.dense
        key = _key(library)  # an index of a former model may have been opened
        found = dense.vectors_of(f"{paper.paper_id}:0" for paper in papers)
        there = [paper for paper, vector in zip(papers, found, strict=True) if vector is not None]
        kept = _made(there, [vector for vector in found if vector is not None], on_progress)
        if len(there) == len(papers):
            _write(file, key, kept)
        papers = there
    return _map_of(papers, kept)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a map: the names of the themes, and of each paper in the order of their ids a hash of its text
    and (x, y, theme)."""

    themes: list[str]
    papers: list[str]
    places: list[tuple[float, float, int]]


def _made(papers: Sequence[PaperText], vectors: Sequence[NDArray[np.float32]], on_progress: OnProgress) -> _Kept:
    if not papers:
        return _Kept([], [], [])
    from assistant.facts.map_projection import placed

    # Ids are hashes of titles: the first papers, which are the landmarks, are a fair sample.
    found = placed(np.vstack(vectors), on_progress=partial(on_progress, "Placing papers"))
    on_progress("Naming themes", 0, 1)
    names = theme_names([[(paper.title, paper.abstract) for paper in typical] for typical in _typical(papers, found)])
    on_progress("Naming themes", 1, 1)
    xs, ys = found.places.T.tolist()
    return _Kept(names, list(map(_hash, papers)), list(zip(xs, ys, found.groups.tolist(), strict=True)))


def _without_others(kept: _Kept | None, papers: Sequence[PaperText]) -> _Kept | None:
    """Return a kept map of these papers, None if it lacks one of them or has many others."""
    if kept is None or len(papers) < _STILL_THERE * len(kept.papers):
        return None
    places = dict(zip(kept.papers, kept.places, strict=True))
    wanted = list(map(_hash, papers))
    if not all(one in places for one in wanted):
        return None
    return _Kept(kept.themes, wanted, [places[one] for one in wanted])


def _typical(papers: Sequence[PaperText], found: "Placed") -> list[list[PaperText]]:
    """Return papers of each group, the nearest to its middle first: all, or some of the nearer half."""
    order = np.lexsort((found.distances, found.groups))
    starts = np.searchsorted(found.groups[order], np.arange(found.groups.max() + 1))
    typical = []
    for members in np.split(order, starts[1:]):
        nearer = members[: max(_MOST_READ, len(members) // 2)]
        typical.append([papers[place] for place in nearer[:: -(-len(nearer) // _MOST_READ)]])
    return typical


def _map_of(papers: Sequence[PaperText], kept: _Kept) -> LibraryMap:
    points = tuple(
        MapPoint(paper.paper_id, paper.title, x, y, theme, paper.published, paper.precision)
        for paper, (x, y, theme) in zip(papers, kept.places, strict=True)
    )
    counts = np.bincount([point.theme for point in points], minlength=len(kept.themes)).tolist() if points else []
    return LibraryMap(points, tuple(MapTheme(*one) for one in zip(kept.themes, counts, strict=True)))


def _key(library: Library) -> str:
    """Return what a map depends on besides its papers."""
    return f"{_MADE_BY}\n{library.embeddings.model.name}"


def _hash(paper: PaperText) -> str:
    """Return the id and the text of a paper as 16 hexadecimal digits."""
    text = f"{paper.paper_id}\n{paper.title}\n{paper.abstract}"
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASHED]


def _read(file: Path, key: str) -> _Kept | None:
    """Return the kept map if it was made under `key` and is as it was written, else None."""
    try:
        seal, _, content = file.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return None
    return _Kept(**json.loads(content)) if seal == _seal(key, content) else None


def _write(file: Path, key: str, kept: _Kept) -> None:
    content = json.dumps(asdict(kept))
    partial_file = file.with_suffix(".partial")  # what a killed process leaves is never taken for a map
    try:
        partial_file.write_text(f"{_seal(key, content)}\n{content}", encoding="utf-8")
        partial_file.replace(file)
    except OSError as error:
        _log.warning("The map cannot be kept in %s (%s); it is made anew the next time.", file, error)


def _seal(key: str, content: str) -> str:
    return sha256(f"{key}\n{content}".encode("utf-8", "replace")).hexdigest()
