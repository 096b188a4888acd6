"""A draft's file -> its citing sentences; and a .bib -> its entries, whatever is wrong with it."""

import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.proofreading.bib_file import read_bib
from assistant.proofreading.bibliography_matching import same_entries
from assistant.proofreading.cited_clauses import claims_nothing, clauses_of
from assistant.proofreading.cited_text import CitedText, Mark
from assistant.proofreading.draft_file import pasted, read_cited
from vectorstore.errors import DraftError

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def shown(draft: CitedText) -> list[str]:
    """Return the citing sentences, a mark as {keys}, a textual one as {@keys}."""

    def part(one: str | Mark) -> str:
        return one if isinstance(one, str) else f"{{{'@' if one.textual else ''}{','.join(one.keys)}}}"

    return ["".join(map(part, sentence.parts)) for sentence in draft.citing_sentences()]


def latex(body: str) -> CitedText:
    return pasted(f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\n\\end{{document}}")


# -- authors and years


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Loss falls (Kim and No, 2025).", ["Loss falls {Kim 2025}."]),
        ("Loss falls (see Kim et al. 2025; van den Oord, 2018).", ["Loss falls {Kim 2025,van den Oord 2018}."]),
        ("Kim, Lee, and No (2025) show it.", ["{@Kim 2025} show it."]),
        ("It falls (Ångström & O'Neil, 2024a, 2024b).", ["It falls {Ångström 2024a,Ångström 2024b}."]),
        ("It fell in May (2025), by half (June 2024), for NVFP4 (2025).", []),
        ("It falls (by 2025), and (Table 3) tells.", []),
        ("Kim et al. (2025) [@kim] show it.", ["Kim et al. (2025) {kim} show it."]),
    ],
)
def test_authors_with_years_are_citations(text: str, sentences: list[str]) -> None:
    assert shown(pasted(text)) == sentences


def test_a_page_of_capitals_is_read_in_linear_time() -> None:
    def seconds(repeats: int) -> float:
        start = time.process_time()
        pasted("(Kim, Lee, No, Van Den, " * repeats)
        return time.process_time() - start

    seconds(10)
    assert seconds(4000) < 20 * max(seconds(400), 0.01)


# -- LaTeX


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        (r"Loss falls \cite{a}.", ["Loss falls {a}."]),
        (r"Loss falls~\citep[see][p.~3]{a,b}.", ["Loss falls {a,b}."]),
        (r"\citet{a} show it. No citation.", ["{@a} show it."]),
        (r"As \textcite[3]{a} say, it falls \parencite{b}, \autocite{c}.", ["As {@a} say, it falls {b}, {c}."]),
        (r"It falls \parencites(see)[3]{a}[][4]{b} here.", ["It falls {a,b} here."]),
        ("It rises. \\citep{a}\nThen it falls.", ["It rises {a}."]),
        ("It falls % not here \\cite{no}\nagain \\cite{a}, by 5\\% \\cite{b}.", ["It falls again {a}, by 5% {b}."]),
        (
            r"{\em Nested {\bf braces {\unknown{of all} kinds}}} fall \cite{a}.",
            ["Nested braces of all kinds fall {a}."],
        ),
        (r"\mymacro{x}{y} falls \anothermacro \cite{a}.", ["xy falls {a}."]),
        (r"A note\footnote{It falls there \cite{a}. So.} here \cite{b}.", ["A note here {b}.", "It falls there {a}."]),
        (r"\begin{figure}\cite{no}\caption[s]{It falls \cite{a}.}\end{figure}", ["It falls {a}."]),
        (r"\begin{verbatim}\cite{no}\end{verbatim} \verb|\cite{no}| It falls \cite{a}.", ["It falls {a}."]),
        (r"Kim et al. \cite{a} fall by $x_1 < 3$.", ["Kim et al. {a} fall by x_1 < 3."]),
        (r"} stray \cite{a} and { open \cite{b}", ["stray {a} and open {b}"]),
    ],
)
def test_citing_sentences_of_latex(body: str, sentences: list[str]) -> None:
    assert shown(latex(body)) == sentences


def test_the_authors_own_macros_are_read() -> None:
    body = r"\newcommand{\eos}{\texttt{<eos>}}\newcommand{\my}[1]{\citep{#1}} The \eos{} token ends it \my{a}."
    assert shown(pasted(f"{body} \\section{{x}}")) == ["The <eos> token ends it {a}."]


def test_a_mark_has_the_line_and_the_file_that_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("\n\nIt falls \\cite{b}.\n")
    (tmp_path / "draft.tex").write_text("One.\n\nIt rises \\cite{a}.\n\\input{part}\n")
    marks = read_cited(tmp_path / "draft.tex").marks
    assert [(mark.file, mark.line) for mark in marks] == [("draft.tex", 3), ("part.tex", 3)]


def test_inputs_are_read_from_the_drafts_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "outside.tex").write_text("Secret \\cite{no}.")
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "loop.tex").write_text("It falls \\cite{a}. \\input{loop}")
    (folder / "link.tex").symlink_to(tmp_path / "outside.tex")
    (folder / "draft.tex").write_text("\\input{loop}\\input{../outside}\\input{gone}\\input{link}\\input{/etc/passwd}")
    draft = read_cited(folder / "draft.tex")
    assert shown(draft) == ["It falls {a}."]
    outside = "lies outside of the draft's folder, and is not read."
    assert draft.notes == (f"../outside {outside}", "gone is missing.", f"link {outside}", f"/etc/passwd {outside}")


def test_macros_that_multiply_are_refused_or_left() -> None:
    bomb = "".join(
        f"\\newcommand{{\\m{a}}}{{{f'{chr(92)}m{b}' * 15}}}" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    started = time.perf_counter()
    assert shown(pasted(f"{bomb} \\ma{{}} falls \\cite{{a}}."))
    assert time.perf_counter() - started < 5


def test_braces_without_end_are_refused_in_a_sentence() -> None:
    with pytest.raises(DraftError, match="braces within braces without end"):
        latex("{" * 20_000 + r"\cite{a}")


def test_a_thebibliography_is_the_list_of_references() -> None:
    draft = latex(
        "It falls \\cite{a}.\n\\begin{thebibliography}{9}\n\\bibitem[Kim(2025)]{a} B. Kim.\n\\newblock Rainbow"
        " {P}adding.\n\\bibitem{b} Another.\n\\end{thebibliography}"
    )
    assert [(one.key, one.text) for one in draft.references] == [("a", "B. Kim. Rainbow Padding."), ("b", "Another.")]
    assert shown(draft) == ["It falls {a}."]


@given(st.text(alphabet="\\{}[]%$&~cite@a.,;: \n\"'^_#123-", max_size=200))
def test_no_text_breaks_a_reader(text: str) -> None:
    for whole in (text, f"\\section{{x}} {text}"):
        try:
            list(pasted(whole).citing_sentences())
        except DraftError as error:
            assert "says nothing" in str(error) or "without end" in str(error)


# -- Markdown and text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It falls [@a].", ["It falls {a}."]),
        ("It falls [see @a, p. 3; also @b_c:2].", ["It falls {a,b_c:2}."]),
        ("@a says it falls. So there.", ["{@a} says it falls."]),
        ("Kim [-@a] says so, and @b [p. 3] too.", ["Kim {a} says so, and {@b} too."]),
        ("Mail me@example.org about pass@N. It falls [@a].", ["It falls {a}."]),
        ("`[@no]` and\n\n    [@no]\n\n```\n[@no]\n```\n\n<!-- [@no] -->\n\nIt falls [@a].", ["It falls {a}."]),
        ("It *falls*\nover\nlines [@a;\n@b].", ["It falls over lines {a,b}."]),
        ("It falls.[^1]\n\n[^1]: There it falls [@a].", ["There it falls {a}."]),
        ("- It falls [@a].\n- It rises [@b].\n\n> Or not [@c].", ["It falls {a}.", "It rises {b}.", "Or not {c}."]),
        ("It costs $5 [@a] or $x_1$ [@b].", ["It costs $5 {a} or x_1 {b}."]),
        ("As in [1] and [3, 4].", []),
        (
            "It falls [1, 3-4], not [9].\n\n# References\n\n[1] A. One.\n[3] B. Two.\n[4] C.",
            ["It falls {1,3,4}, not [9]."],
        ),
        ("It falls [2].\n\nReferences\n\n1. A. One.\n2. B. Two.", ["It falls {2}."]),
        ("---\ntitle: '[@no]'\n---\n\nIt falls [@a].", ["It falls {a}."]),
    ],
)
def test_citing_sentences_of_markdown(text: str, sentences: list[str]) -> None:
    assert shown(pasted(text)) == sentences


# -- Word


def docx(path: Path, body: str, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for name, text in parts.items():
            packed.writestr(f"word/{name}.xml", f'<w:footnotes xmlns:w="{WORD}">{text}</w:footnotes>')
    return path


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_citing_sentences_of_a_docx(tmp_path: Path) -> None:
    numbered = "<w:numPr/>"
    body = (
        "<w:p><w:r><w:t>It fa</w:t></w:r><w:r><w:t>lls [1].</w:t></w:r><w:del><w:r><w:delText>Gone [2].</w:delText>"
        "</w:r></w:del></w:p>"
        + paragraph("References", '<w:pStyle w:val="Heading1"/>')
        + paragraph("B. Kim. Rainbow Padding.", numbered)
        + paragraph("A. No. Another.", numbered)
    )
    draft = read_cited(docx(tmp_path / "d.docx", body, footnotes=paragraph("There it rises [2].")))
    assert shown(draft) == ["It falls {1}.", "There it rises {2}."]
    assert [(one.key, one.text) for one in draft.references] == [
        ("1", "B. Kim. Rainbow Padding."),
        ("2", "A. No. Another."),
    ]


def test_a_docx_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    bomb = docx(tmp_path / "bomb.docx", paragraph("a" * 60_000_000))
    assert bomb.stat().st_size < 200_000
    with pytest.raises(DraftError, match=r"bomb.docx is refused \(word/document.xml unpacks to more than"):
        read_cited(bomb)


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.docx"
    with zipfile.ZipFile(path, "w") as packed:
        secret = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        packed.writestr("word/document.xml", f'{secret}<w:p xmlns:w="{WORD}"><w:r><w:t>&x; [1]</w:t></w:r></w:p>')
    with pytest.raises(DraftError, match="its XML declares a document type"):
        read_cited(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("d.docx", b"no zip", "no sound .docx"),
        ("d.tex", b"", "says nothing"),
        ("d.md", b"\x00\x01\x02", "is no text"),
        ("d.tex", b"\xff\xfe\x00", "no text in UTF-8"),
        ("d.pdf", b"%PDF-1.5", "give it as .tex, .md, .txt or .docx"),
        ("d.md", None, "No such file"),
        ("d.docx", None, "No such file"),
    ],
)
def test_what_is_no_draft_is_told_in_a_sentence(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DraftError, match=said):
        read_cited(tmp_path / name)


def test_a_draft_of_200_pages_is_read_in_time() -> None:
    cites = "".join(
        f"Sentence {number} says that $x_{{{number}}} \\le \\alpha$ falls~\\citep[p.~3]{{key{number}}}.\n"
        for number in range(5)
    )
    page = f"{cites}{'A sentence that cites nothing, as most of a thesis do. ' * 50}\n\n"
    started = time.perf_counter()
    draft = latex(page * 200)
    assert len(draft.marks) == 1_000
    assert time.perf_counter() - started < 60


# -- .bib


def test_entries_are_read_as_people_write_them() -> None:
    bib = read_bib(
        '@string{a = "arXiv"}\n@comment{x}\n@Article{k1, title = {{Rainbow} {P}adding},'
        ' author = "Kim, B{\\"u}m and others",'
        " journal = a # { preprint}, year = 2025,}\n@misc(k2, title={Two}, eprint={2510.03680}, doi = {10.1/X})\n",
        "x.bib",
    )
    one, two = bib.entries
    assert (one.key, one.title, one.year, one.surnames) == ("k1", "Rainbow Padding", 2025, {"kim"})
    assert one.fields["journal"] == "arXiv preprint"
    assert (two.key, two.identifiers, two.line) == ("k2", {"2510.03680"}, 4)
    assert not bib.notes


def test_a_bib_of_5000_entries_with_errors_keeps_the_good_ones() -> None:
    broken = {
        100: "@misc{k100, title={never closed, year=2020\n",
        200: "@misc{, title={No key}}\n",
        300: "@misc{k300 title={No comma}}\n",
        400: '@misc{k400, title="open, year=2020}\n',
        500: "@misc{k500, title=}\n",
        600: "@misc{k1, title={Again}}\n",
    }
    started = time.perf_counter()
    lines = [
        broken.get(n, f"@misc{{k{n}, title={{Paper {n}}}, author={{Kim, B. and No, A.}}, year=2025}}\n")
        for n in range(5000)
    ]
    bib = read_bib("".join(lines), "x.bib")
    assert len(bib.entries) == 5000 - len(broken)
    assert [note.partition(":")[0] for note in bib.notes] == [f"x.bib, line {number + 1}" for number in broken]
    assert "k100 is not closed" in bib.notes[0] and "the key k1 is that of line 2 already" in bib.notes[-1]
    same_entries(bib.entries)
    assert time.perf_counter() - started < 20


def test_entries_that_are_one_paper_are_found() -> None:
    bib = read_bib(
        "@misc{a, title={Rainbow Padding}, author={Kim, B.}}\n@misc{b, title={{RAINBOW} padding.}, author={B. Kim}}\n"
        "@misc{c, title={Rainbow Padding}, author={Else, S.}}\n@misc{d, title={X}, doi={10.1000/x}}\n"
        "@misc{e, title={Y}, url={https://doi.org/10.1000/X}}\n@misc{f, title={Part 1 of it}, author={Kim, B.}}\n"
        "@misc{g, title={Part 2 of it}, author={Kim, B.}}\n",
        "x.bib",
    )
    assert [[entry.key for entry in group] for group in same_entries(bib.entries)] == [["a", "b"], ["d", "e"]]


# -- clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (r"SRR keeps the leading singular directions \cite{a}, whereas ODLRI splits the other part \cite{b}.", 2),
        (r"Where SNIP cuts the FLOPs in half \cite{a}, NVFP4 stays level with FP8 \cite{b}.", 2),
        (r"Networks can be thinned out without training \cite{a} \cite{b}.", 1),
        (r"SOFT thins out updates without an SVD \cite{a}, and the analysis of \citet{b} is for IID clients.", 2),
        (r"\citet{a} show that loss falls with size, while \citet{b} show that it rises again.", 2),
        (r"Both \cite{a} and \cite{b} show it.", 1),
    ],
)
def test_each_clause_has_its_own_citation(text: str, parts: int) -> None:
    (sentence,) = latex(text).citing_sentences()
    assert len(clauses_of(sentence)) == parts


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        (r"We train as in \cite{a}.", True),
        (r"We use the optimizer of \citet{a} with a rate of 0.3.", True),
        (r"Following \citet{a}, we set the rate to 0.3.", True),
        (r"For a survey, see \cite{a}.", True),
        (r"Our scheduler borrows from \citet{a}, who report that training is twice as fast.", False),
        (r"Unlike us, \citet{a} train 1,942 candidate architectures.", False),
        (r"We prune too, although \citet{a} show that pruning hurts.", False),
        (r"Masked models are free of the reversal curse \cite{a}.", False),
    ],
)
def test_a_citation_that_only_points_claims_nothing(text: str, is_none: bool) -> None:
    (sentence,) = latex(text).citing_sentences()
    assert [claims_nothing(clause) for clause in clauses_of(sentence)] == [is_none]
