"""An author's profile as HTML: who it is, the figures, whether it is two people, and every fact."""

from collections.abc import Iterator, Sequence

from assistant.facts.author_record import explained
from assistant.facts.author_text import Citing, page_said, period
from assistant.facts.authors import AuthorProfile, Counted, PossiblePerson
from assistant.html.sanitizing import cleaned, escaped
from assistant.manuscripts.sections import Section
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import copy_button, footer_html, save_button, slug
from assistant.ui.section_html import counted_html
from vectorstore.text.folding import folded

SHOWN_BOX, DECISION_BOX = "author-shown", "author-decision"  # what the page's buttons write into
_MOST_NAMES = 40  # co-authors with a button each
_MOST_TITLES = 3  # of a group


def profile_html(profile: AuthorProfile) -> str:
    """Return the head of the profile: name, tiles, and the notice that the papers may be two people's."""
    return cleaned(f"{_name(profile)}{_tiles(profile)}{_notice(profile)}")


def facts_html(profile: AuthorProfile) -> str:
    """Return every fact as a list of terms, and the papers."""
    rows = "".join(f"<dt>{term}</dt><dd>{said}</dd>" for term, said in _facts(profile) if said)
    return cleaned(f'<details><summary>{labels.ALL_FACTS}</summary><dl class="facts-list">{rows}</dl></details>')


def names_html(lead: str, names: Sequence[str]) -> str:
    """Return names that show their author when they are clicked."""
    said = f'<p class="quiet">{escaped(lead)}</p>' if lead else ""
    return cleaned(f'{said}<div class="filters">{"".join(map(name_button, names))}</div>')


def summary_footer_html(section: Section) -> str:
    """Return what stands below a summary: its verdicts, and what can be taken away."""
    question = labels.ABOUT_AUTHOR.format(section.about)
    said = labels.ASK_ABOUT_AUTHOR
    ask = f'<button type="button" class="to-chat" data-question="{escaped(question)}">{said}</button>'
    buttons = [
        copy_button(section.text),
        copy_button(section.latex, labels.COPY_LATEX),
        save_button(section.bibtex, f"{slug(section.about)}.bib"),
        ask,
    ]
    return cleaned(footer_html(*counted_html(section), acts=buttons))


def name_button(name: str, count: int | None = None) -> str:
    counted = f" <small>{count:,}</small>" if count is not None else ""
    return (
        f'<button type="button" class="filter" data-box="{SHOWN_BOX}" data-value="{escaped(name)}">'
        f"{escaped(name)}{counted}</button>"
    )


def _name(profile: AuthorProfile) -> str:
    printed = [one.name for one in profile.spellings if one.name != profile.author]
    called = {folded(profile.author), *map(folded, printed)}
    entries = (entry for paper in profile.papers for entry in paper.entries)
    pages = len({entry.listing for entry in entries if entry.owner and folded(entry.owner) in called})
    said = [f"{labels.ALSO_PRINTED} {', '.join(printed)}"] if printed else []
    said += [f"{labels.OWNER_OF} {labels.counted(pages, 'profile page')}"] if pages else []
    name = escaped(profile.author)
    return f'<h2 class="author" data-author="{name}">{name}</h2><p class="quiet">{escaped(" · ".join(said))}</p>'


def _tiles(profile: AuthorProfile) -> str:
    total = len(profile.papers)
    hidden = len(profile.hidden_authors)
    years = [one.name for one in profile.years]
    span = labels.UNDATED if not years else years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"
    behind = f"; {hidden} of {labels.counted(total, 'paper')} {labels.HIDE_SOME}" if hidden else ""
    tiles = [
        (f"{total:,}", labels.PAPERS_IN_LIBRARY if total != 1 else labels.PAPER_IN_LIBRARY),
        (span, period(profile, lambda _: "").removeprefix(", ")),
        (f"{len(profile.coauthors):,}", f"{labels.COAUTHORS_PRINTED}{behind}"),
        (f"{len(profile.with_code):,} of {total:,}", labels.WITH_CODE),
    ]
    body = "".join(f'<div class="tile"><strong>{escaped(big)}</strong>{escaped(small)}</div>' for big, small in tiles)
    pages = "".join(f'<p class="quiet">{escaped(page_said(page))}.</p>' for page in profile.pages)
    return f'<div class="tiles">{body}</div>{pages}'


def _notice(profile: AuthorProfile) -> str:
    parts = []
    if profile.possibly_two:
        groups = "".join(f"<li>{_group(profile, group)}</li>" for group in profile.possibly_two)
        number = "two" if len(profile.possibly_two) == 2 else str(len(profile.possibly_two))
        split = _decide("split", labels.SHOW_AS_TWO) if number == "two" else ""
        said = escaped(min(profile.possibly_two, key=lambda group: len(group.paper_ids)).reason)
        parts.append(f"<p><strong>Possibly {number} people</strong>: {said}. {split}</p>")
        parts.append(f"<details><summary>{labels.WHICH_PAPERS}</summary><ul>{groups}</ul></details>")
    parts += [f"<p>{escaped(explained(decision))}</p>" for decision in profile.decisions]
    parts += [_decide("undo", labels.UNDO_DECISION)] if profile.decisions else []
    return f'<div class="notice">{"".join(parts)}</div>' if parts else ""


def _decide(what: str, label: str) -> str:
    return f'<button type="button" class="linklike" data-box="{DECISION_BOX}" data-value="{what}">{label}</button>'


def _group(profile: AuthorProfile, group: PossiblePerson) -> str:
    titles = [plain_text(paper.title) for paper in profile.papers if paper.paper_id in group.paper_ids]
    more = f" and {len(titles) - _MOST_TITLES:,} more" if len(titles) > _MOST_TITLES else ""
    shown = "; ".join(f"“{title}”" for title in titles[:_MOST_TITLES])
    papers = f"{labels.counted(len(titles), 'paper')}{f' on {group.term}' if group.term else ''}"
    return escaped(f"{papers}: {shown}{more}")


def _facts(profile: AuthorProfile) -> Iterator[tuple[str, str]]:
    """Yield terms and what is said of them, with the numbers of the papers in the list at the end."""
    cite = Citing({paper.paper_id: number for number, paper in enumerate(profile.papers, 1)})
    yield labels.PRINTED_AS, escaped(cite.values(profile.spellings))
    yield (
        labels.PAPERS_A_YEAR,
        escaped(", ".join(f"{one.name}: {one.count}{cite(one.paper_ids)}" for one in profile.years)),
    )
    yield labels.CATEGORIES, escaped(cite.values(profile.categories))
    yield labels.COAUTHORS, _coauthors(profile.coauthors, cite)
    hidden = profile.hidden_authors
    yield labels.HIDDEN, escaped(f"{labels.counted(len(hidden), 'paper')}{cite(hidden)}") if hidden else ""
    coded = profile.with_code
    yield labels.CODE, escaped(f"{len(coded)} of {len(profile.papers)}{cite(coded)}") if coded else ""
    listings = (f"{one.listing} ({one.entries}){cite(one.paper_ids)}" for one in profile.listings)
    yield labels.LISTINGS, escaped(", ".join(listings))
    titles = (f"<li>{escaped(plain_text(paper.title))}</li>" for paper in profile.papers)
    yield labels.PAPERS, f"<ol>{''.join(titles)}</ol>"


def _coauthors(coauthors: Sequence[Counted], cite: Citing) -> str:
    buttons = "".join(
        f"<span>{name_button(one.name, one.count)}<small>{cite(one.paper_ids)}</small></span>"
        for one in coauthors[:_MOST_NAMES]
    )
    more = len(coauthors) - _MOST_NAMES
    return f'<div class="filters">{buttons}</div>{f"and {more:,} more" if more > 0 else ""}' if coauthors else ""
