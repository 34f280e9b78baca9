"""The trained encoder at run time: tokens in, scores of the kinds out, run by ONNX Runtime."""

# Parts of ONNX Runtime's bindings have no types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from coach.labels import CONVERSATION_KINDS, Kind
from coach.text import readable

# For builds that report to Windows itself; for all others `coach/__init__.py` sets a variable.
onnxruntime.disable_telemetry_events()

KINDS: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.NONE)
"""The kinds in the order of the model's scores: the conversation kinds first."""

IS_CONVERSATION = np.array([kind in CONVERSATION_KINDS for kind in KINDS])
"""Which of `KINDS` are conversation kinds, shape (8,)."""

BEGINNING, END = "<s>", "</s>"
"""The tokens before and after each draft."""

MOST_TOKENS = 192
"""Tokens of a draft that are read, its beginning and end marks included."""

_HEAD = 80

Floats = NDArray[np.float32]


def token_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Token ids of a readable text; of a long one, those of its first 80 tokens and its last 110.

    Args:
        tokenizer: the model's tokenizer.
        text: a text that `coach.text.readable` has prepared.
    """
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    room = MOST_TOKENS - 2
    if len(ids) > room:
        ids = ids[:_HEAD] + ids[_HEAD - room :]
    first, last = tokenizer.token_to_id(BEGINNING), tokenizer.token_to_id(END)
    if first is None or last is None:  # the previous model has these instead
        first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if first is None or last is None:
        raise ValueError("the vocabulary has no tokens for the beginning and the end")
    return [first, *ids, last]


class Encoder:
    """A quantised sentence encoder with its tokenizer; safe to use from several threads."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        # One core is enough for a draft, and leaves the other for the event loop.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))

    def run(self, texts: Sequence[str]) -> Floats:
        """Encode drafts.

        Args:
            texts: any strings.

        Returns:
            Scores of the kinds before softmax, shape (n, 8).
        """
        scores = np.zeros((len(texts), len(KINDS)), np.float32)
        # One by one: in a batch, the quantised numbers of a draft would depend on its neighbours, and so would its
        # label; on one core a batch is hardly any faster.
        for index, text in enumerate(texts):
            ids = np.array([token_ids(self._tokenizer, readable(text))], np.int64)
            [found] = cast("list[Floats]", self._session.run(["scores"], {"ids": ids}))
            scores[index] = found[0]
        return scores
