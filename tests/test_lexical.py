"""BM25: words are words, and the index holds what was last put in."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vectorstore.papers.passages import Passage
from vectorstore.search.lexical import _TERMS_OF_A_SET, LexicalIndex
from vectorstore.text.terms import terms

TEXTS = {
    "lamps": "Bright lamps shine at night and cost little.",
    "engines": "Engines weave patterns; an engine is not a lamp.",
    "cafes": "Cafés in Zürich serve naïve physicists.",
    "or": "AND OR NOT TO IN",
}


def passage(key: str, text: str, *, title: str = "T") -> Passage:
    return Passage(key, key, title, text, 0, len(text))


def index_of(folder: Path, texts: dict[str, str]) -> LexicalIndex:
    index = LexicalIndex(folder)
    index.add([passage(key, text) for key, text in texts.items()])
    return index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return index_of(tmp_path_factory.mktemp("lexical"), TEXTS)


def best(index: LexicalIndex, query: str, *, among: Sequence[str] | None = None) -> list[str]:
    return list(index.best(query, top_k=10, among=among))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lamps", ["engines", "lamps"]),
        ("LAMP", ["engines", "lamps"]),
        ("shining lamps", ["lamps", "engines"]),
        ("cafe zurich", ["cafes"]),
        ("cafés", ["cafes"]),
        ("dragons", []),
        ("the of and", []),
        ("", []),
    ],
)
def test_a_passage_is_found_by_its_words_whatever_their_form(index: LexicalIndex, query: str, found: list[str]) -> None:
    assert sorted(best(index, query)) == sorted(found)


def test_words_of_passages_that_are_gone_count_until_the_rest_is_written_anew(tmp_path: Path) -> None:
    left = {key: text for key, text in TEXTS.items() if key != "engines"}
    expected = index_of(tmp_path / "left", left).best("lamps", top_k=10)
    index = index_of(tmp_path / "index", TEXTS)
    assert not index.is_stale()
    index.remove(["engines", "unknown"])

    assert index.is_stale()
    assert index.best("lamps", top_k=10) != expected
    index.write_anew([passage(key, text) for key, text in left.items()])
    assert not index.is_stale()
    assert index.best("lamps", top_k=10) == expected


def test_a_few_passages_that_were_replaced_make_no_index_stale(tmp_path: Path) -> None:
    index = index_of(tmp_path, {str(number): f"Lamp number {number}." for number in range(200)})
    index.add([passage("0", "Another lamp.")])
    assert not index.is_stale()
    index.add([passage("0", "Yet another lamp.")])
    assert index.is_stale()


def test_the_passage_with_more_and_rarer_words_is_first(index: LexicalIndex) -> None:
    assert best(index, "lamps that shine bright")[0] == "lamps"
    values = list(index.best("lamps that shine bright", top_k=10).values())
    assert values == sorted(values, reverse=True)
    assert all(value > 0 for value in values)


OPERATORS = st.sampled_from(
    [*'AND OR NOT IN TO + - " ( ) [ ] { } : / \\ ^ ~ * ? ! body: passage_id:lamps lamps'.split()]
)
QUERIES = st.one_of(
    st.text(alphabet=st.characters(codec=None)), st.lists(OPERATORS | st.text(max_size=3)).map(" ".join)
)


@settings(max_examples=200, deadline=None)
@given(query=QUERIES)
@example(query="\ud800 lamps \x00")
@example(query='"unbalanced (lamps')
@example(query="lamps AND NOT engines")
@example(query="passage_id:lamps")
@example(query="[a TO z]")
@example(query="/.*/")
@example(query="lamps^1000 lamp~2")
@example(query="- lamps")
def test_a_query_is_its_words_and_never_an_operator(index: LexicalIndex, query: str) -> None:
    words = terms(query)
    assert index.best(query, top_k=10) == index.best(" ".join(words), top_k=10) or terms(" ".join(words)) != words
    assert set(best(index, query)) == {key for key, text in TEXTS.items() if set(words) & set(terms(f"T. {text}"))}


def test_a_misspelt_word_is_near_the_one_that_is_meant(index: LexicalIndex) -> None:
    assert index.near("engins", edits=1, top_k=5) == ["engines"]
    assert index.near("phsicists", edits=2, top_k=5) == ["cafes"]
    assert index.near("phsicists", edits=0, top_k=5) == []
    assert index.near("", edits=1, top_k=5) == []


def test_a_word_said_twice_counts_once(index: LexicalIndex) -> None:
    assert index.best("lamps lamps lamp", top_k=10) == index.best("lamps", top_k=10)


def test_among_limits_the_search_and_changes_no_value(index: LexicalIndex) -> None:
    everywhere = index.best("lamps engines", top_k=10)
    assert index.best("lamps engines", top_k=10, among=["lamps", "cafes", "unknown"]) == {
        "lamps": pytest.approx(everywhere["lamps"])
    }
    assert index.best("lamps", top_k=10, among=[]) == {}


def test_among_many_papers_the_best_are_those_of_all_without_the_others(tmp_path: Path) -> None:
    texts = {f"p{number}": f"{'lamps ' * (number % 9)}number{number % 500}" for number in range(4000)}
    index = index_of(tmp_path, texts)
    kept = {key for number, key in enumerate(texts) if number % 5}
    assert len(kept) > _TERMS_OF_A_SET
    for query in ("lamps", "number7", "lamps number20 number21", "unknown"):
        everywhere = index.best(query, top_k=None)
        for top_k in (1, 100, None):
            expected = [(key, value) for key, value in everywhere.items() if key in kept][:top_k]
            assert list(index.best(query, top_k=top_k, among=kept).items()) == expected


def test_the_papers_that_say_something_have_all_its_words_in_one_passage(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([Passage(f"a:{n}", "a", "T", text, 0, 1) for n, text in enumerate(["Lamps shine.", "Engines weave."])])
    index.add([Passage("b:0", "b", "T", "A shining lamp, and an engine.", 0, 1)])
    assert index.papers_saying("lamp") == {"a", "b"}
    assert index.papers_saying("lamp", among=["b", "unknown"]) == {"b"}
    assert index.papers_saying("the lamps and engines") == {"b"}
    assert index.papers_saying("lamp dragons") == index.papers_saying("the") == set()


def test_the_best_come_first_where_there_are_more(index: LexicalIndex) -> None:
    assert list(index.best("lamps shine", top_k=1)) == ["lamps"]


def test_a_passage_is_found_by_its_title(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([passage("a", "Text.", title="Reversal Curse")])
    assert best(index, "curses") == ["a"]


def test_adding_an_id_again_replaces_the_passage(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS)
    index.add([passage("lamps", "Now it is about dragons.")])
    assert len(index) == len(TEXTS)
    assert best(index, "dragons") == ["lamps"]
    assert best(index, "lamps") == ["engines"]


def test_adding_an_id_twice_at_once_keeps_the_last(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([passage("a", "lamps"), passage("a", "dragons")])
    assert (len(index), best(index, "dragons"), best(index, "lamps")) == (1, ["a"], [])


def test_a_removed_passage_is_found_no_more(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS)
    index.remove(["lamps", "unknown"])
    assert len(index) == len(TEXTS) - 1
    assert best(index, "lamps") == ["engines"]


def test_an_index_opened_again_finds_the_same(tmp_path: Path) -> None:
    found = index_of(tmp_path, TEXTS).best("lamps engines", top_k=10)
    assert LexicalIndex(tmp_path).best("lamps engines", top_k=10) == found


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    assert (len(index), best(index, "lamps"), best(index, "lamps", among=["a"])) == (0, [], [])


def test_a_text_that_is_no_unicode_is_indexed(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([passage("a", "broken \ud800 lamps")])
    assert best(index, "broken lamps \udfff") == ["a"]


def test_weights_are_high_for_rare_words_and_highest_for_unknown_ones(index: LexicalIndex) -> None:
    weights = index.weights([*terms("lamps"), *terms("cafés"), "dragon"])
    lamps, cafes, unknown = weights.values()
    assert 0 < lamps < cafes < unknown


def test_british_spelling_finds_american() -> None:
    assert terms("quantisation and memorisation") == terms("quantization and memorization")
