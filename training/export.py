"""From a fine-tuned network to the files that the bot loads: a tokenizer and an ONNX model with 8-bit weights."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from coach.labelling.encoder import KINDS, MOST_TOKENS, token_ids
from coach.text import readable
from training.encoder import Net

CONTRIBUTED = "com.microsoft"
"""The domain of ONNX Runtime's own operators, which do in one step what takes many in plain ONNX."""

BLOCK = 32
"""How many numbers of the word table share a scale."""

Floats = NDArray[np.float32]


def export(net: Net, texts: Sequence[str], model: Path, tokenizer: Path) -> None:
    """Write a fine-tuned network as an ONNX file, and its tokenizer.

    The table of words has 4 bits for each number. The weights of the encoder have 8, with a scale for each column.
    The head is small and matters most, so it keeps 32.

    Args:
        net: the network.
        texts: a few hundred drafts, to see how large the numbers between the layers get.
        model: the ONNX file to write.
        tokenizer: the tokenizer's file to write.
    """
    net.tokenizer.save(str(tokenizer), pretty=False)
    weights = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    largest = _largest_inputs(net, texts)
    config = net.encoder.config
    graph = _Graph()
    states = _embeddings(graph, weights)
    for layer in range(config.num_hidden_layers):
        of = f"encoder.encoder.layer.{layer}."
        states = _layer(graph, weights, largest, of, states, config.num_attention_heads)
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


def _layer(
    graph: _Graph, weights: dict[str, Floats], largest: dict[str, Floats], of: str, states: str, heads: int
) -> str:
    """Add one layer of the encoder; the name of its states."""
    parts = [f"{of}attention.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([weights[f"{part}.weight"] for part in parts]).T
    evened, matrix = _evened(graph, f"{of}attention", states, matrix, largest[parts[0]])
    joined, scales = _in_bytes(matrix)
    bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
    taken, scale, zero = graph.quantised(evened)
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
    attended = _product(graph, weights, largest, f"{of}attention.output.dense", attended)
    states = _joined(graph, weights, f"{of}attention.output.LayerNorm", states, attended)
    wide = graph.add(
        "Gelu", [_product(graph, weights, largest, f"{of}intermediate.dense", states)], domain=CONTRIBUTED
    )
    return _joined(
        graph,
        weights,
        f"{of}output.LayerNorm",
        states,
        _product(graph, weights, largest, f"{of}output.dense", wide),
    )


def _product(graph: _Graph, weights: dict[str, Floats], largest: dict[str, Floats], name: str, states: str) -> str:
    """Add a product with a matrix of weights; the name of the result."""
    evened, matrix = _evened(graph, name, states, weights[f"{name}.weight"].T, largest[name])
    matrix, scales = _in_bytes(matrix)
    return graph.add(
        "DynamicQuantizeMatMul",
        [
            evened,
            graph.constant(name, matrix),
            graph.constant(f"{name} scale", scales),
            graph.constant(f"{name} zero", np.zeros(len(scales), np.int8)),
            graph.constant(f"{name} bias", weights[f"{name}.bias"]),
        ],
        domain=CONTRIBUTED,
    )


def _joined(graph: _Graph, weights: dict[str, Floats], name: str, states: str, added: str) -> str:
    """Add the norm of a sum and return the name of the result.

    ONNX Runtime's own SkipLayerNormalization, which does both in one step, takes several times as long.
    """
    return graph.add(
        "LayerNormalization",
        [graph.add("Add", [added, states]), *_norm(graph, weights, name)],
        epsilon=_EPSILON,
    )


_EPSILON = 1e-12
"""What the norms add to the variance, as in the encoder that training starts from."""

_HIGHEST = 127

_EVENING = 0.8
"""How much of the unevenness goes from the states to the weights; with half, errors were three times as large."""


def _evened(graph: _Graph, name: str, states: str, matrix: Floats, largest: Floats) -> tuple[str, Floats]:
    """Add what makes the columns of some states more even in size, and make up for it in the matrix that follows.

    In 8 bits all states share one scale, so a few large columns would leave little precision for the others
    (SmoothQuant: Xiao et al., 2023).

    Returns:
        The name of the states, and the matrix.
    """
    of_states, of_weights = np.maximum(largest, 1e-5), np.maximum(np.abs(matrix).max(axis=1), 1e-5)
    factors = (of_states**_EVENING / of_weights ** (1 - _EVENING)).astype(np.float32)
    return graph.add("Mul", [states, graph.constant(f"{name} evened", 1 / factors)]), matrix * factors[:, None]


def _largest_inputs(net: Net, texts: Sequence[str]) -> dict[str, Floats]:
    """The largest input of each column of each matrix in the encoder, in size, by the matrix's name."""
    largest: dict[str, Floats] = {}

    def note(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def noted(_: nn.Module, inputs: tuple[Tensor, ...], __: Tensor) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0).numpy()
            largest[name] = np.maximum(largest[name], seen) if name in largest else seen

        return noted

    products = [
        (name, part) for name, part in net.named_modules() if isinstance(part, nn.Linear) and name != "head"
    ]
    hooks = [part.register_forward_hook(note(name)) for name, part in products]
    net.eval()
    with torch.inference_mode():
        for text in texts:
            net(torch.tensor([token_ids(net.tokenizer, readable(text))]))
    for hook in hooks:
        hook.remove()
    return largest


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
