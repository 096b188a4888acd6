"""The map of a library: what it costs, and how many of the papers closest in meaning are close on it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA

from assistant.facts.library_map import FILE, LibraryMap, library_map
from assistant.facts.map_plots import map_figure
from tests.benchmarks.scale import library_of_60k
from vectorstore.library import Library

CLOSEST, LOOKED_AT = 10, (10, 30)  # papers, in meaning and on the map
ASKED = 1000  # papers whose neighbours are compared
_MEASURED = r"""
import json, re, sys, time
from pathlib import Path
from vectorstore.library import Library
from assistant.facts.library_map import library_map
with Library(Path(sys.argv[1])) as library:
    started, cpu = time.perf_counter(), time.process_time()
    library_map(library)
    seconds = time.perf_counter() - started, time.process_time() - cpu
kilobytes = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]
print(json.dumps([*seconds, int(kilobytes) / 1e3]))
"""


def map_figures(seeds: Path, bench: Path, folder: Path, scale: Path) -> list[tuple[str, str]]:
    """Return (figure, value) for the seeds, ingested in `folder`, and for the 60,000 papers, in `scale`."""
    with Library(folder) as library:
        library.ingest([seeds])
    with library_of_60k(bench, scale):
        pass
    return [
        (f"{name}: {figure}", value)
        for name, library_folder in (("seeds", folder), ("60,000 papers", scale))
        for figure, value in _figures_of(library_folder)
    ]


def _figures_of(folder: Path) -> list[tuple[str, str]]:
    (folder / FILE).unlink(missing_ok=True)
    made, kept = _measured(folder), _measured(folder)
    with Library(folder) as library:
        mapped = library_map(library)
        found = library.retriever.dense.vectors_of(f"{point.paper_id}:0" for point in mapped.points)
    vectors = np.vstack([vector for vector in found if vector is not None])
    main = PCA(2, random_state=0).fit_transform(vectors)
    places = np.array([(point.x, point.y) for point in mapped.points])
    return [
        ("made, s (s of a processor)", f"{made[0]:.1f} ({made[1]:.1f})"),
        ("kept, s (s of a processor)", f"{kept[0]:.2f} ({kept[1]:.2f})"),
        ("most memory of the process, MB", f"{made[2]:.0f}"),
        ("map.json, figure, MB", f"{(folder / FILE).stat().st_size / 1e6:.2f}, {_megabytes(mapped):.2f}"),
        *(
            (
                f"{CLOSEST} closest among {looked_at} on the map (by PCA alone)",
                f"{_found(vectors, places, looked_at):.3f} ({_found(vectors, main, looked_at):.3f})",
            )
            for looked_at in LOOKED_AT
        ),
        ("themes", "; ".join(f"{theme.name} ({theme.papers:,})" for theme in mapped.themes)),
    ]


def _measured(folder: Path) -> list[float]:
    """Return the seconds, those of a processor, and the most megabytes of a process that maps a library."""
    done = subprocess.run([sys.executable, "-c", _MEASURED, str(folder)], check=True, capture_output=True, text=True)
    return [float(value) for value in json.loads(done.stdout)]


def _megabytes(mapped: LibraryMap) -> float:
    return len(map_figure(mapped).to_json()) / 1e6


def _found(vectors: np.ndarray, places: np.ndarray, looked_at: int) -> float:
    """Return which part of the papers closest in meaning to one, by cosine, are among those closest to it in place."""
    shares = []
    for row in np.random.default_rng(0).permutation(len(vectors))[:ASKED]:
        in_meaning = np.argsort(-(vectors @ vectors[row]), kind="stable")
        in_place = np.argsort(((places - places[row]) ** 2).sum(axis=1), kind="stable")
        closest, around = in_meaning[in_meaning != row][:CLOSEST], in_place[in_place != row][:looked_at]
        shares.append(len(np.intersect1d(closest, around)) / CLOSEST)
    return float(np.mean(shares))
