"""Records -> pages of the three layouts, printed in the many ways that pages are, with what a reader should get back.

Written from how such pages look; it knows nothing of how they are read.
"""

import random
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

SAVED = date(2026, 7, 1)
Record = dict[str, Any]

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
}
_OTHER_NAMES = (
    "王伟 李娜 张敏 김범준 이수현 佐藤健 محمد_علي فاطمة_حسن Иван_Петров Анна_Смирнова danah_boyd"
    " Γιώργος_Παππάς नेहा_शर्मा"
)
_GROUPS = (
    "ATLAS Collaboration",
    "Gemini Team",
    "Llama Team, AI @ Meta",
    "International Brain Laboratory and Working Group on Open Reproducible Data",
    "The Event Horizon Telescope Collaboration",
)
_GIVEN = "Ada Bo Carla Dmitri Elena Farid Grace Hugo Irene Jonas".split()
_FAMILY = "Ander Beck Carl Dahl Erik Fisch Gustav Hans Iver Jens".split()
_ENDS = "sen son mann er ova dottir berg stad lund feld vik holm gren quist ski".split()
_LABELS = ("Background", "Methods", "Results", "Conclusions")
_SITE_CODES = ("math-ph", "q-bio.NC", "eess.IV", "stat.ML", "cs.LG", "hep-th", "cond-mat.mtrl-sci", "physics.optics")


@dataclass
class Expected:
    """What stands in a card, field by field, and where the card begins."""

    fields: dict[str, Any]
    line: int = 0


@dataclass
class RenderedPage:
    text: str
    papers: list[Expected]
    layout: str
    variations: set[str] = field(default_factory=set)


def rendered_pages(records: Sequence[Record], *, seed: int) -> list[RenderedPage]:
    """Return pages of 5 to 12 records, each record once, in all layouts in turn."""
    dice = random.Random(seed)
    left, pages = list(records), []
    while left:
        size = dice.randint(5, 12)
        layout = ("headed", "headerless", "daily")[len(pages) % 3]
        pages.append(_page(left[:size], layout, dice))
        del left[:size]
    return pages


def with_odd_heads(page: RenderedPage, *, seed: int) -> RenderedPage:
    """Return a page on which the line above some titles is printed as no page known so far prints it, or is missing."""
    dice = random.Random(seed)
    lines = page.text.split("\n")
    odd = [paper for paper in page.papers[1:] if dice.random() < 0.3]
    for paper in odd:
        lines[paper.line - 1] = dice.choice(
            ["AI sometime in spring", "ROvolume 2024", "LG n/a", "Q3 2025", "", "CS-17/88"]
        )
    return RenderedPage("\n".join(lines), odd, page.layout)


def _page(records: Sequence[Record], layout: str, dice: random.Random) -> RenderedPage:
    lines: list[str] = []
    if layout == "headed":
        lines = ["Ada Lovelace", "", "LG", "h-index4", f"{len(records)} papers", "30 citations", "Novelty52%", ""]
    if layout == "daily":
        lines = ["Daily Papers", "", "byAK and the research community", "", "Jul 1", ""]
    wrap = dice.choice([None, None, 72, 80, 100])
    papers = []
    for record in records:
        card, expected = (_daily_card if layout == "daily" else _card)(record, layout, wrap, dice)
        expected.line = len(lines) + 1
        papers.append(expected)
        lines += card
    return RenderedPage("\n".join(lines) + "\n", papers, layout)


def _card(record: Record, layout: str, wrap: int | None, dice: random.Random) -> tuple[list[str], Expected]:
    day, date_fields = _printed_date(_day(record), dice)
    category = dice.choice([record["categories"][0].split(".")[-1].upper()[:2], dice.choice(_SITE_CODES)])
    code, score = dice.random() < 0.3, dice.choice([None, None, round(dice.uniform(1, 99), 1)])
    authors, author_fields = _author_line(record["authors"], dice, plain=layout == "headerless")
    abstract = _abstract(record["abstract"], wrap, dice, blank=layout != "headerless")
    between = dice.choice(["", "", " ", " · "])
    head = f"{score if score is not None else ''}{category}{between}{day}{between if code else ''}{'Code' * code}"
    title = " ".join(record["title"].split())
    if layout == "headed":
        shown = textwrap.wrap(title, wrap, break_on_hyphens=False) if wrap else [title]
        names = textwrap.wrap(authors, wrap, break_on_hyphens=False) if wrap else [authors]
        lines = [head, *shown, "", *names, "", *abstract, ""]
    else:
        lines = [head, title + authors, *abstract]
    fields = {
        "title": title,
        "abstract": _one_line(abstract),
        "category": category,
        "code": code,
        "score": score,
        **date_fields,
        **author_fields,
    }
    return lines, Expected(fields)


def _daily_card(record: Record, _: str, wrap: int | None, dice: random.Random) -> tuple[list[str], Expected]:
    day, date_fields = _printed_date(_day(record), dice)
    abstract = _abstract(record["abstract"], wrap, dice, blank=True)
    title = " ".join(record["title"].split())
    shown = textwrap.wrap(title, wrap, break_on_hyphens=False) if wrap else [title]
    count: int | None = len(record["authors"])
    organization = dice.choice([None, None, "NVIDIA", "Stanford NLP"])
    if organization:
        count, who = None, f"handle {organization}"
    else:
        who = f"  • {count} author{'s' * (count != 1)}"
    comments = dice.choice([None, None, dice.randint(1, 40)])
    lines = [*shown, "", *abstract, "", who, "·", day + (f" {comments}" if comments else ""), ""]
    fields = {
        "title": title,
        "abstract": _one_line(abstract),
        "count": count,
        "organization": organization,
        "comments": comments,
        **date_fields,
    }
    return lines, Expected(fields)


def _day(record: Record) -> date:
    return date.fromisoformat(record["published"])


def _printed_date(day: date, dice: random.Random) -> tuple[str, dict[str, Any]]:
    english = _MONTHS["en"].split()[day.month - 1]
    language = dice.choice(list(_MONTHS))
    other = _MONTHS[language].split()[day.month - 1]
    ago = dice.randint(2, 28)
    exact: list[Callable[[], str]] = [
        lambda: f"{english[:3]} {day.day}, {day.year}",
        lambda: day.isoformat(),
        lambda: f"{day.day} {english} {day.year}",
        lambda: f"{day.day}. {other} {day.year}",
        lambda: f"{other} {day.day}, {day.year}",
        lambda: f"{day:%d.%m.%Y}",
        lambda: f"{day:%Y/%m/%d}",
        lambda: f"{english} {_ordinal(day.day)}, {day.year}",
        lambda: f"Published on {english[:3]} {day.day}, {day.year}",
        lambda: f"{day.year}年{day.month}月{day.day}日",
        lambda: f"\u200b{english[:3]}\u200b {day.day}, {day.year}",
        lambda: f"{english[:3]}. {day.day:02}, {day.year}",
    ]
    kind = dice.random()
    if kind < 0.8:
        return dice.choice(exact)(), {"date": day.isoformat(), "precision": "day"}
    if kind < 0.9:
        text = dice.choice([f"{ago} days ago", f"vor {ago} Tagen", f"il y a {ago} jours", f"{ago}天前"])
        return text, {"date": (SAVED - timedelta(days=ago)).isoformat(), "precision": "day"}
    if kind < 0.95:
        return "3 months ago", {"date": "2026-04-01", "precision": "month"}
    return f"{english} {day.year}", {"date": day.replace(day=1).isoformat(), "precision": "month"}


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _author_line(authors: Sequence[str], dice: random.Random, *, plain: bool) -> tuple[str, dict[str, Any]]:
    """Return the line that prints authors. Where they are `plain` the first is one of the record, as it is glued."""
    # Some records have ":" behind a team, or an author "and Bo Li".
    names = [name.removeprefix("and ") for name in authors if any(map(str.isalnum, name))]
    if dice.random() < 0.25:
        names.insert(dice.randint(int(plain), len(names)), dice.choice(_OTHER_NAMES.split()).replace("_", " "))
    if dice.random() < 0.08:
        names.insert(dice.randint(int(plain), len(names)), dice.choice(_GROUPS))
    if dice.random() < 0.01:
        names += [f"{given} {family}{end}" for given in _GIVEN for family in _FAMILY for end in _ENDS]
    shown, complete, count = names, True, len(_as_read(names))
    kind = dice.random()
    marked = names
    if kind < 0.1:
        marked = [name + dice.choice(["*", "†", "1,2", "¹", "$^{1}$", " (1)", "‡"]) for name in names]
    if kind < 0.55:
        text = ", ".join(marked)
    elif kind < 0.65 and len(names) > 1:
        text = ", ".join(names[:-1]) + dice.choice([", and ", " and ", " & "]) + names[-1]
    elif kind < 0.7:
        text = "; ".join(names)
    elif kind < 0.75 and len(names) > 3:
        shown, complete = names[:3], False
        count = len(_as_read(shown)) + 1000
        text = ", ".join(shown) + dice.choice([", et al. (1000 additional authors not shown)", ", and 1000 others"])
    elif len(names) > 3:
        shown, complete, count = names[:3], False, None
        text = ", ".join(shown) + " et al." + dice.choice(["", " · stanford"])
    else:
        text = ", ".join(names)
    return text, {"authors": _as_read(shown), "authors_complete": complete, "count": count}


def _as_read(names: Sequence[str]) -> list[str]:
    """Return names as they are between commas: a team with its company after a comma is two."""
    return [part for name in names for part in name.split(", ")]


def _abstract(text: str, wrap: int | None, dice: random.Random, *, blank: bool) -> list[str]:
    """Return the lines of an abstract: whole, or in labelled parts, each wrapped or not."""
    text = " ".join(text.split())
    sentences = text.split(". ")
    parts = [text]
    if len(sentences) >= 4 and dice.random() < 0.15:
        quarter = len(sentences) // 4
        cuts = [0, quarter, 2 * quarter, 3 * quarter, len(sentences)]
        spans = [". ".join(sentences[a:b]) for a, b in pairwise(cuts)]
        parts = [span if span.endswith(".") else f"{span}." for span in spans]
        as_lines = dice.random() < 0.5
        parts = [
            each
            for label, span in zip(_LABELS, parts, strict=True)
            for each in ([label, span] if as_lines else [f"{label}: {span}"])
        ]
    elif dice.random() < 0.05:
        parts = [text, "Our contributions are:", "• a new method;", "• a new benchmark.", "It is open."]
    lines: list[str] = []
    for part in parts:
        lines += textwrap.wrap(part, wrap) if wrap else [part]
        lines += [""] if blank and not part.startswith("•") else []
    return lines[:-1] if lines[-1] == "" else lines


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())
