"""What words of a question say what it is about, and in which language it is."""

import pytest

from assistant.text.words import foreign_language, matched_words


@pytest.mark.parametrize(
    "text",
    "Was ist Rainbow Padding?|Qui est l'auteur de DUSK ?|¿Qué es el hyperfitting?|qual o autor|什么是扩散模型?"
    "|Что такое DAPD?|레인보우 패딩이 뭐야".split("|"),
)
def test_another_language_is_noticed(text: str) -> None:
    assert foreign_language(text)


@pytest.mark.parametrize(
    "text",
    "What is Rainbow Padding?|papers by An Li|Who wrote it?|graph neural networks|α-divergences||🙂|do so no"
    "|Show me work on federated learning|In which year did DeBERTaV3 come out?|CE vs DE vs LE losses".split("|"),
)
def test_english_is_not_foreign(text: str) -> None:
    assert not foreign_language(text)


def test_the_words_that_a_text_has_are_told_as_they_were_typed() -> None:
    assert matched_words("Quantizing the 4-bit Models", "A model that is quantized to 4 bits.") == [
        "Quantizing",
        "4",
        "bit",
        "Models",
    ]
