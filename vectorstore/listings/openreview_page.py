"""OpenReview's pages: title, authors, "Published: 26 Jan 2026, Last Modified: ...", then lines with labels."""

import re
from datetime import date

from vectorstore.authors.author_line import author_line, looks_like_authors
from vectorstore.listings.arxiv_marks import joined_lines, without
from vectorstore.listings.entry import Entry, ProfileFigures, Publication
from vectorstore.listings.furniture import OPENREVIEW
from vectorstore.listings.listing_page import Page, is_abstract, left_out
from vectorstore.listings.paper_identifiers import openreview_id
from vectorstore.listings.printed_dates import DAY_FIRST, day_first
from vectorstore.listings.source import Line, one_spaced

_META = re.compile(
    rf"(?:Published: ?)?{DAY_FIRST}(?P<changed>,? ?\(?(?:Last )?[Mm]odified: ?\d{{1,2}} [A-Z][a-z]+\.? \d{{4}}\)?)?"
    r"(?P<venue>.{0,300})"
)
_SURE = re.compile(r"Last Modified|modified:|Published:|Readers:|Everyone")
_VENUE_END = re.compile(r"\s*(?:Readers: ?|Everyone|Revisions|BibTeX|CC BY|Show details|Show Bibtex|Show Revisions).*")
_ICON = re.compile(r"(?:(?:pdf|html|link|download) ?(?:icon)?|Download PDF|View PDF|PDF)", re.IGNORECASE)
_MARK = re.compile(
    r"(?:Readers: ?.*|Everyone|Revisions|BibTeX|CC BY.*|(?:Show|Hide) (?:details|Bibtex|Revisions)|\d+ Repl(?:y|ies).*)"
)
_LABEL = re.compile(r"(?P<label>[A-Z][\w.;&/ -]{1,60}):(?:\s+(?P<value>.*))?", re.DOTALL)
_FIELD = re.compile(
    r"(?:Keywords|TL;?DR|Abstract|(?:Primary |Subject |Track |Research )?Area|Supplementary|Submission|Code|"
    r"Decision|Comment"
    r"|Venue|Track|Paper Type|Student Paper|Reviewer|Data|License|Anonymous Url|No Acknowledgement)\b[\w ]{0,40}:"
)
_LONGEST_META = 400
_LONGEST_TITLE = 400
_NOT_NAMED = re.compile(r"Anonymous\b.*|.* Authors", re.IGNORECASE)


def is_openreview(lines: tuple[Line, ...]) -> bool:
    """Tell OpenReview's pages by the line with the day of publication and that of the last change."""
    return any((meta := _meta(line)) and meta["changed"] for line in lines)


def read_openreview(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers; reviews and decisions below them are left out."""
    metas = [place for place, line in enumerate(lines) if _meta(line)]
    heads = [_head(lines, meta, after) for meta, after in zip(metas, [-1, *metas], strict=False)]
    ends = [head[0] for head in heads[1:]] + [len(lines)]
    entries: list[Entry] = []
    strays = [*lines[: heads[0][0]]]
    for (start, authors), meta, end in zip(heads, metas, ends, strict=True):
        body = lines[meta + 1 : end]
        fields, rest = _fields(body)
        strays += rest
        if start < meta:
            entries.append(_entry(lines[start], authors, lines[meta], fields, body))
    return Page(None, ProfileFigures(), tuple(entries), tuple(left_out(without(strays, OPENREVIEW))))


def _meta(line: Line) -> re.Match[str] | None:
    if len(line.text) > _LONGEST_META or not _SURE.search(line.text):
        return None
    return _META.fullmatch(one_spaced(line.text))


def _head(lines: tuple[Line, ...], meta: int, after: int) -> tuple[int, str]:
    """Return where the title of the paper stands whose days are at `meta`, and its authors.

    The marks of its files stand between the two, if there are any; else they are told by their form.
    """
    above = [place for place in range(max(after + 1, meta - 5), meta) if not _MARK.fullmatch(lines[place].text)]
    icons = [place for place in above if _ICON.fullmatch(lines[place].text)]
    texts = [place for place in above if place not in icons]
    if not texts:
        return meta, ""
    last = texts[-1]
    if icons and icons[0] - 1 in texts and icons[0] > texts[0]:
        under = [place for place in texts if place > icons[0]]
        return icons[0] - 1, one_spaced(lines[under[-1]].text) if under else ""
    is_named = len(texts) > 1 and (
        looks_like_authors(lines[last].text) or bool(_NOT_NAMED.fullmatch(lines[last].text)) or "," in lines[last].text
    )
    if is_named and not _FIELD.match(lines[texts[-2]].text) and not is_abstract(lines[texts[-2]].text):
        return texts[-2], one_spaced(lines[last].text)
    return last, ""


def _fields(body: tuple[Line, ...]) -> tuple[dict[str, str], list[Line]]:
    """Return what stands behind the labels, with the lines that go on with it, and the lines that belong to none."""
    fields: dict[str, str] = {}
    rest: list[Line] = []
    label, venue_may_follow = "", True
    for line in body:
        known = _LABEL.fullmatch(line.text) if ":" in line.text[:62] else None
        if _MARK.fullmatch(line.text[:200]) or _ICON.fullmatch(line.text[:40]):
            continue
        if known and not (label == "abstract" and known["value"] and not _is_field(known["label"])):
            label, venue_may_follow = known["label"].lower(), False
            fields.setdefault(label, one_spaced(known["value"] or ""))
        elif label and not OPENREVIEW.fullmatch(line.text[:200]):
            fields[label] = f"{fields[label]}\n{line.text}".strip()
        elif venue_may_follow and len(line.text) < 120:
            fields["venue"], venue_may_follow = one_spaced(line.text), False
        else:
            label = ""
            rest.append(line)
    return fields, rest


def _is_field(label: str) -> bool:
    """Tell a label of OpenReview ("Primary Area") from a sentence of an abstract with a colon."""
    return len(label.split()) <= 4 and label.istitle()


def _entry(title: Line, authors: str, meta: Line, fields: dict[str, str], body: tuple[Line, ...]) -> Entry:
    dated = _meta(meta)
    assert dated is not None
    known = author_line("" if _NOT_NAMED.fullmatch(authors) else authors or fields.get("authors", ""))
    venue = _VENUE_END.sub("", dated["venue"]).strip(" ,·") or fields.get("venue", "")
    return Entry(
        line=title.number,
        title=one_spaced(title.text[:_LONGEST_TITLE]),
        abstract=fields.get("abstract", ""),
        authors=known.names,
        authors_complete=known.complete,
        author_count=known.count,
        published=day_first(meta.text),
        publication=Publication(
            openreview_id=openreview_id(joined_lines((title, *body))),
            venue=venue or None,
            keywords=tuple(word.strip() for word in re.split("[,;]", fields.get("keywords", "")) if word.strip()),
        ),
    )
