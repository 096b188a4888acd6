"""What was found -> why it does not answer: what was searched, what is closest, what helps."""

from assistant.facts.replies import closest_papers
from assistant.operations.results import Gathered, Refusal, Result
from assistant.planning.chips import described
from assistant.planning.plan import Compare, Passages
from assistant.records import Abstention
from assistant.searching.off_topic import is_off_topic
from assistant.text.evidence import shown_title, unmarked
from assistant.text.plain_text import plain_text
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library

_FULL_TEXT = "The full text may say it: the library holds abstracts."
_WITH_ABSTRACT = "A listing that has one would help."


def not_answered(gathered: Gathered, result: Result, library: Library, *, closest: str = "") -> Refusal:
    """Return why a step that found passages is not answered: the papers meant do not say it, or there are none.

    `closest` is the sentence of the paper that may say it.
    """
    if result.refusal:
        return result.refusal
    asked, arguments = gathered.asked, result.step.arguments
    among = " within the limits of this conversation" if asked.within else ""
    if isinstance(arguments, Passages | Compare) and (arguments.papers or arguments.of_step) and result.papers:
        titles = " and ".join(f"“{shown_title(paper.title)}”" for paper in result.papers[:3])
        one = len(result.papers) == 1
        if not any(paper.abstract for paper in result.papers):
            text = f"No listing has an abstract of {titles}, so that the library cannot tell this. {_WITH_ABSTRACT}"
            return Refusal(Abstention.NOT_STATED, text)
        plainly, quoted = ("plainly ", f" Closest to it is: “{unmarked(plain_text(closest))}”") if closest else ("", "")
        verb = f"{'does' if one else 'do'} not {plainly}say this"
        text = f"The abstract{'' if one else 's'} of {titles} {verb}. {_FULL_TEXT}{quoted}"
        return Refusal(Abstention.NOT_STATED, text)
    searched = _words_searched(gathered, result)
    filters = getattr(arguments, "filters", None)
    scope = described(filters) if filters else ""
    if off_topic(gathered, result, library):
        where = f"the papers{scope}{among}"
        text = f"This is not what the papers of the library are about; I searched {where} for “{searched}”."
        return Refusal(Abstention.OFF_TOPIC, text, closest_papers(result.passages[:1]))
    help_ = "Wider limits, or a listing that has it, would help." if asked.within else (
        "Adding a listing that has it would help."
    )  # fmt: skip
    text = f"The library does not answer this{among}; I searched the papers{scope} for “{searched}”. {help_}"
    return Refusal(Abstention.NOT_IN_LIBRARY, text, closest_papers(result.passages[:2]))


def off_topic(gathered: Gathered, result: Result, library: Library) -> bool:
    """Tell whether a step names no paper and asks for what is no closer to any than by chance."""
    asked = result.step.arguments
    if getattr(asked, "papers", ()) or getattr(asked, "of_step", None):
        return False
    searched = gathered.asked.within or getattr(asked, "filters", Filters())
    return is_off_topic(_words_searched(gathered, result), result.passages, library, searched=searched)


def _words_searched(gathered: Gathered, result: Result) -> str:
    asked = result.step.arguments
    return getattr(asked, "query", "") or getattr(asked, "topic", "") or gathered.asked.question
