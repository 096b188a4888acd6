"""A draft -> what it says that its own work brings, in the third person: "This work proposes ..."."""

import re
from collections.abc import Iterator

from assistant.manuscripts.drafts import Draft
from assistant.manuscripts.readability import is_readable
from assistant.manuscripts.sections import Paragraph, SectionSentence
from assistant.records import Verdict
from assistant.text.evidence import unmarked
from assistant.text.plain_text import plain_text
from assistant.text.sentence_compression import within_length
from assistant.text.third_person import third_person

THIS_WORK = "This work"
SAID_BY_THE_DRAFT = "said by the draft"
# Who else did what is no claim on the user's work; it would be one on a paper that is not cited.
_OTHERS = re.compile(
    r"\bet al\b|\(\d{4}[a-z]?\)|\[\d+\]|\b(?:their|his|her) (?:method|approach|work|model)s?\b|https?://", re.I
)
_OF_ITSELF = re.compile(rf"^(?:{THIS_WORK}|Its)\b|(?<=, )its\b")  # what it is is plain here
_SHORTEST = 5  # words; what a draft says briefly of itself is to the point
_SECOND_CLAUSE = re.compile(
    r"(?:,? and (?:then |also |further )?|[,;] (?:where|which|while)?\s*)\bwe\b.*$", re.I | re.S
)


def own_contributions(draft: Draft, *, most: int = 4) -> Paragraph | None:
    """Return the paragraph on the user's own work, or None where the draft does not say plainly what it brings.

    Its sentences cite nothing: their source is the draft.
    """
    told: list[str] = []
    for sentence in draft.contributions:
        text = next(_paraphrases(sentence, opens=not told), None)
        if text and len(told) < most:
            told.append(text)
    sentences = (SectionSentence(text, Verdict.COMPUTED, reason=SAID_BY_THE_DRAFT) for text in told)
    return Paragraph(THIS_WORK, (), tuple(sentences)) if told else None


def _paraphrases(sentence: str, *, opens: bool) -> Iterator[str]:
    """Yield a sentence of the draft as somebody else would put it. The first of them says "This work ..."."""
    if _OTHERS.search(sentence):
        return
    for text in within_length(_of_this_work(sentence)):
        begins = text.startswith(THIS_WORK)
        readable = is_readable(_OF_ITSELF.sub("The authors", text), shortest=_SHORTEST)
        if readable and (begins or not opens) and not text.startswith("According to"):
            yield unmarked(text if opens or not begins else f"It{text.removeprefix(THIS_WORK)}")


def _of_this_work(sentence: str) -> str:
    """Return "This work proposes X and its y" of "We propose X and our y, and we show z"."""
    text = " ".join(plain_text(sentence).split())
    first, *others = re.split(r"(?<=\bwe\b)", text, maxsplit=1, flags=re.I)
    text = first + "".join(_SECOND_CLAUSE.sub(".", other) for other in others)
    text = re.sub(
        r"\bours\b", "its own", re.sub(r"\b(O|o)ur\b", lambda match: "Its" if match[1] == "O" else "its", text)
    )
    told = third_person(text, source=THIS_WORK, named=False)
    return text if told.startswith("According to") else told  # it speaks of no "we"
