"""Papers side by side: what two of them share, and a table of problem, method, result and date."""

import re
from collections.abc import Iterator, Sequence

from assistant.text.abstract_sentences import abstract_sentences
from assistant.text.evidence import Evidence, cited
from assistant.text.plain_text import plain_text
from assistant.text.sentence_roles import Role, contributes, reports_result
from assistant.text.third_person import leans_on_context, third_person
from assistant.text.words import ASKING
from vectorstore.text.terms import terms


def comparison(papers: Sequence[Evidence]) -> Iterator[str]:
    """Yield what two papers share, then a table with a column a paper."""
    if len(papers) == 2 and (shared := _shared_phrases(*papers)):
        yield f"Both papers deal with {' and '.join(shared)} [{papers[0].number}][{papers[1].number}].\n\n"
    yield f"| | {' | '.join(map(_heading, papers))} |\n|{'---|' * (len(papers) + 1)}\n"
    for name, role in (("Problem", Role.PROBLEM), ("Method", Role.METHOD), ("Result", Role.RESULT)):
        yield f"| {name} | {' | '.join(_cell(paper, role) for paper in papers)} |\n"
    yield f"| Date | {' | '.join(map(_date_cell, papers))} |\n"


def _heading(evidence: Evidence) -> str:
    by = f", {evidence.source}" if evidence.authors else f" ({evidence.date[:4]})" if evidence.date else ""
    return f"{evidence.short_title}{by}".replace("|", "/")


def _cell(evidence: Evidence, role: Role) -> str:
    sentences = [sentence for sentence in abstract_sentences(evidence) if sentence.role is role]
    if not sentences:
        return "not stated"
    best = min(
        sentences,
        key=lambda sentence: (
            leans_on_context(sentence.text),
            role is Role.METHOD and not contributes(sentence.text),
            role is Role.RESULT and not reports_result(sentence.text),
            role is Role.RESULT and not sentence.has_figure,
            sentence.position,
        ),
    )
    text = third_person(best.text, source=evidence.source, named=True, abstract=evidence.text)
    return cited(text, evidence.number).replace("|", "/").replace("\n", " ")


def _date_cell(evidence: Evidence) -> str:
    return f"{evidence.date} [{evidence.number}]" if evidence.date else "not stated"


def _shared_phrases(one: Evidence, other: Evidence) -> list[str]:
    """Return at most two phrases that both papers use: those of their titles first, then the longest."""
    phrases, others = _phrases(one), _phrases(other)
    in_titles = frozenset(terms(plain_text(f"{one.title} {other.title}")))
    shared = sorted(
        phrases.keys() & others.keys(),
        key=lambda key: (-len(in_titles & set(key)), -len(key), -phrases[key][1] - others[key][1], key),
    )
    kept: list[tuple[str, ...]] = []
    for key in shared:
        if not any(set(key) & set(better) for better in kept):
            kept.append(key)
    return [phrases[key][0] for key in kept[:2]]


_PHRASE_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_VAGUE = frozenset(terms(
    "model models method methods approach paper work result results performance propose show experiments learning data"
    " training novel existing significant various using based new study large different across improve task tasks find"
))  # fmt: skip


def _phrases(evidence: Evidence) -> dict[tuple[str, ...], tuple[str, int]]:
    """Return the phrases of up to three content words by their stems, as first printed, with their frequency.

    A single word counts if it is in the title.
    """
    in_title = frozenset(terms(plain_text(evidence.title)))
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    for part in re.split(r"[^\w\s-]+", plain_text(evidence.text)):
        words = _PHRASE_WORD.findall(part)
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                run = words[start : start + size]
                stems = [terms(word) for word in run]
                key = tuple(stem for word in stems for stem in word)
                is_distinctive = all(stems) and not ASKING & set(key) and not all(stem in _VAGUE for stem in key)
                if is_distinctive and (len(key) > 1 or key[0] in in_title):
                    printed, count = found.get(key, (" ".join(map(_uncapitalised, run)), 0))
                    found[key] = (printed, count + 1)
    return found


def _uncapitalised(word: str) -> str:
    return word if any(letter.isupper() for letter in word[1:]) else word.lower()
