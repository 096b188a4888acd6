"""BERT's encoder as ONNX Runtime runs it: weights that stay in their file, and a graph of its own fused operators.

Devlin et al. 2018 (BERT), Wang et al. 2020 (the sizes are MiniLM's).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto
    from onnxruntime import InferenceSession

DIMENSIONS = 384
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
SHARED = 2  # layers, from the lowest on, that nothing teaches anew

Vectors = NDArray[np.float32]
Tokens = NDArray[np.int32]
Taught = Mapping[str, NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class Encoder:
    """Token ids -> vectors of the tokens, in context. The lowest layers are run by a session of their own, which
    encoders share whose upper layers alone are taught anew; sessions map weights from their file."""

    weights: Path
    lower: InferenceSession
    upper: InferenceSession

    @classmethod
    def of(cls, weights: Path) -> Encoder:
        """Return the encoder whose tensors are in the safetensors file `weights`."""
        return cls(weights, open_session(weights, range(SHARED)), open_session(weights, range(SHARED, LAYERS)))

    def taught_anew(self, taught: Taught, *, beginnings: bool = False) -> Encoder:
        """Return an encoder with other tensors, by name, in the layers above the shared ones.

        With `beginnings` it can be asked for a few tokens alone, from the first on: a tenth of the last layer's time.
        """
        upper = open_session(self.weights, range(SHARED, LAYERS), taught=taught, beginnings=beginnings)
        return Encoder(self.weights, self.lower, upper)

    def read(self, ids: Tokens, mask: Tokens, *, segments: Tokens | None = None, wanted: int | None = None) -> Vectors:
        """Return the vectors of all tokens, or of the first `wanted`, float32 of shape (texts, tokens, 384).

        Ids, mask (1 where a token is) and segments are int32 of shape (texts, tokens).
        """
        feed = {
            "input_ids": ids,
            "attention_mask": mask,
            "segment_ids": np.zeros_like(ids) if segments is None else segments,
        }
        hidden = self.lower.run(None, feed)[0]
        feed = {"hidden": hidden, "attention_mask": mask}
        if wanted is not None:
            feed["wanted"] = np.array([wanted])
        vectors: Vectors = self.upper.run(None, feed)[0]
        return vectors


def turn_off_telemetry() -> None:
    """Keep ONNX Runtime, if it is not imported yet, from reporting its use to its maker; nothing else does."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def open_session(
    weights: Path, layers: range, *, taught: Taught | None = None, beginnings: bool = False
) -> InferenceSession:
    """Return a session that runs `layers`; the first ones begin with the embeddings of the tokens."""
    turn_off_telemetry()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors; warnings would reach the user's terminal
    options.enable_cpu_mem_arena = False  # it keeps the memory of the largest batch, and saves no time
    # Threads that spin while they wait win 1 ms a query, and double the time of a batch as soon as cores are shared.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights.parent))
    if hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) < (os.cpu_count() or 1):
        options.intra_op_num_threads = len(os.sched_getaffinity(0))  # the default counts cores we may not use
    taught = taught or {}
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in taught.values()]
    options.add_external_initializers([f"{name}.half" for name in taught], values)
    model = _model(weights, layers, taught, beginnings=beginnings)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _model(weights: Path, layers: range, taught: Taught, *, beginnings: bool) -> bytes:
    """Return `layers` of BERT's encoder as an ONNX model that names the places of its tensors in the file `weights`,
    but for those that were `taught` anew: the session is given these."""
    from onnx import TensorProto, helper

    nodes, hidden = _bert_nodes(layers, beginnings=beginnings)
    nodes = [helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT) for name in taught] + nodes
    if layers.start:
        inputs = [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["texts", "tokens", DIMENSIONS])]
    else:
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"])
            for name in ("input_ids", "segment_ids")
        ]
    inputs.append(helper.make_tensor_value_info("attention_mask", TensorProto.INT32, ["texts", "tokens"]))
    if beginnings:
        inputs.append(helper.make_tensor_value_info("wanted", TensorProto.INT64, [1]))
    output = helper.make_tensor_value_info(hidden, TensorProto.FLOAT, ["texts", "wanted", DIMENSIONS])
    graph = helper.make_graph(nodes, "BERT", inputs, [output])
    used = {name for node in nodes for name in node.input}
    graph.initializer.extend(tensor for tensor in _tensors_in(weights) if tensor.name in used - taught.keys())
    graph.initializer.extend(
        _external(f"{name}.half", TensorProto.FLOAT16, array.shape, location="given to the session")
        for name, array in taught.items()
    )
    versions = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model: bytes = helper.make_model(graph, opset_imports=versions, ir_version=9).SerializeToString()
    return model


def _tensors_in(weights: Path) -> list[TensorProto]:
    """Return tensors by their places in a safetensors file.

    The file begins with the length of its header, which is JSON. https://huggingface.co/docs/safetensors
    """
    from onnx import TensorProto

    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    return [
        _external(
            name,
            TensorProto.FLOAT,
            entry["shape"],
            location=weights.name,
            offset=8 + length + start,
            length=end - start,
        )
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
        for start, end in [entry["data_offsets"]]
    ]


def _external(name: str, kind: int, shape: Sequence[int], **where: str | int) -> TensorProto:
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in where.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def _bert_nodes(layers: range, *, beginnings: bool) -> tuple[list[NodeProto], str]:
    """Return the operators of these layers, and the name of their output.

    Written in the fused operators that ONNX Runtime's optimiser aims at: measured 3 % faster than the plain graph with
    all optimisations on, and shorter. Transposed and joined weights are folded when a session opens.
    """
    from onnx import helper

    nodes: list[NodeProto] = []

    def add(operator: str, *inputs: str, **attributes: Any) -> str:
        domain = "" if operator in ("MatMul", "Transpose", "Concat", "Slice", "Constant") else "com.microsoft"
        name = f"{operator}.{len(nodes)}"
        outputs = [name, f"{name}.mask"] if operator == "EmbedLayerNormalization" else [name]
        nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return name

    def product(hidden: str, weight: str) -> str:
        return add("MatMul", hidden, add("Transpose", weight, perm=[1, 0]))

    def skip_norm(hidden: str, skip: str, dense: str, norm: str) -> str:
        scale = [f"{norm}.weight", f"{norm}.bias", f"{dense}.bias"]
        return add("SkipLayerNormalization", product(hidden, f"{dense}.weight"), skip, *scale, epsilon=EPSILON)

    hidden = "hidden"
    if not layers.start:
        tables = [f"embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type")]
        norm = ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"]
        hidden = add("EmbedLayerNormalization", "input_ids", "segment_ids", *tables, *norm, epsilon=EPSILON)
    for number in layers:
        layer = f"encoder.layer.{number}"
        attention = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = add("Transpose", add("Concat", *(f"{part}.weight" for part in attention), axis=0), perm=[1, 0])
        bias = add("Concat", *(f"{part}.bias" for part in attention), axis=0)
        context = add("Attention", hidden, weight, bias, "attention_mask", num_heads=HEADS)
        if beginnings and number == LAYERS - 1:
            first, axis = add("Constant", value_ints=[0]), add("Constant", value_ints=[1])
            context, hidden = (add("Slice", values, first, "wanted", axis) for values in (context, hidden))
        output = f"{layer}.attention.output"
        attended = skip_norm(context, hidden, f"{output}.dense", f"{output}.LayerNorm")
        middle = f"{layer}.intermediate.dense"  # BiasGelu is exact, by erf; FastGelu approximates by tanh
        wide = add("BiasGelu", product(attended, f"{middle}.weight"), f"{middle}.bias")
        hidden = skip_norm(wide, attended, f"{layer}.output.dense", f"{layer}.output.LayerNorm")
    return nodes, hidden
