"""A model's text without what it is wrapped in: a label, a code fence, JSON."""

import json
import re
from collections.abc import Mapping

_BEFORE_A_LABEL = ("the", "my", "final", "short", "direct")
_LABELS = ("answer", "response", "reply", "assistant", "antwort", "réponse", "respuesta")
_DECORATION = "#>*_ \t\r\n"
_LABEL = re.compile(
    rf"[#>*_\s]*(?:(?:{'|'.join(_BEFORE_A_LABEL)})\s+)*(?:{'|'.join(_LABELS)})"
    r"(?:[*_]+\s*:|\s*:\s*[*_]*|[*_]*[ \t]*(?=\n))\s*",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60  # characters
_WRAPPED = re.compile(r"\s*(?:```|~~~|\{\s*(?:\"|\Z)|\[\s*(?:\{|\Z)|\Z|`{1,2}\Z|~{1,2}\Z)")
_FENCE = re.compile(r"\s*(?P<fence>```+|~~~+)[ \t]*(?P<kind>[\w-]*)[ \t]*\n")
_PROSE = frozenset(("", "markdown", "md", "text", "txt", "plain", "plaintext", "latex", "tex", "json", "answer"))
_NAMES = ("answer", "final_answer", "response", "text", "content", "output", "result", "reply", "message", "summary")
_PARTS = ("sentences", "statements", "claims", "answers", "paragraphs")
_CITED = ("citations", "sources", "references", "passages", "cites", "evidence")
_CITES = re.compile(r"[\[【(]\^?\s*\d")
_HALF = re.compile(rf'"(?:{"|".join(_NAMES)})"\s*:\s*"(?P<text>(?:[^"\\]|\\.)*)', re.DOTALL | re.IGNORECASE)
_ESCAPE = re.compile(r'\\(?P<known>["\\/nrt]|u[0-9a-fA-F]{4})?')  # not \b and \f: \beta and \frac are meant
_DEEPEST = 4


class Unwrapping:
    """Passes a model's text on as it streams. One that begins as a code fence or as JSON waits for its end."""

    def __init__(self) -> None:
        self._held = ""
        self._open = False  # nothing more is to be taken off
        self._wrapped: list[str] = []  # what waits for its end

    def feed(self, text: str) -> str:
        if self._open:
            return text
        if self._wrapped:
            self._wrapped.append(text)
            return ""
        self._held = (self._held + text).lstrip()
        if _is_wrapped(self._held):
            if len(self._held) > _LONGEST_LABEL:
                self._wrapped.append(self._held)
                self._held = ""
            return ""
        if _may_be_label(self._held):
            return ""
        if label := _label(self._held):
            self._held = self._held[label.end() :]
            return self.feed("")
        self._open = True
        held, self._held = self._held, ""
        return held

    def flush(self) -> str:
        held = "".join(self._wrapped) + self._held
        self._held, self._wrapped = "", []
        return unwrapped(held)


def unwrapped(text: str) -> str:
    """Return a whole text without its wrapping; what is no wrapping stays."""
    for _ in range(_DEEPEST):
        inner = _without_label(_of_json(_of_fence(text)))
        if inner == text:
            break
        text = inner
    return text


def _is_wrapped(text: str) -> bool:
    """Tell whether a text that has only begun is wrapped, or may be."""
    text = text[:_LONGEST_LABEL]
    fence = _FENCE.match(text)
    return _WRAPPED.match(text) is not None and (fence is None or fence["kind"].lower() in _PROSE)


def _may_be_label(text: str) -> bool:
    """Tell whether more text can make a label of this, or a longer one."""
    if len(text) > _LONGEST_LABEL:
        return False
    if label := _label(text):
        return label.end() == len(text)
    *before, last = text.lower().strip(_DECORATION).rstrip(":").rstrip(_DECORATION).split() or [""]
    return all(word in _BEFORE_A_LABEL for word in before) and any(
        word.startswith(last) for word in (*_BEFORE_A_LABEL, *_LABELS)
    )


def _label(text: str) -> re.Match[str] | None:
    return _LABEL.match(text[:_LONGEST_LABEL])


def _without_label(text: str) -> str:
    label = _label(text)
    return text[label.end() :] if label else text


def _of_fence(text: str) -> str:
    """Return what stands in a code fence that the text begins with, if it is prose."""
    opening = _FENCE.match(text)
    if opening is None or opening["kind"].lower() not in _PROSE:
        return text
    inside = text[opening.end() :]
    depth = 0
    for line in re.finditer(rf"^[ \t]*{re.escape(opening['fence'])}[ \t]*(?P<kind>\S*)[ \t]*$", inside, re.MULTILINE):
        depth += 1 if line["kind"] else -1
        if depth < 0:
            behind = inside[line.end() :].strip()
            if behind and not opening["kind"]:
                return text  # a piece of code, and words about it
            return "\n\n".join(filter(None, [inside[: line.start()].strip("\n"), behind]))
    return inside  # it was cut off


def _of_json(text: str) -> str:
    stripped = text.strip()
    if not stripped.startswith(("{", "[")):
        return text
    readable = _readable(stripped)
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(readable)
    except (ValueError, RecursionError):
        half = _HALF.search(readable) if stripped.startswith("{") else None
        return _decoded(half["text"]) if half else text
    said, behind = _said(value), readable[end:].strip()
    return "\n\n".join(filter(None, [said, behind])) if said else text


def _readable(text: str) -> str:
    """Return JSON with the backslashes of LaTeX doubled, as they should have been."""
    return _ESCAPE.sub(lambda escape: escape.group() if escape["known"] else "\\\\", text)


def _decoded(half: str) -> str:
    """Return a JSON string's text that was cut off anywhere."""
    try:
        return str(json.loads(f'"{half}"', strict=False))
    except ValueError:
        return half


def _said(value: object, depth: int = 0) -> str:
    """Return the text that an answer in JSON holds, with the numbers that it cites beside it; nothing if it is none."""
    if isinstance(value, str):
        return value
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        parts = [_said(part, depth + 1) for part in value if isinstance(part, Mapping | str)]
        return " ".join(parts) if len(parts) == len(value) and all(parts) else ""
    if not isinstance(value, Mapping):
        return ""
    fields = {str(name).lower(): held for name, held in value.items()}
    text = next((said for name in (*_NAMES, *_PARTS) if (said := _said(fields.get(name), depth + 1))), "")
    if not text or _CITES.search(text):
        return text
    cited: list[object] = next((fields[name] for name in _CITED if isinstance(fields.get(name), list)), [])
    markers = "".join(f"[{number}]" for number in map(_number, cited) if number)
    return f"{text.rstrip().rstrip('.')} {markers}." if markers else text


def _number(cited: object) -> str:
    """Return the number in 3, "3", "[3]" or {"number": 3}; nothing if there is none."""
    if isinstance(cited, Mapping):
        cited = next((cited[name] for name in ("number", "id", "passage", "index") if name in cited), "")
    found = re.fullmatch(r"\D{0,12}(\d{1,3})\D?", str(cited))
    return found[1] if found else ""
