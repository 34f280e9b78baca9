"""A first stage without labels: the encoder learns the language of posts by guessing hidden words."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from coach.labelling.encoder import BEGINNING, END, token_ids
from coach.text import readable
from training.base import BLANK
from training.encoder import Net, padded

MOST = 60_000
"""How many posts are read, once each."""

BATCH = 64
HIDDEN, LEFT_BLANK, SWAPPED = 0.25, 0.8, 0.1
"""The share of the words that is guessed; and of these, the shares that are blanked and that are replaced."""

RATE, HEAD_RATE, WARM_UP = 1e-4, 1e-3, 100
FIRST_WORD = 1000
"""Below this id, the vocabulary has punctuation and single characters."""


class Guesser(nn.Module):
    """An encoder with a head that guesses words, whose weights are the encoder's own embeddings."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.encoder = net.encoder
        width = self.encoder.config.hidden_size
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(self.encoder.embeddings.word_embeddings.num_embeddings))

    def forward(self, ids: Tensor, mask: Tensor, places: Tensor) -> Tensor:
        """Scores of all words at the places, shape (places, vocabulary)."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[places]
        return self.transform(states) @ self.encoder.embeddings.word_embeddings.weight.T + self.bias


def pretrain(net: Net, texts: Sequence[str], *, seed: int) -> None:
    """Train the encoder in place on texts without labels (masked language modelling, Devlin et al., 2019).

    Args:
        net: the encoder; its head stays as it is.
        texts: the posts; `MOST` of them are read, in random order.
        seed: decides the order and what is hidden.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    chosen = list(dict.fromkeys(texts))
    rng.shuffle(chosen)
    sequences = [ids for text in chosen[:MOST] if len(ids := token_ids(net.tokenizer, readable(text))) > 4]
    batches: list[list[list[int]]] = []
    for start in range(0, len(sequences), BATCH * 32):
        chunk = sorted(sequences[start : start + BATCH * 32], key=len)
        batches += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
    rng.shuffle(batches)

    guesser = Guesser(net)
    optimizer = torch.optim.AdamW(
        [
            {"params": guesser.encoder.parameters(), "lr": RATE},
            {"params": [*guesser.transform.parameters(), guesser.bias], "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / WARM_UP) * max(0.02, 1 - step / len(batches))
    )
    guesser.train()
    began = time.monotonic()
    for step, batch in enumerate(batches):
        ids, mask = padded(batch)
        shown, places = _hidden(ids, mask, net.tokenizer)
        with torch.autocast("cpu", torch.bfloat16):
            scores = guesser(shown, mask, places)
        loss = nn.functional.cross_entropy(scores.float(), ids[places])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(guesser.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % 100 == 0:
            print(
                f"  words {step + 1}/{len(batches)}, {time.monotonic() - began:.0f} s, loss {loss.item():.3f}",
                flush=True,
            )


def _hidden(ids: Tensor, mask: Tensor, tokenizer: Tokenizer) -> tuple[Tensor, Tensor]:
    """A batch with some of its words hidden, and the positions of these."""
    words = (mask == 1) & (ids != tokenizer.token_to_id(BEGINNING)) & (ids != tokenizer.token_to_id(END))
    places = words & (torch.rand(ids.shape) < HIDDEN)
    lot = torch.rand(ids.shape)
    shown = ids.clone()
    shown[places & (lot < LEFT_BLANK)] = tokenizer.token_to_id(BLANK)
    swapped = places & (lot > 1 - SWAPPED)
    shown[swapped] = torch.randint(FIRST_WORD, tokenizer.get_vocab_size() - 1, (int(swapped.sum()),))
    return shown, places
