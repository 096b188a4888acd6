"""Markdown -> a Word document, by pandoc where it is installed."""

import shutil
import subprocess

from vectorstore.errors import OutputError

_PANDOC = ("pandoc", "--from", "commonmark+tex_math_dollars", "--to", "docx", "--output", "-")
_SECONDS = 60


def docx(markdown: str) -> bytes:
    """Return a .docx, without images: pandoc would read the files that they name. Raises OutputError where pandoc is
    missing or fails."""
    if shutil.which("pandoc") is None:
        raise OutputError(
            "A Word document is made by pandoc, which is not installed; install it from https://pandoc.org, or take"
            " --format markdown or latex."
        )
    try:
        done = subprocess.run(
            _PANDOC, input=markdown.replace("![", r"!\[").encode(), capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", b"") or str(error).encode()
        reason = said.decode(errors="replace").strip().splitlines()[-1:] or ["it says nothing"]
        raise OutputError(f"pandoc made no Word document ({reason[0]}); take --format markdown or latex.") from error
    return done.stdout
