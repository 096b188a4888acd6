"""What stands below a text: how many sentences have which verdict, and buttons that copy, save, repeat and rate."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.answering.verdict_labels import COUNTED, SIGNS
from assistant.html.sanitizing import escaped
from assistant.records import Sentence, Verdict
from assistant.ui import labels
from vectorstore.text.folding import folded

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


def fetch_button(path: str, label: str) -> str:
    """Return a button that copies what the server gives under a path of its own."""
    return f'<button type="button" class="copy" data-fetch="{path}" data-done="{labels.COPIED}">{label}</button>'


def told_button(box: str, value: str, label: str, *, kind: str = "linklike", said: str = "", able: bool = True) -> str:
    """Return a button that tells the server `value` by way of a box; `said` is its name if the label is not."""
    spoken = f' aria-label="{escaped(said)}"' if said else ""
    return (
        f'<button type="button" class="{kind}" data-box="{box}" data-value="{escaped(value)}"{spoken}'
        f"{'' if able else ' disabled'}>{label}</button>"
    )


def asking_button(question: str, label: str = "") -> str:
    """Return a button that asks a question at once; it says the question, or `label`."""
    return (
        f'<button type="button" class="follow-up" data-question="{escaped(question)}" data-send="1">'
        f"{escaped(label or question)}</button>"
    )


def save_button(text: str, file: str) -> str:
    """Return a button with which the browser saves the text as a file; nothing is written on the server."""
    return (
        f'<button type="button" class="save" data-copy="{escaped(text)}" data-file="{escaped(file)}">'
        f"{labels.SAVE} {escaped(file)}</button>"
    )


def fold_button(part: str, label: str) -> str:
    """Return a heading's button that opens and closes a part of the left pane."""
    return f'<button type="button" class="fold" data-folds="{part}" aria-expanded="true">{escaped(label)}</button>'


def menu_html(label: str, items: Sequence[str], *, said: str = "", kind: str = "menu") -> str:
    """Return a button that opens a small list; `said` is what a screen reader says of it, if not the label."""
    spoken = f' aria-label="{escaped(said)}"' if said else ""
    return (
        f'<details class="{kind}"><summary{spoken}>{label}</summary><div class="menu-items">{"".join(items)}</div>'
        "</details>"
    )


def exchange_footer_html(
    exchange_id: str,
    *said: str,
    is_answered: bool = False,
    has_references: bool = False,
    judge: str = "",
    rating: int = 0,
    reason: str = "",
) -> str:
    """Return what stands below an answer: what is `said` of it, and what can be done with it.

    `judge` is the label of the button that has its claims judged, "" if there is none to judge.
    """
    path = f"/exchanges/{escaped(exchange_id)}"
    acts = []
    if is_answered:
        copies: tuple[tuple[str, str], ...] = (("md", labels.MARKDOWN), ("tex", labels.LATEX))
        if has_references:
            copies += (("ris", labels.RIS), ("json", labels.CSL_JSON))
        acts.append(fetch_button(f"{path}.txt", labels.COPY))
        others = [fetch_button(f"{path}.{kind}", label) for kind, label in copies]
        acts.append(menu_html("▾", others, said=labels.COPY_AS))
    if has_references:
        acts.append(fetch_button(f"{path}.bib", labels.BIBTEX))
    if judge:
        acts.append(told_button("repeat", f"judge {exchange_id}", escaped(judge), kind="quiet-button"))
    acts.append(
        told_button("repeat", f"again {exchange_id}", labels.AGAIN, kind="quiet-button", said=labels.AGAIN_HINT)
    )
    if is_answered:
        acts += [_rate(exchange_id, 1, rating, reason), _rate(exchange_id, -1, rating, reason)]
    return footer_html(*said, acts=acts)


def _rate(exchange_id: str, value: int, rating: int, reason: str) -> str:
    kind, label = ("up", labels.GOOD_ANSWER) if value > 0 else ("down", labels.BAD_ANSWER)
    given = rating == value
    because = f": {escaped(reason)}" if given and reason else ""
    return (
        f'<button type="button" class="rate {kind}" data-rate="{escaped(exchange_id)} {value}"'
        f' aria-pressed="{str(given).lower()}" aria-label="{label}" title="{label}{because}"></button>'
    )


def slug(text: str) -> str:
    """Return the beginning of a text as the name of a file: "albert-no"."""
    words = re.findall(r"[a-z0-9]+", folded(text))[:_WORDS_IN_A_NAME]
    return "-".join(words) or "references"


def footer_html(*said: str, acts: Sequence[str] = ()) -> str:
    """Return what stands below a text: what is `said` of it, and the buttons of what can be done with it."""
    buttons = f'<span class="acts">{"".join(acts)}</span>' if acts else ""
    return f'<footer class="verdicts">{"".join(said)}{buttons}</footer>'


def _count(verdict: Verdict, counts: Counter[Verdict]) -> str:
    only_computed = verdict is Verdict.COMPUTED and not any(counts[other] for other in COUNTED if other != verdict)
    return COUNTED[verdict] if only_computed else f"{counts[verdict]} {COUNTED[verdict]}"
