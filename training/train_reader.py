"""Teach MiniLM's upper layers to judge relevance, and write them with their head for the cross-encoder.

python -m training.train_reader BENCH_DATA [--output FILE]    (what it needs and how long it takes: README.md)
"""

import argparse
import hashlib
import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.nn import functional

from training.encoder import Parameters, embedded, layer_output, minilm_parameters
from training.measures import area_under_curve, calibration, precision_and_recall
from training.pairs import (
    Example,
    judged,
    key_terms,
    measured_on,
    read_abstracts,
    read_nearby,
    taught,
    written_abstracts,
)
from vectorstore.embedders.bert import LAYERS
from vectorstore.embedders.minilm import MiniLM
from vectorstore.search.cross_encoder import HEADS
from vectorstore.search.cross_encoder_pairs import Pair, read_pairs

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).parent.parent
FROZEN = 2  # lowest layers
SEED, EPOCHS, BATCH, POOL = 13, 2, 32, 4  # batches of like length are cut from pools of four
RATE, HEAD_RATE, DECAY, WARM_UP, DROPOUT, AVERAGING = 1e-4, 4e-4, 0.01, 0.08, 0.1, 0.99
Item = tuple[Pair, Example]


def main() -> None:
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    rng = random.Random(SEED)
    model = MiniLM()
    epochs, development, *held_back = _data(arguments, model, rng)
    parameters = starting_parameters(model)
    average = learn(parameters, epochs, development)
    rounded = {name: tensor.half().float() for name, tensor in average.items()}
    calibrate(rounded, development)
    report("development", rounded, development)
    for what, some in zip(("held back", "written, held back"), held_back, strict=True):
        report(what, rounded, some)
    save(rounded, arguments.output)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="the folder with claims/, scale/ and what the product is measured on")
    parser.add_argument("--output", type=Path, default=_ROOT / "vectorstore" / "data" / "reader.safetensors")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _data(arguments: argparse.Namespace, model: MiniLM, rng: random.Random) -> tuple[Any, ...]:
    measured = measured_on(arguments.bench, _ROOT / "seeds")
    nearby = read_nearby(arguments.bench, model, measured)
    learnt, development, held_back = read_abstracts(arguments.bench)
    written, written_held_back = written_abstracts(arguments.bench)
    learnt += written
    terms = key_terms(arguments.bench, model, measured, rng)
    rng.shuffle(terms)
    _log.info("%d key terms", len(terms))
    epochs = taught(learnt, nearby, rng, EPOCHS)
    for number, epoch in enumerate(epochs):
        epoch += terms[number::EPOCHS]
        rng.shuffle(epoch)
        _log.info("%d examples", len(epoch))
    kept_apart = (development, held_back, written_held_back)
    return [items(model, epoch) for epoch in epochs], *(items(model, judged(some)) for some in kept_apart)


def items(model: MiniLM, examples: Sequence[Example]) -> list[Item]:
    pairs: list[Pair] = []
    for example in examples:
        pairs += read_pairs(model, example.head, [(example.question, example.title, example.text)])
    return list(zip(pairs, examples, strict=True))


def starting_parameters(model: MiniLM) -> Parameters:
    """Return MiniLM's tensors and a head; those that are learnt ask for a gradient."""
    parameters = minilm_parameters(model)
    width = parameters["embeddings.LayerNorm.bias"].shape[0]
    parameters["head.weight"] = torch.randn(len(HEADS), 2 * width) * 0.02
    parameters["head.bias"] = torch.zeros(len(HEADS))
    for name in learnt_names(parameters):
        parameters[name].requires_grad_()
    return parameters


def learnt_names(parameters: Parameters) -> list[str]:
    frozen = ("embeddings.", *(f"encoder.layer.{layer}." for layer in range(FROZEN)))
    return [name for name in parameters if not name.startswith(frozen)]


def learn(parameters: Parameters, epochs: Sequence[Sequence[Item]], development: Sequence[Item]) -> Parameters:
    """Change `parameters` in place, and return the running average of them, which generalises better."""
    names = learnt_names(parameters)
    of_head = [parameters[name] for name in names if name.startswith("head.")]
    of_layers = [parameters[name] for name in names if not name.startswith("head.")]
    optimiser = torch.optim.AdamW(
        [{"params": of_layers, "lr": RATE}, {"params": of_head, "lr": HEAD_RATE}], weight_decay=DECAY, fused=True
    )
    batches = [list(_batches(epoch)) for epoch in epochs]
    steps = sum(len(epoch) for epoch in batches)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step / steps))
    average = {name: parameters[name].detach().clone() for name in names}
    started, step = time.monotonic(), 0
    for number, epoch in enumerate(batches, 1):
        for batch in epoch:
            loss = _loss(parameters, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*of_layers, *of_head], 1.0)
            optimiser.step()
            rate.step()
            optimiser.zero_grad()
            step += 1
            keep = min(AVERAGING, step / (step + 10))
            for name in names:
                average[name].lerp_(parameters[name].detach(), 1 - keep)
            if step % 25 == 0:
                _log.info("step %d of %d, loss %.3f, %.0f s", step, steps, loss.detach(), time.monotonic() - started)
        report(f"epoch {number}", {**parameters, **average}, development)
    return {**{name: tensor for name, tensor in parameters.items() if name not in average}, **average}


def _rate(done: float) -> float:
    return min(done / WARM_UP, (1 - done) / (1 - WARM_UP))


def _batches(epoch: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the shuffled examples of an epoch in batches of like length, which pad little."""
    for start in range(0, len(epoch), POOL * BATCH):
        pool = sorted(epoch[start : start + POOL * BATCH], key=lambda item: len(item[0].tokens))
        yield from (pool[place : place + BATCH] for place in range(0, len(pool), BATCH))


def _loss(parameters: Parameters, batch: Sequence[Item]) -> torch.Tensor:
    labels = torch.tensor([float(example.label) for _, example in batch])
    weights = torch.tensor([example.weight for _, example in batch])
    return functional.binary_cross_entropy_with_logits(own_logits(parameters, batch, dropout=DROPOUT), labels, weights)


def own_logits(parameters: Parameters, batch: Sequence[Item], *, dropout: float) -> torch.Tensor:
    """Return for each pair the logit of the head that its example is for."""
    columns = torch.tensor([HEADS.index(example.head) for _, example in batch])
    return logits(parameters, [pair for pair, _ in batch], dropout=dropout)[torch.arange(len(batch)), columns]


def logits(parameters: Parameters, pairs: Sequence[Pair], *, dropout: float) -> torch.Tensor:
    """Return the logits of all heads, of shape (len(pairs), len(HEADS)). BERT as Devlin et al. 2018 define it."""
    lengths = torch.tensor([len(pair.tokens) for pair in pairs])
    ends = torch.tensor([pair.question_end for pair in pairs])[:, None]
    places = torch.arange(int(lengths.max()))[None]
    there = places < lengths[:, None]
    tokens = torch.zeros(there.shape, dtype=torch.long)
    tokens[there] = torch.tensor([token for pair in pairs for token in pair.tokens])
    with torch.no_grad():
        hidden = embedded(parameters, tokens, (there & (places > ends)).long())
        for layer in range(FROZEN):
            hidden = layer_output(parameters, layer, hidden, there)
    for layer in range(FROZEN, LAYERS - 1):
        hidden = layer_output(parameters, layer, hidden, there)
    hidden = layer_output(parameters, LAYERS - 1, hidden, there, read=int(ends.max()))  # the head reads no further
    question = ((places > 0) & (places < ends)).float()[:, : hidden.shape[1]]
    mean = (question[:, None] @ hidden)[:, 0] / (ends - 1).clamp(min=1)
    features = functional.dropout(torch.cat([hidden[:, 0], mean], dim=1), dropout)
    return functional.linear(features, parameters["head.weight"], parameters["head.bias"])


@torch.no_grad()
def predicted(parameters: Parameters, some: Sequence[Item]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield for each head its logits and the labels."""
    ordered = sorted(some, key=lambda item: len(item[0].tokens))
    found = torch.cat([own_logits(parameters, ordered[n : n + 16], dropout=0.0) for n in range(0, len(ordered), 16)])
    for head in HEADS:
        mine = [index for index, (_, example) in enumerate(ordered) if example.head == head]
        yield head, found[mine].numpy(), np.array([ordered[index][1].label for index in mine])


def calibrate(parameters: Parameters, some: Sequence[Item]) -> None:
    """Scale and shift each head so that 0.5 parts yes from no best, and a logit is one of a probability."""
    with torch.no_grad():
        for row, (_, found, labels) in enumerate(predicted(parameters, some)):
            scale, shift = calibration(found, labels)
            parameters["head.weight"][row] *= scale
            parameters["head.bias"][row] = parameters["head.bias"][row] * scale + shift


def report(what: str, parameters: Parameters, some: Sequence[Item]) -> None:
    for head, found, labels in predicted(parameters, some):
        precision, recall = precision_and_recall(found > 0, labels)
        auc = area_under_curve(found, labels)
        _log.info("%s, %s: AUC %.3f; at 0.5 precision %.2f, recall %.2f", what, head, auc, precision, recall)


def save(parameters: Parameters, path: Path) -> None:
    """Write what was learnt as float16, and log its SHA-256, which vectorstore/search/cross_encoder.py pins."""
    save_file({name: parameters[name].detach().half().numpy() for name in learnt_names(parameters)}, path)
    _log.info("%s: SHA-256 %s", path, hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
