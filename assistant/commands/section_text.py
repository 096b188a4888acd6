"""The references of a section as text: what the commands print below it."""

from assistant.answering.answer_markdown import reference_line
from assistant.manuscripts.sections import Section


def reference_lines(section: Section) -> list[str]:
    """Return "[1] Bumjun Kim et al. Rainbow Padding. 2025-10-04. (kim2025rainbow)" and so on."""
    return [f"[{one.number}] {reference_line(one)} ({one.key})" for one in section.references]


def with_references(text: str, section: Section) -> str:
    """Return a text with the list of references below it, if it cites any."""
    listed = "\n".join(f"- {line}" for line in reference_lines(section))
    return f"{text}\n\nReferences\n\n{listed}" if listed else text
