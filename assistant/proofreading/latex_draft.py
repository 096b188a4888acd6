r"""A draft in LaTeX, with the files that it inputs -> its paragraphs and citations, by pylatexenc's parser.

Nothing is expanded but macros without arguments and those that only cite: unknown ones give what their braces hold.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import EnvironmentSpec, LatexContextDb, MacroSpec

from assistant.proofreading.cited_text import CitedText, Flow, ListedReference
from assistant.proofreading.latex_source import MATH, Files, Notes, Source, expanded, macros_in, without_comments
from assistant.text.plain_text import plain_text
from vectorstore.errors import DraftError

_TEXTUAL = "citet Citet citealt Citealt textcite Textcite citeauthor Citeauthor citeN newcite".split()
_PARENTHETICAL = (
    "cite citep Citep citealp Citealp citeyear citeyearpar parencite Parencite autocite Autocite footcite footcitetext"
    " smartcite Smartcite supercite fullcite footfullcite citetitle citenum onlinecite shortcite shortciteA citeA"
    " citeNP possessivecite"
).split()
_SEVERAL = "cites Cites parencites Parencites textcites Textcites autocites Autocites footcites supercites".split()
# Macros whose arguments are no text, and what these are.
_SILENT = {
    "[{": "documentclass usepackage RequirePackage includegraphics bibitem".split(),
    "{": "label ref eqref pageref cref Cref autoref nameref vspace hspace bibliographystyle pagestyle thispagestyle"
    " graphicspath hypersetup setcitestyle color date author title thanks institute affiliation email"
    " geometry SetKwInput thispagestyle".split(),
    "{{": "setlength setcounter addtolength definecolor theoremstyle".split(),
}
_SPOKEN = {"{{": "href textcolor colorbox".split(), "[{": "caption footnotetext marginpar".split()}
_ASIDES = ("caption", "footnote", "footnotetext", "marginpar", "subcaption", "captionof")
_HEADINGS = "part chapter section subsection subsubsection paragraph subparagraph".split()
_FLOATS = "figure table wrapfigure wraptable algorithm".split()
_INPUTS = ("input", "include", "subfile")
_SPECIALS = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "–", "&": " "}
_UNHEARD = frozenset([*_FLOATS, *MATH, "tabular", "tabularx", "tabulary", "tikzpicture", "algorithmic", "array"])
_BODY = re.compile(r"\\begin\{document\}")
_ITEMS = re.compile(
    r"\\bibitem\s*(?:\[(?:[^\[\]{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\])?\s*\{(?P<key>[^{}]*)\}"
    r"(?P<text>.*?)(?=\\bibitem|\\end\{thebibliography\}|\Z)",
    re.DOTALL,
)
_OPTIONAL, _KEYS = re.compile(r"\s*\[[^\[\]]*\]|\s*\([^()]*\)"), re.compile(r"\s*,\s*")


def read_latex(text: str, name: str, *, folder: Path | None, read: Callable[[Path], str]) -> CitedText:
    """Return what a draft says and cites, with the files that it inputs from its `folder`, each `read` as text.

    Raises DraftError if it is too long or its braces go too deep.
    """
    notes: Notes = []
    main = Source(name, without_comments(text))
    files = Files(folder, notes, read, characters=len(main.text))
    files.add(main.text)
    sources = [main, *files.sources.values()]
    macros = macros_in([source.text for source in sources])
    reading = _Reading(Flow(name), files.sources, macros)
    try:
        reading.source(main)
    except RecursionError as error:
        raise DraftError(f"{name} has braces within braces without end; close them, and check it again.") from error
    reading.flow.end_paragraph()
    whole = "\n".join(source.text for source in sources)
    return CitedText(
        name,
        tuple(reading.flow.paragraphs),
        tuple(reading.flow.marks),
        tuple(_listed(sources)),
        frozenset(reading.also_cited),
        tuple(_bibliographies(whole)),
        tuple(notes),
    )


def _listed(sources: Sequence[Source]) -> Iterator[ListedReference]:
    for source in sources:
        for found in _ITEMS.finditer(source.text):
            text = plain_text(" ".join(found["text"].replace("\\newblock", " ").replace("%", " ").split()))
            yield ListedReference(found["key"].strip(), text, source.text.count("\n", 0, found.start()) + 1)


def _bibliographies(text: str) -> Iterator[str]:
    for found in re.finditer(r"\\(?:bibliography|addbibresource)\s*(?:\[[^\[\]]*\])?\{([^{}]{1,1000})\}", text):
        yield from (name.strip() for name in found[1].split(",") if name.strip())


@cache
def _context() -> LatexContextDb:
    """Return what pylatexenc has to know of macros beside its own: the arguments of those that cite or say nothing."""
    context = get_default_latex_context_db()
    macros = [MacroSpec(name, "*[[{") for name in (*_TEXTUAL, *_PARENTHETICAL)]
    macros += [MacroSpec("captionof", "{[{"), *(MacroSpec(name, "{") for name in ("nocite", *_INPUTS))]
    macros += [MacroSpec(name, spec) for specs in (_SILENT, _SPOKEN) for spec, names in specs.items() for name in names]
    macros += [MacroSpec(name, "*[{") for name in _HEADINGS]
    environments = [EnvironmentSpec("thebibliography", "{")]
    context.add_context_category("citing", macros=macros, environments=environments, prepend=True)
    return context


@dataclass
class _Reading:
    flow: Flow
    sources: dict[str, Source]
    macros: dict[str, str]
    also_cited: set[str] = field(default_factory=set)
    _open: tuple[str, ...] = ()  # files that are being read

    def source(self, source: Source) -> None:
        """Go through a file; what stands before \\begin{document} says nothing."""
        begins = _BODY.search(source.text)
        text = source.text
        if begins:
            text = "\n" * text.count("\n", 0, begins.end()) + text[begins.end() :].partition("\\end{document}")[0]
        outer = self.flow.file
        self.flow.file, self._open = source.name, (*self._open, source.name)
        nodes = _Nodes(self, expanded(text, self.macros))
        nodes.go()
        self.flow.file, self._open = outer, self._open[:-1]

    def input(self, name: str) -> None:
        source = self.sources.get(name)
        if source and source.name not in self._open:  # a file that inputs itself is read once
            self.source(source)


class _Nodes:
    """The nodes of one file, as they are read."""

    def __init__(self, reading: _Reading, text: str) -> None:
        self.reading, self.flow, self.text = reading, reading.flow, text
        self.ends = [found.start() for found in re.finditer("\n", text)]

    def go(self) -> None:
        walker = LatexWalker(self.text, latex_context=_context(), tolerant_parsing=True)
        start = 0
        while start < len(self.text):
            try:
                nodes, position, length = walker.get_latex_nodes(start)
            except LatexWalkerError:
                nodes, position, length = [], start, 0
            self.nodes(nodes)
            start = max(position + (length or 0), start) + 1  # behind a brace that closes nothing

    def nodes(self, nodes: Sequence[Any]) -> None:
        place = 0
        while place < len(nodes):
            node = nodes[place]
            if isinstance(node, LatexMacroNode) and node.macroname in _SEVERAL:
                place = self.several(nodes, place)
                continue
            if node is not None:
                self.node(node)
            place += 1

    def node(self, node: Any) -> None:
        if isinstance(node, LatexCharsNode):
            self.chars(node.chars)
        elif isinstance(node, LatexGroupNode):
            self.nodes(node.nodelist)
        elif isinstance(node, LatexMathNode):
            shown = plain_text(" ".join(node.latex_verbatim().split())) if node.displaytype == "inline" else " "
            self.flow.say(shown)
        elif isinstance(node, LatexSpecialsNode):
            if "\n" in node.specials_chars:
                self.flow.end_paragraph()
            self.flow.say(_SPECIALS.get(node.specials_chars, node.specials_chars))
        elif isinstance(node, LatexEnvironmentNode):
            self.environment(node)
        elif isinstance(node, LatexMacroNode):
            self.macro(node)

    def chars(self, chars: str) -> None:
        first, *others = re.split(r"\n[ \t]*\n", chars)
        self.flow.say(first)
        for text in others:
            self.flow.end_paragraph()
            self.flow.say(text)

    def environment(self, node: Any) -> None:
        name = node.environmentname.rstrip("*")
        if name == "thebibliography":
            return
        if name in _UNHEARD:
            with self.flow.muted():
                self.nodes(node.nodelist)
            return
        self.flow.end_paragraph()
        self.nodes(node.nodelist)
        self.flow.end_paragraph()

    def macro(self, node: Any) -> None:
        name = node.macroname
        arguments = [one for one in (node.nodeargd.argnlist if node.nodeargd else ()) or () if one is not None]
        if name in _TEXTUAL or name in _PARENTHETICAL:
            self.flow.cite(_keys(arguments), textual=name in _TEXTUAL, line=self.line(node.pos))
        elif name == "nocite":
            self.reading.also_cited.update(_keys(arguments))
        elif name in _INPUTS:
            self.reading.input(_verbatim(arguments[-1:]).strip())
        elif name in _ASIDES:
            with self.flow.aside():
                self.nodes(arguments[-1:])
        elif name in _HEADINGS or name == "item":
            self.flow.end_paragraph()
            if name != "item":
                with self.flow.aside():
                    self.nodes(arguments[-1:])
        elif name == "par":
            self.flow.end_paragraph()
        elif any(name in names for names in _SILENT.values()):
            self.flow.say(" " if name == "vspace" else "")
        elif name in ("\\", "newline", " ", ",", ";", "quad", "qquad"):
            self.flow.say(" ")
        elif arguments and len(name) > 1 and name.isalpha():
            self.nodes(arguments[-1:])
        else:
            self.flow.say(_symbol(node))
        if node.macro_post_space and name.isalpha() and not arguments:
            self.flow.say(" ")

    def several(self, nodes: Sequence[Any], place: int) -> int:
        """Read \\parencites(see)[p. 3]{one}[][]{two}; return the place behind it."""
        macro, place, keys = nodes[place], place + 1, []
        while place < len(nodes):
            node = nodes[place]
            if isinstance(node, LatexGroupNode):
                keys += _KEYS.split(_verbatim([node]))
            elif isinstance(node, LatexCharsNode) and not keys and _OPTIONAL.match(node.chars):
                pass
            elif isinstance(node, LatexCharsNode) and (rest := _behind_options(node.chars)) is not None:
                following = nodes[place + 1] if place + 1 < len(nodes) else None
                if rest.strip() or not isinstance(following, LatexGroupNode):
                    break
            else:
                break
            place += 1
        self.flow.cite(keys, textual="text" in macro.macroname.lower(), line=self.line(macro.pos))
        return place

    def line(self, position: int) -> int:
        return bisect_right(self.ends, position) + 1


def _behind_options(chars: str) -> str | None:
    found = re.match(r"(?:\s*\[[^\[\]]*\])+", chars)
    return chars[found.end() :] if found else None


def _keys(arguments: Sequence[Any]) -> list[str]:
    return _KEYS.split(_verbatim(arguments[-1:]).strip())


def _verbatim(nodes: Sequence[Any]) -> str:
    return "".join(node.latex_verbatim() for node in nodes).strip("{} \n").replace("\n", " ").replace("%", " ")


def _symbol(node: Any) -> str:
    """Return the character that a macro is for: an accent, "\\%", "\\ldots"; one that is unknown is none."""
    written = node.latex_verbatim().strip()
    shown = plain_text(written)
    return "" if shown.startswith("\\") else shown
