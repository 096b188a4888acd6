"""The documentation is true: its links lead somewhere, its commands exist, its Python runs, no package is missing."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main

from assistant.commands.cli import app

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
COMMAND = re.compile(r"^python -m assistant ([^\n#>]+)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def commands() -> list[str]:
    """Return the commands that the pages show, each once."""
    return sorted({said.strip() for page in PAGES for said in COMMAND.findall(page.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("said", commands())
def test_a_command_that_is_shown_exists_with_its_options(said: str) -> None:
    command: Any = typer.main.get_command(app)
    words = said.split()
    while words and hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known


def test_the_python_that_is_shown_runs(
    seeds_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_LIBRARY", str(shutil.copytree(seeds_folder, tmp_path / "library")))
    monkeypatch.chdir(tmp_path)
    Path("paper.tex").write_text(r"Padding stops early termination \cite{kim2025rainbow}.", encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 2
    # The library is closed after the first block; what follows goes on with it.
    source = "\n".join(block.replace("a.library.close()\n", "") for block in blocks)
    names: dict[str, Any] = {}
    exec(source, names)
    assert names["section"].references
    names["a"].library.close()


def test_the_architecture_names_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    inits = [*ROOT.glob("assistant/*/__init__.py"), *ROOT.glob("vectorstore/**/__init__.py")]
    assert [name for path in inits if f"`{(name := path.parent.relative_to(ROOT).as_posix())}`" not in text] == []
