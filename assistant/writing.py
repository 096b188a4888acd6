"""Evidence -> prompt -> the model's text, as it streams -> a checked reply."""

from collections.abc import Iterator

from assistant.checking import checked
from assistant.citations import MarkerFilter
from assistant.composition import NOT_IN_THE_LIBRARY
from assistant.evidence import numbered
from assistant.evidence_search import Found, within_budget
from assistant.generation import generated, prompt_for
from assistant.models import ModelChoice
from assistant.query import Query
from assistant.records import Stage, Usage
from assistant.replies import Reply, refusal, said
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from vectorstore.library import Library


def written(
    query: Query,
    found: Found,
    choice: ModelChoice,
    settings: Settings,
    library: Library,
    watch: Stopwatch,
    *,
    strict: bool,
) -> Iterator[Stage | str | Reply]:
    """Yield stages and pieces of the model's text, then the reply. Raises ModelError if the model fails.

    The pieces are as the model wrote them but for their markers; the reply's text is what counts. With `strict` there
    are none, and sentences without support are left out of the reply.
    """
    ids = {item.passage.paper_id for item in found.passages}
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(ids)}
    candidates = (
        (numbered(number, item.passage, papers[item.passage.paper_id]), item.passage)
        for number, item in enumerate(found.passages, 1)
    )
    evidence = {item[0].number: item for item in within_budget(candidates, tokens=settings.evidence_tokens)}
    yield Stage(f"reading {len(evidence)} passages")
    messages = prompt_for(query, [item for item, _ in evidence.values()])
    markers = MarkerFilter(evidence.keys())
    yield Stage("writing")
    shown: list[str] = []
    held: str | None = ""  # the start of the text, while it may still become the words of a refusal
    usage = Usage()
    with watch.measure("generate"):
        for event in generated(messages, choice, settings):
            if isinstance(event, Usage):
                usage = event
            elif piece := markers.feed(event):
                shown.append(piece)
                if strict:
                    continue
                if held is None:
                    yield piece
                elif not NOT_IN_THE_LIBRARY.startswith((held := held + piece).strip()[: len(NOT_IN_THE_LIBRARY)]):
                    yield held
                    held = None
    text = "".join([*shown, markers.flush()]).strip()
    if not text or text.startswith(NOT_IN_THE_LIBRARY):
        yield from said(refusal(query, found, None), abstained=True, usage=usage)
        return
    yield Stage("checking")
    with watch.measure("check"):
        cited = {number: evidence[key] for number, key in enumerate(markers.cited, 1)}
        given, model = tuple(evidence.values()), library.embeddings.model
        reply = checked(text, cited, papers, usage, strict=strict, given=given, model=model)
    if reply.text:
        yield reply
    else:
        yield from said(refusal(query, found, None), abstained=True, usage=usage)
