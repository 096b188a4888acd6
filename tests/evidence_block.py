"""The evidence of a prompt, as a chat model may read it back."""

import json
import re

from assistant.text.evidence import Evidence

_BLOCK = re.compile(r"^<evidence>\n(.*?)\n?^</evidence>$", re.DOTALL | re.MULTILINE)


def evidence_of(prompt: str) -> list[Evidence]:
    """Return the passages in the first block of evidence. Raises ValueError if there is none."""
    block = _BLOCK.search(prompt)
    if block is None:
        raise ValueError("the prompt has no block of evidence")
    lines = (json.loads(line) for line in block[1].split("\n") if line)
    return [Evidence(**{**line, "authors": tuple(line["authors"])}) for line in lines]
