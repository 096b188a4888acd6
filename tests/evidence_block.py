"""The evidence of a prompt, as a chat model may read it back."""

import json
import re
from typing import Any

from assistant.text.evidence import Evidence

_BLOCK = re.compile(r"^<evidence>\n(.*?)\n?^</evidence>$", re.DOTALL | re.MULTILINE)


def evidence_of(prompt: str) -> list[Evidence]:
    """Return the passages in the first block of evidence. Raises ValueError if there is none."""
    block = _BLOCK.search(prompt)
    if block is None:
        raise ValueError("the prompt has no block of evidence")
    return [_read(json.loads(line)) for line in block[1].split("\n") if line]


def _read(line: dict[str, Any]) -> Evidence:
    """Return one line as the record that it was made from, but for what an empty field was."""
    *authors, last = line.pop("authors", ["et al."])
    known = {"title": "", "text": "", "organization": None, "date": None, **line}
    is_whole = last != "et al."
    return Evidence(authors=(*authors, last) if is_whole else tuple(authors), authors_complete=is_whole, **known)
