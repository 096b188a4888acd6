"""The questions that wait above the composer until the answer before them ends."""

from collections.abc import Sequence

from assistant.html.sanitizing import cleaned, escaped
from assistant.ui import labels
from assistant.ui.footers import told_button
from assistant.ui.running import Task


def waiting_html(conversation_id: str, tasks: Sequence[Task]) -> str:
    """Return each with a button that takes it back."""
    return cleaned("".join(_line(conversation_id, task) for task in tasks))


def _line(conversation_id: str, task: Task) -> str:
    back = told_button("act", f"take-back {conversation_id} {task.task_id}", labels.TAKE_BACK)
    asked = f'<span class="question-text">{escaped(task.question)}</span>'
    return f'<p class="waiting" role="status"><span>{labels.ASKED_NEXT}:</span> {asked} {back}</p>'
