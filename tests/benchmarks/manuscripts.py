r"""What goes into a manuscript: the .bib of 1,000 papers as another program reads it, and related work on 20 topics."""

import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from statistics import mean

import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware

from assistant.manuscripts.bibliography import NO_DATE, bibtex
from assistant.manuscripts.section_writing import given_papers
from assistant.manuscripts.sections import Section
from assistant.pipeline import Assistant
from assistant.records import Verdict
from assistant.text.evidence import Evidence
from assistant.text.plain_text import plain_text
from tests.benchmarks.odd_names import odd_name_figures
from tests.benchmarks.scale import read_papers
from tests.readability import faults
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.papers.paper import Paper

Figures = list[tuple[str, str]]
DATA = Path(__file__).parent.parent / "data"
PAPERS = 1_000
TOPICS = (
    "related_topics",
    "related_topics_varied",
    "related_topics_held_out",
    "related_topics_varied_held_out",
    "related_topics_fresh",
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


# -- the bibliography


def bibliography_figures(bench: Path, folder: Path) -> Figures:
    """Return how the .bib of papers drawn from the 60,000 is read back, and what their keys cost."""
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue(sqlite_url(folder / "catalogue.sqlite3"))
    try:
        catalogue.add([read_papers(bench)])
        ids = [paper_id for paper_id, _ in catalogue.titles()]
        chosen = random.Random(5).sample(ids, PAPERS)
        papers = catalogue.papers(chosen)
        started = time.perf_counter()
        given = [catalogue.citation_keys(chosen[start : start + 25]) for start in range(0, PAPERS, 25)]
        milliseconds = 1000 * (time.perf_counter() - started) / len(given)
        keys = catalogue.citation_keys(ids)
        stayed = sum(keys[paper_id] == key for part in given for paper_id, key in part.items())
    finally:
        catalogue.close()
    return [
        ("keys that differ", f"{len(set(keys.values())):,} of {len(ids):,} papers"),
        ("keys with more than the first word", f"{sum('-' in key for key in keys.values()) / len(ids):.1%}"),
        ("longest key", max(keys.values(), key=len)),
        ("keys as they were given at first", f"{stayed:,} of {PAPERS:,}"),
        ("ms to give 25 papers their keys", f"{milliseconds:.1f}"),
        *round_trip(papers, keys),
        *odd_name_figures(papers, folder / "names"),
    ]


def round_trip(papers: Sequence[Paper], keys: Mapping[str, str]) -> Figures:
    """Return how many fields of a .bib are, when bibtexparser has read them, what the catalogue has."""
    text = bibtex(papers, keys)
    raw = bibtexparser.parse_string(text)
    written = bibtexparser.write_string(raw)
    again = bibtexparser.parse_string(written)
    decoding = [LatexDecodingMiddleware(keep_braced_groups=False)]
    read = {entry.key: entry for entry in bibtexparser.parse_string(text, append_middleware=decoding).entries}
    equal = invented = with_latex = fields = 0
    for paper in papers:
        expected = expected_fields(paper)
        entry = {field.key: field.value for field in read[keys[paper.paper_id]].fields}
        invented += len(entry.keys() - expected.keys())
        fields += len(expected)
        with_latex += plain_text(paper.title) != paper.title
        # A formula stays LaTeX, also in what bibtexparser has read.
        equal += sum(plain_text(entry.get(name, "")) == value for name, value in expected.items())
    same = {e.key: [(f.key, f.value) for f in e.fields] for e in raw.entries} == {
        e.key: [(f.key, f.value) for f in e.fields] for e in again.entries
    }
    return [
        ("entries, and blocks that could not be read", f"{len(raw.entries):,}, {len(raw.failed_blocks)}"),
        ("entries with the key of their paper", f"{len({keys[p.paper_id] for p in papers} & read.keys()):,}"),
        ("invented fields", str(invented)),
        ("fields equal to the catalogue", f"{equal:,} of {fields:,} (titles with LaTeX, as plain text: {with_latex})"),
        ("what bibtexparser writes is read as the same", str(same)),
    ]


def expected_fields(paper: Paper) -> dict[str, str]:
    """Return what the catalogue has of a paper, in BibTeX's fields, LaTeX as the characters that a reader sees."""
    names = [" ".join(plain_text(name).split()) for name in paper.authors]
    fields = {"title": " ".join(plain_text(paper.title).split())}
    if names:
        fields["author"] = " and ".join([*names, *([] if paper.authors_complete else ["others"])])
    if paper.published and not paper.year_inferred:
        fields |= {"year": str(paper.published.year), "month": _MONTHS[paper.published.month - 1]}
    else:
        fields["year"] = NO_DATE
    return fields | ({"url": paper.url} if paper.url else {})


# -- related work


def related_figures(assistant: Assistant) -> Figures:
    """Return how well related work on topics of the seeds is chosen, grounded and written.

    The topics are of those that the choice was fitted on, and others, which were judged before they were tried.
    """
    sections = {}
    figures: Figures = []
    for name in TOPICS:
        lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines]
        made = [assistant.related_work(one["topic"], papers=20) for one in asked]
        sections |= {one["topic"]: section for one, section in zip(asked, made, strict=True)}
        cited = [{reference.title for reference in section.references} for section in made]
        recalls = [
            len(titles & set(one["papers"])) / len(one["papers"])
            for one, titles in zip(asked, cited, strict=True)
            if one["papers"]
        ]
        refused = [section.abstained for one, section in zip(asked, made, strict=True) if not one["papers"]]
        unrelated = sum(
            len(titles - set(one["papers"]) - set(one["near"])) for one, titles in zip(asked, cited, strict=True)
        )
        papers = sum(map(len, cited))
        figures += [
            (f"{name}: topics", str(len(asked))),
            (f"{name}: papers of the topic recalled", f"{mean(recalls):.3f}"),
            (f"{name}: unrelated papers", f"{unrelated} of {papers} ({unrelated / papers:.1%})"),
            (f"{name}: topics of no paper that are refused", f"{sum(refused)} of {len(refused)}"),
        ]
    return figures + written_figures(list(sections.values()), assistant)


def written_figures(made: Sequence[Section], assistant: Assistant) -> Figures:
    """Return how well sections are written, those left aside that abstain: their one sentence is no claim."""
    sections = [section for section in made if not section.abstained]
    verdicts = [sentence.verdict for section in sections for sentence in section.sentences]
    sound = sum(verdict in (Verdict.SUPPORTED, Verdict.COMPUTED) for verdict in verdicts)
    one_to_one = sum(
        {key for keys in re.findall(r"\\cite\{([^}]+)\}", section.latex) for key in keys.split(",")}
        == set(re.findall(r"@misc\{([^,]+),", section.bibtex))
        == {reference.key for reference in section.references}
        for section in sections
    )
    kinds: dict[str, int] = {}
    for section in sections:
        for kind, _ in faults([one.text for one in section.sentences], evidence_of(section, assistant)):
            kinds[kind.split(" ")[0]] = kinds.get(kind.split(" ")[0], 0) + 1
    lumped = sum(len(re.findall(r"(?:\[\d+\]){4,}", section.text)) for section in sections)
    titles = sum(one.verdict is Verdict.COMPUTED and one.text.startswith("“") for s in sections for one in s.sentences)
    return [
        ("sentences supported or computed", f"{sound / len(verdicts):.1%} of {len(verdicts)}"),
        ("sections whose cites and entries are one to one", f"{one_to_one} of {len(sections)}"),
        ("lumped citations", str(lumped)),
        ("papers told by their title alone", str(titles)),
        ("faults that a reader finds", ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())) or "0"),
        ("sections that abstain", f"{len(made) - len(sections)} of {len(made)}"),
        ("ms a section", f"{mean(section.timings_ms['total'] for section in made):.0f}"),
    ]


def evidence_of(section: Section, assistant: Assistant) -> dict[int, Evidence]:
    papers = {paper.paper_id: paper for paper in assistant.library.catalogue.papers(section.paper_ids)}
    ordered = [papers[paper_id] for paper_id in section.paper_ids]
    return {evidence.number: evidence for evidence, _ in given_papers(ordered, count(1))}
