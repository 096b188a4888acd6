"""An answer as JSON, whole: what is read back equals what was stored. (`Answer.record()` is what users are shown.)"""

import json
from functools import cache

from pydantic import TypeAdapter, ValidationError

from assistant.records import Answer
from vectorstore.listings.values import storable


def stored(answer: Answer) -> str:
    """Return an answer as JSON."""
    return storable(json.dumps(_answers().dump_python(answer, mode="json"), ensure_ascii=False))


def read_stored(text: str) -> Answer | None:
    """Return the answer that was stored as this JSON, or None if it is none that this version can read.

    Fields that a later version added are left out.
    """
    try:
        return _answers().validate_json(text)
    except ValidationError:
        return None


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)
