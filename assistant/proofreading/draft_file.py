"""A draft's file and its bibliography -> what is read of them. What they say is data, never an instruction."""

from pathlib import Path

from assistant.manuscripts.drafts import text_of_draft
from assistant.proofreading.bib_file import BibEntry, Bibliography, read_bib
from assistant.proofreading.cited_text import CitedText
from assistant.proofreading.docx_draft import read_docx
from assistant.proofreading.latex_draft import read_latex
from assistant.proofreading.markdown_draft import read_markdown
from vectorstore.errors import DraftError

_MOST_MIB = 20  # of a .bib
_LATEX, _MARKDOWN = (".tex", ".ltx"), (".md", ".markdown", ".txt")
_LOOKS_LIKE_LATEX = ("\\documentclass", "\\begin{", "\\cite", "\\section", "\\textcite", "\\parencite", "\\autocite")


def read_cited(path: Path) -> CitedText:
    """Read a draft: .tex with what it inputs from its folder, .md, .txt or .docx.

    Raises DraftError if it is none of these, cannot be read, or says nothing.
    """
    suffix = path.suffix.lower()
    if suffix == ".docx":
        cited = read_docx(path)
    elif suffix in _LATEX:
        cited = read_latex(text_of_draft(path), path.name, folder=path.parent, read=text_of_draft)
    elif suffix in _MARKDOWN:
        cited = read_markdown(text_of_draft(path), path.name)
    else:
        raise DraftError(f"{path} is no draft that can be read; give it as .tex, .md, .txt or .docx.")
    return _saying(cited)


def pasted(text: str) -> CitedText:
    """Read a draft that was given as text, LaTeX or Markdown; what it inputs is not read. Raises DraftError."""
    if any(command in text for command in _LOOKS_LIKE_LATEX):
        return _saying(read_latex(text, "draft", folder=None, read=text_of_draft))
    return _saying(read_markdown(text, "draft"))


def _saying(cited: CitedText) -> CitedText:
    if not cited.paragraphs:
        raise DraftError(f"{cited.name} says nothing; give a draft with sentences that cite.")
    return cited


def bibliography_of(cited: CitedText, *, bib: Path | None, folder: Path | None) -> tuple[Bibliography, bool]:
    """Return the entries of a draft, and whether there is any bibliography: the file `bib`, else those that the draft
    names in its `folder`, with the reference list in the draft itself.

    Raises DraftError if `bib` cannot be read; of one that the draft names a note says so.
    """
    listed = [BibEntry(one.key, {"text": one.text}, one.line) for one in cited.references]
    if bib is not None:
        read = _read(bib)
        return Bibliography((*read.entries, *listed), read.notes), True
    entries, notes, is_there = listed, [], bool(listed)
    for name in cited.bibliographies:
        if folder is None:
            notes.append(f"{name} is not read, as the draft was given without its folder; give the .bib with it.")
            continue
        path = (folder / (name if name.endswith(".bib") else f"{name}.bib")).resolve()
        if not path.is_relative_to(folder.resolve()):
            notes.append(f"{name} lies outside of the draft's folder, and is not read; name it with --bib.")
            continue
        if not path.is_file():
            notes.append(f"{path.name} is missing; name the draft's .bib with --bib.")
            continue
        try:
            read = _read(path)
        except DraftError as error:
            notes.append(str(error))
            continue
        is_there = True
        entries, notes = [*entries, *read.entries], [*notes, *read.notes]
    return Bibliography(tuple(entries), tuple(notes)), is_there


def _read(path: Path) -> Bibliography:
    """Read a .bib, in UTF-8 or else in Latin-1, as older ones are. Raises DraftError."""
    try:
        if path.stat().st_size > _MOST_MIB * 2**20:
            raise DraftError(f"{path} has more than {_MOST_MIB} MiB; give the .bib of this draft alone.")
        data = path.read_bytes()
    except OSError as error:
        raise DraftError(f"{path} cannot be read ({error.strerror}); name the draft's .bib with --bib.") from error
    if b"\0" in data:
        raise DraftError(f"{path} cannot be read (it is no text); name the draft's .bib with --bib.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return read_bib(text.replace("\r\n", "\n"), path.name)
