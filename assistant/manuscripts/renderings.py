"""A text with markers -> LaTeX with \\cite, and plain text: what a researcher pastes into a manuscript."""

import re
from collections.abc import Mapping

from assistant.text.latex import declarations, latex, latex_code

_HEADING = re.compile(r"#{1,6}\s+(.+)")
_CODE = r"`+(?P<code>[^`\n]+)`+"  # what looks like a marker in a title stands in it
_INLINE = re.compile(rf"{_CODE}|\s*(?P<markers>(?:\[\d+\])+)|\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<italic>[^*\s][^*\n]*)\*")


def latex_text(text: str, keys: Mapping[int, str]) -> str:
    """Return Markdown as LaTeX: "... early [1][2]." is "... early~\\cite{kim2025rainbow,lee2024early}."

    `keys` holds the key of each reference by its number. Headings become \\paragraph, bold and italics stay;
    all else is text. `declarations` go before it, if it needs any.
    """
    written = "\n\n".join(_paragraph(part.strip(), keys) for part in re.split(r"\n\s*\n", text) if part.strip())
    return f"{declarations(written)}{written}\n"


def plain_manuscript(text: str) -> str:
    """Return Markdown without its marks, the numbers of references as they are."""
    lines = (_HEADING.sub(r"\1", line) for line in text.splitlines())
    unmarked = (re.sub(_CODE, r"\g<code>", re.sub(r"\*{1,2}([^*\n]+)\*{1,2}", r"\1", line)) for line in lines)
    return "\n".join(unmarked).strip() + "\n"


def _paragraph(text: str, keys: Mapping[int, str]) -> str:
    heading, newline, rest = text.partition("\n")
    if title := _HEADING.fullmatch(heading.strip()):
        below = latex_inline(rest, keys) if newline else ""
        return rf"\paragraph{{{latex_inline(title[1], keys)}.}}" + (f"\n{below}" if below else "")
    return latex_inline(text, keys)


def latex_inline(text: str, keys: Mapping[int, str]) -> str:
    """Return a stretch of Markdown inside a block as LaTeX."""
    parts, position = [], 0
    for match in _INLINE.finditer(text):
        parts += [latex(text[position : match.start()]), _marked(match, keys)]
        position = match.end()
    return "".join(parts) + latex(text[position:])


def _marked(match: re.Match[str], keys: Mapping[int, str]) -> str:
    if match["code"]:
        return latex_code(match["code"])
    if match["bold"]:
        return rf"\textbf{{{latex_inline(match['bold'], keys)}}}"
    if match["italic"]:
        return rf"\emph{{{latex_inline(match['italic'], keys)}}}"
    numbers = [int(number) for number in re.findall(r"\d+", match["markers"])]
    if any(number not in keys for number in numbers):
        return latex(match.group())
    return rf"~\cite{{{','.join(dict.fromkeys(keys[number] for number in numbers))}}}"
