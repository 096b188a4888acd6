"""load_prompt(name): the text itself is in prompts/, one Markdown file per prompt."""

from pathlib import Path
from string import Template

from vectorstore.errors import PromptError


def packaged(name: str) -> Path:
    """Return the folder `name` ("prompts", "seeds"): in the checkout beside this package, in a wheel inside it."""
    inside = Path(__file__).parent / "data" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


def load_prompt(name: str, **values: str) -> str:
    """Return the prompt `name` with its $placeholders filled in. Raises PromptError if one has no value."""
    path = packaged("prompts") / f"{name}.md"
    try:
        return Template(path.read_text(encoding="utf-8").strip()).substitute(values)
    except KeyError as error:
        raise PromptError(f"{path} names ${error.args[0]}, which has no value; correct the placeholder.") from error
    except OSError as error:
        raise PromptError(f"The prompt {path} cannot be read ({error}); reinstall the program.") from error
