"""The files of a draft in LaTeX, without comments and code, and the author's macros replaced in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore.errors import DraftError

MATH = "equation align gather multline eqnarray displaymath math flalign alignat".split()
_CITE = re.compile(r"\\(\w*[cC]ite\w*)\*?\s*(?:\[[^\[\]]*\]\s*)*\{\s*#1\s*\}")
_VERBATIM = "verbatim|Verbatim|lstlisting|minted|comment|filecontents"
_SKIPPED = re.compile(
    rf"\\begin\{{(?P<env>(?:{_VERBATIM}|{'|'.join(MATH)})\*?)\}}.*?\\end\{{(?P=env)\}}"
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
Notes = list[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a draft by the name that its author calls it, as it is read."""

    name: str
    text: str


@dataclass
class Files:
    """The files of a draft, all in the folder of the first one or below it."""

    folder: Path | None
    notes: Notes
    read: Callable[[Path], str]
    sources: dict[str, Source] = field(default_factory=dict)  # by the name in \input
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

    def _source(self, name: str) -> Source:
        if self.folder is None:
            self.notes.append(f"{name} is not read, as the draft was given without its folder.")
            return Source(name, "")
        folder = self.folder.resolve()
        try:
            paths = [(folder / f"{name}.tex").resolve(), (folder / name).resolve()]
            inside = [path for path in paths if path.is_relative_to(folder)]
            is_inside = len(inside) == len(paths)
            found = next((path for path in inside if path.is_file()), None)
            if found:
                return Source(str(found.relative_to(folder)), without_comments(self.read(found)))
        except (OSError, ValueError, DraftError) as error:
            self.notes.append(f"{name} cannot be read ({error}).")
            return Source(name, "")
        why = "is missing" if is_inside else "lies outside of the draft's folder, and is not read"
        self.notes.append(f"{name} {why}.")
        return Source(name, "")


def without_comments(text: str) -> str:
    """Return LaTeX whose comments are empty, and in which nothing stands for code and displayed formulas but their ends
    of lines: every line keeps its number."""

    def left(found: re.Match[str]) -> str:
        if found["comment"] is not None:
            return found.group()[: found.start("comment") - found.start()] + "%"
        return " " + "\n" * found.group().count("\n")

    return _SKIPPED.sub(left, text)


def macros_in(texts: Sequence[str]) -> dict[str, str]:
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


def expanded(text: str, macros: dict[str, str]) -> str:
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
