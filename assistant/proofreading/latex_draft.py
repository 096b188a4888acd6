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
from assistant.text.plain_text import plain_text
from vectorstore.errors import DraftError

_TEXTUAL = "citet Citet citealt Citealt textcite Textcite citeauthor Citeauthor citeN newcite".split()
_PARENTHETICAL = (
    "cite citep Citep citealp Citealp citeyear citeyearpar parencite Parencite autocite Autocite footcite footcitetext"
    " smartcite Smartcite supercite fullcite footfullcite citetitle citenum onlinecite shortcite shortciteA citeA"
    " citeNP possessivecite"
).split()
_SEVERAL = "cites Cites parencites Parencites textcites Textcites autocites Autocites footcites supercites".split()
_CITE = re.compile(r"\\(\w*[cC]ite\w*)\*?\s*(?:\[[^\[\]]*\]\s*)*\{\s*#1\s*\}")
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
_MATH = "equation align gather multline eqnarray displaymath math flalign alignat".split()
_INPUTS = ("input", "include", "subfile")
_SPECIALS = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "–", "&": " "}
_UNHEARD = frozenset([*_FLOATS, *_MATH, "tabular", "tabularx", "tabulary", "tikzpicture", "algorithmic", "array"])
_VERBATIM = "verbatim|Verbatim|lstlisting|minted|comment|filecontents"
_SKIPPED = re.compile(
    rf"\\begin\{{(?P<env>(?:{_VERBATIM}|{'|'.join(_MATH)})\*?)\}}.*?\\end\{{(?P=env)\}}"
    r"|\\verb\*?(?P<bar>[^\w\s*]).*?(?P=bar)|\\\[.*?(?<!\\)\\\]|(?<!\\)\$\$.*?\$\$"
    r"|(?<!\\)(?:\\\\)*(?P<comment>%[^\n]*)",
    re.DOTALL,
)
_INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}\n]{1,300})\}")
_DEFINED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[(\d)\])?"
    r"(?:\[[^\[\]]*\])?\s*(?=\{)|\\def\s*\\([A-Za-z]+)((?:#\d)*)\s*(?=\{)"
)
_LONGEST_MACRO = 100  # characters that stand for a macro without arguments
_MOST_CHARACTERS = 4_000_000  # of a draft with all that it inputs
_MOST_FILES = 200
_BODY = re.compile(r"\\begin\{document\}")
_ITEMS = re.compile(
    r"\\bibitem\s*(?:\[(?:[^\[\]{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\])?\s*\{(?P<key>[^{}]*)\}"
    r"(?P<text>.*?)(?=\\bibitem|\\end\{thebibliography\}|\Z)",
    re.DOTALL,
)
_OPTIONAL, _KEYS = re.compile(r"\s*\[[^\[\]]*\]|\s*\([^()]*\)"), re.compile(r"\s*,\s*")
Notes = list[str]


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    text: str


@dataclass
class _Files:
    """The files of a draft, all in the folder of the first one or below it."""

    folder: Path | None
    notes: Notes
    read: Callable[[Path], str]
    sources: dict[str, _Source] = field(default_factory=dict)  # by the name in \input
    characters: int = 0

    def add(self, text: str) -> None:
        """Read what a text inputs, and what that inputs."""
        for found in _INPUT.finditer(text):
            name = found[1].strip()
            if name in self.sources:
                continue
            self.sources[name] = source = self._source(name)
            self.characters += len(source.text)
            if self.characters > _MOST_CHARACTERS or len(self.sources) > _MOST_FILES:
                raise DraftError(
                    f"The draft with its inputs has more than {_MOST_CHARACTERS:,} characters or {_MOST_FILES} files;"
                    " check its chapters one by one."
                )
            self.add(source.text)

    def _source(self, name: str) -> _Source:
        if self.folder is None:
            self.notes.append(f"{name} is not read, as the draft was given without its folder.")
            return _Source(name, "")
        folder = self.folder.resolve()
        try:
            paths = [(folder / f"{name}.tex").resolve(), (folder / name).resolve()]
            inside = [path for path in paths if path.is_relative_to(folder)]
            is_inside = len(inside) == len(paths)
            found = next((path for path in inside if path.is_file()), None)
            if found:
                return _Source(str(found.relative_to(folder)), _without_comments(self.read(found)))
        except (OSError, ValueError, DraftError) as error:
            self.notes.append(f"{name} cannot be read ({error}).")
            return _Source(name, "")
        why = "is missing" if is_inside else "lies outside of the draft's folder, and is not read"
        self.notes.append(f"{name} {why}.")
        return _Source(name, "")


def read_latex(text: str, name: str, *, folder: Path | None, read: Callable[[Path], str]) -> CitedText:
    """Return what a draft says and cites, with the files that it inputs from its `folder`, each `read` as text.

    Raises DraftError if it is too long or its braces go too deep.
    """
    notes: Notes = []
    main = _Source(name, _without_comments(text))
    files = _Files(folder, notes, read, characters=len(main.text))
    files.add(main.text)
    sources = [main, *files.sources.values()]
    macros = _macros([source.text for source in sources])
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


def _without_comments(text: str) -> str:
    """Return LaTeX whose comments are empty, and in which nothing stands for code and displayed formulas but their ends
    of lines: every line keeps its number."""

    def left(found: re.Match[str]) -> str:
        if found["comment"] is not None:
            return found.group()[: found.start("comment") - found.start()] + "%"
        return " " + "\n" * found.group().count("\n")

    return _SKIPPED.sub(left, text)


def _macros(texts: Sequence[str]) -> dict[str, str]:
    """Return what macros without arguments stand for, and which macro of citing stands behind those of the author."""
    macros: dict[str, str] = {}
    for text in texts:
        for found in _DEFINED.finditer(text):
            body = _braced(text, found.end())
            arguments = (found[2] or "0") if found[1] else str(len(found[4]) // 2)
            name = found[1] or found[3]
            if arguments == "0" and len(body) <= _LONGEST_MACRO and f"\\{name}" not in body:
                macros[name] = body
            elif arguments == "1" and (cites := _CITE.search(body)):
                macros[name] = f"\\{cites[1]}"
    return macros


def _without_definitions(text: str) -> str:
    """Return LaTeX in which ends of lines alone stand for definitions of macros."""
    kept, end = [], 0
    for found in _DEFINED.finditer(text):
        if found.start() < end:
            continue
        close = found.end() + len(_braced(text, found.end())) + 2
        kept += [text[end : found.start()], "\n" * text.count("\n", found.start(), close)]
        end = close
    return "".join([*kept, text[end:]])


def _braced(text: str, start: int) -> str:
    """Return what stands in the braces that open at `start`, "" if they do not close."""
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start, start + 4000):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if not depth:
            return text[start + 1 : found.start()]
    return ""


def _listed(sources: Sequence[_Source]) -> Iterator[ListedReference]:
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
    sources: dict[str, _Source]
    macros: dict[str, str]
    also_cited: set[str] = field(default_factory=set)
    _open: tuple[str, ...] = ()  # files that are being read

    def source(self, source: _Source) -> None:
        """Go through a file; what stands before \\begin{document} says nothing."""
        begins = _BODY.search(source.text)
        text = source.text
        if begins:
            text = "\n" * text.count("\n", 0, begins.end()) + text[begins.end() :].partition("\\end{document}")[0]
        outer = self.flow.file
        self.flow.file, self._open = source.name, (*self._open, source.name)
        nodes = _Nodes(self, _expanded(text, self.macros))
        nodes.go()
        self.flow.file, self._open = outer, self._open[:-1]

    def input(self, name: str) -> None:
        source = self.sources.get(name)
        if source and source.name not in self._open:  # a file that inputs itself is read once
            self.source(source)


def _expanded(text: str, macros: dict[str, str]) -> str:
    """Return LaTeX in which the author's macros are replaced; a replacement is on the line of its macro."""
    text = _without_definitions(text)
    if not macros:
        return text
    names = "|".join(sorted(map(re.escape, macros), key=len, reverse=True))

    def written(found: re.Match[str]) -> str:
        body = " ".join(macros[found[1]].split())
        return body if body.startswith("\\") and "{" not in body else f"{{{body}}}"

    pattern = re.compile(rf"\\({names})(?![A-Za-z])")
    for _ in range(2):  # a macro may use another one
        text = pattern.sub(written, text)
        if len(text) > 2 * _MOST_CHARACTERS:
            raise DraftError("The draft's macros stand for too much text; check it without them.")
    return text


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
