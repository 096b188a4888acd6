"""Papers -> keys for \\cite and a .bib: one to one, whole, and nothing that the listings lack."""

import re
from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from assistant.manuscripts.bibliography import bibtex
from assistant.text.formulas import is_harmless_math, symbols
from assistant.text.latex import declarations, latex
from tests.test_personal_names import PEOPLE
from vectorstore.library import Library
from vectorstore.papers.paper import Paper

PAPER = Paper(
    *("p", "Rainbow Padding", "", ("Bumjun Kim", "Albert No"), True, 2, None, (), date(2025, 10, 4), False),
    *("LG", False, None, None, None, None, ()),
)
SIGNS = "textbackslash textasciicircum textasciitilde lbrace rbrace ldots"
PRINT = {"ensuremath", "mathbf", "frac", *SIGNS.split()}
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "), max_size=60)


def numbered(papers: list[Paper]) -> dict[str, str]:
    """Keys that have nothing to do with the papers."""
    return {paper.paper_id: f"key{number}" for number, paper in enumerate(papers)}


def entries(papers: list[Paper]) -> dict[str, dict[str, str]]:
    """What BibTeX reads, by key, LaTeX and all."""
    library = bibtexparser.parse_string(bibtex(papers, numbered(papers)))
    assert not library.failed_blocks
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}


def decoded(papers: list[Paper]) -> list[dict[str, str]]:
    """The fields with their LaTeX as characters and without the braces that keep capitals."""
    text = bibtex(papers, numbered(papers))
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(keep_braced_groups=False)])
    assert not library.failed_blocks
    return [{field.key: field.value for field in entry.fields} for entry in library.entries]


# -- the .bib


def test_every_paper_of_the_seeds_is_read_back_as_the_catalogue_has_it(seeds_library: Library) -> None:
    papers = list(seeds_library.papers())
    assert len(papers) == 65
    for paper, read in zip(papers, decoded(papers), strict=True):
        assert read["title"] == paper.title
        names = [*paper.authors, *([] if paper.authors_complete else ["others"])]
        assert read.get("author", "") in (" and ".join(names), " and ".join([*paper.page_owners, "others"]), "") or (
            read["author"] == paper.organization
        )
        dated = paper.published is not None and not paper.year_inferred
        assert (read["year"] != "n.d.", "month" in read) == (dated, dated)
        assert ("key" in read) == ("author" not in read)
        assert re.sub(r"[^A-Za-z0-9]", "", paper.title).startswith(re.sub("[ -]", "", read.get("key", "")))
        assert read.keys() <= {"title", "author", "key", "year", "month", "url", "eprint", "archiveprefix", "doi"}


def test_the_fields_are_those_that_the_listing_prints() -> None:
    assert entries([PAPER]) == {
        "key0": {
            "title": "Rainbow Padding",
            "author": "Bumjun Kim and Albert No",
            "year": "2025",
            "month": "oct",
        }
    }
    assert entries([replace(PAPER, published=None)])["key0"].keys() == {"title", "author", "year"}


def test_an_inferred_year_stands_in_a_comment_alone() -> None:
    text = bibtex([replace(PAPER, year_inferred=True)], {"p": "key"})
    assert text.startswith("% key: the listing prints 4 October without a year; 2025 is inferred\n@misc{key,")
    assert "year = {n.d.}" in text  # natbib warns of an entry without a year
    assert "month =" not in text
    assert "date =" not in bibtex([replace(PAPER, year_inferred=True)], {"p": "key"}, biblatex=True)


@pytest.mark.parametrize(
    ("changes", "author"),
    [
        ({"authors_complete": False}, "Bumjun Kim and Albert No and others"),
        ({"authors": ("Aäron van den Oord",)}, r"A{\"a}ron van den Oord"),
        ({"authors": ("Rosanne Liu and Friends", "other")}, "{Rosanne Liu and Friends} and {other}"),
        ({"authors": ("Kim, Bumjun", "Kim, B., Jr.", "No,")}, "Kim, Bumjun and Kim, Jr., B. and {No,}"),
        ({"authors": ("Martin Luther King, Jr.", "Guy Steele Jr.")}, "King, Jr., Martin Luther and Steele, Jr., Guy"),
        ({"authors": ("Gemini Team", "The ATLAS Collaboration")}, "{Gemini Team} and {The ATLAS Collaboration}"),
        ({"authors": ("NVIDIA", ":", "Aaron Blakeman")}, "{NVIDIA} and Aaron Blakeman"),
        ({"authors": ("José Ortega y Gasset", "Juan De La Cruz")}, r"{Ortega y Gasset}, Jos{\'e} and De La Cruz, Juan"),
        ({"authors": ("danah boyd", "Jane Doe, PhD")}, "boyd, danah and Doe, Jane"),
        (
            {"authors": ("Chen Wang (王晨)", "王伟", "Jane Doe Ph.D.")},
            r"Wang, Chen ({\relax 王}{\relax 晨}) and {{\relax 王}{\relax 伟}} and Jane Doe",
        ),
        ({"authors": ("Conor O&#39;Brien", "Wei (David) Chen")}, "Conor O'Brien and Wei (David) Chen"),
        ({"authors": (), "organization": "NVIDIA & Co"}, r"{NVIDIA \& Co}"),
        ({"authors": (), "page_owners": ("Kyelim Lee",), "authors_complete": False}, "Kyelim Lee and others"),
    ],
)
def test_names_are_as_printed(changes: dict[str, object], author: str) -> None:
    (fields,) = entries([replace(PAPER, **changes)]).values()  # type: ignore[arg-type]
    assert fields["author"] == author


@pytest.mark.parametrize("line", PEOPLE.strip().splitlines())
def test_bibtex_finds_the_parts_of_a_name(line: str) -> None:
    """As bibtexparser splits names, which does it as BibTeX does."""
    given, particle, family, suffix = (part.strip() for part in line.split("|"))
    printed = " ".join(filter(None, (given, particle, family, suffix)))
    text = bibtex([replace(PAPER, authors=(printed, "Albert No"))], {"p": "key"})
    (entry,) = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()]).entries
    read, other = entry["author"]
    characters = LatexNodes2Text().latex_to_text
    parts = [characters(" ".join(part)) for part in (read.first, read.von, read.last, read.jr)]
    assert parts == [given, particle, family, suffix]
    assert (other.first, other.last) == (["Albert"], ["No"])


def test_an_entity_of_html_is_one_character_in_the_bib_as_in_the_text() -> None:
    (fields,) = decoded([replace(PAPER, title="R&amp;amp;D &#8211; a &lt;b&gt; title&nbsp;here")])
    assert " ".join(fields["title"].split()) == "R&D – a <b> title here"


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://arxiv.org/abs/2510.01234v2", {"eprint": "2510.01234v2", "archiveprefix": "arXiv"}),
        ("http://arxiv.org/pdf/cs.LG/0601001", {"eprint": "cs.LG/0601001", "archiveprefix": "arXiv"}),
        ("https://doi.org/10.1000/a_b", {"doi": "10.1000/a_b"}),
        ("https://example.org/paper", {}),
    ],
)
def test_identifiers_are_written_where_the_address_has_them(url: str, known: dict[str, str]) -> None:
    (fields,) = entries([replace(PAPER, url=url)]).values()
    assert {name: value for name, value in fields.items() if name in ("eprint", "archiveprefix", "doi")} == known
    assert fields["url"] == url


def test_biblatex_has_its_own_fields() -> None:
    papers = [replace(PAPER, url="https://arxiv.org/abs/2510.01234"), replace(PAPER, paper_id="q", authors=())]
    text = bibtex(papers, numbered(papers), biblatex=True)
    first, second = bibtexparser.parse_string(text).entries
    fields = {field.key: field.value for field in first.fields}
    assert fields["date"] == "2025-10-04"
    assert (fields["eprint"], fields["eprinttype"]) == ("2510.01234", "arXiv")
    assert not {"year", "month", "archiveprefix"} & fields.keys()
    assert second["label"] == second["sortkey"] == "Rainbow Padding"


def test_without_any_name_a_style_sorts_by_the_title() -> None:
    (fields,) = entries([replace(PAPER, authors=(), title="DUSK: Do Not Unlearn")]).values()
    assert "author" not in fields
    assert fields["key"] == "DUSK"
    (fields,) = entries([replace(PAPER, authors=(), title=r"[Re] $\mathcal{O}(n)$ for Gödel’s Tests")]).values()
    assert fields["key"] == "Re On for Godels Tests"
    (fields,) = entries([replace(PAPER, authors=(), title="王伟")]).values()
    assert fields["key"] == "key0"


def test_capitals_that_a_style_would_lose_are_kept() -> None:
    (fields,) = entries([replace(PAPER, title="Tuning LLMs in NVFP4: a MoE-based Look at Low-Load GPUs")]).values()
    assert fields["title"] == "Tuning {LLMs} in {NVFP4}: a {MoE-based} Look at Low-Load {GPUs}"
    (fields,) = entries([replace(PAPER, title=r"R1-Reward, T5 and Q-learning of $\Phi(X)$: A 2-Step Way")]).values()
    assert fields["title"] == r"{R1-Reward}, {T5} and {Q-learning} of {$\Phi(X)$}: A 2-Step Way"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        (r"100% & x_y #1 ~ ^ \ $5", r"100\% \& x\_y \#1 {\textasciitilde} {\textasciicircum} {\textbackslash} \$5"),
        (r"Learning $\mathbf{W} \approx QR^\top$ Fast", r"Learning $\mathbf{W} \approx QR^\top$ Fast"),
        (r"Erd\H{o}s and G\"odel", r'Erd{\H{o}}s and G{\"o}del'),
        (r"Do \emph{not} stop", "Do not stop"),
        (r"Read $\input{/etc/passwd}$ and \input{secret}", None),
        ("Cost $5 and $10", r"Cost \$5 and \$10"),
        ("An open { brace", None),
        ("Mobi-$π$: a policy", r"Mobi-$\pi$: a policy"),
        ("$π_0$: a policy", r"$\pi _0$: a policy"),
        ("“Pre–train” a--b", "``Pre--train'' a-{}-b"),
        ("Not $^^5cinput{/etc/passwd}$", r"Not {\textasciicircum}{\textasciicircum}5cinput/etc/passwd"),
        ("Twice raised: $a^b^c$", r"Twice raised: \$a{\textasciicircum}b{\textasciicircum}c\$"),
        ("A set: $\\{a$ and {b", r"A set: $\lbrace a$ and \ensuremath{\lbrace}b"),
        ("王伟 and Ω", r"王伟 and \ensuremath{\Omega}"),
        ("Đình is 3× faster at 45° → €5", r"{\relax Đ}{\`i}nh is 3× faster at 45° → €5"),
        ("Ends with a backslash\\", r"Ends with a backslash{\textbackslash}"),
    ],
)  # fmt: skip
def test_special_characters_are_escaped_and_formulas_stay(title: str, written: str | None) -> None:
    (fields,) = entries([replace(PAPER, title=title)]).values()
    if written is not None:
        assert latex(title) == written
    assert not re.search(r"\\(?:input|include|write|def|catcode)\b", fields["title"])


@given(PRINTABLE, PRINTABLE)
def test_any_text_makes_one_whole_entry(title: str, name: str) -> None:
    (fields,) = entries([replace(PAPER, title=title, authors=(name,) if name.strip() else ())]).values()
    assert fields.keys() <= {"title", "author", "key", "year", "month"}


@given(PRINTABLE)
def test_no_text_brings_a_command_that_does_more_than_print(text: str) -> None:
    hostile = f"{text} \\input{{x}} $\\write18{{ls}}$ \\def\\x{{}} $^^5cinput{{x}}$ \\csname x\\endcsname {text}"
    commands = set(re.findall(r"(?<!\\)(?:\\\\)*\\([A-Za-z]+)", latex(hostile)))
    assert commands.isdisjoint({"input", "write", "def", "include", "catcode", "csname", "openin"})
    assert not re.search(r"\^\^", latex(hostile))


PIECES = r"$ $ { } \ ^ _ % # & ~ a B1 \input \mathbf \frac \alpha é 王 “ - ` @ , = ' ?".split()
LATEX = st.lists(st.sampled_from([*PIECES, " ", "\n", "\x00", "\x1b", "\u202e"]), max_size=16).map("".join)


@given(LATEX)
def test_any_latex_is_whole_and_has_no_command_but_those_that_print(text: str) -> None:
    """What TeX reads: the braces are whole, the dollars are pairs, no comment, no alignment, no double superscript."""
    written = latex(text)
    assert not re.search(r"\\[{}]", written)  # BibTeX counts these as braces
    bare = re.sub(r"\\[$%&_#]", "", written)
    outside = re.sub(r"\$[^$]+\$", "", bare)
    assert written.isprintable()
    assert not re.search(r"[%&#~]|\^\^", bare.replace("~", "", text.count("~")))
    assert not re.search(r"[$_^]", outside)
    for part in (bare, outside):
        depths = [part[:end].count("{") - part[:end].count("}") for end in range(len(part) + 1)]
        assert min(depths) == depths[-1] == 0
    assert set(re.findall(r"\\([A-Za-z]+)", bare)) <= symbols() | PRINT


@given(
    st.text(
        st.sampled_from("abc XYZ é í ő Ű ñ Ø ß ế ṇ Đ þ % & _ # ~ | { … × ° → € – — “ ” ' \" : , ( ) 0 1 2 / + ="),
        max_size=60,
    )
)
def test_what_is_escaped_reads_as_it_was(title: str) -> None:
    printed = " ".join(title.split())
    if not printed:
        return
    (fields,) = decoded([replace(PAPER, title=printed)])
    assert fields["title"] == printed


@pytest.mark.parametrize(
    "formula",
    [r"\mathbf{W} \approx QR^\top", r"\frac{a}{b}", "f''(x)", "x_1^2", r"x^\text{two words}", r"\{a\}", r"10^{-3}"],
)
def test_a_whole_formula_is_harmless(formula: str) -> None:
    assert is_harmless_math(formula)


@pytest.mark.parametrize(
    "formula",
    [
        *("^^5cinput{x}", r"\input{x}", r"\text{\input{x}}", r"\def\x{}", "#1", "a & b", "x%", r"\\", "a\\"),
        *("a^b^c", "x_", "f'^2", r"x^\sum", "{", "}", "{" * 9 + "x" + "}" * 9, r"\mathbf", r"\frac{a}", r"\left(x"),
    ],
)
def test_what_tex_cannot_print_is_no_formula(formula: str) -> None:
    assert not is_harmless_math(formula)


def test_pdftex_is_told_what_to_print_for_what_it_lacks() -> None:
    (line,) = declarations(latex("A Gödel title 王")).splitlines()
    assert line == r"\unless\iffalse\expandafter\providecommand\csname u8:\detokenize{王}\endcsname{[U+738B]}\fi"
    text = bibtex([replace(PAPER, title="A 王")], {"p": "key"})
    assert text.startswith(f'@preamble{{"{line}"}}\n\n@misc{{key,')
    assert declarations("nothing but ASCII") == declarations("what LaTeX has: 3× Đ") == ""
