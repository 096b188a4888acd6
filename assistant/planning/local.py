"""LocalPlanner: question and earlier turns -> Plan.

A small model says what is asked for; names, dates, orders and references are read by grammar.
"""

import re
from collections.abc import Sequence
from datetime import date

from assistant.planning.continuing import continued
from assistant.planning.decisions_asked import decision_asked
from assistant.planning.finders import identified_in
from assistant.planning.form import form_of, without_courtesy, without_shorthand
from assistant.planning.intents import shared_intents
from assistant.planning.misspelt import american
from assistant.planning.named_filters import NamedFilters, named_filters
from assistant.planning.operation import step_for
from assistant.planning.part import Drafted, Part
from assistant.planning.parts import parts_of
from assistant.planning.plan import (
    Arguments,
    AuthorWork,
    Correction,
    Decide,
    Papers,
    Passages,
    Plan,
    Rework,
    Step,
    Talk,
    Turn,
    UnknownAuthor,
    UnknownName,
)
from assistant.planning.references import Context
from assistant.planning.vocabulary import Vocabulary
from assistant.text.words import foreign_language, without_small_words
from vectorstore.errors import QuestionError
from vectorstore.text.terms import terms

MAX_CHARACTERS = 4000
_TAG = re.compile(r"</?(?:a|b|i|u|p|br|em|strong|span|div|script|style|img|h\d)(?:\s[^>]*)?/?>", re.I)  # not "<eos>"
_GOING_ON = re.compile(r"^(?:and|but|or|what about|how about|what of|and what about|same for|also)\s+(?=\S)", re.I)
_FEW, _GREETS = 3, 0.8  # words that may be left of a greeting, "Hi there!", and its probability
_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|correct|right|exactly|of course|i do|do it|go ahead|that one|please do|ja|oui|si|sí)"
    r"(?: (?:please|pls|thanks|i do|i meant that|that one))?\W*$",
    re.I,
)
_NO = re.compile(r"^\W*(?:no|nope|nah|nein|non)(?: (?:thanks|thank you))?\W*$", re.I)
_DASH = re.compile(r"(?<!\d)\s+[-–—]+\s+|\s+[-–—]+\s+(?!\d)")  # before what is added to a question, not "2020 - 2022"
_SURE, _TOPICAL = 0.5, 0.03  # of what is asked for; of a word that may be a topic
_WORD = re.compile(r"\w+")
_AND = re.compile(r"^(?:und|et|y|e|en|och|og|и)\s", re.I)  # how a question in another language goes on


def cleaned(question: str) -> str:
    """Return the question without control characters and superfluous white space.

    Raises QuestionError if nothing is left, or if it is longer than MAX_CHARACTERS.
    """
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_CHARACTERS:,} are read. Ask it more briefly."
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    return text


class LocalPlanner:
    """Plans in this process. What is exact in a question is read; what is neither sure nor exact is a search."""

    def __init__(self, vocabulary: Vocabulary, *, today: date | None = None) -> None:
        self._vocabulary = vocabulary
        self._intents = shared_intents()
        self._today = today or date.today()

    def plan(
        self, question: str, *, history: Sequence[Turn] = (), limited: Sequence[str] = (), author: str = ""
    ) -> Plan:
        """Return the plan of a question after earlier turns, in a conversation that is `limited` to papers, if it is,
        be it those of an `author`.

        Raises QuestionError if it is empty, too long, or names nothing to look for.
        """
        text = _TAG.sub(" ", cleaned(question)).strip() or cleaned(question)
        context = Context(history, tuple(limited), author)
        if plan := self._talk(text, context):
            return plan
        form, rest = form_of(without_courtesy(without_shorthand(text)).strip(" ?.!"))
        if len(rest.split()) < _FEW and self._intents.read(text).probabilities["greeting"] > _GREETS:
            return _one(Talk(about="greeting"))
        foreign = rest if foreign_language(text) else ""
        drafted = Drafted(form, context, self._intents, foreign=foreign, goes_on=bool(foreign and _AND.match(text)))
        if foreign:
            rest = without_small_words(rest)
        if not any(map(str.isalnum, rest)):
            return self._reworked(drafted, text)
        for part in self._parts(_DASH.sub(", ", rest.strip(" :;,-–"))):
            self._add(part.strip(" ?.!,;"), drafted)
        return drafted.plan()

    # -- whole questions

    def _talk(self, text: str, context: Context) -> Plan | None:
        offered = context.history[-1].plan.offered if context.history else ()
        if _YES.match(text) and offered:
            return Plan(steps=offered)
        if _NO.match(text):
            return _one(Talk(about="greeting"))
        decision = decision_asked(text, self._vocabulary.people, self._vocabulary.papers_in)
        if decision:
            return _one(Decide(kind=decision.kind, names=decision.names, papers=decision.paper_ids))
        return None

    def _reworked(self, drafted: "Drafted", text: str) -> Plan:
        """Return the plan of a question of which no word is read, or that only wants another form: "shorter"."""
        if drafted.foreign:
            part = self._part(text, named_filters(text, self._vocabulary, today=self._today), drafted)
            asked = step_for(part, drafted)
            if not isinstance(asked, Papers | Passages):
                drafted.steps.append(Step.of(asked))
                return drafted.plan()
        if drafted.context.last is None and not drafted.context.several:
            if drafted.form.language:  # a question in other letters, of which the rules read nothing
                step = Step.of(Passages(query=text, question=text))
                return Plan(steps=(step,), form=drafted.form, not_understood=tuple(text.split()))
            if not terms(text) and not drafted.form:
                raise QuestionError(f"“{text}” names nothing to look for; ask about a topic, a paper or an author.")
            return _one(Talk(about="unclear"))
        drafted.steps.append(Step.of(Rework()))
        drafted.refers_to += drafted.context.last.paper_ids if drafted.context.last else drafted.context.several
        return drafted.plan()

    def _parts(self, text: str) -> list[str]:
        """Return the questions that a question is made of; a title that has a question mark is not split."""
        parts = parts_of(text)
        named = [said.strip("?.,!:;") for _, said in self._vocabulary.papers_in(text)] if len(parts) > 1 else []
        return parts if all(any(said in part for part in parts) for said in named) else [text]

    # -- one part of a question

    def _add(self, text: str, drafted: "Drafted") -> None:
        """Add the step that answers one part of a question."""
        has_words = any(map(str.isalpha, text)) or any(identified_in(text, self._vocabulary))
        if not drafted.context.history and not drafted.steps and not has_words:
            raise QuestionError(f"“{text}” names nothing to look for; ask about a topic, a paper or an author.")
        going_on = _GOING_ON.match(text) if not drafted.steps else None
        said = text[going_on.end() :] if going_on else text
        named = named_filters(said, self._vocabulary, today=self._today)
        if named.unknown_author or named.namesakes:
            self._unknown(said, named, drafted)
            return
        if named.unknown_name:
            kind, name = named.unknown_name
            drafted.steps.append(Step.of(UnknownName(kind=kind, name=name)))
            return
        corrected = list(named.corrections)
        if mended := self._mended(said, named, drafted):
            said, typos = mended
            corrected += [(typed, meant) for typed, meant in typos.items() if meant != american(typed)]
            named = named_filters(said, self._vocabulary, today=self._today)
        drafted.corrections += [Correction(typed=typed, meant=meant) for typed, meant in corrected]
        part = self._part(said, named, drafted, goes_on=bool(going_on))
        step = continued(part, drafted) or step_for(part, drafted)
        if isinstance(step, AuthorWork) and named.corrections:  # whose work is summed up is never guessed
            typed, _ = named.corrections[0]
            drafted.offered.append(Step.of(step))
            step = UnknownAuthor(name=typed, near=(step.name,))
            drafted.corrections.clear()
        if not (isinstance(step, AuthorWork) and Step.of(step) in drafted.steps):  # "Who is A, what does she work on?"
            drafted.steps.append(Step.of(step))
        drafted.not_understood += part.leftover

    def _mended(self, text: str, named: NamedFilters, drafted: "Drafted") -> tuple[str, dict[str, str]] | None:
        """Return a text with what its misspelt words mean, and these words, if there are any beside the names.

        What is understood without a topic stays so: "reword" is no misspelt "reward".
        """
        typos = {} if drafted.foreign else dict(self._vocabulary.misspelt_words(named.bare))
        mended = _WORD.sub(lambda word: typos.get(word.group(), word.group()), text)
        intent = self._intents.read(text)
        is_understood = intent.likeliest()[1] > _SURE and intent.topical < _TOPICAL
        return None if not typos or is_understood else (mended, typos)

    def _part(self, text: str, named: NamedFilters, drafted: "Drafted", *, goes_on: bool = False) -> Part:
        whole = named_filters(drafted.foreign, self._vocabulary, today=self._today) if drafted.foreign else named
        return Part.of(text, named, drafted, whole=whole, goes_on=goes_on)

    def _unknown(self, text: str, named: NamedFilters, drafted: "Drafted") -> None:
        """Add the step that says that nobody, or several people, are called so, and offer the nearest one."""
        people = self._vocabulary.people
        if named.namesakes:
            drafted.steps.append(Step.of(UnknownAuthor(name="", near=named.namesakes, ambiguous=True)))
            return
        name = named.unknown_author or ""
        near = tuple(people.alike(name))
        drafted.steps.append(Step.of(UnknownAuthor(name=name, near=near)))
        if near and name in text:
            meant = Drafted(drafted.form, Context(), self._intents)
            self._add(text.replace(name, near[0], 1), meant)
            drafted.offered += meant.steps


def _one(arguments: Arguments) -> Plan:
    return Plan(steps=(Step.of(arguments),))
