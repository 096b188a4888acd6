"""Strings that break programs, wherever a user can type: a sentence or an answer, never a traceback."""

import json
import os
from pathlib import Path

import pytest

from assistant.commands.cli import main
from tests.command_line import ROOT, batch, run
from vectorstore.library import Library

NAUGHTY = (
    # nothing, blanks, and what looks like nothing
    *("", " ", "\t\n", "\u00a0", "\u2003", "\u200b", "\ufeff", "\u00ad", "\u3000\u2800"),
    # right to left, overrides, isolates, joiners, combining marks, wide and astral characters
    *("\u202egnp.exe", "\u2067abc\u2069 \u2066def", "شبكة عصبونية", "שלום", "\u061c\u200e\u200f"),
    *("👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f", "Z" + "\u0301\u0322" * 200, "e\u0301 é ｆｕｌｌ"),
    *("𝕏 ﷽ 🂡 ꧁", "ÅÅå ß ẞ ı İ ǆ", "ﬁnd ﬂow", "田中さんにあげて下さい", "\U0010ffff\ufffe\ufdd0", "\ue000"),
    # ends of lines and what a terminal obeys
    *("a\rb\r\nc\u2028d\u2029e\x85f\x0bg\x0c", "\x1b[31mred\x1b]0;title\x07", "\x9b2J\x90q\x9c", "\x01\x08\x7f"),
    # markup, templates, formats, scripts
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;&#0;&#x110000;", "]]><!--", "[bold]x[/bold]"),
    *("[/nothing]", "[link=javascript:x]y[/link]", "%s%n%p%x%d", "{0} {} {x.__class__}", "${7*7} {{7*7}} <%= 7*7 %>"),
    *("$name $$ ${", "\\x00 \\u0000 \\", "`id` $(id) ; id | id && id", "'; DROP TABLE papers; --", '" OR ""="'),
    *("%' OR 1=1 _", '* ^ ~2 "a b"~3 +x -y title:z AND OR NOT (', "((((((((", "]]}}))", "/(a+)+$/"),
    *("\\input{/etc/passwd} $x^2$ \\end", "=cmd|' /C calc'!A0"),
    # numbers and words that are values elsewhere
    *("0", "-1", "1e999", "9" * 400, "NaN", "Infinity", "0x7fffffff", "١٢٣", "²", "null", "None", "true"),
    # paths and addresses
    *("../../../etc/passwd", "/dev/null", "~", "~root/x", "file:///etc/passwd", "http://[::1"),
    *("http://a:b@c:99999/v1#m", "C:\\con", "a" * 300, "--help", "--", "@", "😀" * 80),
)
IN_JSON = ("\x00", "a\x00b", "\ud800", "\udfff\ud800", "\udcff")  # what no argument of a process can be
PLACES = {
    "papers by author": ("papers", "--author", "{}"),
    "papers of category": ("papers", "--category", "{}"),
    "papers with words": ("papers", "--text", "{}", "--json"),
    "papers of year": ("papers", "--year", "{}"),
    "top k": ("search", "x", "--top-k", "{}"),
    "author": ("author", "{}"),
    "author split": ("author", "Kyelim Lee", "{}", "--split"),
    "author merge": ("author", "Kyelim Lee", "--merge", "{}"),
    "author undo": ("author", "{}", "--undo", "--json"),
    "plot": ("author", "nobody", "--plot", "{}"),
    "ingest": ("ingest", "{}"),
    "as of": ("ingest", "nothing.txt", "--as-of", "{}"),
    "batch": ("ask", "--batch", "{}"),
    "draft": ("related-work", "--draft", "{}"),
    "bib": ("related-work", "--draft", "nothing.txt", "--bib", "{}"),
    "format": ("related-work", "x", "--format", "{}"),
    "paper": ("table", "--paper", "{}"),
    "questions": ("evaluate", "answers", "--questions", "{}"),
    "command": ("{}",),
}
# Places that a whole search stands behind get one string of them all.
SLOW_PLACES = {
    "question": ("ask", "{}"),
    "model": ("ask", "What is DUSK?", "--model", "{}"),
    "topic": ("related-work", "{}", "--format", "latex"),
    "table": ("table", "--topic", "{}", "--format", "csv"),
}
SLOW = '\u202egnp.exe \x1b[31m\x1b]0;t\x07 * ^ ~2 "a b"~3 +x title:z NOT ( {0} %s \x9b2J\r' + os.fsdecode(b"\xff\xfe")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three papers, which are soon read, that only commands open."""
    folder = tmp_path_factory.mktemp("naughty") / "library"
    with Library(folder) as library:
        library.ingest([ROOT / "seeds" / "profile_kyelim_lee.txt"])
    return folder


@pytest.mark.parametrize("place", PLACES)
def test_no_string_breaks_a_command(
    library: Path,
    tmp_path: Path,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command in this process, as the command line starts it: a process of its own would take a second each."""
    monkeypatch.chdir(tmp_path)
    for text in (*NAUGHTY, os.fsdecode(b"\xff\xfe")):
        given = [text if part == "{}" else part for part in PLACES[place]]
        given += [] if place == "command" else ["--library", str(library)]
        code = 0
        try:
            main(given)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert code in (0, 1, 2), text
        assert "Traceback" not in said.out + said.err, text
        assert "Unexpected problem" not in said.err, (text, said.err)
        assert "\x1b" not in said.out, text
        if code == 1:
            assert said.err.strip(), text


@pytest.mark.parametrize("place", SLOW_PLACES)
def test_no_string_breaks_a_search(library: Path, tmp_path: Path, place: str) -> None:
    given = [SLOW if part == "{}" else part for part in SLOW_PLACES[place]]
    done = run(*given, "--library", library, cwd=tmp_path)
    assert done.returncode in (0, 1)
    assert "Unexpected problem" not in done.stderr
    assert not set(done.stdout + done.stderr) & set("\x1b\x07\x9b\r\u202e\udcff")


@pytest.mark.parametrize("command", ["ask", "search"])
def test_no_string_breaks_a_batch(library: Path, tmp_path: Path, command: str) -> None:
    """An answer takes longer than a search, so `ask` gets every tenth, and what no argument can be."""
    texts = (*(NAUGHTY if command == "search" else NAUGHTY[::10]), *IN_JSON)
    lines = [{"id": {text: [text]}, "question": text, "history": [[text], text]} for text in texts]
    done = run(command, "--batch", batch(tmp_path / "b.jsonl", *lines), "--library", library, cwd=tmp_path)
    assert done.returncode == 1
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [line["id"] for line in lines]
    assert not [answer for answer in answers if "Unexpected problem" in answer.get("error", "")]
    assert not set(done.stdout) & set("\x1b\x9b\x85\u2028")
