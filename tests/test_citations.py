"""Markers in a model's text: renumbered as they stream, and nothing that was not retrieved survives."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.text.blocks import CODE_SPAN, blocks
from assistant.text.citations import cited_sentences, without_markers
from assistant.text.citations import markers as citation_markers
from assistant.text.evidence import Evidence
from assistant.text.marker_filter import MarkerFilter


def evidence(number: int, author: str, year: int) -> Evidence:
    return Evidence(number, f"Paper {number}", (author, "Ada Quill"), True, None, f"{year}-05-01", "It works.")


KNOWN = [evidence(1, "Bumjun Kim", 2025), evidence(2, "Jo Lee", 2024), evidence(3, "Aäron van den Oord", 2018)]
KNOWN += [evidence(12, "Ben Moss", 2025)]
FORMS = (
    "[1] [2] [3][1] [1,2] [1-3] 【2】 [7] [1,7] [2;3] [0] [99999] [ [[1]] [[7]9] ] [x] [1 1] [MASK] [-]"
    " [1-99] 【 】 [12] [1–2] 【1†source】 【7†s】 [^1] [^7] ^1 ^7 ¹ ² ⁷ (1) (7) (1,2) (2025) [１] （1） [**1**]"
    " **[7]** <sup>1</sup> \\cite{ \\[ \\cite{kim2025rainbow} \\cite{foo2019} @kim2025x @foo2019"
    " [@lee2024] [1:x] (1 ( ) ` `` ``` ```` ~~~ ~ $ '' ' \\ ! ![ ](http://e/x) ](//e) ]: http://e.x/y"
    " www. htt <b> <script> <img < > &lt; &#91; &amp; &am #55; | - 1. > # / : * . , s"
).split()
WORDS = [
    "[1, 2]",
    "[1 and 2]",
    "[Kim et al., 2025]",
    "(Foo et al., 2019)",
    "[Passage 1]",
    "(Passage 1)",
    "(see passages 1 and 7)",
    "\\cite{1,2}",
    "<cite>1</cite>",
    "<cite>",
    "[source 7]",
    "[1](\n",
    '[2 "',
    '"]',
    "”]",
    '", "',
    '"; 3 "',
    "[1: “few words”]",
    '[7 "no"]',
    " padding",
    " ",
    "\n",
]
TEXTS = st.lists(st.sampled_from([*FORMS, *WORDS, "\n", " ", " works", "𝔸🦄\u200b\u202e", "2"]), max_size=40).map(
    "".join
)


def filtered(chunks: list[str]) -> tuple[str, MarkerFilter]:
    markers = MarkerFilter(KNOWN)
    return "".join([*(markers.feed(chunk) for chunk in chunks), markers.flush()]), markers


def outside_code(text: str) -> str:
    """Return a text without its code."""
    kept = list(text)
    for block in blocks(text):
        if block.kind == "code":
            kept[block.start : block.end] = "~" * (block.end - block.start)
    return CODE_SPAN.sub("~", "".join(kept))


@hypothesis_settings(max_examples=600)
@given(TEXTS, st.lists(st.integers(0, 200)))
def test_chunks_do_not_matter(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    chunks = [text[start:end] for start, end in pairwise(places)]
    whole, markers = filtered([text])
    for shown, others in (filtered(chunks), filtered(list(text))):
        assert shown == whole
        assert (others.cited, others.notes, others.quotes) == (markers.cited, markers.notes, markers.quotes)


@hypothesis_settings(max_examples=600)
@given(TEXTS)
def test_every_marker_left_is_a_reference_in_order(text: str) -> None:
    shown, markers = filtered([text])
    numbers = [int(number) for number in re.findall(r"[\[【]\s*(\d+)\s*[\]】]", outside_code(shown))]
    assert set(numbers) == set(range(1, len(markers.cited) + 1))
    assert list(dict.fromkeys(numbers)) == sorted(set(numbers))
    assert set(markers.cited) <= {item.number for item in KNOWN}


@given(TEXTS)
def test_the_sentences_cite_what_the_text_does(text: str) -> None:
    shown, markers = filtered([text])
    cited = {number for part in cited_sentences(shown) for number in part.numbers}
    assert cited <= set(range(1, len(markers.cited) + 1))


@given(st.text(alphabet="abcdefg hij.,;:!?\n-", max_size=200))
def test_plain_words_pass_unchanged(text: str) -> None:
    assert filtered(list(text))[0] == text


@pytest.mark.parametrize(
    ("text", "shown", "cited", "dropped"),
    [
        ("A [3]. B [1]. C [3].", "A [1]. B [2]. C [1].", [3, 1], 0),
        ("A [1, 2]. B [1-3]. C [1;2].", "A [1][2]. B [1][2][3]. C [1][2].", [1, 2, 3], 0),
        ("A [1–3]. B [1][2].", "A [1][2][3]. B [1][2].", [1, 2, 3], 0),
        ("A 【2】. B 【1†source】.", "A [1]. B [2].", [2, 1], 0),
        ("A [7]. B [1, 7] and [7] c.", "A. B [1] and c.", [1], 3),
        ("A [^2]. Padding^2 works, ^[1].", "A [1]. Padding [1] works, [2].", [2, 1], 0),
        ("Padding works¹. Some words² too.³ None⁷.", "Padding works [1]. Some words [2] too.[3] None.", [1, 2, 3], 1),
        ("Padding¹² and padding¹,².", "Padding [1] and padding [2][3].", [12, 1, 2], 0),
        ("A word<sup>1</sup>, a word<sup>7</sup>.", "A word [1], a word.", [1], 1),
        ("Padding works (1). It stops early (1, 2), they say.", "Padding works [1]. It stops early [1][2], they say.",
         [1, 2], 0),
        ("It works (1). It fails (7).", "It works [1]. It fails.", [1], 1),
        ("[Passage 1] [source 2] [doc 3] [Passage 1, Passage 7]", "[1] [2] [3] [1]", [1, 2, 3], 1),
        ("A [1: Kim et al.]. B [2, p. 3]. C [7: Foo].", "A [1]. B [2]. C.", [1, 2], 1),
        ("A [Kim et al., 2025]. B (Lee, 2024; Kim et al., 2025).", "A [1]. B [2][1].", [1, 2], 0),
        ("A \\cite{kim2025rainbow, lee2024}. B [@lee2024]. C @kim2025x.", "A [1][2]. B [2]. C [1].", [1, 2], 0),
        ("A [１]. **B [2]**. C [**3**].", "A [1]. **B [2]**. C [3].", [1, 2, 3], 0),
        ("A [[2]]. B [[7]]. C [[7]9].", "A [1]. B. C.", [2], 3),
        ("A \\[2\\]. B \\[7\\].", "A [1]. B.", [2], 1),
        ("A &#91;7&#93;. B &amp;#91;2].", "A. B [1].", [2], 1),
        ("A [2\u200b]. B [\u202e7].", "A [1]. B.", [2], 1),
        ("A [99999]. B [" + "9" * 30 + "].", "A. B.", [], 2),
        ("A [1](http://e.x). B ([2], [1]).", "A [1]. B [2], [1].", [1, 2], 0),
        ("An open [1", "An open (1", [], 0),
    ],
)  # fmt: skip
def test_what_becomes_of_markers(text: str, shown: str, cited: list[int], dropped: int) -> None:
    found, markers = filtered([text])
    assert (found, markers.cited, markers.dropped) == (shown, cited, dropped)


@pytest.mark.parametrize(
    "text",
    [
        "[MASK] is B.",
        "It is of 2025 (2025). Kim et al. (2025) say so, in May (May 2025).",
        "(1) first, (2) second, and of all of them (12 papers) three.",
        "By Eq. (1), f(1) is O(1). The pair is (1, 2). See Figure (2).",
        "x^2, 10^2, 10² km², R² and m³ grow.",
        "The interval [0, 1] and $[0,1]$ and $x<y$.",
        "a < b > c, 5 < 6 and a[i] = 2.",
        "A mail to a@b.example.",
    ],
)
def test_what_is_no_citation_stays(text: str) -> None:
    found, markers = filtered([text])
    assert (found, markers.cited, markers.notes) == (text, [], ())


def test_a_citation_by_name_that_fits_no_paper_stays_as_words_and_is_counted() -> None:
    found, markers = filtered(["A (Foo et al., 2019). B [Foo and Bar, 2019]. C \\cite{foo2019}. D @foo2019."])
    assert found == "A (Foo et al., 2019). B (Foo and Bar, 2019). C (foo2019). D (foo2019)."
    assert markers.notes == ("4 citations by name fit no passage that was read; the names stand as plain words.",)


def test_a_name_that_two_papers_have_in_a_year_is_nobodys() -> None:
    markers = MarkerFilter([evidence(1, "Bumjun Kim", 2025), evidence(2, "Soeun Kim", 2025)])
    assert markers.feed("A [Kim et al., 2025].") + markers.flush() == "A (Kim et al., 2025)."


# -- the words that a marker rests on

QUOTING = [
    ('A [2 "few words"].', "A [1].", {(1, 0): ("few words",)}, 0),
    ("A [2: “few words”]. B 【2 „few“】. C [2, «few»].", "A [1]. B [1]. C [1].",
     {(1, 0): ("few words",), (1, 1): ("few",), (1, 2): ("few",)}, 0),
    ('A [2 "a b"; 3 "c"]. B [2 "a", "d"].', "A [1][2]. B [1].",
     {(1, 0): ("a b",), (2, 0): ("c",), (1, 1): ("a", "d")}, 0),
    ('A [2 "a"; 3]. B [1, 3 "c"]. C [2 "a"; 2 "b"].', "A [1][2]. B [3][2]. C [1].",
     {(1, 0): ("a",), (2, 1): ("c",), (1, 1): ("a", "b")}, 0),
    ('A [2], so they say (2), B [2 "third"].', "A [1], so they say [1], B [1].", {(1, 2): ("third",)}, 0),
    ('A [2 "as [5] and [x](http://e.x) `y` <b> “so”"].', "A [1].",
     {(1, 0): ("as [5] and [x](http://e.x) `y` <b> “so”",)}, 0),
    ('A [2 "x"](http://e.x), ([2 "a (b)"]).', "A [1] (`http://e.x`), ([1]).", {(1, 0): ("x",), (1, 1): ("a (b)",)}, 0),
    ('| A [2 "x | y"] | B |', "| A [1] | B |", {(1, 0): ("x | y",)}, 0),
    ('It costs $x [2 "$x$"].', "It costs $x [1].", {(1, 0): ("$x$",)}, 0),
    ('A [7 "none"]. B [2 "some"; 7 "none"].', "A. B [1].", {(1, 0): ("some",)}, 0),
    ('A [2 "never closed]. B [3 "so"].', "A [1]. B [2].", {(2, 0): ("so",)}, 1),
    ('A [2 "never closed and more.\nB [3].', "A [1]\nB [2].", {}, 1),
    ('A [2 "a", "never [5] closed]. B.', "A [1]. B.", {(1, 0): ("a",)}, 1),
    ('A [2 "never', "A [1]", {}, 1),
    ('A [7 "never closed], B.', "A, B.", {}, 1),
    (f'A [2 "{"long [5] " * 300}"]. B.', "A [1]. B.", {}, 1),
    ('A [2 ""]. B [2 "..."].', "A [1]. B [1].", {}, 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown", "quotes", "unusable"), QUOTING)
def test_a_quote_is_taken_out_and_its_number_cites(
    text: str, shown: str, quotes: dict[tuple[int, int], tuple[str, ...]], unusable: int
) -> None:
    whole, markers = filtered([text])
    assert (whole, markers.quotes, markers.unusable) == (shown, quotes, unusable)
    for at in range(1, min(len(text), 100)):
        other, cut = filtered([text[:at], text[at:]])
        assert (other, cut.quotes, cut.notes) == (shown, quotes, markers.notes)


def test_what_quotes_nothing_stays() -> None:
    for text in ('[MASK "x"] is B.', 'As `[2 "x"]` says.', '```\n[2 "x"]\n```', 'The interval [0, 1 "x"].'):
        found, markers = filtered([text])
        assert (found, markers.cited, markers.quotes) == (text, [], {})


def test_the_quotes_of_a_text_are_those_of_exactly_its_markers() -> None:
    text, markers = filtered(['A [2 "few"]. B [3 "words"].'])
    assert markers.quotes_in(text) == {(1, 0): ("few",), (2, 0): ("words",)}
    assert markers.quotes_in(text.removeprefix("A [1]. ")) == {}
    assert markers.quotes_in(text + " C [1].") == {}


def test_a_quote_that_is_left_out_is_said() -> None:
    (note,) = filtered(['A [2 "never closed.'])[1].notes
    assert note == "1 quote of the model has no end or no words, and was left out."


def test_a_text_with_numbers_alone_quotes_nothing() -> None:
    markers = MarkerFilter(KNOWN, numbers_alone=True)
    assert markers.feed('A [2 "few"] [2].') + markers.flush() == 'A [2 "few"] [1].'
    assert markers.quotes == {}


@given(TEXTS)
def test_no_quote_is_lost_on_the_way_to_its_marker(text: str) -> None:
    shown, markers = filtered([text])
    assert markers.quotes_in(shown) == markers.quotes


def test_what_was_removed_is_said() -> None:
    assert filtered(["A [7]. B [8]."])[1].notes == ("2 citations of passages that do not exist were removed.",)
    assert filtered(["A [7]."])[1].notes == ("1 citation of a passage that does not exist was removed.",)


@pytest.mark.parametrize(
    "text",
    ["As `[7]` says.", "```\na[7] = [1]\n```", "~~~python\n[7]\n~~~", "As `a. B [7] c. D [7]` says.", "`` ` [7] ``"],
)
def test_a_marker_in_code_is_code(text: str) -> None:
    found, markers = filtered([text])
    assert (found, markers.cited, markers.dropped) == (text, [], 0)
    assert [part.numbers for part in cited_sentences(found) if part.numbers] == []
    assert list(citation_markers(found)) == []


def test_code_that_is_never_closed_ends_with_the_answer() -> None:
    assert filtered(["```\n[7]"])[0] == "```\n[7]\n```"


def test_what_cannot_be_a_marker_is_shown_at_once() -> None:
    markers = MarkerFilter(KNOWN)
    assert markers.feed("Padding works ") == "Padding works"
    assert markers.feed("[1") == ""
    assert markers.feed("].") == " [1]."
    assert markers.feed(" They (say") == " They (say"


HOSTILE = ["[", "[[1]", "(", "(1", "`", "` ", "<", "<a ", "$", "$a", "[a](", "&amp;", "\\", "^", "@a", "~~~", "\n```", 
           "“A. ", "¹", "\\cite{", "\\cite", "http://", "[1]", "A [7]. ", "| a [1] ",
           "\n| a |", "*", " ", "\n", "a b ", '[1 "', '[1 "a [', '[1 "a", ', '[1 "a ' + "b " * 900 + '"]']  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        shown, _ = filtered([text[at : at + 50] for at in range(0, length, 50)])
        list(cited_sentences(shown))
        return time.process_time() - began

    short, long = (min(seconds(length) for _ in range(2)) for length in (20_000, 160_000))
    assert long < 8 * 3 * short + 0.2


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One [1]. Two [2][1].", [("One [1].", (1,)), ("Two [2][1].", (2, 1))]),
        ("One. [1] Two. [2]", [("One. [1]", (1,)), ("Two. [2]", (2,))]),
        (
            "The authors of “Who? What?” (2024) find it [1].",
            [("The authors of “Who? What?” (2024) find it [1].", (1,))],
        ),
        ("They work at 3.5 % [1]. E.g. so [2].", [("They work at 3.5 % [1].", (1,)), ("E.g. so [2].", (2,))]),
        ("- first [1]\n- second [2]", [("first [1]", (1,)), ("second [2]", (2,))]),
        ("1. **First.** It is [1].\n2. Second [2].", [("**First.** It is [1].", (1,)), ("Second [2].", (2,))]),
        ("# Of [1]\nIt is `[2]` [1].\n```\nCode [3].\n```\nEnd.", [("It is `[2]` [1].", (1,)), ("End.", ())]),
        ("", []),
    ],
)
def test_the_sentences_of_an_answer(text: str, sentences: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(text[part.start : part.end], part.numbers) for part in cited_sentences(text)] == sentences


def test_a_cell_of_several_cited_sentences_is_as_many() -> None:
    text = "| | A |\n|---|---|\n| Method | It skips. Then it stops [1]. It is 5.2 times faster [2]. |"
    assert [text[one.start : one.end] for one in cited_sentences(text)] == [
        "It skips. Then it stops [1].",
        "It is 5.2 times faster [2].",
    ]


def test_the_cells_of_a_table_are_sentences_and_its_labels_are_not() -> None:
    rows = (
        "| | A | B |",
        "|---|---|---|",
        "| M | They do x [1]. | They do y [2]. |",
        "| D | 2025-01-01 [1] | not stated |",
    )
    table = "\n".join(rows)
    assert [table[part.start : part.end] for part in cited_sentences(table)] == [
        *("They do x [1].", "They do y [2].", "2025-01-01 [1]", "not stated")
    ]


def test_a_sentence_without_its_markers_keeps_its_punctuation() -> None:
    assert without_markers("It works [1][2], they say `[4]` [3].") == "It works, they say `[4]`."
