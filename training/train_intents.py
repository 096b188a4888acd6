"""Teach MiniLM's upper layers to tell what a question asks for, and write them with their heads for
assistant/planning/intents.py.

python -m training.train_intents BENCH_DATA [--output FILE]    (what it needs and how long it takes: README.md)
"""

import argparse
import gzip
import hashlib
import json
import logging
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.numpy import save_file
from torch.nn import functional

from assistant.planning.intents import AUTHOR_MARK, INTENTS, PAPER_MARK, SLOTS
from training.encoder import Parameters, embedded, layer_output, minilm_parameters
from vectorstore.embedders.bert import LAYERS
from vectorstore.embedders.minilm import MiniLM

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).parent.parent
_QUESTIONS = Path(__file__).parent / "asked.jsonl"
FROZEN = 3  # lowest layers
SEED, EPOCHS, BATCH, POOL = 13, 8, 32, 8  # batches of like length are cut from pools of eight
RATE, HEAD_RATE, DECAY, WARM_UP, DROPOUT = 2e-4, 1e-3, 0.01, 0.1, 0.2
HELD_BACK = 10  # every tenth question is for the figures
SLOT_WEIGHTS = (1.0, 1.5, 2.0)  # a missed word of a topic costs more than one too many
_MARKED = 0.6  # of the names stand as a mark, as of those that the library knows; the rest are written out
_MISTYPED = 0.1  # of the questions have two letters exchanged or one left out


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what it asks for, and the words that say on what."""

    text: str
    intents: tuple[str, ...]
    topic: tuple[str, ...]
    excluded: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="the folder with scale/")
    parser.add_argument("--output", type=Path, default=_ROOT / "assistant" / "planning" / "intents.safetensors")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--all", action="store_true", help="learn from what is otherwise held back, too")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    rng = random.Random(SEED)
    model = MiniLM()
    titles, authors = _names(arguments.bench)
    examples = read_examples()
    rng.shuffle(examples)
    held_back = examples[::HELD_BACK]
    learnt = examples if arguments.all else [one for n, one in enumerate(examples) if n % HELD_BACK]
    parameters = starting_parameters(model)
    for epoch in learn(parameters, model, learnt, titles, authors, rng):
        report(f"epoch {epoch}", parameters, model, [_filled(one, [], [], rng) for one in held_back])
    report("names written out", parameters, model, [_filled(one, titles, authors, rng, marked=0) for one in held_back])
    save(parameters, arguments.output)


def read_examples() -> list[Example]:
    rows = map(json.loads, _QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [
        Example(row["text"], (row["kind"], *row.get("also", ())), tuple(row["topic"]), tuple(row.get("not", ())))
        for row in rows
    ]


def _names(bench: Path) -> tuple[list[str], list[str]]:
    """Return what papers of the scale set are called, by a coined name or a part of the title, and their authors."""
    titles, authors = [], []
    with gzip.open(bench / "scale" / "papers_60k.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            name, colon, _ = row["title"].partition(":")
            titles.append(name if colon and len(name) < 40 else " ".join(row["title"].split()[:5]))
            authors += row["authors"][:1]
    return titles, authors


def _filled(
    one: Example, titles: Sequence[str], authors: Sequence[str], rng: random.Random, *, marked: float = _MARKED
) -> Example:
    """Return a question with marks, or names, for PAPER and PERSON."""
    text = one.text
    for slot, mark, names in (("PAPER", PAPER_MARK, titles), ("PERSON", AUTHOR_MARK, authors)):
        while slot in text:
            text = text.replace(slot, mark if not names or rng.random() < marked else rng.choice(names), 1)
    spans = [tuple(span for span in spans if span in text) for spans in (one.topic, one.excluded)]
    return Example(text, one.intents, *spans)


def _mistyped(text: str, rng: random.Random) -> str:
    if len(text) < 8 or rng.random() > _MISTYPED:
        return text
    place = rng.randrange(1, len(text) - 2)
    return text[:place] + rng.choice((text[place + 1] + text[place], "")) + text[place + 2 :]


def labels_of(model: MiniLM, one: Example) -> tuple[list[int], list[int]]:
    """Return the token ids of a question and the slot of each token."""
    encoded = model.load().tokenizer.encode(one.text)
    slots = [0] * len(encoded.ids)
    for slot, spans in ((1, one.topic), (2, one.excluded)):
        for span in spans:
            for found in re.finditer(re.escape(span), one.text):
                for place, (start, end) in enumerate(encoded.offsets):
                    if end > start and start >= found.start() and end <= found.end():
                        slots[place] = slot
    return encoded.ids, slots


def starting_parameters(model: MiniLM) -> Parameters:
    parameters = minilm_parameters(model)
    width = parameters["embeddings.LayerNorm.bias"].shape[0]
    for head, rows, inputs in (("intent", len(INTENTS), 2 * width), ("slot", len(SLOTS), width)):
        parameters[f"{head}.weight"] = torch.randn(rows, inputs) * 0.02
        parameters[f"{head}.bias"] = torch.zeros(rows)
    for name in learnt_names(parameters):
        parameters[name].requires_grad_()
    return parameters


def learnt_names(parameters: Parameters) -> list[str]:
    frozen = ("embeddings.", *(f"encoder.layer.{layer}." for layer in range(FROZEN)))
    return [name for name in parameters if not name.startswith(frozen)]


def learn(
    parameters: Parameters,
    model: MiniLM,
    examples: Sequence[Example],
    titles: Sequence[str],
    authors: Sequence[str],
    rng: random.Random,
) -> Iterator[int]:
    """Change `parameters` in place; yield the number of each epoch when it is over."""
    names = learnt_names(parameters)
    heads = [parameters[name] for name in names if name.startswith(("intent.", "slot."))]
    layers = [parameters[name] for name in names if not name.startswith(("intent.", "slot."))]
    groups = [{"params": layers, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY, fused=True)
    steps = EPOCHS * -(-len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(step / steps / WARM_UP, (1 - step / steps) / (1 - WARM_UP))
    )
    for epoch in range(1, EPOCHS + 1):
        for some in _batches(examples, rng):
            batch = [_filled(one, titles, authors, rng) for one in some]
            batch = [Example(_mistyped(one.text, rng), one.intents, one.topic, one.excluded) for one in batch]
            _loss(parameters, model, batch).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*layers, *heads], 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
        yield epoch


def _batches(examples: Sequence[Example], rng: random.Random) -> list[list[Example]]:
    """Return the examples in batches of like length, which pad little, in random order."""
    shuffled = rng.sample(list(examples), len(examples))
    ordered = [
        one
        for start in range(0, len(shuffled), POOL * BATCH)
        for one in sorted(shuffled[start : start + POOL * BATCH], key=lambda one: len(one.text))
    ]
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    return rng.sample(batches, len(batches))


def _loss(parameters: Parameters, model: MiniLM, batch: Sequence[Example]) -> torch.Tensor:
    rows = [labels_of(model, one) for one in batch]
    intents, slots, there = logits(parameters, [ids for ids, _ in rows], dropout=DROPOUT)
    wanted = torch.tensor([[(name in one.intents) / len(one.intents) for name in INTENTS] for one in batch])
    tags = torch.zeros(there.shape, dtype=torch.long)
    tags[there] = torch.tensor([slot for _, row in rows for slot in row])
    of_intent = functional.cross_entropy(intents, wanted, label_smoothing=0.05)
    return of_intent + functional.cross_entropy(slots[there], tags[there], torch.tensor(SLOT_WEIGHTS))


def logits(
    parameters: Parameters, rows: Sequence[Sequence[int]], *, dropout: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the logits of the intents, those of the slots of each token, and which tokens there are."""
    lengths = torch.tensor([len(row) for row in rows])
    there = torch.arange(int(lengths.max()))[None] < lengths[:, None]
    tokens = torch.zeros(there.shape, dtype=torch.long)
    tokens[there] = torch.tensor([token for row in rows for token in row])
    with torch.no_grad():
        hidden = embedded(parameters, tokens, torch.zeros_like(tokens))
        for layer in range(FROZEN):
            hidden = layer_output(parameters, layer, hidden, there)
    for layer in range(FROZEN, LAYERS):
        hidden = layer_output(parameters, layer, hidden, there)
    mean = (there.float()[:, None] @ hidden)[:, 0] / lengths[:, None]
    features = functional.dropout(torch.cat([hidden[:, 0], mean], dim=1), dropout)
    intents = functional.linear(features, parameters["intent.weight"], parameters["intent.bias"])
    tags = functional.linear(functional.dropout(hidden, dropout), parameters["slot.weight"], parameters["slot.bias"])
    return intents, tags, there


@torch.no_grad()
def report(what: str, parameters: Parameters, model: MiniLM, examples: Sequence[Example]) -> None:
    right, wrong, counts = 0, Counter[tuple[str, str]](), Counter[str]()
    for start in range(0, len(examples), BATCH):
        batch = examples[start : start + BATCH]
        rows = [labels_of(model, one) for one in batch]
        intents, tags, there = logits(parameters, [ids for ids, _ in rows])
        found = [INTENTS[place] for place in intents.argmax(1)]
        right += sum(intent in one.intents for one, intent in zip(batch, found, strict=True))
        told = zip((one.intents for one in batch), found, strict=True)
        wrong.update((wanted[0], intent) for wanted, intent in told if intent not in wanted)
        for (_, row), said, mask in zip(rows, tags.argmax(2), there, strict=True):
            for is_topic, told in zip((slot == 1 for slot in row), said[mask] == 1, strict=True):
                counts[f"{'topic' if is_topic else 'other'} {bool(told)}"] += 1
    precision = counts["topic True"] / max(1, counts["topic True"] + counts["other True"])
    recall = counts["topic True"] / max(1, counts["topic True"] + counts["topic False"])
    share = right / len(examples)
    _log.info(
        "%s: intents %.3f; tokens of the topic %.3f, %.3f; %s", what, share, precision, recall, wrong.most_common(8)
    )


def save(parameters: Parameters, path: Path) -> None:
    """Write what was learnt as float16, and log its SHA-256, which assistant/planning/intents.py pins."""
    path.parent.mkdir(exist_ok=True)
    save_file({name: parameters[name].detach().half().numpy() for name in learnt_names(parameters)}, path)
    _log.info("%s: SHA-256 %s", path, hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
