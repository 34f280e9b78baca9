"""From a fine-tuned network to the files that the bot loads: a tokenizer and an ONNX model with 8-bit weights."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from coach.labelling.encoder import KINDS, MOST_TOKENS
from training.encoder import Net

CONTRIBUTED = "com.microsoft"
"""The domain of ONNX Runtime's own operators, which do in one step what takes many in plain ONNX."""

BLOCK = 32
"""How many numbers of the word table share a scale."""

Floats = NDArray[np.float32]


def export(net: Net, model: Path, tokenizer: Path) -> None:
    """Write a fine-tuned network as an ONNX file, and its tokenizer.

    The table of words has 4 bits for each number. The weights of the encoder have 8, with a scale for each column.
    The head is small and matters most, so it keeps 32.

    Args:
        net: the network.
        model: the ONNX file to write.
        tokenizer: the tokenizer's file to write.
    """
    net.tokenizer.save(str(tokenizer), pretty=False)
    weights = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    config = net.encoder.config
    graph = _Graph()
    states = _embeddings(graph, weights)
    for layer in range(config.num_hidden_layers):
        states = _layer(graph, weights, f"encoder.encoder.layer.{layer}.", states, config.num_attention_heads)
    states = graph.add("ReduceMean", [states, graph.constant("token axis", np.array([1]))], keepdims=0)
    head, bias = graph.constant("head", weights["head.weight"]), graph.constant("head bias", weights["head.bias"])
    graph.add("Gemm", [states, head, bias], output="scores", transB=1)
    graph.save(model)


class _Graph:
    """An ONNX graph in the making: nodes and constants are added one by one."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic] | onnx.TensorProto) -> str:
        """Add a constant and return its name."""
        tensor = value if isinstance(value, onnx.TensorProto) else numpy_helper.from_array(value, name)
        self._constants[name] = tensor
        return name

    def add(
        self, operator: str, inputs: Sequence[str], *, output: str = "", domain: str = "", **attributes: object
    ) -> str:
        """Add a node with one output that matters, and return the name of that output."""
        output = output or f"{len(self._nodes)} {operator}"
        self._nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def quantised(self, of: str) -> tuple[str, str, str]:
        """Add a node that turns floats into 8-bit numbers; return the names of these, their scale and zero."""
        number = len(self._nodes)
        outputs = (f"{number} bytes", f"{number} scale", f"{number} zero")
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [of], outputs))
        return outputs

    def save(self, path: Path) -> None:
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, len(KINDS)])],
            list(self._constants.values()),
        )
        versions = [helper.make_opsetid("", 21), helper.make_opsetid(CONTRIBUTED, 1)]
        onnx.save(helper.make_model(graph, opset_imports=versions, ir_version=10), str(path))


def _embeddings(graph: _Graph, weights: dict[str, Floats]) -> str:
    """Add what turns token ids into states (words, positions and the norm), and return the name of the states."""
    of = "encoder.embeddings."
    packed, scales = _in_blocks(weights[f"{of}word_embeddings.weight"])
    words = graph.add(
        "GatherBlockQuantized",
        [graph.constant("words", packed), "ids", graph.constant("word scales", scales)],
        domain=CONTRIBUTED,
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
    # All tokens are of the first type.
    positions = (
        weights[f"{of}position_embeddings.weight"][:MOST_TOKENS] + weights[f"{of}token_type_embeddings.weight"][0]
    )
    length = graph.add("Shape", ["ids"], start=1, end=2)
    start, axis = graph.constant("first", np.array([0])), graph.constant("row axis", np.array([0]))
    places = graph.add("Slice", [graph.constant("positions", positions), start, length, axis])
    return graph.add(
        "LayerNormalization",
        [graph.add("Add", [words, places]), *_norm(graph, weights, f"{of}LayerNorm")],
        epsilon=_EPSILON,
    )


def _layer(graph: _Graph, weights: dict[str, Floats], of: str, states: str, heads: int) -> str:
    """Add one layer of the encoder and return the name of its states."""
    parts = [f"{of}attention.self.{part}" for part in ("query", "key", "value")]
    joined, scales = _in_bytes(np.concatenate([weights[f"{part}.weight"] for part in parts]).T)
    bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
    taken, scale, zero = graph.quantised(states)
    attended = graph.add(
        "QAttention",
        [
            taken,
            graph.constant(f"{of}attention", joined),
            graph.constant(f"{of}attention bias", bias),
            scale,
            graph.constant(f"{of}attention scale", scales),
            "",  # no mask: all tokens count
            zero,
            graph.constant(f"{of}attention zero", np.zeros(len(scales), np.int8)),
        ],
        domain=CONTRIBUTED,
        num_heads=heads,
    )
    attended = _product(graph, weights, f"{of}attention.output.dense", attended)
    states = _joined(graph, weights, f"{of}attention.output.LayerNorm", states, attended)
    wide = graph.add("Gelu", [_product(graph, weights, f"{of}intermediate.dense", states)], domain=CONTRIBUTED)
    return _joined(
        graph, weights, f"{of}output.LayerNorm", states, _product(graph, weights, f"{of}output.dense", wide)
    )


def _product(graph: _Graph, weights: dict[str, Floats], name: str, states: str) -> str:
    """Add a product with a matrix of weights and return the name of the result."""
    matrix, scales = _in_bytes(weights[f"{name}.weight"].T)
    return graph.add(
        "DynamicQuantizeMatMul",
        [
            states,
            graph.constant(name, matrix),
            graph.constant(f"{name} scale", scales),
            graph.constant(f"{name} zero", np.zeros(len(scales), np.int8)),
            graph.constant(f"{name} bias", weights[f"{name}.bias"]),
        ],
        domain=CONTRIBUTED,
    )


def _joined(graph: _Graph, weights: dict[str, Floats], name: str, states: str, added: str) -> str:
    """Add the norm of a sum and return the name of the result."""
    return graph.add(
        "SkipLayerNormalization",
        [added, states, *_norm(graph, weights, name)],
        domain=CONTRIBUTED,
        epsilon=_EPSILON,
    )


_EPSILON = 1e-12
"""What the norms add to the variance, as in the encoder that training starts from."""

_HIGHEST = 127


def _norm(graph: _Graph, weights: dict[str, Floats], name: str) -> list[str]:
    return [graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]


def _in_bytes(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A matrix in 8 bits and the scale of each column."""
    scales = (np.abs(matrix).max(axis=0) / _HIGHEST).astype(np.float32)
    return np.rint(matrix / scales).astype(np.int8), scales


def _in_blocks(table: Floats) -> tuple[onnx.TensorProto, Floats]:
    """A table in 4 bits, two numbers to a byte, and the scale of each block of a row."""
    blocks = table.reshape(len(table), -1, BLOCK)
    # The number that is furthest from zero becomes -8: of the sixteen numbers in 4 bits, none is 8.
    furthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2, keepdims=True), axis=2)
    scales = (furthest / -8).astype(np.float32)
    scales[scales == 0] = 1
    small = np.clip(np.rint(blocks / scales), -8, 7).astype(np.int8).reshape(-1)
    packed = (small[0::2] & 15) | (small[1::2] << 4)
    tensor = TensorProto(name="words", data_type=TensorProto.INT4, dims=table.shape, raw_data=packed.tobytes())
    return tensor, scales[:, :, 0]
