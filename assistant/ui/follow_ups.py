"""Questions that go on from an answer, made from its plan and from the records of its papers. No model is asked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from assistant.planning.plan import PaperFacts
from assistant.records import Answer
from assistant.text.evidence import short_title
from assistant.text.plain_text import plain_text
from vectorstore.papers.coined_names import coined_names
from vectorstore.papers.paper import Paper

MOST = 3
_LONGEST_NAME = 3  # words


def follow_ups(answer: Answer, papers: Mapping[str, Paper]) -> list[str]:
    """Return at most three questions that `papers` answer and that this one has not asked: of those that the answer
    cites, read, or names as the closest, by id, the ones that can be asked about now."""
    cited = [papers[one.paper_id] for one in answer.references if one.paper_id in papers]
    closest = [papers[one.paper_id] for one in answer.closest if one.paper_id in papers]
    read = [papers[paper_id] for paper_id in answer.also_read if paper_id in papers]
    if len(cited) > 1:
        asked = _about_several(answer, cited)
    elif cited:
        asked = _about_one(answer, cited[0], read)
    else:
        asked = _instead(closest or read)
    known = answer.question.casefold().strip(" ?.!")
    questions = [question for question in dict.fromkeys(asked) if question.casefold().strip(" ?.!") != known]
    return questions[:MOST]


def _about_several(answer: Answer, cited: Sequence[Paper]) -> Iterator[str]:
    done, called = _operations(answer), answer.question.casefold()
    names = [name for paper in cited if (name := name_of(paper))]
    if "compare" not in done and len(names) > 1:
        yield f"Compare {names[0]} and {names[1]}"
    with_code = sum(paper.has_code for paper in cited)
    are_all = len(cited) == len(answer.references)  # else "these" are others as well
    if are_all and "code" not in done and answer.plan.filters.has_code is None and 0 < with_code < len(cited):
        yield "Which of these have code?"
    yield from (f"What is {name}?" for name in names if name.casefold() not in called)
    if "author" not in done and (author := _most_frequent_author(cited)):
        yield f"What does {author} work on?"


def _about_one(answer: Answer, paper: Paper, read: Sequence[Paper]) -> Iterator[str]:
    done, name, title = _operations(answer), name_of(paper), plain_text(paper.title)
    called = name or f"“{title}”"
    if name and name.casefold() not in answer.question.casefold():
        yield f"What is {name}?"
    if paper.has_code and "code" not in done:
        yield f"Is there code for {called}?"
    if paper.authors and not {"authors", "author"} & done:
        yield f"Who wrote {called}?"
    yield from (f"Compare {name} and {other}" for one in read[:1] if name and (other := name_of(one)))
    if "similar" not in done:
        yield f"Papers similar to “{title}”"


def _instead(closest: Sequence[Paper]) -> Iterator[str]:
    """Yield what can be asked of the papers that are closest to a question without an answer."""
    for paper in closest[:2]:
        name = name_of(paper)
        yield f"What is {name}?" if name else f"What is “{plain_text(paper.title)}” about?"
    for paper in closest[:1]:
        yield f"Papers similar to “{plain_text(paper.title)}”"


def _operations(answer: Answer) -> set[str]:
    """Return what was asked already: the operations of the plan, and the fields that it looked up."""
    steps = answer.plan.steps
    fields = (name for step in steps if isinstance(step.arguments, PaperFacts) for name in step.arguments.fields)
    return {*(step.operation for step in steps), *fields}


def name_of(paper: Paper) -> str:
    """Return what a paper calls its work: the name before the colon of its title, or the one that its abstract coins
    and says most often; "" if it has none."""
    title, abstract = plain_text(paper.title), plain_text(paper.abstract)
    name = short_title(title)
    if name != title and len(name.split()) <= _LONGEST_NAME and name in abstract:
        return name
    coined = sorted(name for name in coined_names(paper) if not _is_plural(name))
    return max(coined, key=abstract.count, default="")


def _is_plural(name: str) -> bool:
    """Tell whether a name is that of many things, as "LLMs" is."""
    return name.endswith("s") and name[:-1].isupper()


def _most_frequent_author(papers: Sequence[Paper]) -> str:
    """Return the author of most of the papers, "" if nobody wrote two of them."""
    counts = Counter(name for paper in papers for name in paper.authors)
    name, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return name if count > 1 else ""
