"""A sentence of an abstract in the third person: only its subject changes, and it can be read alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.plain_text import plain_text
from assistant.text.third_person import as_predicate, dangles, is_singular, leans_on_context, third_person
from vectorstore.library import Library
from vectorstore.text.sentences import sentence_spans

MANY, ONE, TITLE = "Kim et al. (2025)", "Lee (2025)", "The authors of “MIND” (2026)"


@pytest.mark.parametrize(
    ("sentence", "source", "said"),
    [
        ("We propose X.", MANY, "Kim et al. (2025) propose X."),
        ("We propose X.", ONE, "Lee (2025) proposes X."),
        ("We first introduce X.", MANY, "Kim et al. (2025) introduce X."),
        ("We also apply X to Y.", ONE, "Lee (2025) applies X to Y."),
        ("We focus on pass@N.", ONE, "Lee (2025) focuses on pass@N."),
        ("In this paper, we show that our X helps us.", MANY, "Kim et al. (2025) show that their X helps them."),
        ("In the study, we develop X.", MANY, "Kim et al. (2025) develop X."),
        ("This paper introduces X.", MANY, "Kim et al. (2025) introduce X."),
        ("This paper introduces X.", ONE, "Lee (2025) introduces X."),
        ("The current study describes X.", MANY, "Kim et al. (2025) describe X."),
        ("This work addresses X and demonstrates Y.", MANY, "Kim et al. (2025) address X and demonstrate Y."),
        ("This work has code that sees X and uses Y.", MANY, "Kim et al. (2025) have code that sees X and uses Y."),
        ("This work is the first to do X.", MANY, "Kim et al. (2025) are the first to do X."),
        ("To address this, we propose X.", MANY, "Kim et al. (2025) propose X."),
        ("To address these challenges, this paper introduces X.", TITLE, "The authors of “MIND” (2026) introduce X."),
        ("However, models fail.", MANY, "According to Kim et al. (2025), models fail."),
        ("In addition, LLMs fail.", MANY, "According to Kim et al. (2025), LLMs fail."),
        ("Although LLMs work, they fail.", MANY, "According to Kim et al. (2025), although LLMs work, they fail."),
        ("Intuitively, SAF works.", MANY, "According to Kim et al. (2025), intuitively, SAF works."),
        ("In Needleman generation, it works.", ONE, "According to Lee (2025), in Needleman generation, it works."),
        ("Our method works.", TITLE, "According to the authors of “MIND” (2026), their method works."),
        ("On the left, we see X.", TITLE, "On the left, the authors of “MIND” (2026) see X."),
        ("The US and we agree.", MANY, "The US and Kim et al. (2025) agree."),
        (r"We use $\mathbf{W}$ by 50\%.", MANY, "Kim et al. (2025) use W by 50%."),
    ],
)  # fmt: skip
def test_a_first_mention_names_the_authors(sentence: str, source: str, said: str) -> None:
    assert third_person(sentence, source=source, named=False, abstract=sentence) == said


@pytest.mark.parametrize(
    "sentence",
    ["This study has been submitted to a challenge.", "This work is available at X.", "The paper was accepted by X."],
)
def test_what_a_paper_is_or_was_done_to_is_not_said_of_its_authors(sentence: str) -> None:
    told = third_person(sentence, source=MANY, named=False, abstract=sentence)
    assert told == f"According to Kim et al. (2025), {sentence[0].lower()}{sentence[1:]}"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("We propose X.", "They propose X."),
        ("This paper introduces X.", "They introduce X."),
        ("Our results show that we win.", "Their results show that they win."),
        ("(2) previous models are slow.", "Previous models are slow."),
        ("Still, X fails.", "X fails."),
        ("Moreover, experiments support us.", "Experiments support them."),
        ("To this end, we train X ourselves.", "They train X themselves."),
    ],
)
def test_after_that_they_are_they(sentence: str, said: str) -> None:
    assert third_person(sentence, source=MANY, named=True, abstract=sentence) == said


def test_a_name_keeps_its_capital_and_a_word_does_not() -> None:
    abstract = "Padding helps. The padding is cheap. Gecko is fast, and Gecko scales."
    padding = third_person("Padding helps.", source=MANY, named=False, abstract=abstract)
    gecko = third_person("Gecko is fast, and Gecko scales.", source=MANY, named=False, abstract=abstract)
    assert padding == "According to Kim et al. (2025), padding helps."
    assert gecko == "According to Kim et al. (2025), Gecko is fast, and Gecko scales."


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("This avoids co-updating.", True),
        ("However, these models fail.", True),
        ("It helps.", True),
        ("While simple, they fail.", True),
        ("To address this, we propose X.", False),  # what leans is left out
        ("This paper proposes X.", False),
        ("We propose X.", False),
        ("Models fail.", False),
    ],
)
def test_which_sentences_lean_on_the_one_before(sentence: str, leans: bool) -> None:
    assert leans_on_context(sentence) is leans


def test_what_was_named_before_dangles() -> None:
    assert dangles("We provide insights into this phenomenon.")
    assert dangles("We flag these two issues.")
    assert not dangles("We provide insights into neural collapse.")


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("They propose X.", "proposes X."),
        ("They focus on X.", "focuses on X."),
        ("They also study X.", "studies X."),
        ("They have X.", "they have X."),
        ("They reveal X and propose Y.", "they reveal X and propose Y."),
        ("Padding helps.", "padding helps."),
    ],
)
def test_what_a_paper_does(text: str, predicate: str) -> None:
    assert as_predicate(text, "The padding helps.") == predicate


def test_who_is_one_person() -> None:
    assert is_singular("Lee (2025)")
    assert not any(map(is_singular, ["Kim et al. (2025)", "Kim and No (2026)", "The authors of “X” (2020)"]))


def test_every_sentence_of_the_seeds_is_told_in_the_third_person(seeds_library: Library) -> None:
    sentences = [
        (paper.abstract[start:end], paper.abstract)
        for paper in seeds_library.papers()
        for start, end in sentence_spans(paper.abstract)
    ]
    assert len(sentences) > 450
    for sentence, abstract in sentences:
        for named in (True, False):
            said = third_person(sentence, source=MANY, named=named, abstract=abstract)
            assert not re.search(r"\b(?:we|our|ours|us|ourselves)\b", said), said
            assert named or "Kim et al. (2025)" in said
            assert not re.search(r"\b(?:they|al\. \(2025\)) (?:is|has|proposes|introduces|presents|shows)\b", said), (
                said
            )
            assert said[0].isupper() or not plain_text(sentence)[0].isalpha()


@given(st.text(max_size=120), st.booleans())
def test_any_sentence_is_taken(sentence: str, named: bool) -> None:
    third_person(sentence, source=MANY, named=named, abstract=sentence)
    as_predicate(sentence, sentence)
    dangles(sentence)
