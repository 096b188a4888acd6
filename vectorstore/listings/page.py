"""What every reader returns."""

from dataclasses import dataclass

from vectorstore.listings.entry import Entry, ProfileFigures, Skipped


@dataclass(frozen=True, slots=True)
class Page:
    """A listing without its file: the owner, the header's figures, the entries, and what was left out."""

    owner: str | None
    figures: ProfileFigures
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]
