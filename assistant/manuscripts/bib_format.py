"""What a bibliography is written for, by name or by the ending of its file."""

from enum import StrEnum
from pathlib import Path


class BibFormat(StrEnum):
    """What a bibliography is written for."""

    BIBTEX = "bibtex"
    BIBLATEX = "biblatex"
    RIS = "ris"
    CSL_JSON = "csl-json"

    @classmethod
    def of(cls, file: Path) -> "BibFormat":
        """Return the format that a file's ending says, BibTeX if it says none."""
        return {".ris": cls.RIS, ".json": cls.CSL_JSON}.get(file.suffix.lower(), cls.BIBTEX)

    @property
    def ending(self) -> str:
        return {self.RIS: ".ris", self.CSL_JSON: ".json"}.get(self, ".bib")
