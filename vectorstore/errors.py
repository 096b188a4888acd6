"""Every error that reaches a user. Each message says where, what, and what to do.

AssistantError
├── ListingError          a file is no listing, or cannot be read as one
├── OnlineError           a service of papers cannot be asked, or does not answer as it should
├── LibraryError          the library folder cannot be used
│   ├── LibraryLocked     another process has it open
│   ├── LibraryUnwritable the folder cannot be written, or its disk is full
│   ├── LibraryTooNew     a newer version of the program wrote it
│   └── LibraryDamaged    its catalogue cannot be read
├── NotInLibrary          a listing, entry, paper or deletion that is named is not in the library
├── MergeError            an entry cannot be kept apart from a paper, or joined to it again
├── EmbeddingError        an embedding model, reranker or reader is unknown, missing, unreachable or wrong
├── CollectionError       a test collection cannot be read, or measures nothing
├── QuestionError         a question that cannot be asked
├── AnswerStopped         the reader stopped an answer of which there is no text yet
├── DraftError            a draft cannot be read, or says nothing
├── AuthorError           an author is unknown or cannot be told from others, or cannot be split or merged so
├── OutputError           a file cannot be written, or would be written over
├── HistoryError          a conversation or a question that is gone
├── ConfigurationError    the user's configuration file cannot be read
├── PromptError           a prompt file is missing or names an unknown placeholder
└── ModelError            a chat model is unknown, unreachable or refused to answer
    └── PromptTooLong     a question with its evidence is longer than a model reads
"""

from collections.abc import Iterable


class AssistantError(Exception):
    """Base of all errors with a message written for the user."""


class ListingError(AssistantError):
    """A file is no listing, or cannot be read as one."""


class OnlineError(AssistantError):
    """A service of papers cannot be asked, or does not answer as it should."""


class LibraryError(AssistantError):
    """The library folder cannot be used."""


class LibraryLocked(LibraryError):
    """Another process has the library open."""


class LibraryUnwritable(LibraryError):
    """The library's folder cannot be written, or its disk is full."""


class LibraryTooNew(LibraryError):
    """A newer version of the program wrote the library."""


class LibraryDamaged(LibraryError):
    """The library's catalogue cannot be read."""


class NotInLibrary(AssistantError):
    """A listing, entry, paper or deletion that is named is not in the library."""


class MergeError(AssistantError):
    """An entry cannot be kept apart from a paper, or joined to it again."""


class EmbeddingError(AssistantError):
    """An embedding model, reranker or reader is unknown, missing, unreachable or wrong."""


class CollectionError(AssistantError):
    """A test collection's files cannot be read, or measure nothing."""


class QuestionError(AssistantError):
    """A question that cannot be asked."""


STOPPED = "Stopped here."


class AnswerStopped(AssistantError):
    """The reader stopped an answer of which there is no text yet."""


class DraftError(AssistantError):
    """A researcher's draft cannot be read, or says nothing."""


class AuthorError(AssistantError):
    """An author is unknown or cannot be told from others, or cannot be split or merged so; `nearest` are names of the
    library that may be meant."""

    def __init__(self, message: str, *, nearest: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)


class OutputError(AssistantError):
    """A file cannot be written, or would be written over."""


class HistoryError(AssistantError):
    """A conversation or a question that is gone."""


class ConfigurationError(AssistantError):
    """The user's configuration file cannot be read."""


class PromptError(AssistantError):
    """A prompt file is missing or names an unknown placeholder."""


class ModelError(AssistantError):
    """A chat model is unknown, unreachable or refused to answer."""


class PromptTooLong(ModelError):
    """A question with its evidence is longer than a model reads."""
