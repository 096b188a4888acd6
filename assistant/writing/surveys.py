"""All papers on a topic -> an overview in lines: how many, in which groups or which order, and what each brings."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from assistant.facts.catalogue_answers import Line, count, paper_line
from assistant.manuscripts.section_assembly import paper_vectors
from assistant.manuscripts.themes import Theme, themes
from assistant.planning.chips import described, joined
from assistant.planning.plan import Form, Survey
from assistant.text.abstract_sentences import abstract_sentences
from assistant.text.evidence import numbered, short_title, shown_title
from assistant.text.key_terms import KeyTerms
from assistant.text.sentence_roles import Role, reports_result
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage
from vectorstore.text.terms import terms

_MOST = 24  # papers that are told
_MOST_ORDERED = 10  # papers to read first
_MOST_NEW = 3  # terms that are new in a year
_LONGEST_NAME = 2  # words of a name that others may call a paper's work by
_SURVEYS = re.compile(r"\b(?:survey|review|overview|tutorial|primer)\b", re.I)


def survey_lines(
    asked: Survey, papers: Sequence[Paper], library: Library, *, form: Form, among: str = ""
) -> Iterator[Line]:
    """Yield a lead, then a line a paper: by theme, by year, in an order to read them in, or with what it found or what
    it calls a problem. Of more than 24 papers the closest are told. `among` says that there are limits."""
    told = papers[:_MOST]
    lead = _lead(asked, papers, told, among)
    if asked.aspect == "reading_order":
        yield from _in_reading_order(lead, told, asked.topic)
    elif asked.aspect == "trends":
        yield from _by_year(lead, told)
    elif asked.aspect in ("findings", "limitations"):
        yield from _saying(asked, lead, told)
    else:
        yield from _by_theme(lead, told, library, form, topic=asked.topic)


def _lead(asked: Survey, papers: Sequence[Paper], told: Sequence[Paper], among: str) -> str:
    topic, scope = f" on {asked.topic}" if asked.topic else "", described(asked.filters)
    verb = "is" if len(papers) == 1 else "are"
    counted = f"{count(len(papers), 'paper')} in the library{among} {verb}{topic}{scope}" if topic or scope else (
        f"The library holds {count(len(papers), 'paper')}{among}"
    )  # fmt: skip
    return counted + (f"; the {len(told)} closest are told here" if len(papers) > len(told) else "")


# -- by theme


def _by_theme(lead: str, told: Sequence[Paper], library: Library, form: Form, *, topic: str) -> Iterator[Line]:
    grouped = themes(told, paper_vectors(told, library), topic=topic) if len(told) > 1 else []
    yield Line(f"{lead}{f', on {len(grouped)} themes' if len(grouped) > 1 else ''}.")
    if form.length == "short" or (form.sentences or 9) < 3:
        if len(grouped) > 1:
            names = ", ".join(f"{theme.name} ({len(theme.papers)})" for theme in grouped)
            yield Line(f"The themes are: {names}.")
        return
    number = 0
    for theme in grouped or [Theme("", tuple(told))]:
        if len(grouped) > 1:
            yield Line(f"\n**{theme.name}**")
        for paper in theme.papers:
            number += 1
            yield _bullet(number, paper)


def _bullet(number: int, paper: Paper, best_sentence: str = "") -> Line:
    line = paper_line(number, paper, best_sentence=best_sentence)
    return Line(f"- {line.text.partition('. ')[2]}", line.papers, line.quote)


# -- in an order


def _in_reading_order(lead: str, told: Sequence[Paper], topic: str) -> Iterator[Line]:
    """Yield surveys first, then what others name, most often first, then what has the topic in its title, then the
    rest, each of these by date and with the reason."""
    naming, words = _naming(told), frozenset(terms(topic))
    titled = {paper.paper_id for paper in told if words <= frozenset(terms(paper.title))}

    def place(paper: Paper) -> tuple[bool, int, bool, date, str]:
        return (not _is_survey(paper), -naming[paper.paper_id], paper.paper_id not in titled, _day(paper), paper.title)

    yield Line(f"{lead}. Surveys come first, then what others name, then what has it in the title, the earliest first.")
    ordered = sorted(told, key=place)
    for number, paper in enumerate(ordered[:_MOST_ORDERED], 1):
        named = naming[paper.paper_id]
        reason = "a survey" if _is_survey(paper) else f"named by {named} of the others" if named else ""
        yield paper_line(number, paper, f", **{reason}**" if reason else "")
    if len(ordered) > _MOST_ORDERED:
        yield Line(f"And {len(ordered) - _MOST_ORDERED:,} more.")


def _is_survey(paper: Paper) -> bool:
    return bool(_SURVEYS.search(paper.title))


def _day(paper: Paper) -> date:
    return paper.published or date.max


def _naming(papers: Sequence[Paper]) -> Mapping[str, int]:
    """Return by paper id how many of the later papers speak of it by the name before its title's colon."""
    named: dict[str, int] = {}
    for paper in papers:
        name = short_title(shown_title(paper.title))
        pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        is_name = ":" in paper.title and len(name.split()) <= _LONGEST_NAME
        named[paper.paper_id] = sum(
            bool(is_name and _day(other) >= _day(paper) and pattern.search(f"{other.title}. {other.abstract}"))
            for other in papers
            if other is not paper
        )
    return named


# -- by year


def _by_year(lead: str, told: Sequence[Paper]) -> Iterator[Line]:
    """Yield the papers by year, each year with the terms that two of its papers have and none before it."""
    ordered = sorted(told, key=lambda paper: (_day(paper), paper.title))
    years: defaultdict[str, list[int]] = defaultdict(list)
    for place, paper in enumerate(ordered):
        years[str(paper.published.year) if paper.published else "undated"].append(place)
    key_terms = KeyTerms((paper.title, paper.abstract) for paper in ordered)
    yield Line(f"{lead}, by year:")
    number = 0
    for year, places in years.items():
        new = sorted(
            (
                phrase
                for phrase in key_terms.phrases
                if phrase.is_specific and len(phrase.papers & set(places)) > 1 and min(phrase.papers) >= places[0]
            ),
            key=lambda phrase: (-len(phrase.papers), phrase.stems),
        )
        shown = joined([key_terms.shown(phrase) for phrase in new[:_MOST_NEW]]) if new else ""
        since = f"; new: {shown}" if shown and number and year != "undated" else ""
        yield Line(f"\n**{year}** ({count(len(places), 'paper')}{since})")
        for place in places:
            number += 1
            yield _bullet(number, ordered[place])


# -- what they say


def _saying(asked: Survey, lead: str, told: Sequence[Paper]) -> Iterator[Line]:
    """Yield the sentence of each paper that reports a result, or that states a problem, of those that have one."""
    role, what = {
        "findings": (Role.RESULT, "report a result"),
        "limitations": (Role.PROBLEM, "state a problem"),
    }[asked.aspect]
    said = [(paper, sentence) for paper in told if (sentence := _sentence(paper, role, asked.topic))]
    yield Line(f"{lead}; {len(said)} of {'these' if len(told) > 1 else 'it'} {what} in the abstract:")
    for number, (paper, sentence) in enumerate(said, 1):
        yield _bullet(number, paper, sentence)
    if asked.aspect == "findings" and len(said) > 1:
        yield Line("Whether two of them contradict each other is not decided here: their own words stand above.")


def _sentence(paper: Paper, role: Role, topic: str) -> str:
    """Return the sentence of a role that has most of a topic's words, of results one that reports numbers first."""
    whole = Passage("", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))
    words = frozenset(terms(topic))
    of_role = [one for one in abstract_sentences(numbered(1, whole, paper)) if one.role is role]
    best = max(
        of_role,
        key=lambda one: (len(words & frozenset(terms(one.text))), reports_result(one.text), one.has_figure),
        default=None,
    )
    return best.text if best else ""
