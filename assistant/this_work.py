"""A draft -> what it says that its own work brings, in the third person: "This work proposes ..."."""

import re
from collections.abc import Iterator

from assistant.clauses import within_length
from assistant.drafts import Draft
from assistant.evidence import unmarked
from assistant.legible import is_readable
from assistant.plain_text import plain_text
from assistant.records import Verdict
from assistant.rewriting import third_person
from assistant.sections import Paragraph, Told

THIS_WORK = "This work"
SAID_BY_THE_DRAFT = "said by the draft"
# Who else did what is no claim on the user's work; it would be one on a paper that is not cited.
_OTHERS = re.compile(
    r"\bet al\b|\(\d{4}[a-z]?\)|\[\d+\]|\b(?:their|his|her) (?:method|approach|work|model)s?\b|https?://", re.I
)
_SECOND_CLAUSE = re.compile(
    r"(?:,? and (?:then |also |further )?|[,;] (?:where|which|while)?\s*)\bwe\b.*$", re.I | re.S
)


def this_work(draft: Draft, *, most: int = 2) -> Paragraph | None:
    """Return the paragraph on the user's own work, or None where the draft does not say plainly what it brings.

    Its sentences cite nothing: their source is the draft.
    """
    told = list(_told(draft))[:most]
    if not told:
        return None
    rest = (Told(re.sub(r"^This work\b", "It", text), Verdict.COMPUTED, reason=SAID_BY_THE_DRAFT) for text in told[1:])
    return Paragraph(THIS_WORK, (), (Told(told[0], Verdict.COMPUTED, reason=SAID_BY_THE_DRAFT), *rest))


def _told(draft: Draft) -> Iterator[str]:
    for sentence in draft.contributions:
        if _OTHERS.search(sentence):
            continue
        for text in within_length(_of_this_work(sentence)):
            if text.startswith(THIS_WORK) and is_readable(f"The authors{text.removeprefix(THIS_WORK)}"):
                yield unmarked(text)
                break


def _of_this_work(sentence: str) -> str:
    """Return "This work proposes X and its y" of "We propose X and our y, and we show z"."""
    text = " ".join(plain_text(sentence).split())
    first, *others = re.split(r"(?<=\bwe\b)", text, maxsplit=1, flags=re.I)
    text = first + "".join(_SECOND_CLAUSE.sub(".", other) for other in others)
    text = re.sub(
        r"\bours\b", "its own", re.sub(r"\b(O|o)ur\b", lambda match: "Its" if match[1] == "O" else "its", text)
    )
    return third_person(text, source=THIS_WORK, named=False)
