"""What is said of what went wrong, in a sentence."""

import logging

from assistant.html.sanitizing import cleaned, escaped
from assistant.ui import labels
from vectorstore.errors import AssistantError

_log = logging.getLogger(__name__)


def sentence_of(error: Exception) -> str:
    """Return what a reader is told of a problem; one that was not foreseen is named in the log."""
    if isinstance(error, AssistantError):
        return str(error)
    _log.error("Unexpected problem on the page (%s: %s)", type(error).__name__, error)
    _log.debug("It came from here:", exc_info=error)
    return labels.UNEXPECTED


def problem_html(error: Exception) -> str:
    """Return the sentence as the page shows it."""
    return cleaned(f'<p class="problem" role="alert">{escaped(sentence_of(error))}</p>')
