"""Plan and evidence -> the messages to a chat model."""

from collections.abc import Iterator, Sequence
from datetime import date

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.operations.results import Gathered
from assistant.planning.plan import Compare, Form, Passages, Rework, Survey, Turn
from assistant.prompts import load_prompt
from assistant.text.citations import without_markers
from assistant.text.evidence import Evidence, evidence_lines, shown_title
from assistant.writing.model_abstention import NOT_IN_THE_LIBRARY
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library
from vectorstore.text.tokens import count_tokens

_MOST_TURNS = 6
_LONGEST_TURN = 4000  # characters of an earlier answer
_MOST_TITLES = 8  # that an earlier answer referred to


def prompt_for(
    gathered: Gathered,
    evidence: Sequence[Evidence],
    library: Library,
    *,
    computed: str = "",
    short: bool = False,
    history_tokens: int = 1500,
) -> list[BaseMessage]:
    """Return the messages to a model: rules, the turns before, the evidence and the question.

    `computed` is what the catalogue has answered of the question already. With `short` there are fewer rules, for a
    model that loses its way among many.
    """
    user = load_prompt(
        "answer_user",
        evidence=evidence_lines(evidence),
        today=date.today().isoformat(),
        library=f"{library.count(Filters()):,} papers",
        matched="the one passage on the question is given here"
        if len(evidence) == 1
        else f"the {len(evidence):,} closest passages are given here, the closest first",
        computed=_already(computed),
        form=_form(gathered),
        question=gathered.asked.question,
    )
    system = load_prompt("answer_system_short" if short else "answer_system", not_found=NOT_IN_THE_LIBRARY)
    earlier = _earlier(gathered.asked.history[-_MOST_TURNS:], library, tokens=history_tokens)
    return [SystemMessage(system), *earlier, HumanMessage(user)]


def _already(computed: str) -> str:
    if not computed:
        return ""
    return (
        "The library's catalogue has answered a part of the question, and this stands above your text already;"
        f" do not repeat it:\n<computed>\n{computed}\n</computed>\n"
    )


_KINDS = {Compare: "compare", Survey: "survey", Rework: "rework"}


def _form(gathered: Gathered) -> str:
    """Return in words the form that the user wants, and where nothing is said, the one that suits the question."""
    form = gathered.plan.form
    wanted = list(_wishes(form))
    kinds = [_kind(step.arguments) for step in gathered.plan.steps]
    named = next((kind for kind in kinds if kind), "fact")
    default = load_prompt(f"form_{named}")
    if form.sentences or form.words or form.length or form.layout:
        return "; ".join(wanted) + ". This goes before any other rule on length and layout."
    return "; ".join([default, *wanted])


def _kind(arguments: object) -> str:
    if isinstance(arguments, Passages):
        return arguments.seeks
    return next((name for kind, name in _KINDS.items() if isinstance(arguments, kind)), "")


def _wishes(form: Form) -> Iterator[str]:
    if form.sentences:
        yield "exactly one sentence" if form.sentences == 1 else f"{form.sentences} sentences"
    if form.words:
        yield f"at most {form.words} words"
    if form.length:
        yield {"short": "as short as possible", "long": "in detail, several paragraphs if need be"}[form.length]
    if form.layout:
        yield {
            "bullets": "as bullet points, each with its citation",
            "table": "as a Markdown table with citations in its cells",
        }[form.layout]
    if form.reader:
        yield f"for the reader whom the question names (“{form.reader}”), with terms explained"
    yield f"in {form.language}" if form.language else "in the language of the question"


def _earlier(history: Sequence[Turn], library: Library, *, tokens: int) -> list[BaseMessage]:
    """Return the latest turns that fit, oldest first, each answer with the titles that it referred to."""
    ids = {one for turn in history for one in turn.paper_ids[:_MOST_TITLES]}
    titles = {paper.paper_id: paper.title for paper in library.catalogue.papers(ids)}
    messages: list[BaseMessage] = []
    left = tokens
    for turn in reversed(history):
        said = without_markers(turn.text)[:_LONGEST_TURN]
        named = [f"“{shown_title(titles[one])}”" for one in turn.paper_ids[:_MOST_TITLES] if one in titles]
        text = f"{said}\n\n(It referred to {', '.join(named)}.)" if named else said
        left -= count_tokens(turn.question) + count_tokens(text)
        if left < 0:
            break
        messages[:0] = [HumanMessage(turn.question), AIMessage(text or "(no answer)")]
    return messages
