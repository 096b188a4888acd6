"""A text with markers -> LaTeX that cites, and plain text: what a researcher pastes into a manuscript."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.manuscripts.textual_citations import Named, named_papers, paper_names
from assistant.records import Reference
from assistant.text.evidence import printed_surname
from assistant.text.latex import declarations, latex, latex_code
from vectorstore.text.sentences import sentence_spans

_HEADING = re.compile(r"#{1,6}\s+(.+)")
_CODE = r"`+(?P<code>[^`\n]+)`+"  # what looks like a marker in a title stands in it
_INLINE = re.compile(rf"{_CODE}|\s*(?P<markers>(?:\[\d+\])+)|\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<italic>[^*\s][^*\n]*)\*")


@dataclass(frozen=True, slots=True)
class Citing:
    r"""How a text cites in LaTeX: the key of each reference by its number, and, for natbib, what names its paper.

    With `natbib` a name of a paper that its sentence cites becomes \citet, and a marker \citep.
    """

    keys: Mapping[int, str]
    names: Mapping[int, re.Pattern[str]] = field(default_factory=dict)
    natbib: bool = False
    printed: str = ""  # what natbib prints in the text of names that stand in the bibliography alone

    @classmethod
    def of(cls, references: Iterable[Reference], *, natbib: bool) -> "Citing":
        references = list(references)
        keys = {reference.number: reference.key for reference in references}
        if not natbib:
            return cls(keys)
        printed = " ".join(printed_surname(name) for reference in references for name in reference.authors[:2])
        return cls(keys, paper_names(references), natbib, latex(printed))

    def declarations(self, written: str) -> str:
        """Return the `declarations` of a text that cites."""
        return declarations(written + self.printed)

    def cite(self, numbers: Iterable[int]) -> str:
        """Return a citation of references in brackets, each once; "" for none."""
        keys = ",".join(dict.fromkeys(self.keys[number] for number in numbers))
        return rf"~\{'citep' if self.natbib else 'cite'}{{{keys}}}" if keys else ""

    def name(self, named: Named, text: str) -> str:
        """Return a citation in the place of a name."""
        key = self.keys[named.number]
        opens = not text[: named.start].strip() and text[named.start].islower()
        c = "C" if opens else "c"  # natbib writes "Van den Oord et al." then
        if named.own:
            year = "" if named.again else rf" \citeyearpar{{{key}}}"
            return rf"\{c}iteauthor{{{key}}}'s{year}"
        return rf"\{c}iteauthor{{{key}}}" if named.again else rf"\{c}itet{{{key}}}"


def latex_text(text: str, citing: Citing) -> str:
    """Return Markdown as LaTeX: "... early [1][2]." is "... early~\\cite{kim2025rainbow,lee2024early}."

    Headings become \\paragraph, bold and italics stay; all else is text. `Citing.declarations` go before it.
    """
    written = "\n\n".join(_paragraph(part.strip(), citing) for part in re.split(r"\n\s*\n", text) if part.strip())
    return f"{citing.declarations(written)}{written}\n"


def plain_manuscript(text: str) -> str:
    """Return Markdown without its marks, the numbers of references as they are."""
    lines = (_HEADING.sub(r"\1", line) for line in text.splitlines())
    unmarked = (re.sub(_CODE, r"\g<code>", re.sub(r"\*{1,2}([^*\n]+)\*{1,2}", r"\1", line)) for line in lines)
    return "\n".join(unmarked).strip() + "\n"


def _paragraph(text: str, citing: Citing) -> str:
    heading, newline, rest = text.partition("\n")
    if title := _HEADING.fullmatch(heading.strip()):
        below = latex_inline(rest, citing) if newline else ""
        return rf"\paragraph{{{latex_inline(title[1], citing)}.}}" + (f"\n{below}" if below else "")
    return latex_inline(text, citing)


def latex_inline(text: str, citing: Citing) -> str:
    """Return a stretch of Markdown inside a block as LaTeX."""
    if not citing.names:
        return _inline(text, citing, frozenset())
    parts, position = [], 0
    for start, end in sentence_spans(text):
        parts += [_inline(text[position:start], citing, frozenset()), *_natbib(text[start:end], citing)]
        position = end
    return "".join(parts) + _inline(text[position:], citing, frozenset())


def _natbib(sentence: str, citing: Citing) -> Iterator[str]:
    """Yield a sentence that names papers by citing them; what it has named it does not cite once more."""
    named = list(named_papers(sentence, citing.names))
    cited = frozenset(one.number for one in named)
    position = 0
    for one in named:
        yield _inline(sentence[position : one.start], citing, cited)
        yield citing.name(one, sentence)
        position = one.end
    yield _inline(sentence[position:], citing, cited)


def _inline(text: str, citing: Citing, cited: frozenset[int]) -> str:
    parts, position = [], 0
    for match in _INLINE.finditer(text):
        parts += [latex(text[position : match.start()]), _marked(match, citing, cited)]
        position = match.end()
    return "".join(parts) + latex(text[position:])


def _marked(match: re.Match[str], citing: Citing, cited: frozenset[int]) -> str:
    if match["code"]:
        return latex_code(match["code"])
    if match["bold"]:
        return rf"\textbf{{{_inline(match['bold'], citing, cited)}}}"
    if match["italic"]:
        return rf"\emph{{{_inline(match['italic'], citing, cited)}}}"
    numbers = [int(number) for number in re.findall(r"\d+", match["markers"])]
    if any(number not in citing.keys for number in numbers):
        return latex(match.group())
    return citing.cite(number for number in numbers if number not in cited)
