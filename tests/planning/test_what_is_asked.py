"""What a question asks for: its operation, its topic, its order, its columns and its form."""

import pytest

from assistant.planning.plan import Compare, Form, Order, Passages, Table
from tests.planned import Understand
from vectorstore.catalogue.filters import Filters


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (
            "definition",
            "What is Rainbow Padding?|what's DAPD|Explain REFT|Tell me about Gecko|Describe EfficientAD|DAPD"
            "|Can you explain essential sparsity?|summarize InVirtuoGen|Give me a summary of the DUSK paper"
            "|What is the main idea of SNIP?|What does SOFT stand for?|What does ODLRI do?"
            "|What is meant by neural collapse?|I want to know what SRR is|Please define hyperfitting",
        ),
        (
            "figure",
            "How many padding tokens does Rainbow Padding need?|How large is the speedup of TLT?"
            "|By how much is TLT faster?|What accuracy does DeBERTaV3 reach on GLUE?"
            "|What perplexity reduction does it report?"
            "|What is the percentage of removed weights?",
        ),
        (
            "count",
            "How many papers are in the library?|How many of the papers are by Kyelim Lee?|Number of papers on pruning"
            "|Count the papers on federated learning|How many publications does Dongjae Jeon have?"
            "|how many recent articles deal with grokking?",
        ),
        (
            "authors",
            "Who wrote Rainbow Padding?|Who are the authors of DUSK?|Who is behind MoMa?|By whom was DUSK written?"
            "|Who proposed REFT?|Who is the first author of SNIP?|How many authors does R1-Reward have?",
        ),
        (
            "date",
            "When was DUSK published?|What year is MoMa from?|publication date of SNIP|How old is DeBERTaV3?"
            "|In which month did Gecko appear?|When was the paper on machine unlearning published?",
        ),
        (
            "papers",
            "Which papers are about pruning?|papers by Soeun Kim|grokking|anything about pruning?|Bumjun Kim"
            "|list all papers|What did Bumjun Kim publish in 2025?|Who works on diffusion models?"
            "|What do we have on denoising?|the three newest papers|2025 papers"
            "|Has anybody worked on robots?|Do you have papers on drug discovery?|machine unlearning"
            "|Could you list the works on distillation?",
        ),
        (
            "compare",
            "Compare DAPD with Rainbow Padding|DAPD vs. SRR|ODLRI versus SRR|How does SNIP differ from NVFP4?"
            "|What is the difference between MoMa and Gecko?|What do IDER and MoMa have in common?"
            "|Contrast SRR with ODLRI|In what way is WeLore different from SNIP?|How does MIND relate to DUSK?"
            "|What distinguishes DUSK from SNIP?",
        ),
        ("code", "Is the code of Rainbow Padding available?|Is there code for SNIP?|Where is the code of DUSK?"),
        (
            "fact",
            "Why do diffusion models stop early?|Which tokens activate most features?|What causes memorization in CLIP?"
            "|On which models was DAPD evaluated?|How does SAF avoid sharp minima?|Does warm-starting hurt?"
            "|What is the two-fold role of the <eos> token according to the paper on early termination?",
        ),
        ("greeting", "hello|Hi there!|thanks a lot|good morning|OK"),
        ("abilities", "What can you do?|who are you|help|How does this work?"),
    ],
)
def test_how_a_question_is_put_says_what_is_wanted(ask: Understand, kind: str, questions: str) -> None:
    for question in questions.split("|"):
        assert ask(question).kind == kind, question


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        (
            "Which papers are about reinforcement learning for LLM reasoning?",
            "reinforcement learning for LLM reasoning",
        ),
        ("Could you list the works on distillation?", "distillation"),
        ("What do we have on image denoising?", "image denoising"),
        ("papers by Soeun Kim on quantization", "quantization"),
        ("How many papers are about unlearning?", "unlearning"),
        ("Count the papers on federated learning", "federated learning"),
        ("How many papers are in the library?", ""),
        ("list everything by Dongjae Jeon", ""),
        ("Everything Dueun Kim co-authored", ""),
        ("What has Prof. Albert No been working on?", ""),
        ("the three newest papers about pruning", "pruning"),
        ("Which papers from 2025 deal with grokking?", "grokking"),
        ("What is there about quantum computing?", "quantum computing"),
    ],
)
def test_the_topic_is_what_the_list_is_about(ask: Understand, question: str, topic: str) -> None:
    assert ask(question).topic == topic


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Who wrote the paper on gradient noise?", "gradient noise"),
        ("When was the paper about unlearning published?", "unlearning"),
        ("In which year did the lottery ticket paper come out?", "lottery ticket"),
        ("Name the authors of the study on warm starting", "warm starting"),
    ],
)
def test_a_paper_may_be_meant_by_its_topic(ask: Understand, question: str, searched: str) -> None:
    assert ask(question).topic == searched


@pytest.mark.parametrize(
    ("question", "order", "limit"),
    [
        ("the three newest papers", Order.NEWEST, 3),
        ("What is the latest paper by Moongyu Jeon?", Order.NEWEST, 1),
        ("Which is the oldest paper?", Order.OLDEST, 1),
        ("top 5 papers on pruning", None, 5),
        ("10 papers about transformers", None, 10),
        ("recent papers on grokking", Order.NEWEST, None),
        ("papers on grokking", None, None),
        ("pruning papers in order of date", Order.NEWEST, None),
        ("papers on pruning by date", Order.NEWEST, None),
    ],
)
def test_order_and_number(ask: Understand, question: str, order: Order | None, limit: int | None) -> None:
    query = ask(question)
    assert (query.order, query.limit) == (order, limit)


def test_a_question_about_a_paper_is_not_filtered_by_what_it_asks(ask: Understand) -> None:
    assert not ask("Is there code for Rainbow Padding?").filters
    assert not ask("Was Rainbow Padding published in 2025?").filters


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("DAPD or Rainbow Padding - which of them needs retraining?", "which of them needs retraining"),
        ("how does DUSK compare to Rainbow Padding in speed", "speed"),
        ("compare DUSK with Rainbow Padding", ""),
        ("what do DUSK and Rainbow Padding have in common", ""),
    ],
)
def test_papers_are_set_side_by_side_with_what_is_asked_of_each(ask: Understand, question: str, asked: str) -> None:
    (step,) = ask(question).plan.steps
    assert isinstance(step.arguments, Compare)
    assert (len(step.arguments.papers), step.arguments.question) == (2, asked)


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("table of papers on pruning with columns method, year and sparsity", ("method", "date", "sparsity")),
        ("make a table paper | number of metrics for DUSK and DAPD", ("number of metrics",)),
        ("table of DUSK and DAPD with their training cost pls", ("training cost",)),
        ("table of papers on pruning", ()),
    ],
)
def test_a_table_has_the_columns_that_are_named(ask: Understand, question: str, columns: tuple[str, ...]) -> None:
    (step,) = ask(question).plan.steps
    assert isinstance(step.arguments, Table)
    assert step.arguments.columns == columns


def test_a_definition_is_of_what_is_quoted(ask: Understand) -> None:
    (step,) = ask("“function tokens” in transformers - what do they mean").plan.steps
    assert isinstance(step.arguments, Passages) and step.arguments.subject == "function tokens"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("who is Albert No?", "author"),
        ("Summarize the work of Dongjae Jeon", "author"),
        ("What is Soeun Kim known for?", "author"),
        ("Write a related work paragraph on quantization", "related_work"),
        ("draft the related work section about unlearning", "related_work"),
    ],
)
def test_summaries_and_related_work_are_told_from_lists(ask: Understand, question: str, kind: str) -> None:
    assert ask(question).kind == kind


@pytest.mark.parametrize(
    ("question", "order", "limit"),
    [
        ("the paper with the most authors", Order.MOST_AUTHORS, 1),
        ("Which 3 papers have the most authors?", Order.MOST_AUTHORS, 3),
        ("which paper has the fewest authors?", Order.FEWEST_AUTHORS, 1),
        ("most upvoted paper", Order.HIGHEST_SCORE, 1),
    ],
)
def test_unusual_orders(ask: Understand, question: str, order: Order, limit: int) -> None:
    query = ask(question)
    assert (query.kind, query.topic, query.order, query.limit) == ("papers", "", order, limit)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("make it longer", Form(length="long")),
        ("a detailed summary of DUSK", Form(length="long")),
        ("explain DUSK simply", Form(reader="simply")),
        ("explain DUSK to a student", Form(reader="to a student")),
        ("does thinking longer help", Form()),
        ("which decoders need shorter sequences", Form()),
        ("how does it pass knowledge to the student", Form()),
        ("what does DUSK give to an expert model", Form()),
    ],
)
def test_words_of_form_are_told_from_the_same_words_of_papers(ask: Understand, question: str, form: Form) -> None:
    assert ask(question).plan.form == form


@pytest.mark.parametrize(
    "asked", [", which needs less data?", " - which needs less data?", " – which needs less data?"]
)
def test_what_is_asked_of_two_sides_is_none_of_them(ask: Understand, asked: str) -> None:
    (step,) = ask(f"knowledge distillation vs. pruning{asked}").plan.steps
    assert isinstance(step.arguments, Compare)
    assert step.arguments.sides == ("knowledge distillation", "pruning")
    assert step.arguments.question == "which needs less data"


def test_a_span_of_years_is_not_taken_apart(ask: Understand) -> None:
    assert ask("papers from 2020 - 2022") == ask("papers from 2020-2022")


def test_a_contraction_begins_a_question_of_its_own(ask: Understand) -> None:
    assert len(ask("Who wrote DUSK, and where's the code?").plan.steps) == 2


def test_misspelt_words_are_mended_and_said_unless_the_question_is_understood(ask: Understand) -> None:
    plan = ask("recnt paprs on prunning").plan
    assert plan.steps[0].operation == "papers"
    assert [(one.typed, one.meant) for one in plan.corrections] == [
        ("recnt", "recent"),
        ("paprs", "papers"),
        ("prunning", "pruning"),
    ]
    assert ask("reword it").plan.corrections == ()  # no "reward"
    assert ask("what do they optimise").plan.corrections == ()  # British


def test_what_several_papers_are_asked_stands_behind_their_names(ask: Understand) -> None:
    (step,) = ask("DUSK or DAPD - how do they train their models").plan.steps
    assert step.arguments.question == "how do they train their models"


@pytest.mark.parametrize("question", ["how many papers is that altogether", "how many papers have i got overall"])
def test_words_about_the_sum_are_no_topic(ask: Understand, question: str) -> None:
    assert (ask(question).kind, ask(question).topic) == ("count", "")


def test_what_a_stroke_joins_is_one_topic(ask: Understand) -> None:
    assert ask("survey of pruning / quantization methods").topic == "pruning / quantization"


def test_what_stands_in_brackets_is_beside_the_topic(ask: Understand) -> None:
    question = "could you give me a quick survey of work on llm safety (refusal, jailbreaks, guard models etc)"
    assert ask(question).topic == "llm safety"
    assert ask("papers on pruning (not llms)").filters == Filters(excluding=(Filters(saying="llms"),))
