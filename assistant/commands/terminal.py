"""What the commands share: the two streams, JSON, progress, and a library that is closed again."""

import json
import os
import re
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from tempfile import NamedTemporaryFile
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from assistant.settings import Settings
from vectorstore.errors import (
    AssistantError,
    ConfigurationError,
    LibraryError,
    LibraryLocked,
    LibraryUnwritable,
    OutputError,
)

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.pipeline import Assistant

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)
WIDTH, NARROWEST = 100, 40  # columns
_HARMLESS = "\n\xad\u200c\u200d"  # a soft hyphen, and what joins letters and emoji
STOPPED = "Stopped; what was stored stays, and the same command goes on from there."
NOTHING_WRITTEN = "Stopped; nothing was written."


def library_folder(name: str) -> Path:
    """Return the folder that --library names. Raises LibraryError if it names none."""
    if not name.strip():  # Path would take it for the current folder
        raise LibraryError(
            "--library is empty, perhaps from a variable that is not set; name a folder, or leave it out."
        )
    return Path(name)


def paper_id(given: str) -> str:
    """Return the id that was given; bytes that are no UTF-8, which no id has, become "?"."""
    return given.encode("utf-8", "replace").decode()


LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", parser=library_folder, metavar="PATH", help="The library's folder (or ASSISTANT_LIBRARY)."
    ),
]
EnvFileOption = Annotated[
    Path | None,
    typer.Option("--env-file", exists=True, dir_okay=False, help="Settings and keys, as lines of NAME=value."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", help="local:extractive, openai:NAME, ollama:NAME, llama:FILE.gguf, or a server's base URL."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]


@contextmanager
def opened(
    library: Path | None,
    env_file: Path | None = None,
    *,
    if_stopped: str = STOPPED,
    in_background: bool = False,
    to_read: bool = False,
) -> "Iterator[Assistant]":
    """Open the library in a folder, or that of the settings, of which a file may give some. A Ctrl-C becomes the error
    `if_stopped`.

    With `to_read` one that another process has open, or that cannot be written, is opened to be read only.
    While it is open, what this process makes is its user's alone: files 0600, folders 0700.
    """
    from assistant.wiring import open_assistant
    from vectorstore.folder import CATALOGUE

    settings = settings_of(library, env_file)
    mask = os.umask(0o077)
    try:
        with progress() as on_progress:
            try:
                assistant = open_assistant(settings, in_background=in_background, on_progress=on_progress)
            except (LibraryLocked, LibraryUnwritable):
                if not to_read or not (settings.library / CATALOGUE).exists():
                    raise
                assistant = open_assistant(settings, read_only=True, on_progress=on_progress)
        try:
            yield assistant
        finally:
            assistant.library.close()
    except KeyboardInterrupt as stopped:  # typer would end in silence, with a code of its own
        raise AssistantError(if_stopped) from stopped
    finally:
        os.umask(mask)


def settings_of(library: Path | None, env_file: Path | None) -> Settings:
    """Return the settings, for the library in a folder if that is named. Raises ConfigurationError."""
    try:
        return Settings(_env_file=env_file, library=library) if library else Settings(_env_file=env_file)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"A .env file cannot be read ({error}); make it a text file, or move it away."
        ) from error


class _Rate(ProgressColumn):
    """How many are done a second, as soon as that is known."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if not speed else f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error from the first report on. A Ctrl-C that a library swallowed stops at a report."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    bar = Progress(*columns, console=err, transient=True)
    tasks: dict[str, Any] = {}
    pressed: list[int] = []

    def interrupted(signal_number: int, _frame: object) -> None:
        pressed.append(signal_number)
        raise KeyboardInterrupt

    def on_progress(step: str, done: int, total: int) -> None:
        if pressed:
            raise KeyboardInterrupt
        bar.start()
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done, total=total)
        if done == total:  # what is printed next must not meet a bar
            bar.stop()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield on_progress
    finally:
        signal.signal(signal.SIGINT, before)
        if tasks:  # one that never started would still end its line
            bar.stop()


def check_new(path: Path | None, *, force: bool) -> None:
    """Raise OutputError if a file cannot be written: asked before the work that fills it. None is no file."""
    if path is None:
        return
    try:
        hindrance = _hindrance(path, force=force)
    except OSError as error:  # as with a name that is too long
        raise _unwritable(path, error) from error
    if hindrance:
        raise OutputError(f"{path} {hindrance}")


def _hindrance(path: Path, *, force: bool) -> str | None:
    """Return why a file cannot be written, and what to do, as the rest of a sentence."""
    if path.is_dir():
        return "is a folder; name a file."
    target = _target(path)
    if target.is_symlink() or (path.exists() and not path.is_file()):
        return "is no regular file; name another one."  # a device, or a link that leads to itself
    if path.exists() and not force:
        return "is there already; name another file, or write over it with --force."
    folder = target.parent if path.is_symlink() else path.parent
    if not folder.is_dir():
        return f"cannot be written: there is no folder {folder}; make it, or name another file."
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return "cannot be written: permission denied; name another file."
    return None


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written ({error.strerror}); name another file.")


def write_new(path: Path, content: str | bytes, *, force: bool) -> None:
    """Write a whole file or none: what stops half-way leaves nothing, and what was there stays. Raises OutputError.

    A link stays, and the file that it leads to is written; one that is written over keeps its permissions.
    """
    check_new(path, force=force)
    whole_content = content.encode() if isinstance(content, str) else content
    target = _target(path)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask()
    try:
        with NamedTemporaryFile("wb", dir=target.parent, prefix=".", delete=False) as file:
            whole = Path(file.name)
            try:
                file.write(whole_content)
                file.flush()
                whole.chmod(mode)
                whole.replace(target)
            except BaseException:
                whole.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise _unwritable(path, error) from error


def _target(path: Path) -> Path:
    """Return the file that a path leads to, which need not be there."""
    return Path(os.path.realpath(path))  # Path.resolve() raises RuntimeError where links go round


def umask() -> int:
    """Return the permissions that new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def print_json(value: Any) -> None:
    """Print an indented JSON document on standard output."""
    print(_json(value, indent=2))  # noqa: T201


def print_json_line(value: Any) -> None:
    """Print JSON as one line, at once."""
    print(_json(value, indent=None), flush=True)  # noqa: T201


def _json(value: Any, *, indent: int | None) -> str:
    """Return JSON whose strings hold no control characters and no ends of lines; ASCII where the stream takes no other.

    U+2028 and U+2029 are legal in JSON, but many programs end a line at them.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")  # a stream may be closed
    except UnicodeEncodeError:  # also half a surrogate pair, of a file's name that is no UTF-8
        text = json.dumps(value, indent=indent)
    return re.sub("[\x7f-\x9f\u2028\u2029]", lambda odd: f"\\u{ord(odd[0]):04x}", text)


def print_text(text: str) -> None:
    """Print text on standard output, none of whose characters the terminal takes for orders."""
    out.print(printable(text), markup=False, highlight=False)


def say(text: str) -> None:
    """Print text on standard error, none of whose characters the terminal takes for orders."""
    err.print(printable(text), markup=False, highlight=False)


def print_filled(text: str) -> None:
    """Print paragraphs, each filled to the width of the terminal, at most `WIDTH` columns."""
    width = columns()
    print_text("\n\n".join("\n".join(wrap(part, width)) for part in text.split("\n\n")))


def columns() -> int:
    """Return how wide text is printed: as the terminal is, between `NARROWEST` and `WIDTH`; `WIDTH` into a file."""
    return max(min(WIDTH, get_terminal_size((WIDTH, 0)).columns), NARROWEST)


def printable(text: str) -> str:
    """Return text in which what a terminal obeys, or shows in another order, is spelled out: an escape as \\x1b."""
    lines = text.replace("\r\n", "\n")  # as CSV ends them
    return "".join(c if c.isprintable() or c in _HARMLESS else _spelled(c) for c in lines)


def _spelled(odd: str) -> str:
    if odd == "\t" or unicodedata.category(odd) == "Zs":
        return " "
    if "\udc80" <= odd <= "\udcff":  # how Python holds a byte of a file's name that is no UTF-8
        return f"\\x{ord(odd) - 0xDC00:02x}"
    return odd.encode("unicode_escape").decode()
