"""BERT's encoder for training, on MiniLM's weights by their names (Devlin et al. 2018)."""

import numpy as np
import torch
from safetensors.numpy import load_file
from torch.nn import functional

from vectorstore.embedders.bert import EPSILON
from vectorstore.embedders.bert import HEADS as ATTENTION_HEADS
from vectorstore.embedders.minilm import MiniLM

Parameters = dict[str, torch.Tensor]


def minilm_parameters(model: MiniLM) -> Parameters:
    """Return the tensors of MiniLM's embeddings and layers by their names."""
    return {
        name: torch.from_numpy(array)
        for name, array in load_file(model.load().encoder.weights).items()
        if name.startswith(("embeddings.", "encoder.")) and array.dtype == np.float32
    }


def embedded(parameters: Parameters, tokens: torch.Tensor, segments: torch.Tensor) -> torch.Tensor:
    words, places, kinds = (
        parameters[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position", "token_type")
    )
    return _normed(parameters, "embeddings.LayerNorm", words[tokens] + places[: tokens.shape[1]] + kinds[segments])


def layer_output(
    parameters: Parameters, number: int, hidden: torch.Tensor, there: torch.Tensor, *, read: int | None = None
) -> torch.Tensor:
    """Return what a layer makes of `hidden`, for the first `read` tokens alone if a number is given."""
    name = f"encoder.layer.{number}"

    def dense(part: str, values: torch.Tensor) -> torch.Tensor:
        return functional.linear(values, parameters[f"{name}.{part}.weight"], parameters[f"{name}.{part}.bias"])

    def heads(part: str, values: torch.Tensor) -> torch.Tensor:
        projected = dense(f"attention.self.{part}", values)
        return projected.view(*values.shape[:2], ATTENTION_HEADS, -1).transpose(1, 2)

    kept = hidden[:, :read]
    query, key, value = heads("query", kept), heads("key", hidden), heads("value", hidden)
    context = functional.scaled_dot_product_attention(query, key, value, attn_mask=there[:, None, None])
    context = dense("attention.output.dense", context.transpose(1, 2).reshape(kept.shape))
    attended = _normed(parameters, f"{name}.attention.output.LayerNorm", kept + context)
    wide = dense("output.dense", functional.gelu(dense("intermediate.dense", attended)))
    return _normed(parameters, f"{name}.output.LayerNorm", attended + wide)


def _normed(parameters: Parameters, name: str, values: torch.Tensor) -> torch.Tensor:
    weight, bias = parameters[f"{name}.weight"], parameters[f"{name}.bias"]
    return functional.layer_norm(values, weight.shape, weight, bias, EPSILON)
