"""How often a disagreement is said where there is one, and where there is none.

SciFact (Wadden et al. 2020) has claims that an abstract supports or contradicts, with the sentences that do. Two claims
on one sentence of an abstract, one supported and one contradicted, mostly contradict each other; two supported ones
never do. A claim with its direction, negation or number changed contradicts itself, one about another name does not.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

from assistant.answering.opposition import opposed
from assistant.answering.statements import Statement, statement_of

from tests.benchmarks.changed_claims import CHANGES, changed_entity, names

Pair = tuple[str, str]
_COMMON = 60  # sentences that share two rare words; more of them share a topic
_RARE = 7  # words of a sentence by which pairs are found


def disagreement_figures(bench: Path) -> list[tuple[str, str]]:
    """Return for each kind of pair how many are taken for a disagreement."""
    records = [
        json.loads(line) for line in (bench / "scifact" / "claims_train.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    claims = sorted({record["claim"] for record in records})
    strangers = sorted({name for claim in claims for name in names(claim)})
    changes: dict[str, Callable[[str], str | None]] = {
        **{kind: change for kind, change in CHANGES.items() if kind != "names exchanged"},
        "name (none)": lambda claim: changed_entity(claim, "", strangers),
    }
    sentences = _sentences(bench / "scifact" / "corpus.jsonl.gz")
    pairs = _pairs_of_claims(records)
    constructed = _constructed()
    figures = [
        ("opposite sentences", _share(constructed[True])),
        ("sentences that look opposite (none)", _share(constructed[False])),
        *((f"claims, changed {kind}", _share(_changed(claims, change))) for kind, change in changes.items()),
        ("supported and contradicted claim on one sentence", _share(pairs["SUPPORT", "CONTRADICT"])),
        ("two supported claims on one sentence (none)", _share(pairs["SUPPORT", "SUPPORT"])),
    ]
    for label, note in (("CONTRADICT", ""), ("SUPPORT", " (none)")):
        figures.append((f"claim and sentence, {label.lower()}{note}", _share(_evidence(records, sentences, label))))
    return [*figures, ("close sentences of different abstracts (next to none)", _close(sentences))]


def _share(pairs: Iterable[Pair]) -> str:
    found = [opposed(statement_of(one), statement_of(other)) is not None for one, other in pairs]
    return f"{sum(found)} of {len(found)}"


def _constructed() -> dict[bool, list[Pair]]:
    pairs: dict[bool, list[Pair]] = {True: [], False: []}
    for line in (Path(__file__).parent.parent / "data" / "opposed.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        pairs[record["opposed"]].append((record["one"], record["other"]))
    return pairs


def _changed(claims: Iterable[str], change: Callable[[str], str | None]) -> list[Pair]:
    return [(claim, changed) for claim in claims if (changed := change(claim)) and changed != claim]


def _sentences(corpus: Path) -> dict[str, list[str]]:
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return {str(record["_id"]): record["sentences"] for record in records}


def _pairs_of_claims(records: Iterable[dict[str, object]]) -> dict[Pair, list[Pair]]:
    """Return pairs of claims that share a sentence of evidence, by their two labels."""
    by_sentence: defaultdict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for record in records:
        for evidence in record["evidence"]:  # type: ignore[attr-defined]
            for place in evidence["sentences"]:
                by_sentence[evidence["doc_id"], place][str(record["claim"])] = evidence["label"]
    found: defaultdict[Pair, set[Pair]] = defaultdict(set)
    for labels in by_sentence.values():
        for (one, label), (other, other_label) in combinations(sorted(labels.items()), 2):
            found[max(label, other_label), min(label, other_label)].add((one, other))
    return {labels: sorted(pairs) for labels, pairs in found.items()}


def _evidence(records: Iterable[dict[str, object]], sentences: dict[str, list[str]], label: str) -> list[Pair]:
    return [
        (str(record["claim"]), sentences[evidence["doc_id"]][place])
        for record in records
        for evidence in record["evidence"]  # type: ignore[attr-defined]
        if evidence["label"] == label
        for place in evidence["sentences"]
    ]


def _close(sentences: dict[str, list[str]]) -> str:
    """Return how many pairs of sentences that share rare words, of different abstracts, are taken for opposite."""
    read: list[tuple[str, Statement]] = [
        (paper, statement) for paper, texts in sentences.items() for statement in map(statement_of, texts)
    ]
    counts: defaultdict[str, int] = defaultdict(int)
    for _, statement in read:
        for stem in statement.stems:
            counts[stem] += 1
    sharing: defaultdict[Pair, list[int]] = defaultdict(list)
    for number, (_, statement) in enumerate(read):
        rare = sorted(statement.stems, key=lambda stem: (counts[stem], stem))[:_RARE]
        for one, other in combinations(sorted(rare), 2):
            sharing[one, other].append(number)
    pairs = {
        pair
        for numbers in sharing.values()
        if len(numbers) < _COMMON
        for pair in combinations(numbers, 2)
        if read[pair[0]][0] != read[pair[1]][0]
    }
    found = sum(opposed(read[one][1], read[other][1]) is not None for one, other in pairs)
    return f"{found} of {len(pairs):,}"
