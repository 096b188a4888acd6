"""Papers and their keys for \\cite -> a .bib that has what the listings print of them and nothing else."""

import re
from collections.abc import Iterable, Mapping

from assistant.text.latex import latex
from vectorstore.papers import Paper

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WORD = re.compile(r"(?<![\\\w])[^\W_]+(?:[-'’][^\W_]+)*")
_KEPT_AS_IT_IS = re.compile(r"(\$[^$\n]*\$|\\[a-zA-Z]+\{[^{}]*\}|\\.)")


def bibtex(papers: Iterable[Paper], keys: Mapping[str, str]) -> str:
    """Return a .bib of `papers`, in their order; `keys` holds the key of each by its id.

    Nothing is in it that the listings lack: no venue, no identifier, and no year that was only inferred, which
    stands in a comment instead. Names are as printed, "and others" where a listing says et al.
    """
    return "\n".join(_entry(paper, keys[paper.paper_id]) for paper in papers)


def _entry(paper: Paper, key: str) -> str:
    fields = {"title": _with_capitals(latex(paper.title)), "author": _authors(paper)}
    if paper.published:
        fields |= {"year": "" if paper.year_inferred else str(paper.published.year)}
        fields |= {"month": _MONTHS[paper.published.month - 1]}
    fields["url"] = _address(paper.url or "")
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value)
    without_year = paper.published and paper.year_inferred
    comment = f"% {key}: the listing prints no year, {paper.published:%Y} is inferred\n" if without_year else ""
    return f"{comment}@misc{{{key},\n{''.join(lines)}}}\n"


def _authors(paper: Paper) -> str:
    names = paper.authors or paper.page_owners
    if not names:
        return f"{{{latex(paper.organization)}}}" if paper.organization else ""
    return " and ".join([*map(_name, names), *([] if paper.authors_complete else ["others"])])


def _name(name: str) -> str:
    """Return a name as BibTeX reads it; one that it would take for several, or for a list, stands in braces."""
    unusual = name.count(",") > 1 or name.casefold() == "others" or re.search(r"\sand\s", f" {name} ", re.I)
    return f"{{{latex(name)}}}" if unusual else latex(name)


def _with_capitals(title: str) -> str:
    """Return a title in LaTeX with braces around the words whose capitals must stay: {LLMs}, {NVFP4}, {MoE-based}."""
    parts = _KEPT_AS_IT_IS.split(title)
    return "".join(part if place % 2 else _WORD.sub(_kept, part) for place, part in enumerate(parts))


def _kept(match: re.Match[str]) -> str:
    word = match.group()
    inner = (character for part in word.split("-") for character in part[1:])
    return f"{{{word}}}" if any(map(str.isupper, inner)) else word


def _address(url: str) -> str:
    """Return a URL so that no brace or backslash of it ends the field."""
    return re.sub(r"[{}\\%\s]", lambda match: f"\\%{ord(match.group()):02X}" if match.group() != "%" else r"\%", url)
