"""Papers and their keys for \\cite -> a .bib that has what the listings print of them and nothing else."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from assistant.text.evidence import short_title
from assistant.text.latex import declarations, latex
from assistant.text.plain_text import plain_text
from vectorstore.papers import Paper

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WORD = re.compile(r"(?<![\\\w])[^\W_]+(?:[-'’][^\W_]+)*")
_NAME = re.compile(r"(?!others$)(?!.*(?:\band\b|\$))\s*[^\s,][^,]*(?:,\s*[^\s,][^,]*)?", re.IGNORECASE)  # "No, Albert"
_LETTER = re.compile(r"[A-Z]-[^\W\d_]")  # the first of "Q-learning"
_FORMULA = re.compile(r"((?<!\\)\$(?:[^$\\]|\\.)*\$)")
_COMMAND = re.compile(r"(\\[a-zA-Z]+\{[^{}]*\}|\\.)")


def bibtex(papers: Iterable[Paper], keys: Mapping[str, str]) -> str:
    """Return a .bib of `papers`, each once and in their order; `keys` holds the key of each by its id.

    Nothing is in it that the listings lack: no venue, no identifier, and no year that was only inferred. A comment
    has what is known of the date then: a month without a year is no date to BibTeX. Names are as printed, "and others"
    where a listing says et al. Where it prints no name, the field `key`, by which BibTeX sorts and labels, has the
    letters of the title's beginning.
    """
    once = {paper.paper_id: paper for paper in papers}
    entries = "\n".join(_entry(paper, keys[paper_id]) for paper_id, paper in once.items())
    for_pdftex = "".join(f'@preamble{{"{line}"}}\n' for line in declarations(entries).splitlines())
    return f"{for_pdftex}\n{entries}" if for_pdftex else entries


def _entry(paper: Paper, key: str) -> str:
    fields = {"title": _with_capitals(latex(paper.title)), "author": _authors(paper)}
    if not fields["author"]:
        fields["key"] = _sorted_by(paper.title) or key
    if paper.published and not paper.year_inferred:
        fields |= {"year": str(paper.published.year), "month": _MONTHS[paper.published.month - 1]}
    fields["url"] = _address(paper.url or "")
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value)
    return f"{_on_the_year(paper, key)}@misc{{{key},\n{''.join(lines)}}}\n"


def _sorted_by(title: str) -> str:
    """Return a title's letters and digits: of these a style makes a label, and half a command would stop LaTeX."""
    plain = unicodedata.normalize("NFKD", short_title(plain_text(title))).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9 -]", "", plain).split())


def _on_the_year(paper: Paper, key: str) -> str:
    if not (paper.published and paper.year_inferred):
        return ""
    printed = f"{paper.published.day} {paper.published:%B}"
    return f"% {key}: the listing prints {printed} without a year; {paper.published:%Y} is inferred\n"


def _authors(paper: Paper) -> str:
    names = paper.authors or paper.page_owners
    if not names:
        return f"{{{latex(paper.organization)}}}" if paper.organization else ""
    return " and ".join([*map(_name, names), *([] if paper.authors_complete else ["others"])])


def _name(name: str) -> str:
    """Return a name as BibTeX reads it; one that it would take for several, or for a list, stands in braces."""
    return latex(name) if _NAME.fullmatch(name) else f"{{{latex(name)}}}"


def _with_capitals(title: str) -> str:
    """Return a title in LaTeX with braces around what a style would write in small letters: {LLMs}, {NVFP4},
    {MoE-based}, {R1-Reward}, {Q-learning}, and formulas."""
    parts = _FORMULA.split(title)
    return "".join(f"{{{part}}}" if place % 2 else _words_kept(part) for place, part in enumerate(parts))


def _words_kept(text: str) -> str:
    parts = _COMMAND.split(text)
    return "".join(part if place % 2 else _WORD.sub(_kept, part) for place, part in enumerate(parts))


def _kept(match: re.Match[str]) -> str:
    word = match.group()
    return f"{{{word}}}" if any(map(_must_stay, word.split("-"))) or _LETTER.match(word) else word


def _must_stay(part: str) -> bool:
    has_capital, has_digit = any(map(str.isupper, part)), any(map(str.isdigit, part))
    return any(map(str.isupper, part[1:])) or (has_capital and has_digit)


def _address(url: str) -> str:
    """Return a URL so that no brace or backslash of it ends the field."""
    return re.sub(r"[{}\\%\s]", lambda match: f"\\%{ord(match.group()):02X}" if match.group() != "%" else r"\%", url)
