"""Answers that need no search: greetings, abilities, unclear questions, decisions on names, and the answer before."""

from assistant.facts.author_disambiguation import merge_authors, split_author, undo_decision
from assistant.facts.author_record import explained
from assistant.facts.catalogue_answers import Line
from assistant.models.providers import LOCAL
from assistant.operations.results import Refusal, Result, Sources, read_whole
from assistant.planning.people import shown_names
from assistant.planning.plan import Decide, Rework, Step, Talk, UnknownAuthor, UnknownName
from assistant.prompts import load_prompt
from assistant.records import Abstention
from assistant.text.evidence import shown_title
from vectorstore.catalogue.author_decisions import Decision, Kind
from vectorstore.errors import AuthorError


def talk(asked: Talk, sources: Sources) -> Result:
    """Return a set text."""
    step = Step.of(asked)
    if asked.about == "unclear":
        return Result(step, refusal=Refusal(Abstention.UNCLEAR, load_prompt("reply_unclear")), is_final=True)
    papers = str(len(sources.library.catalogue.titles()))
    if asked.about == "abilities":
        text = load_prompt("reply_about", papers=papers, model=_IS.get(sources.model, f"{sources.model} writes"))
    else:
        text = load_prompt("reply_small_talk", papers=papers)
    return Result(step, refusal=Refusal(Abstention.NONE, text), is_final=True)


def unknown_author(asked: UnknownAuthor, sources: Sources) -> Result:
    """Return that nobody is called so, or several people are."""
    step = Step.of(asked)
    if asked.ambiguous:
        text = f"Several authors have that name: {shown_names(asked.near)}. Ask again with the full name."
        return Result(step, refusal=Refusal(Abstention.UNCLEAR, text), is_final=True)
    hint = f" Did you mean {' or '.join(asked.near)}?" if asked.near else ""
    text = f"No paper in the library is by {asked.name}.{hint}"
    return Result(step, refusal=Refusal(Abstention.NOT_IN_LIBRARY, text), is_final=True)


def unknown_name(asked: UnknownName, sources: Sources) -> Result:
    """Return that no paper has an identifier, or appeared in a venue; or that no listing tells that of any."""
    if asked.kind != "venue":
        text = f"The library has no paper with the {asked.kind} {asked.name}. A listing that has it would help."
    elif sources.vocabulary.venues:
        text = f"No listing of the library says of a paper that it appeared in {asked.name}."
    else:
        text = f"No listing of the library says where papers appeared, so that those of {asked.name} are not known."
    return Result(Step.of(asked), refusal=Refusal(Abstention.NOT_IN_LIBRARY, text), is_final=True)


def decide(asked: Decide, sources: Sources) -> Result:
    """Tell authors apart, join them, or undo that, and say what was decided; or why it cannot be."""
    step = Step.of(asked)
    try:
        decision = _decided(asked, sources)
    except AuthorError as error:
        return Result(step, refusal=Refusal(Abstention.UNCLEAR, str(error)), is_final=True)
    said = explained(decision)
    text = (
        f"Undone: {said}"
        if asked.kind is None
        else f"{said} Every later answer keeps to it; say “undo” to take it back."
    )
    return Result(step, (Line(text),), is_final=True)


def _decided(asked: Decide, sources: Sources) -> Decision:
    library, people = sources.library, sources.vocabulary.people
    if asked.kind is None:
        return undo_decision(asked.names[0] if asked.names else None, library, people)
    if asked.kind is Kind.MERGE:
        return merge_authors(asked.names[0], asked.names[1], library, people)
    return split_author(asked.names[0], asked.papers, library, people)


def rework(asked: Rework, sources: Sources) -> Result:
    """Return what the answer before rested on: its quotes, or the papers that it is to be written from anew."""
    step = Step.of(asked)
    turn = next((turn for turn in reversed(sources.history) if turn.paper_ids), None)
    known = {paper.paper_id: paper for paper in sources.library.catalogue.papers(turn.paper_ids)} if turn else {}
    if turn is None or not known:
        text = "There is no answer before this one to go back to; ask your question anew."
        return Result(step, refusal=Refusal(Abstention.UNCLEAR, text), is_final=True)
    papers = tuple(known[one] for one in turn.paper_ids if one in known)
    if asked.how == "form":
        return Result(step, passages=read_whole(papers), papers=papers)
    quotes = [(quote, known[quote.paper_id]) for quote in turn.quotes if quote.text and quote.paper_id in known]
    lines: list[Line] = [
        Line(_LEADS[asked.how] if quotes else "It was computed from the catalogue, from these papers:")
    ]
    numbers: dict[str, int] = {}
    for quote, paper in quotes:
        number = numbers.setdefault(paper.paper_id, len(numbers) + 1)
        lines.append(Line(f"- “{quote.text}” – {shown_title(paper.title)} [{number}]", (paper,), quote.text))
    if not quotes:
        lines += [Line(f"- {shown_title(paper.title)} [{number}]", (paper,)) for number, paper in enumerate(papers, 1)]
    is_final = asked.how != "sure"
    return Result(step, tuple(lines), papers=papers, is_final=is_final)


_IS = {LOCAL: "the local composer writes with the sentences of the abstracts"}
_LEADS = {
    "sure": "The answer rests on these words of the abstracts:",
    "sources": "The answer rests on these words of the abstracts:",
    "quotes": "The very words of the abstracts:",
}
