"""What was found -> a draft: computed lines as they are, the rest by the local composer or the chat model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.facts.replies import Reply, computed, said
from assistant.manuscripts.author_summary import summary
from assistant.manuscripts.related_work import related_work
from assistant.manuscripts.sections import Section
from assistant.operations.results import Gathered, Refusal, Result
from assistant.planning.plan import AuthorWork, Compare, Form, Passages, RelatedWork, Rework, Survey
from assistant.records import Stage, Usage
from assistant.searching.answerability import Reading, StoppableReading
from assistant.settings import Settings
from assistant.text.evidence import numbered
from assistant.text.marker_filter import MarkerFilter
from assistant.writing.composer import Composed, compared, composed_answer
from assistant.writing.draft import Draft, Written
from assistant.writing.draft_by_model import model_text
from assistant.writing.refusals import not_answered, off_topic
from assistant.writing.surveys import survey_lines
from vectorstore.library import Library

_MORE = "{} more papers are on this; ask for related work on a part of it, or list them."
_AS_WRITTEN = "The local model answers in the abstracts' own words, in English; choose a chat model for {}."


def drafted(
    gathered: Gathered, library: Library, settings: Settings, reading: Reading
) -> Iterator[Stage | str | Draft]:
    """Yield stages and pieces of text, then the draft. Raises ModelError if the model fails."""
    writer = _Writer(gathered, library, settings, reading)
    yield from writer.events()
    yield Draft(gathered, tuple(writer.blocks))


class _Writer:
    """Writes the blocks of a draft, in the order of the steps."""

    def __init__(self, gathered: Gathered, library: Library, settings: Settings, reading: Reading) -> None:
        self._gathered, self._library, self._settings = gathered, library, settings
        self._reading = StoppableReading(reading, gathered.asked.stop)
        self.blocks: list[Reply | Written] = []

    def events(self) -> Iterator[Stage | str]:
        results = self._gathered.results
        by_model = [] if self._gathered.asked.choice.is_extractive else [one for one in results if _for_a_model(one)]
        for result in results:
            if result in by_model:
                if result is by_model[0]:
                    yield from self._by_model(by_model)
            else:
                yield from self._block(result)

    def _block(self, result: Result) -> Iterator[Stage | str]:
        arguments = result.step.arguments
        if result.refusal:
            yield from self._kept(_refused(result.refusal))
        elif isinstance(arguments, AuthorWork | RelatedWork):
            yield from self._section(result)
        elif result.lines:
            yield from self._kept(computed(result.lines, found=result.papers))
        elif isinstance(arguments, Survey):
            form = self._gathered.plan.form
            lines = survey_lines(arguments, result.papers, self._library, form=form, among=self._among)
            yield from self._kept(computed(lines, found=result.papers))
        elif isinstance(arguments, Rework):
            yield from self._again(result)
        else:
            yield from self._composed(result, self._gathered.plan.form)

    @property
    def _among(self) -> str:
        """That there are limits, in words to stand behind "papers"; nothing without any."""
        return " within the limits of this conversation" if self._gathered.asked.within else ""

    def _kept(self, events: Iterator[str | Reply]) -> Iterator[str]:
        """Pass on a reply's pieces behind what stands there already, and keep the reply."""
        begun = not self.blocks
        for event in events:
            if isinstance(event, Reply):
                self.blocks.append(event)
            else:
                yield event if begun else f"\n\n{event}"
                begun = True

    # -- by the local composer

    def _composed(self, result: Result, form: Form) -> Iterator[Stage | str]:
        arguments = result.step.arguments
        papers = {
            paper.paper_id: paper
            for paper in self._library.catalogue.papers({i.passage.paper_id for i in result.passages})
        }
        given = [
            (numbered(number, item.passage, papers[item.passage.paper_id]), item.passage)
            for number, item in enumerate((i for i in result.passages if i.passage.paper_id in papers), 1)
        ]
        evidence = [item for item, _ in given]
        paper_ids = tuple(passage.paper_id for _, passage in given)
        yield Stage(f"reading {len(given)} passage{'' if len(given) == 1 else 's'}", paper_ids)
        with self._gathered.asked.watch.measure("generate"):
            if isinstance(arguments, Compare):
                composed = compared(arguments, evidence, self._reading)
            elif isinstance(arguments, Passages) and not off_topic(self._gathered, result, self._library):
                composed = composed_answer(arguments, evidence, self._reading, form)
            else:
                composed = Composed(answered=False)
        if not composed.answered:
            refusal = not_answered(self._gathered, result, self._library, closest=composed.closest)
            yield from self._kept(_refused(refusal))
            return
        markers = MarkerFilter(evidence, numbers_alone=True)
        pieces = [markers.feed(piece) for piece in composed.pieces]
        text = "".join([*pieces, markers.flush()]).strip()
        yield text if not self.blocks else f"\n\n{text}"
        by_number = {item.number: (item, passage) for item, passage in given}
        cited = {number: by_number[key] for number, key in enumerate(markers.cited, 1)}
        self.blocks.append(Written(text, cited, tuple(given), papers, Usage(), notes=tuple(self._notes(result, form))))

    def _notes(self, result: Result, form: Form) -> Iterator[str]:
        for side in result.missing:
            yield f"The library has no paper on “{side}”; it is not compared."
        wants = [form.reader and "plainer words", form.language not in ("", "English") and form.language]
        if asked := [str(one) for one in wants if one]:
            yield _AS_WRITTEN.format(" and ".join(asked))

    def _again(self, result: Result) -> Iterator[Stage | str]:
        """Answer the question before anew, in the form that is wanted now."""
        form = self._gathered.plan.form
        for before in result.again:
            if before.passages and isinstance(before.step.arguments, Passages | Compare) and not before.refusal:
                yield from self._composed(before, form)
            else:
                yield from self._block(before)
        if not result.again:
            yield from self._kept(computed((), found=result.papers))

    # -- sections

    def _section(self, result: Result) -> Iterator[Stage | str]:
        asked, arguments = self._gathered.asked, result.step.arguments
        if isinstance(arguments, AuthorWork):
            name = arguments.name
            events = summary(result.papers, name, self._library, asked.choice, self._settings, among=self._among)
        else:
            assert result.wanted is not None
            events = related_work(result.wanted, self._library, asked.choice, self._settings, found=result.related)
        begun = not self.blocks
        paper_ids = tuple(paper.paper_id for paper in result.papers)
        for event in asked.until_stopped(events):
            if isinstance(event, Section):
                self.blocks.append(self._reply(event, result))
            elif isinstance(event, str):
                yield event if begun else f"\n\n{event}"
                begun = True
            else:
                yield replace(event, read=paper_ids)

    def _reply(self, section: Section, result: Result) -> Reply:
        spent = {name: value for name, value in section.timings_ms.items() if name != "total"}
        self._gathered.asked.watch.spent.update(spent)
        papers = {paper.paper_id: paper for paper in self._library.catalogue.papers(section.paper_ids)}
        more = section.more if isinstance(result.step.arguments, RelatedWork) else 0
        return Reply(
            text=section.text,
            sentences=section.sentences,
            citations=section.citations,
            papers=tuple(papers[paper_id] for paper_id in section.paper_ids),
            found=(*section.paper_ids, *(paper.paper_id for paper in section.left_out)),
            usage=section.usage,
            incomplete=section.incomplete,
            notes=(*section.notes, *([_MORE.format(more)] if more else []), *result.notes),
        )

    # -- by a chat model

    def _by_model(self, results: Sequence[Result]) -> Iterator[Stage | str]:
        """Have a model write what is left to it, all steps together."""
        others = [one for one in self._gathered.results if one not in results]
        lines = [line.text for one in others for line in one.lines] + [
            one.refusal.text for one in others if one.refusal
        ]
        begun = not self.blocks
        watch = self._gathered.asked.watch
        with watch.measure("generate"):
            for event in model_text(self._gathered, results, self._library, self._settings, computed="\n".join(lines)):
                if isinstance(event, Written):
                    yield from self._kept_of_model(event, results)
                elif isinstance(event, str) and event and not begun:
                    yield f"\n\n{event}"
                    begun = True
                else:
                    yield event

    def _kept_of_model(self, written: Written, results: Sequence[Result]) -> Iterator[str]:
        """Keep a model's text; where it says that nothing answers, say so with what is closest."""
        if written.text:
            self.blocks.append(written)
            return
        refusal = not_answered(self._gathered, results[0], self._library)
        yield from self._kept(_refused(refusal, usage=written.usage))


def _refused(refusal: Refusal, *, usage: Usage | None = None) -> Iterator[str | Reply]:
    return said(refusal.text, why=refusal.why, closest=refusal.closest, usage=usage)


def _for_a_model(result: Result) -> bool:
    """Tell whether a chat model writes what a step comes to."""
    if result.is_final or isinstance(result.step.arguments, AuthorWork | RelatedWork):
        return False
    return bool(result.passages)
