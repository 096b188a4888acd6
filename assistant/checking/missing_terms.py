"""What a claim names or counts and none of the passages that it cites has, nor their titles."""

import re
from collections.abc import Sequence

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Comparison, has_name
from assistant.checking.named_entities import Name, abbreviates
from assistant.checking.quantities import Quantity

# A number so small, in words, may be the writer's own: "three benchmarks" that the passage lists, "half" of 6 of 12.
_FEW = 12


def found_nowhere(pairs: Sequence[Comparison]) -> str:
    """Return the first number or name of a claim that is in none of the passages, "" if none is; `pairs` hold it beside
    each."""
    first = pairs[0]
    for quantity in first.claim.quantities:
        if not any(_has_number(quantity, pair.context) for pair in pairs):
            return quantity.printed
    for name in first.names_unknown:
        if _is_proper(name) and not any(_has_name(name, pair) for pair in pairs):
            return name.printed
    return ""


def _has_name(name: Name, pair: Comparison) -> bool:
    """Tell whether a passage has a name, be it grown together with a number ("RTX5090"), or the words before it in the
    claim, for which it is short."""
    joined = re.search(rf"\b{re.escape(name.printed)}(?=\d)", pair.context.plain)
    return has_name(name, pair.context) or bool(joined) or abbreviates(name.key, pair.claim.words[: name.places[0]])


def _is_proper(name: Name) -> bool:
    """Tell whether a name is one by its letters, and not only by a capital, which headings and German nouns have."""
    rest = name.printed[1:]
    return any(map(str.isupper, rest)) or (name.printed[0].isupper() and any(map(str.isdigit, rest)))


def _has_number(quantity: Quantity, text: Wording) -> bool:
    if any(quantity.equals(other) or quantity.rounds(other) or _is_end(quantity, other) for other in text.quantities):
        return True
    if {quantity.low, quantity.high} <= {other.low for other in text.quantities}:
        return True  # "1B to 70B" of "1B, 3B, 7B and 70B"
    if re.search(rf"(?<![\d.,]){re.escape(quantity.printed)}(?![\d%]|[.,]\d)", text.plain):
        return True  # inside a name: "RTX5090", "top-3"
    return _is_own_count(quantity) and not any(quantity.counts_same(other) for other in text.quantities)


def _is_end(quantity: Quantity, other: Quantity) -> bool:
    return quantity.low == quantity.high and quantity.low in (other.low, other.high) and quantity.unit == other.unit


def _is_own_count(quantity: Quantity) -> bool:
    return quantity.printed.isalpha() and quantity.low <= _FEW
