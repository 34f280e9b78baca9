"""From a fine-tuned network to the files that the bot loads: a pruned tokenizer and an int8 ONNX model."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false

from __future__ import annotations

import copy
import json
import tempfile
import unicodedata
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer
from torch import nn

from training.encoder import TOKENIZER, Net


def pruned(net: Net) -> tuple[Net, Tokenizer]:
    """The network and its tokenizer without tokens that no English draft has: other scripts, and unused ones."""
    document = json.loads(TOKENIZER.to_str())
    vocabulary: dict[str, int] = document["model"]["vocab"]
    kept = [piece for piece, _ in sorted(vocabulary.items(), key=lambda item: item[1]) if _is_kept(piece)]
    document["model"]["vocab"] = {piece: place for place, piece in enumerate(kept)}
    for token in document["added_tokens"]:
        token["id"] = document["model"]["vocab"][token["content"]]
    # `coach.labelling.encoder.token_ids` adds the tokens for the beginning and the end.
    document["post_processor"] = None
    smaller = copy.deepcopy(net)
    words = smaller.encoder.embeddings.word_embeddings
    rows = torch.tensor([vocabulary[piece] for piece in kept])
    smaller.encoder.embeddings.word_embeddings = nn.Embedding.from_pretrained(
        words.weight.data[rows], padding_idx=0
    )
    return smaller, Tokenizer.from_str(json.dumps(document))


def export(net: Net, model: Path, tokenizer: Path) -> None:
    """Write a fine-tuned network as an ONNX file, and its tokenizer.

    Args:
        net: the network.
        model: the ONNX file to write.
        tokenizer: the tokenizer's file to write.
    """
    smaller, tokens = pruned(net)
    tokens.save(str(tokenizer), pretty=False)
    smaller.eval()
    # The plain form of attention is the one that ONNX Runtime's optimizer can fuse.
    smaller.encoder.config._attn_implementation = "eager"
    sample = torch.tensor([[2, 5, 7, 3]])
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            smaller,
            (sample,),
            str(plain),
            input_names=["ids"],
            output_names=["scores"],
            dynamic_axes={"ids": {1: "token"}},
            opset_version=17,
            dynamo=False,
        )
        config = smaller.encoder.config
        optimize_model(
            str(plain), "bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size, opt_level=0
        ).save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            model,
            weight_type=QuantType.QInt8,
            per_channel=True,
            # The head is small and matters most: it keeps full precision.
            nodes_to_exclude=_head(fused),
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def _head(path: Path) -> list[str]:
    """The names of the matrix products after the encoder."""
    graph = onnx.load(str(path)).graph
    return [node.name for node in graph.node if node.op_type in ("Gemm", "MatMul") and "encoder" not in node.name]


def _is_kept(piece: str) -> bool:
    if piece.startswith("[unused"):
        return False
    letters = [char for char in piece.removeprefix("##") if char.isalpha()]
    return all("LATIN" in unicodedata.name(char, "") for char in letters)
