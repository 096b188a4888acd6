"""An author's profile as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import combinations
from typing import Any

from assistant.facts.authors import AuthorProfile, Counted
from vectorstore.catalogue.author_decisions import Decision, Kind
from vectorstore.papers.paper import Paper

MOST_IN_GRAPH = 40  # co-authors


def author_record(profile: AuthorProfile) -> dict[str, Any]:
    """Return the JSON of the command line: every fact with the ids of its papers, and the plots as plain data."""
    return {
        "author": profile.author,
        "facts": _facts(profile),
        "possibly_two": [
            {
                "paper_ids": list(one.paper_ids),
                "coauthors": list(one.coauthors),
                "categories": list(one.categories),
                "term": one.term,
                "reason": one.reason,
            }
            for one in profile.possibly_two
        ],
        "decisions": [decision_record(decision) for decision in profile.decisions],
        "timeline": timeline_data(profile),
        "coauthor_graph": coauthor_data(profile),
    }


def decision_record(decision: Decision) -> dict[str, Any]:
    return {
        "number": decision.number,
        "kind": decision.kind.value,
        "made": decision.made.isoformat(),
        "name": decision.name,
        "names": list(decision.names),
        "papers": [list(ids) for ids in decision.papers],
        "explanation": explained(decision),
    }


def explained(decision: Decision) -> str:
    """Return what was decided in one sentence."""
    when = f"on {decision.made.day} {decision.made:%B %Y}"
    if decision.kind is Kind.MERGE:
        return f"Decided {when}: {decision.names[0]} is {decision.name}."
    counts = [f"{name} wrote {_papers(len(ids))}" for name, ids in zip(decision.names, decision.papers, strict=True)]
    return f"Decided {when}: {decision.name} is two people; {' and '.join(counts)}."


def timeline_data(profile: AuthorProfile) -> list[dict[str, Any]]:
    """Return the dated papers, oldest first."""
    return [
        {
            "published": paper.iso_date,
            "year_inferred": paper.year_inferred,
            "category": paper.category,
            "paper_id": paper.paper_id,
            "title": paper.title,
        }
        for paper in reversed(profile.dated)
    ]


def coauthor_data(profile: AuthorProfile) -> dict[str, Any]:
    """Return the most frequent co-authors as nodes, and as edges how many of the papers two of them share."""
    shown = profile.coauthors[:MOST_IN_GRAPH]
    return {
        "nodes": [{"name": one.name, "count": one.count} for one in shown],
        "edges": [
            {"between": [one.name, other.name], "count": count}
            for one, other in combinations(shown, 2)
            if (count := len({*one.paper_ids} & {*other.paper_ids}))
        ],
        "left_out": len(profile.coauthors) - len(shown),
    }


def _facts(profile: AuthorProfile) -> dict[str, Any]:
    inferred = set(profile.year_inferred)
    return {
        "papers": _counted(paper.paper_id for paper in profile.papers),
        "printed_as": _values(profile.spellings, "name"),
        "first": _dated(profile.first),
        "latest": _dated(profile.latest),
        "years": [
            {"year": int(one.name), "inferred": len(inferred.intersection(one.paper_ids)), **_counted(one.paper_ids)}
            for one in profile.years
        ],
        "year_inferred": _counted(profile.year_inferred),
        "undated": _counted(paper.paper_id for paper in profile.papers if not paper.published),
        "categories": _values(profile.categories, "category"),
        "coauthors": _values(profile.coauthors, "name"),
        "hidden_authors": _counted(profile.hidden_authors),
        "code": {"share": round(len(profile.with_code) / len(profile.papers), 4), **_counted(profile.with_code)},
        "listings": [
            {"listing": one.listing, "entries": one.entries, "paper_ids": list(one.paper_ids)}
            for one in profile.listings
        ],
        "pages": [
            {
                "listing": page.listing,
                "owner": page.owner,
                "as_of": page.as_of.isoformat() if page.as_of else None,
                "figures": asdict(page.figures),
                "paper_ids": list(page.paper_ids),
            }
            for page in profile.pages
        ],
        "page_only": _counted(profile.page_only),
        "after_split": _counted(profile.after_split),
        "unclear": _counted(profile.unclear),
    }


def _counted(paper_ids: Iterable[str]) -> dict[str, Any]:
    ids = list(paper_ids)
    return {"count": len(ids), "paper_ids": ids}


def _values(values: Iterable[Counted], called: str) -> list[dict[str, Any]]:
    return [{called: one.name, **_counted(one.paper_ids)} for one in values]


def _dated(paper: Paper | None) -> dict[str, Any] | None:
    if paper is None:
        return None
    return {"published": paper.iso_date, "year_inferred": paper.year_inferred, "paper_ids": [paper.paper_id]}


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count:,} papers"
