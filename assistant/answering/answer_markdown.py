"""An answer as Markdown with its references, for the command line and for copying; and read back from its JSON."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.answering.verdict_labels import COUNTED, EXPLAINED, SIGNS
from assistant.facts.catalogue_answers import MOST_NAMES, NAMES_IN_A_LINE
from assistant.manuscripts.citation_rendering import plain_manuscript
from assistant.manuscripts.sections import Section
from assistant.models.providers import LOCAL
from assistant.planning.chips import joined
from assistant.planning.plan import Plan
from assistant.records import Answer, Citation, Closest, Reference, Sentence, Usage, Verdict
from assistant.text.citations import without_markers
from assistant.text.evidence import shown_title
from assistant.text.safe_markdown import safe_markdown
from assistant.text.wording import shown

_LONGEST_QUOTED = 60  # characters of a sentence


def answer_markdown(answer: Answer) -> str:
    """Return the text with what is contradicted or unsupported marked, what the marks mean, notes, and the references.

    Nothing in it loads or runs anything where it is pasted.
    """
    parts = [marked_text(answer), *explained_below(answer)]
    references = "\n".join(f"- [{reference.number}] {reference_line(reference)}" for reference in answer.references)
    return "\n\n".join(filter(None, [*parts, references and f"References\n\n{references}"]))


def marked_text(answer: Answer) -> str:
    """Return the text with a sign behind each sentence that is contradicted or unsupported."""
    pieces, position = [], 0
    for sentence in sorted(answer.sentences, key=lambda sentence: sentence.end):
        if sentence.verdict.is_marked:
            pieces += [answer.text[position : sentence.end], " ", SIGNS[sentence.verdict]]
            position = sentence.end
    return "".join([*pieces, answer.text[position:]])


def answer_plain(answer: Answer) -> str:
    """Return the same without the marks of Markdown, with its references by their numbers."""
    return re.sub(r"(?m)^- (?=\[\d+\] )", "", plain_manuscript(answer_markdown(answer)))


def explained_below(answer: Answer) -> list[str]:
    """Return what stands below a text, as Markdown: the closest papers where nothing answers, why sentences are
    marked, notes, and what the marks mean."""
    return list(filter(None, [closest_said(answer), _reasons(answer), *said_below(answer), _legend(answer)]))


def closest_said(answer: Answer) -> str:
    """Return "The closest papers are “Zebra Lamps” and “Moth Traps”."; "" if there is none to name."""
    titles = [f"“{shown_title(paper.title)}”" for paper in answer.closest]
    verb = "paper is" if len(titles) == 1 else "papers are"
    return safe_markdown(f"The closest {verb} {joined(titles)}.") if titles else ""


def said_below(answer: Answer) -> list[str]:
    """Return what is said below an answer, a sentence each: that it is not whole, what became of its citations."""
    return [safe_markdown(note) for note in answer.notes]


def reference_line(reference: Reference) -> str:
    """Return a reference as a line of Markdown."""
    return safe_markdown(plain_reference(reference)).replace("\n", " ")


def reference_lines(section: Section) -> list[str]:
    """Return "[1] Bumjun Kim et al. Rainbow Padding. 2025-10-04. (kim2025rainbow)" and so on."""
    return [f"[{one.number}] {reference_line(one)} ({one.key})" for one in section.references]


def with_references(text: str, section: Section) -> str:
    """Return a text with the list of references below it, if it cites any."""
    listed = "\n".join(f"- {line}" for line in reference_lines(section))
    return f"{text}\n\nReferences\n\n{listed}" if listed else text


def plain_reference(reference: Reference) -> str:
    """Return "Ada Quill, Ben Moss et al. Zebra Lamps: Bright. 2025-05-14."."""
    if len(reference.authors) > MOST_NAMES:
        first = reference.authors[:NAMES_IN_A_LINE]
        more = f"{len(reference.authors) - len(first):,} more" if reference.authors_complete else "others"
        names = f"{', '.join(first)} and {more}"
    else:
        names = ", ".join(reference.authors) + ("" if reference.authors_complete else " et al")
    by = f"{names}. " if reference.authors else ""
    return f"{by}{shown_title(reference.title)}. {reference.published or 'undated'}."


def spent(answer: Answer) -> str:
    """Return what an answer took: "about 1,204 tokens read, 61 written · 0.84 s"; of the local model the time alone."""
    usage, seconds = answer.usage, f"{answer.timings_ms.get('total', 0.0) / 1000:.2f} s"
    if answer.model == LOCAL or not (usage.input_tokens or usage.output_tokens):
        return seconds
    about = "about " if usage.estimated else ""
    return f"{about}{usage.input_tokens:,} tokens read, {usage.output_tokens:,} written · {seconds}"


def _reasons(answer: Answer) -> str:
    """Return a line for each marked sentence that has a reason: "- ○ “It needs eight …”: 8 is not in the passage"."""
    return "\n".join(
        f"- {SIGNS[sentence.verdict]} “{safe_markdown(shown(without_markers(sentence.text), longest=_LONGEST_QUOTED))}”"
        f": {safe_markdown(sentence.reason)}"
        for sentence in answer.sentences
        if sentence.verdict.is_marked and sentence.reason
    )


def _legend(answer: Answer) -> str:
    found = {sentence.verdict for sentence in answer.sentences}
    marked = [verdict for verdict in Verdict if verdict.is_marked and verdict in found]
    signs = [f"{SIGNS[verdict]} {COUNTED[verdict]}: {EXPLAINED[verdict]}" for verdict in marked]
    return "; ".join(signs) and f"{'; '.join(signs)}."


def read_answer(record: Mapping[str, Any]) -> Answer:
    """Return the answer whose `record()` this is, as JSON or before it became JSON."""
    return Answer(
        **{
            **record,
            "plan": Plan.model_validate(record["plan"]),
            "sentences": tuple(_sentences(record)),
            "citations": tuple(Citation(**citation) for citation in record["citations"]),
            "references": tuple(
                Reference(**{**line, "authors": tuple(line["authors"])}) for line in record["references"]
            ),
            "usage": Usage(**record["usage"]),
            "notes": tuple(record["notes"]),
            "closest": tuple(Closest(**paper) for paper in record.get("closest", ())),
        }
    )


def _sentences(record: Mapping[str, Any]) -> Iterator[Sentence]:
    for sentence in record["sentences"]:
        lists = {name: tuple(sentence[name]) for name in ("citations", "quotes")}
        yield Sentence(**{**sentence, **lists, "verdict": Verdict(sentence["verdict"])})
