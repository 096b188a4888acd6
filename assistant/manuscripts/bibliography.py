"""Papers and their keys for \\cite -> a .bib that has what the listings print of them and nothing else."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from assistant.manuscripts.identifiers import identifiers
from assistant.text.evidence import short_title
from assistant.text.latex import declarations, latex
from assistant.text.plain_text import plain_text
from assistant.text.visible_text import readable
from vectorstore.authors.personal_names import named, personal_name
from vectorstore.papers.paper import Paper
from vectorstore.papers.publications import kind_of_publication

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WORD = re.compile(r"(?<![\\\w])[^\W_]+(?:[-'’][^\W_]+)*")
_LETTER = re.compile(r"[A-Z]-[^\W\d_]")  # the first of "Q-learning"
_FORMULA = re.compile(r"((?<!\\)\$(?:[^$\\]|\\.)*\$)")
_COMMAND = re.compile(r"(\\[a-zA-Z]+\{[^{}]*\}|\\.)")
_BARE = re.compile(r"(?<!\\relax )[^\x00-\x7f]")
# The field that has the venue, by the type of the entry; of another type it is a note.
_VENUES = {
    "article": "journal",
    "inproceedings": "booktitle",
    "incollection": "booktitle",
    "inbook": "booktitle",
    "book": "series",
    "proceedings": "series",
    "phdthesis": "school",
    "mastersthesis": "school",
    "techreport": "institution",
    "misc": "howpublished",
}
NO_DATE = "n.d."


def bibtex(papers: Iterable[Paper], keys: Mapping[str, str], *, biblatex: bool = False) -> str:
    """Return a .bib of `papers`, each once and in their order; `keys` holds the key of each by its id.

    Nothing is in it that the library lacks, and no year that was only inferred. A comment has what is known
    of the date then, and the year is "n.d.", as natbib wants one. Names are as printed, "and others" where a listing
    says et al. Where it prints no name, the field `key`, by which BibTeX sorts and labels, has the letters of the
    title's beginning.
    """
    once = {paper.paper_id: paper for paper in papers}
    entries = "\n".join(_entry(paper, keys[paper_id], biblatex=biblatex) for paper_id, paper in once.items())
    for_pdftex = "".join(f'@preamble{{"{line}"}}\n' for line in declarations(entries).splitlines())
    return f"{for_pdftex}\n{entries}" if for_pdftex else entries


def _entry(paper: Paper, key: str, *, biblatex: bool) -> str:
    fields = {"title": _with_capitals(latex("".join(readable(paper.title)))), "author": _authors(paper)}
    if not fields["author"]:
        label = _sorted_by(paper.title) or key
        fields |= {"label": label, "sortkey": label} if biblatex else {"key": label}
    fields |= _date(paper, biblatex=biblatex)
    known = identifiers(paper)
    if known.arxiv:
        fields |= {"eprint": known.arxiv, "eprinttype" if biblatex else "archiveprefix": "arXiv"}
    kind, published = _published(paper, biblatex=biblatex)
    fields |= {name: latex("".join(readable(value))) for name, value in published.items()}
    fields |= {"pages": "--".join(map(latex, (paper.publication.pages or "").split("-")))}
    fields |= {"doi": _address(known.doi), "url": _address(paper.url or "")}
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value)
    return f"{_on_the_year(paper, key)}@{kind}{{{key},\n{''.join(lines)}}}\n"


def _date(paper: Paper, *, biblatex: bool) -> dict[str, str]:
    if not paper.published or paper.year_inferred:
        return {} if biblatex else {"year": NO_DATE}
    if biblatex:
        return {"date": paper.iso_date or ""}
    month = {} if paper.precision == "year" else {"month": _MONTHS[paper.published.month - 1]}
    return {"year": str(paper.published.year), **month}


def _published(paper: Paper, *, biblatex: bool) -> tuple[str, dict[str, str]]:
    """Return the type of a paper's entry, and where it appeared by the fields that a style looks for it in."""
    publication = paper.publication
    kind = kind_of_publication(publication)
    kind = kind if kind in _VENUES else "misc"
    venue = "journaltitle" if biblatex and kind == "article" else _VENUES[kind]
    fields = {
        venue: publication.venue,
        "volume": publication.volume,
        "number": publication.issue,
        "publisher": publication.publisher,
        "keywords": ", ".join(publication.keywords),
        "pmid": publication.pmid,
    }
    return kind, {name: value for name, value in fields.items() if value}


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
    names = list(named(paper.authors or paper.page_owners))
    if not names:
        return f"{{{latex(paper.organization)}}}" if paper.organization else ""
    return " and ".join([*map(_name, names), *([] if paper.authors_complete else ["others"])])


def _name(printed: str) -> str:
    """Return a name as BibTeX reads it: as printed where it finds the right surname, else turned round; a group, a name
    of one word, and what it would take for several names stand in braces."""
    name = "".join(readable(printed))
    parts = personal_name(plain_text(name))
    if parts.is_group or not parts.given or "$" in name:
        written = f"{{{latex(name)}}}"
    elif parts.is_plain and "," not in name:
        written = latex(f"{parts.given} {parts.surname}")
    else:
        given = f"{parts.given} {parts.note}" if parts.note else parts.given
        family = latex(parts.family)
        if any(word[0].islower() for word in parts.family.split()[:-1]):  # BibTeX would find a particle in it
            family = f"{{{family}}}"
        surname = f"{latex(parts.particle)} {family}".strip()
        written = ", ".join(filter(None, (surname, latex(parts.suffix), latex(given))))
    return _BARE.sub(r"{\\relax \g<0>}", written)  # no style cuts such a letter in two


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
