"""The chain on the real seeds with the local model: right answers, their form, and citations that hold."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from assistant.evaluation.gold_questions import GoldQuestion, fault, read_questions
from assistant.pipeline import Assistant
from assistant.records import Abstention, Answer, Stage, Verdict
from assistant.settings import Settings
from assistant.text.evidence import short_title
from assistant.text.plain_text import plain_text
from assistant.text.third_person import third_person
from assistant.text.words import content_words
from tests.planned import kind_of
from vectorstore.errors import QuestionError
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.paper import Paper
from vectorstore.text.sentences import sentence_spans
from vectorstore.text.terms import terms

QUESTIONS = read_questions(Path(__file__).parent / "data" / "questions.jsonl")
MARKER = re.compile(r"\[(\d+)\]")
QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
FIRST_PERSON = re.compile(r"\b(?:we|our|ours|us|ourselves|my)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> dict[str, Answer]:
    """The answer to each of our questions."""
    return {question.id: answer_to(assistant, question) for question in QUESTIONS}


@pytest.fixture(scope="module")
def definitions(assistant: Assistant) -> list[tuple[Paper, Answer]]:
    """Every paper of the seeds, and the answer to what it is."""
    return [
        (paper, assistant.ask(f"What is {short_title(plain_text(paper.title))}?"))
        for paper in assistant.library.papers()
    ]


def answer_to(assistant: Assistant, question: GoldQuestion) -> Answer:
    return assistant.ask(question.question, history=assistant.turns(question.history))


def of_kind(answers: dict[str, Answer], *kinds: str) -> Iterator[Answer]:
    return (answer for answer in answers.values() if kind_of(answer.plan) in kinds and not answer.abstained)


def written(answer: Answer) -> list[str]:
    """The sentences of an answer as they were printed, without their markers."""
    return [re.sub(r"\s*\[\d+\]", "", sentence.text) for sentence in answer.sentences]


# -- right


MISSED = {
    **dict.fromkeys(
        "fact-3 fact-8 fact-14 fact-17 fact-22 fact-24 fact-26 fact-37".split(),
        "the reader misses what the abstract says",
    ),
    "define-13": "the reader prefers a paper that only uses the term",
    **dict.fromkeys(
        "unanswerable-10 unanswerable-24 unanswerable-27".split(),
        "a paper near the one named is told",
    ),
    "unanswerable-22": "what a paper says of the same method is taken for the answer",
    **dict.fromkeys(
        "unanswerable-41 unanswerable-44".split(), "the side that the library has is told, with a note on the other"
    ),
}


def marked(question: GoldQuestion) -> ParameterSet:
    why = MISSED.get(question.id)
    marks = [pytest.mark.xfail(reason=why, strict=False)] if why else []
    return pytest.param(question, id=question.id, marks=marks)


@pytest.mark.parametrize("question", map(marked, QUESTIONS))
def test_the_question_is_answered_right(answers: dict[str, Answer], question: GoldQuestion) -> None:
    answer = answers[question.id]
    assert fault(question, answer) == "", answer.text


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    for question in QUESTIONS[:: len(QUESTIONS) // 12]:
        one, other = answer_to(assistant, question), answer_to(assistant, question)
        assert {**one.record(), "timings_ms": 0} == {**other.record(), "timings_ms": 0}


# -- what an answer rests on


def test_every_quote_stands_in_its_abstract(answers: dict[str, Answer], seeds_library: Library) -> None:
    abstracts = {paper.paper_id: paper.abstract for paper in seeds_library.papers()}
    quotes = [citation for answer in answers.values() for citation in answer.citations]
    assert sum(bool(citation.quote) for citation in quotes) > 300
    for citation in quotes:
        assert abstracts[citation.paper_id][citation.start : citation.end] == citation.quote


def test_references_are_the_cited_papers(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        numbers = [reference.number for reference in answer.references]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {int(number) for number in MARKER.findall(answer.text)} == set(numbers)
        assert {number for sentence in answer.sentences for number in sentence.citations} == set(numbers)
        assert {citation.number for citation in answer.citations} == set(numbers)
        papers = {reference.number: reference.paper_id for reference in answer.references}
        assert all(papers[citation.number] == citation.paper_id for citation in answer.citations)
        assert len(set(papers.values())) == len(papers)


def test_what_was_read_and_not_cited_is_told_apart(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        assert not {reference.paper_id for reference in answer.references} & set(answer.also_read)
    assert any(answer.also_read for answer in of_kind(answers, "definition"))


def test_markers_appear_in_the_order_of_the_references(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        first_mentions = list(dict.fromkeys(int(number) for number in MARKER.findall(answer.text)))
        assert first_mentions == sorted(first_mentions)


def test_an_abstaining_answer_refers_to_nothing(answers: dict[str, Answer]) -> None:
    abstaining = [answer for answer in answers.values() if answer.abstained]
    assert len(abstaining) > 40
    for answer in abstaining:
        assert answer.references == answer.citations == ()
        assert not MARKER.search(answer.text)


def test_what_the_local_model_writes_is_supported(answers: dict[str, Answer]) -> None:
    model_written = of_kind(answers, "fact", "figure", "definition", "compare")
    verdicts = [sentence.verdict for answer in model_written for sentence in answer.sentences]
    assert len(verdicts) > 200
    assert set(verdicts) <= {Verdict.SUPPORTED, Verdict.COMPUTED, Verdict.NOT_A_CLAIM}
    assert verdicts.count(Verdict.SUPPORTED) > 0.8 * len(verdicts)


def test_what_the_catalogue_says_is_computed(answers: dict[str, Answer]) -> None:
    computed = of_kind(answers, "papers", "count", "authors", "date", "code")
    assert {sentence.verdict for answer in computed for sentence in answer.sentences} == {Verdict.COMPUTED}


# -- "What is X?"


def test_what_each_paper_is_takes_two_or_three_sentences(definitions: list[tuple[Paper, Answer]]) -> None:
    for paper, answer in definitions:
        assert kind_of(answer.plan) == "definition", paper.title
        assert [reference.paper_id for reference in answer.references] == [paper.paper_id]
        enough = 2 if len(list(sentence_spans(paper.abstract))) > 1 else 1
        assert enough <= len(answer.sentences) <= 3, (paper.title, answer.text)


def test_every_sentence_is_cited_and_none_is_said_twice(definitions: list[tuple[Paper, Answer]]) -> None:
    for paper, answer in definitions:
        assert all(sentence.citations == (1,) for sentence in answer.sentences), paper.title
        assert len(set(written(answer))) == len(answer.sentences)


def test_authors_and_year_are_named_at_first_mention_alone(definitions: list[tuple[Paper, Answer]]) -> None:
    for paper, answer in definitions:
        first, *others = written(answer)
        year = f" ({paper.published.year})" if paper.published else ""
        named = re.search(
            rf"(?: et al\.|[Tt]he authors (?:of “.+”|at [\w ]+)|[\w-]+ and [\w-]+){re.escape(year)}", first
        )
        assert named, (paper.title, first)
        assert not year or not any(year in sentence for sentence in others)


def test_no_sentence_speaks_in_the_first_person(
    definitions: list[tuple[Paper, Answer]], answers: dict[str, Answer]
) -> None:
    model_written = of_kind(answers, "fact", "figure", "definition", "compare", "papers")
    for answer in [*(answer for _, answer in definitions), *model_written]:
        for sentence in written(answer):
            unquoted = QUOTED.sub("", re.sub(r"\*\*.+?\*\*", "", sentence)).replace("US ", "")
            assert not FIRST_PERSON.search(unquoted), sentence
            assert not re.search(r"\b[Ii]n this (?:paper|work|study)\b|\b[Tt]his paper\b", unquoted), sentence


def test_no_sentence_is_cut(definitions: list[tuple[Paper, Answer]], answers: dict[str, Answer]) -> None:
    abstracts = {paper.paper_id: paper for paper, _ in definitions}
    prose = of_kind(answers, "fact", "figure", "definition")
    for answer in [*(answer for _, answer in definitions), *prose]:
        papers = {reference.number: abstracts[reference.paper_id] for reference in answer.references}
        for sentence in answer.sentences:
            said = claim(sentence.text)
            assert any(said == whole for whole in claims(papers[sentence.citations[0]])), sentence.text


@cache
def claims(paper: Paper) -> list[frozenset[str]]:
    """What each sentence of an abstract says, without who says it."""
    return [
        claim(third_person(plain_text(paper.abstract[start:end]), source="X", named=named))
        for start, end in sentence_spans(paper.abstract)
        for named in (True, False)
    ]


def claim(sentence: str) -> frozenset[str]:
    """Return the words of a sentence without its authors and markers."""
    text = re.sub(r"\[\d+\]", "", sentence)
    text = re.sub(r"[Aa]ccording to (?=[A-Z]|the authors)", "", text)
    text = re.sub(
        r"[Tt]he authors (?:of “.+?”(?= \(|,? [a-z])|at [A-Z]\w+(?: [A-Z]\w+)?)|\w+(?: et al\.| and \w+) \(\d{4}\)",
        "",
        text,
    )
    text = re.sub(r"\((?:19|20)\d\d\)|\bX\b|\b[Tt]hey\b|\b[Tt]heir\b", "", text)
    return frozenset(content_words(text))


def test_answers_read_cleanly(definitions: list[tuple[Paper, Answer]], answers: dict[str, Answer]) -> None:
    for answer in [*(answer for _, answer in definitions), *answers.values()]:
        text = re.sub(r"https?://\S+|“[^”]*”|\*\*.+?\*\*", "it", answer.text)
        assert not re.search(r"\b(?!that\b|had\b)([A-Za-z]{2,}) \1\b", text), answer.text  # a word said twice
        assert not re.search(r"\\[A-Za-z]+|\$[^$]*\$|\\texttt|\{it ", text), answer.text  # LaTeX
        assert not re.search(r"(?<!\.)\.\.(?!\.)| ,| \.(?!\d)|\(\s|  ", text.replace("\n\n", "")), answer.text
        assert not re.search(
            r"\b(?:Kim|No|al\.|authors[^.]{0,80}) \(\d{4}\) (?:proposes|introduces|shows|is|has)\b", text
        )


# -- lists and counts


def test_a_list_leads_with_its_number(answers: dict[str, Answer]) -> None:
    lists = list(of_kind(answers, "papers", "count"))
    assert len(lists) > 40
    for answer in lists:
        lead, *lines = answer.text.split("\n")
        papers = [line for line in lines if re.match(r"\d+\. ", line)]
        assert re.match(rf"{len(papers)} |The ", lead) or len(papers) in (0, 50), lead
        assert [int(line.split(".")[0]) for line in papers] == list(range(1, len(papers) + 1))
        assert len(answer.references) == len(papers)


def test_a_line_of_a_list_has_title_authors_date_and_one_clause(
    answers: dict[str, Answer], seeds_library: Library
) -> None:
    papers = {paper.paper_id: paper for paper in seeds_library.papers()}
    for answer in of_kind(answers, "papers", "count"):
        lines = [line for line in answer.text.split("\n") if re.match(r"\d+\. ", line)]
        for line, reference in zip(lines, answer.references, strict=True):
            paper = papers[reference.paper_id]
            date = f"{paper.published.day} {paper.published:%B %Y}" if paper.published else "undated"
            head, _, clause = line.partition(f", {date}: ")
            assert head.startswith(f"{reference.number}. **{plain_text(paper.title)}**, "), line
            by = head.split("**, ")[1]
            assert not paper.authors or by.startswith(", ".join(paper.authors[:3])), line
            assert not paper.authors or by.endswith(" et al.") is not paper.authors_complete, line
            assert clause.endswith(f" [{reference.number}]"), line
            assert 4 <= len(clause.split()) <= 75, line


def test_every_paper_has_a_clause_that_can_be_read_alone(assistant: Assistant) -> None:
    clauses = []
    for year in ("before 2020", "from 2020 to 2022", "in 2023", "in 2024", "in 2025", "since 2026"):
        answer = assistant.ask(f"papers {year}")
        clauses += [line.split(": ", 1)[-1] for line in answer.text.split("\n") if re.match(r"\d+\. ", line)]
    assert len(clauses) == 64  # all but the undated one
    dangling = re.compile(r"^(?:this|these|it|to address (?:this|these))\b|(?:sss|ss|[^aeiou]yes) on\b", re.IGNORECASE)
    assert [clause for clause in clauses if dangling.search(clause)] == []


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("How many papers are in the library?", "65 papers in the library"),
        ("How many papers did Soeun Kim write?", "4 papers in the library are by Soeun Kim:"),
        ("How many papers are about machine unlearning?", "1 paper in the library is about machine unlearning:"),
        ("How many papers have code?", "15 papers in the library have code:"),
        ("How many papers did Soeun Kim write in 2019?", "0 papers in the library are by Soeun Kim from 2019."),
    ],
)
def test_how_many_is_said_first(assistant: Assistant, question: str, lead: str) -> None:
    assert assistant.ask(question).text.startswith(lead)


# -- figures


@pytest.mark.xfail(reason="the reader prefers another sentence to the one with the figure", strict=False)
def test_the_first_sentence_has_the_figure(answers: dict[str, Answer]) -> None:
    figures = list(of_kind(answers, "figure"))
    assert len(figures) > 15
    number = re.compile(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|hundred|million)\b")
    for answer in figures:
        assert number.search(re.sub(r"\(\d{4}\)|“.*?”", "", written(answer)[0])), answer.text


# -- comparisons


def test_a_comparison_says_what_is_shared_and_then_tabulates(answers: dict[str, Answer]) -> None:
    comparisons = [answer for answer in of_kind(answers, "compare") if len(answer.references) > 1]
    assert len(comparisons) > 10
    for answer in comparisons:
        head, _, table = answer.text.partition("| | ")
        assert not head or re.fullmatch(r"Both papers deal with .+ \[1\]\[2\]\.\n\n", head), head
        rows = table.strip().split("\n")
        assert [row.split("|")[1].strip() for row in rows[2:]] == ["Problem", "Method", "Result", "Date"]
        assert {row.count("|") for row in rows[1:]} == {4}
        for column in (2, 3):
            cells = [row.split("|")[column].strip() for row in rows[2:]]
            assert all(cell == "not stated" or cell.rstrip(".").endswith(f"[{column - 1}]") for cell in cells), cells
            stated = [cell for cell in cells if cell != "not stated"]
            assert len(set(stated)) == len(stated), answer.text


def test_a_side_of_a_comparison_that_no_paper_is_about_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("Compare Rainbow Padding with FlashAttention")
    assert [reference.title[:15] for reference in answer.references] == ["Rainbow Padding"]
    assert "The library has no paper on “FlashAttention”; it is not compared." in answer.notes


def test_most_comparisons_find_something_shared_and_it_is_in_both(
    answers: dict[str, Answer], assistant: Assistant
) -> None:
    comparisons = list(of_kind(answers, "compare"))
    leads = [
        (answer, re.match(r"Both papers deal with (.+?)(?: and (.+?))? \[1\]\[2\]", answer.text))
        for answer in comparisons
    ]
    shared = [(answer, lead) for answer, lead in leads if lead]
    assert len(shared) > len(comparisons) / 2
    for answer, lead in shared:
        papers = assistant.library.catalogue.papers([reference.paper_id for reference in answer.references])
        for phrase in filter(None, lead.groups()):
            words = set(terms(re.sub(r"^(?:an?|the) ", "", phrase)))
            assert all(words <= set(terms(plain_text(f"{paper.title} {paper.abstract}"))) for paper in papers), phrase


# -- turns


def test_a_turn_holds_what_a_follow_up_needs(assistant: Assistant) -> None:
    answer = assistant.ask("papers by Soeun Kim")
    (turn,) = assistant.turns(["papers by Soeun Kim"])
    assert turn == answer.turn
    assert turn.paper_ids == tuple(reference.paper_id for reference in answer.references)


def test_a_follow_up_after_an_unrelated_turn_stands_alone(assistant: Assistant) -> None:
    history = assistant.turns(["What is the capital of France?", "hello"])
    assert (
        assistant.ask("What is Rainbow Padding?", history=history).text
        == assistant.ask("What is Rainbow Padding?").text
    )


@pytest.mark.parametrize("before", ["When did Gecko appear?", "Which batch size was used to train Gecko?"])
def test_a_follow_up_knows_what_an_abstaining_answer_was_about(assistant: Assistant, before: str) -> None:
    assert assistant.ask(before).abstained
    answer = assistant.ask("What problem does it solve?", history=assistant.turns([before]))
    assert [reference.title[:5] for reference in answer.references] == ["Gecko"]


def test_stages_come_in_order_and_the_pieces_make_the_text(assistant: Assistant) -> None:
    events = list(assistant.stream("Compare DAPD with Rainbow Padding"))
    assert [event.doing for event in events if isinstance(event, Stage)] == [
        "searching",
        "reading 2 passages",
        "checking",
    ]
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert "".join(event for event in events if isinstance(event, str)).strip() == answer.text
    assert {"understand", "retrieve", "generate", "check", "total"} == answer.timings_ms.keys()


# -- questions that cannot be asked


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\x00\x07", "\u200b"])
def test_an_empty_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        assistant.ask(question)


def test_a_question_of_100_000_characters_is_refused(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="has 100,000 characters; at most 4,000 are read"):
        assistant.ask("x" * 100_000)


@pytest.mark.parametrize(
    "question",
    [
        "\ud800\udfff lone surrogates about padding?",
        "padding\x00\x1b[31m tokens",
        "' OR 1=1; DROP TABLE papers; --",
        'title:"padding" AND (body:[a TO z]^2 ~ * ? \\',
        "🦄" * 500,
        "$" * 300 + "\\frac{" * 50,
        "{}[]()|&!^~*?:\\/",
        "<script>alert(1)</script> padding",
        "is " * 1300,
        "of the and between compare " * 100,
    ],
)
def test_odd_questions_are_answered_or_refused(assistant: Assistant, question: str) -> None:
    try:
        answer = assistant.ask(question)
    except QuestionError as error:
        assert str(error)
    else:
        json.dumps(answer.record()).encode()
        assert answer.text


# -- chains of questions, as people ask them


@pytest.mark.parametrize(
    ("chain", "counts"),
    [
        (
            ["papers by Soeun Kim", "what does the second one propose?", "and the third one?", "compare them"],
            [4, 1, 1, 2],
        ),
        (["compare DUSK and SNIP", "who wrote the first?", "and the second?"], [2, 1, 1]),
        (["papers from 2023", "what about 2022?", "and 2021?", "2025?"], [5, 7, 2, 21]),
        (["papers by Bumjun Kim", "in 2025", "with code?"], [6, 2, 1]),
        (["papers by Bumjun Kim", "thanks", "how many of them are from 2026?"], [6, 0, 3]),
        (["papers on pruning", "which is the oldest?"], [3, 1]),
        (["Who is Soeun Kim?", "her papers in 2025"], [4, 2]),
        (["papers by Soeun Kim", "the newest of them", "and the oldest?", "the newest 2"], [4, 1, 1, 2]),
        (["How many papers by Soeun Kim are there?", "which ones?"], [4, 4]),
        (["papers by Bumjun Kim about diffusion", "and about wireless?"], [4, 1]),
    ],
    ids=str,
)
def test_a_chain_of_questions_keeps_its_thread(seeds_library: Library, chain: list[str], counts: list[int]) -> None:
    assistant = Assistant(seeds_library, Settings())
    answers = []
    for question in chain:
        answers.append(assistant.ask(question, history=[answer.turn for answer in answers]))
    assert [len(answer.references) for answer in answers] == counts


@pytest.mark.parametrize("question", ["who wrote it?", "what", "why?", "the", "compare them", "more like this"])
def test_what_refers_to_nothing_is_asked_back(seeds_library: Library, question: str) -> None:
    answer = Assistant(seeds_library, Settings()).ask(question)
    assert answer.abstained
    assert answer.text.startswith("Which paper")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("According to Bumjun Kim, what drives memorization in Stable Diffusion?", "Memorization In"),
        pytest.param(
            "What does Bumjun Kim's paper say about early termination?",
            "Rainbow Padding",
            marks=pytest.mark.xfail(reason="the question loses its grammar with the name", strict=False),
        ),
        ("How does Rainbow Padding help with early termination in 2025?", "Rainbow Padding"),
        ("Thanks! One more: how does TLT work?", "Taming the Long-Tail"),
        ("Who wrote Ranbow Padding?", "Rainbow Padding"),
        ("Did Bumjun Kim write Rainbow Padding?", "Rainbow Padding"),
    ],
)
def test_filters_and_lead_ins_are_not_looked_for_in_the_abstract(
    seeds_library: Library, question: str, title: str
) -> None:
    answer = Assistant(seeds_library, Settings()).ask(question)
    assert not answer.abstained
    assert answer.references[0].title.startswith(title)


def test_filters_that_leave_nothing_are_named_with_what_each_costs(seeds_library: Library) -> None:
    answer = Assistant(seeds_library, Settings()).ask("papers by Bumjun Kim from 2019")
    assert answer.abstained
    assert answer.text == (
        "The library has no paper by Bumjun Kim from 2019."
        " Without “by Bumjun Kim” there are 2, without “from 2019” there are 6."
    )


def test_a_topic_that_none_of_an_authors_papers_is_on_is_told_from_the_author(seeds_library: Library) -> None:
    answer = Assistant(seeds_library, Settings()).ask("papers by Soeun Kim on basket weaving")
    assert answer.abstention is Abstention.NOT_IN_LIBRARY
    assert "no paper by Soeun Kim about “basket weaving”. Without “basket weaving” there are 4." in answer.text


@pytest.mark.parametrize("question", ["Who wrote {}?", "When was {} published?", "is there code for {}"])
def test_a_title_that_the_library_does_not_have_is_no_other_papers(seeds_library: Library, question: str) -> None:
    answer = Assistant(seeds_library, Settings()).ask(question.format("Deep Residual Learning for Image Recognition"))
    assert answer.abstained
    assert not answer.references


def test_a_name_that_a_paper_prints_is_not_off_topic(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, Settings())
    assert assistant.ask("Which football club signed LLaDA?").abstention is not Abstention.OFF_TOPIC
    assert assistant.ask("Which football club signed him?").abstention is Abstention.OFF_TOPIC


def test_a_misspelt_author_is_told(seeds_library: Library) -> None:
    answer = Assistant(seeds_library, Settings()).ask("papers by Soeun Kin")
    assert answer.notes == ("“Soeun Kin” was read as Soeun Kim.",)
    assert answer.text.startswith("4 papers in the library are by Soeun Kim:")
    assert len(answer.references) == 4


def test_another_filter_may_take_the_place_of_what_was_asked(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, Settings())
    narrow = assistant.ask("papers by Soeun Kim from 2025")
    assert [chip.label for chip in narrow.chips] == ["by Soeun Kim", "from 2025"]
    assert len(assistant.ask(narrow.question, filters=narrow.chips[1].without).references) == 4


@pytest.mark.parametrize(
    "question",
    [
        "papers by Bumjun Kim or Soeun Kim from 2024 or from 2025 " * 8,
        "papers by Bumjun Kim or Soeun Kim, on diffusion " * 10,
        "papers by Bumjun Kim " * 190,
        "2024 or 2025 " * 300,
    ],
    ids=lambda question: question[:30],
)
def test_many_alternatives_are_answered(seeds_library: Library, question: str) -> None:
    assert Assistant(seeds_library, Settings()).ask(question).text


def test_a_topic_of_more_papers_than_are_compared_is_counted_by_its_words(tmp_path: Path) -> None:
    entries = tuple(
        Entry(n, f"Lantern study {n}", f"We light lantern number {n}.", published=date(2020, 1, 1) + timedelta(n))
        for n in range(1, 81)
    )
    listing = Listing("lanterns.txt", "a" * 64, "daily", None, None, ProfileFigures(), entries)
    with Library(tmp_path / "library") as library:
        library.add([listing])
        assistant = Assistant(library, Settings())
        counted = assistant.ask("How many papers are about lanterns?")
        newest = assistant.ask("the newest paper about lanterns")

    assert counted.text.startswith("80 papers in the library speak of lanterns")
    assert len(counted.papers) == 80
    assert [reference.title for reference in newest.references] == ["Lantern study 80"]


# -- a question in a few words


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("lottery jackpots resnet-50 sparsity", "removes 90% weights"),
        ("cross-entropy training pass@N overconfidence", "overconfidence"),
    ],
)
def test_a_few_words_are_a_list_whose_lines_say_what_is_asked(assistant: Assistant, question: str, said: str) -> None:
    answer = assistant.ask(question)
    if said:
        assert said in answer.text
    for citation in answer.citations:
        paper = assistant.library.catalogue.papers([citation.paper_id])[0]
        assert paper.abstract[citation.start : citation.end] == citation.quote


def test_a_topic_alone_is_a_list_whose_lines_say_what_the_papers_bring(assistant: Assistant) -> None:
    answer = assistant.ask("machine unlearning")
    assert answer.text.startswith("1 paper in the library is about machine unlearning:")
    assert "introduces DUSK, a benchmark" in answer.text


def test_periods_set_side_by_side_are_counted_apart(assistant: Assistant) -> None:
    months = Counter(f"{paper.published:%B %Y}" for paper in assistant.library.papers() if paper.published)
    (one, first), (other, second) = months.most_common(2)
    answer = assistant.ask(f"{one} vs {other}, how many each")
    assert answer.intent == "count"
    assert f"**{one}**: {first} papers" in answer.text
    assert f"**{other}**: {second} papers" in answer.text


def test_which_of_these_is_decided_paper_by_paper(assistant: Assistant) -> None:
    listed = assistant.turns(["papers about quantization"])
    answer = assistant.ask("which of these helps with 2-bit models", history=listed)
    assert not answer.abstained
    assert set(answer.papers) <= set(listed[0].paper_ids)


def test_a_table_may_be_of_the_answer_before(assistant: Assistant) -> None:
    listed = assistant.turns(["papers about quantization"])
    answer = assistant.ask("as a table with year pls", history=listed)
    assert answer.intent == "table"
    assert {one.paper_id for one in answer.references} == set(listed[0].paper_ids)


def test_a_question_in_another_language_goes_on_with_the_paper_before(assistant: Assistant) -> None:
    before = assistant.turns(["Was ist DUSK?"])
    answer = assistant.ask("und womit wurde das getestet?", history=before)
    assert [one.title.split(":")[0] for one in answer.references] == ["DUSK"]


def test_where_a_named_paper_does_not_plainly_say_it_the_closest_sentence_is_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("how does AMCL deal with diverse augmentations")
    assert answer.abstained
    _, quoted = answer.text.split("Closest to it is: ")
    (paper,) = (one for one in assistant.library.papers() if one.title == "Adaptive Multi-head Contrastive Learning")
    assert quoted.strip("“”") in paper.abstract
    assert "Closest" not in assistant.ask("how much GPU memory does DAPD need").text
