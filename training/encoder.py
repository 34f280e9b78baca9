"""Fine-tuning a small sentence encoder with a head for the eight kinds, in PyTorch."""

# PyTorch and transformers are only in the training group, and some of their types are unknown.
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

import ctypes
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from coach.labelling.encoder import IS_CONVERSATION, KINDS, token_ids
from coach.text import readable
from training.augment import varied
from training.base import Base
from training.data import Row

BATCH = 32
WARM_UP = 0.08
LAYER_DECAY = 0.9
HEAD_RATE = 5.0
KIND_LOSS = 0.5
# How likely a careful reader's label is to be wrong, and the kind within the label.
LABEL_DOUBT, LABEL_DOUBT_UNSURE, KIND_DOUBT = 0.04, 0.22, 0.06
THREADS = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A draft to learn from.

    Attributes:
        text: the draft.
        target: wanted probabilities of its kinds, shape (8,).
        weight: how much it counts.
    """

    text: str
    target: NDArray[np.float32]
    weight: float = 1.0


class Net(nn.Module):
    """The encoder, the mean over its tokens, and a linear head over the kinds."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        config = BertConfig(**base.sizes, attn_implementation="sdpa")
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.encoder.load_state_dict(base.weights)
        self.tokenizer = base.tokenizer
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(self.encoder.config.hidden_size, len(KINDS))

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Scores of the kinds, shape (batch, 8); without a mask all tokens count."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        if mask is None:
            pooled = states.mean(1)
        else:
            seen = mask.unsqueeze(-1).to(states.dtype)
            pooled = (states * seen).sum(1) / seen.sum(1)
        return self.head(self.dropout(pooled))


def keep_memory() -> None:
    """Let glibc keep the memory that it has, because batches come in many sizes.

    Otherwise it gives large blocks back to Linux and asks for them again in each step, which made training eight
    times slower on the machine it was tried on. Other C libraries are left as they are.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        for setting, value in ((_MMAP_MAX, 0), (_TRIM_THRESHOLD, (1 << 31) - 1), (_TOP_PAD, 1 << 28)):
            library.mallopt(setting, value)


# The numbers of these settings in glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4


def target_of(row: Row) -> NDArray[np.float32]:
    """A row's kind as a smoothed distribution, with more doubt about the label if its reader was unsure."""
    kind = KINDS.index(row.kind)
    same = IS_CONVERSATION[kind] == IS_CONVERSATION
    doubt = LABEL_DOUBT_UNSURE if row.unsure else LABEL_DOUBT
    target = np.where(same, KIND_DOUBT / 4, doubt / 4)
    target[kind] += 1 - doubt - KIND_DOUBT
    return target.astype(np.float32)


def examples(rows: Sequence[Row]) -> list[Example]:
    """Labelled rows as examples."""
    return [Example(row.text, target_of(row)) for row in rows]


def padded(sequences: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask of a batch."""
    longest = max(map(len, sequences))
    ids = torch.zeros(len(sequences), longest, dtype=torch.long)
    mask = torch.zeros(len(sequences), longest, dtype=torch.long)
    for place, sequence in enumerate(sequences):
        ids[place, : len(sequence)] = torch.tensor(sequence)
        mask[place, : len(sequence)] = 1
    return ids, mask


def loss_of(scores: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the label, plus that of the kind with less weight."""
    log_kinds = torch.log_softmax(scores.float(), -1)
    conversation = torch.logsumexp(log_kinds[:, :4], -1)
    content = torch.logsumexp(log_kinds[:, 4:], -1)
    wanted = target[:, :4].sum(-1)
    label = -(wanted * conversation + (1 - wanted) * content)
    kind = -(target * log_kinds).sum(-1)
    return ((label + KIND_LOSS * kind) * weight).mean()


def train(net: Net, drafts: Sequence[Example], *, epochs: float, rate: float, seed: int, note: str = "") -> None:
    """Fine-tune in place, with a learning rate that warms up, decays, and is lower in the lower layers."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    optimizer = torch.optim.AdamW(_groups(net, rate), fused=True)
    steps = math.ceil(len(drafts) / BATCH * epochs)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (steps * WARM_UP)) * max(0.02, 1 - step / steps)
    )
    net.train()
    began = time.monotonic()
    for step, batch in zip(range(steps), _batches(drafts, rng), strict=False):
        ids, mask = padded([token_ids(net.tokenizer, readable(varied(draft.text, rng))) for draft in batch])
        # Half the bits in the matrix products: at least twice as fast if the processor has bfloat16.
        with torch.autocast("cpu", torch.bfloat16):
            scores = net(ids, mask)
        target = torch.from_numpy(np.stack([draft.target for draft in batch]))
        loss = loss_of(scores, target, torch.tensor([draft.weight for draft in batch]))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % 200 == 0:
            print(
                f"  {note} {step + 1}/{steps}, {time.monotonic() - began:.0f} s, loss {loss.item():.3f}",
                flush=True,
            )


def predict(net: Net, texts: Sequence[str]) -> NDArray[np.float32]:
    """Scores of drafts, shape (n, 8)."""
    net.eval()
    sequences = [token_ids(net.tokenizer, readable(text)) for text in texts]
    order = sorted(range(len(texts)), key=lambda place: len(sequences[place]))
    scores = np.zeros((len(texts), len(KINDS)), np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            places = order[start : start + 64]
            scores[places] = net(*padded([sequences[place] for place in places])).float().numpy()
    return scores


def _batches(drafts: Sequence[Example], rng: random.Random) -> Iterator[list[Example]]:
    """Batches of drafts of similar length, in random order, epoch after epoch."""
    while True:
        order = list(drafts)
        rng.shuffle(order)
        found: list[list[Example]] = []
        for start in range(0, len(order), BATCH * 32):
            chunk = sorted(order[start : start + BATCH * 32], key=lambda draft: len(draft.text))
            found += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
        rng.shuffle(found)
        yield from found


def _groups(net: Net, rate: float) -> list[dict[str, object]]:
    """The parameters by learning rate and weight decay."""
    layers = len(net.encoder.encoder.layer)
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in net.named_parameters():
        if name.startswith("head"):
            factor = HEAD_RATE
        elif "embeddings" in name:
            factor = LAYER_DECAY ** (layers + 1)
        else:
            factor = LAYER_DECAY ** (layers - int(name.split("layer.")[1].split(".")[0]))
        decay = 0.01 if parameter.ndim > 1 else 0.0
        groups.setdefault((rate * factor, decay), []).append(parameter)
    return [{"params": found, "lr": lr, "weight_decay": decay} for (lr, decay), found in groups.items()]
