"""How many errors the check of a draft finds, and how often it alarms falsely, without and with a model as judge.

60 citing sentences over the seeds, half of them with an error, on which nothing was tuned (draft_claims.jsonl). The
judge is played over the protocol: its replies were written from the prompts alone, by a reader who was not told which
sentences are true, and are kept by claim (draft_judgements.jsonl). Beside them stand SciFact-like citing sentences of
public papers (CitationIntegrity), of which a fifth by hash was never looked at.
"""

import gzip
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from assistant.checking.grounding import grounded
from assistant.pipeline import Assistant
from assistant.proofreading.paraphrase_doubts import spoken_against
from assistant.proofreading.reports import DraftReport
from assistant.records import Verdict
from assistant.settings import Settings
from assistant.text.evidence import Evidence
from tests.fakes import paper_of
from tests.openai_server import DONE, OpenAIServer, Script, event, openai_server
from vectorstore.library import Library
from vectorstore.papers.passages import Passage

_DATA = Path(__file__).parent.parent / "data"
_CITE = re.compile(r"\{cite\}")
_HELD_BACK = 5  # one in so many


def draft_figures(seeds: Path, bench: Path, folder: Path) -> Table:
    """Return the errors found and the false alarms, in percent."""
    rows = [json.loads(line) for line in (_DATA / "draft_claims.jsonl").read_text(encoding="utf-8").splitlines()]
    table = Table("check-draft", "sentences", "errors found", "false alarms")
    with Library(folder) as library:
        library.ingest([seeds])
        assistant = Assistant(library, Settings(library=folder))
        _add(table, "60 sentences over the seeds, without a judge", rows, checked(assistant, rows))
        with PlayedJudge() as address:
            _add(table, "the same, with a played judge", rows, checked(assistant, rows, judge=address))
    for label, total, marked in _public(bench / "claims" / "citation_integrity_train.jsonl.gz"):
        share = f"{100 * marked / total:.1f} %"
        table.add_row(
            f"CitationIntegrity, held back: {label}", str(total), *(("", share) if label == "SUPPORT" else (share, ""))
        )
    return table


def _add(table: Table, name: str, rows: list[dict[str, Any]], report: DraftReport) -> None:
    found = Counter((row["true"], one.is_finding) for row, one in zip(rows, report.sentences, strict=True))
    wrong, true = (found[side, True] / (found[side, True] + found[side, False]) for side in (False, True))
    table.add_row(name, str(len(rows)), f"{100 * wrong:.1f} %", f"{100 * true:.1f} %")


def checked(assistant: Assistant, rows: list[dict[str, Any]], *, judge: str | None = None) -> DraftReport:
    """Return the report on a draft that has the sentences, a paragraph each."""
    titles = list(dict.fromkeys(title for row in rows for title in row.get("titles") or [row["title"]]))
    keys = {title: f"k{number}" for number, title in enumerate(titles)}
    body = "\n\n".join(_written(row, keys) for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        bib = Path(folder) / "refs.bib"
        bib.write_text("".join(f"@misc{{{key}, title={{{title}}}}}\n" for title, key in keys.items()), encoding="utf-8")
        return assistant.check_draft(f"\\section{{Work}}\n\n{body}\n", bib=bib, judge=judge)


def _written(row: dict[str, Any], keys: Mapping[str, str]) -> str:
    """Return a sentence in LaTeX; a citation that its words go on behind is a part of it."""
    cited = [keys[title] for title in row.get("titles") or [row["title"]]]
    places = list(_CITE.finditer(row["sentence"]))
    own = [[key] for key in cited] if len(places) == len(cited) else [cited] * len(places)
    parts, end = [], 0
    for place, names in zip(places, own, strict=True):
        after, until = row["sentence"][place.end() :], row["sentence"][: place.start()]
        goes_on = re.match(r"\s+(?!(?:and|but|while|whereas|yet)\b)\w", after)
        textual = bool(goes_on or re.search(r"\b(?:of|by|from|to|that)\s+$", until))
        before = row["sentence"][end : place.start()].replace("%", "\\%").replace("_", "\\_").replace("$", "\\$")
        parts.append(f"{before}\\cite{'t' if textual else 'p'}{{{','.join(names)}}}")
        end = place.end()
    return "".join([*parts, row["sentence"][end:].replace("%", "\\%")])


class PlayedJudge:
    """Serves the kept judgements to whoever asks for them; gives the address of the model."""

    def __init__(self) -> None:
        lines = (_DATA / "draft_judgements.jsonl").read_text(encoding="utf-8").splitlines()
        self._kept = {row.pop("says"): row for row in map(json.loads, lines)}
        self._server: OpenAIServer | None = None
        self._open = openai_server(Script(raw=self._reply))

    def __enter__(self) -> str:
        self._server = self._open.__enter__()
        return f"{self._server.base_url}#played"

    def __exit__(self, *raised: Any) -> None:
        self._open.__exit__(*raised)

    def _reply(self) -> Iterable[bytes | float]:
        assert self._server
        asked = [json.loads(line) for line in self._server.chats[-1].prompt.splitlines() if line.startswith('{"claim"')]
        given = [{"claim": one["claim"], **self._kept[one["says"]]} for one in asked if one.get("says") in self._kept]
        return [event({"content": "\n".join(map(json.dumps, given))}), event({}, finish="stop"), DONE]


def _public(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield for each label the held-back sentences, and how many are marked."""
    total: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if zlib.crc32(row["claim"].encode()) % _HELD_BACK:
                continue
            text = " ".join(row["passage"])
            given = Evidence(1, "", (), True, None, None, text), Passage("1:0", "1", "", text, 0, len(text))
            claim = f"{row['claim'].rstrip('. ')} [1]."
            found = grounded(claim, {1: given})
            is_exact = found.verdict.is_marked and not found.is_lacking
            is_open = found.verdict in (Verdict.QUOTED, Verdict.UNSUPPORTED) and not is_exact
            total[row["label"]] += 1
            marked[row["label"]] += is_exact or (is_open and bool(spoken_against(claim, [paper_of("", text)])))
    for label in sorted(total):
        yield label, total[label], marked[label]
