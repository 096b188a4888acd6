"""What stands below a text: how many sentences have which verdict, and buttons that copy and save."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.answering.verdict_words import COUNTED, SIGNS
from assistant.records import Sentence, Verdict
from assistant.ui import labels
from assistant.ui.markup import escaped
from vectorstore.names import folded

_WORDS_IN_A_NAME = 5  # of a file


def counts_html(sentences: Sequence[Sentence]) -> str:
    """Return "5 supported 2 computed" with the sign of each verdict."""
    counts = Counter(sentence.verdict for sentence in sentences)
    return "".join(
        f'<span class="count {verdict}">{SIGNS[verdict]} {_count(verdict, counts)}</span>'
        for verdict in COUNTED
        if counts[verdict]
    )


def copy_button(text: str, label: str = labels.COPY) -> str:
    return (
        f'<button type="button" class="copy" data-copy="{escaped(text)}" data-done="{labels.COPIED}">{label}</button>'
    )


def save_button(text: str, file: str) -> str:
    """Return a button with which the browser saves the text as a file; nothing is written on the server."""
    return (
        f'<button type="button" class="save" data-copy="{escaped(text)}" data-file="{escaped(file)}">'
        f"{labels.SAVE} {escaped(file)}</button>"
    )


def slug(text: str) -> str:
    """Return the beginning of a text as the name of a file: "albert-no"."""
    words = re.findall(r"[a-z0-9]+", folded(text))[:_WORDS_IN_A_NAME]
    return "-".join(words) or "references"


def footer_html(*parts: str) -> str:
    return f'<footer class="verdicts">{"".join(parts)}</footer>'


def _count(verdict: Verdict, counts: Counter[Verdict]) -> str:
    only_computed = verdict is Verdict.COMPUTED and not any(counts[other] for other in COUNTED if other != verdict)
    return COUNTED[verdict] if only_computed else f"{counts[verdict]} {COUNTED[verdict]}"
