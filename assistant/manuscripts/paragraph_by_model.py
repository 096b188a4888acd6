"""A theme's papers -> a paragraph by a chat model, kept but for sentences whose citations are invented."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.checking.quoting import quotes_by_marker, quotes_within
from assistant.manuscripts.section_writing import Given, Style, by_number, checked_sentence
from assistant.manuscripts.sections import Paragraph, SectionSentence
from assistant.manuscripts.themes import Theme
from assistant.models.generation import generated
from assistant.models.packing import packed
from assistant.models.served_model import ServedModel
from assistant.models.stream_events import Finished, Restart, tokens_of
from assistant.prompts import load_prompt
from assistant.records import Stage, Usage
from assistant.settings import Settings
from assistant.text.citations import cited_sentences
from assistant.text.evidence import evidence_lines
from assistant.text.marker_filter import MarkerFilter

_FOR_THE_ANSWER = 1024  # tokens
_CERTAIN = 0.8  # share of a context: another model's tokens are shorter than those of o200k_base
_LEAST_EVIDENCE, _MOST_EVIDENCE = 300, 8000  # tokens
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s.*$|[-*•]\s+|\d+[.)]\s+)|\*\*|\\cite\w*\{[^}]*\}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ByModel:
    """A paragraph as far as the model's sentences could be kept, and what became of the others."""

    paragraph: Paragraph
    usage: Usage = field(default_factory=Usage)
    removed: int = 0  # citations of papers that were not given
    stood_in: int = 0  # papers that local sentences speak of, since the model's do not
    broken_off: str = ""


def model_paragraph(
    theme: Theme,
    given: Sequence[Given],
    local: Paragraph,
    style: Style,
    model: ServedModel,
    settings: Settings,
    *,
    words: int,
) -> Iterator[Stage | ByModel]:
    """Yield stages, then the paragraph. Citations of papers that were not given are removed, papers that no sentence
    speaks of have those of `local`, the paragraph by local code, and where none speaks of any, that stands.

    Raises ModelError if the model fails before it has written anything.
    """
    chosen = packed(given, asked=theme.name, tokens=_room(theme, style, model, settings, words), needed=len(given))
    messages = _prompt(theme, chosen, style, model, words)
    doing = f"writing on {theme.name}"
    yield Stage(doing)
    pieces, finished = list[str](), Finished()
    for event in generated(messages, model.choice, settings, doing=doing):
        if isinstance(event, Stage):
            yield event
        elif isinstance(event, Finished):
            finished = event
        elif isinstance(event, Restart):
            pieces.clear()
        else:
            pieces.append(event)
    kept, removed = checked_text("".join(pieces), theme, given)
    there = {number for told in kept for number in told.numbers}
    missing = [evidence.number for evidence, _ in given if evidence.number not in there]
    one_each = (told for told in local.sentences if len(told.numbers) == 1 and told.numbers[0] in missing)
    kept = [*kept, *one_each] if there else list(local.sentences)
    yield ByModel(replace(local, sentences=tuple(kept)), finished.usage, removed, len(missing), finished.broken_off)


def checked_text(written: str, theme: Theme, given: Sequence[Given]) -> tuple[list[SectionSentence], int]:
    """Return the sentences of a text that somebody wrote on a theme, each once and held against what it cites; and how
    many citations were taken out that name nothing that was `given`."""
    markers = MarkerFilter([evidence for evidence, _ in given])
    text = markers.feed(written) + markers.flush()
    text = " ".join(_MARKUP.sub("", text).split())
    # The filter has numbered the markers by mention; those of the section are the papers' own.
    own = dict(enumerate(markers.cited, 1))
    quotes = {(own[number], place): words for (number, place), words in markers.quotes_in(text).items()}
    text = re.sub(r"\[(\d+)\]", lambda match: f"[{own[int(match[1])]}]" if int(match[1]) in own else "", text)
    placed = quotes_by_marker(text, quotes)
    kept: dict[str, SectionSentence] = {}
    for part in cited_sentences(text):
        own_quotes = quotes_within(placed, part.start, part.end)
        sentence = text[part.start : part.end]
        told = checked_sentence(sentence, part.numbers, by_number(given), theme.papers, quotes=own_quotes)
        kept.setdefault(told.text, told)
    return list(kept.values()), markers.dropped


def _prompt(theme: Theme, given: Sequence[Given], style: Style, model: ServedModel, words: int) -> list[BaseMessage]:
    author = {"author": style.author} if style.author else {}
    evidence = evidence_lines(evidence for evidence, _ in given)
    user = load_prompt(f"{style.form}_user", evidence=evidence, theme=theme.name, words=str(words), **author)
    citing = load_prompt("citing_numbers" if model.is_small else "citing_words")
    return [SystemMessage(load_prompt(f"{style.form}_system", citing=citing)), HumanMessage(user)]


def _room(theme: Theme, style: Style, model: ServedModel, settings: Settings, words: int) -> int:
    """Return how many tokens of evidence the model is given."""
    most = settings.evidence_tokens or _MOST_EVIDENCE
    if model.context_tokens is None:
        return most
    asking = tokens_of(_prompt(theme, [], style, model, words))
    room = int(model.context_tokens * _CERTAIN) - min(_FOR_THE_ANSWER, model.context_tokens // 4) - asking
    return max(min(most, room), _LEAST_EVIDENCE)
