"""The coaching itself: labels, balance, nudges, tips, days and the store. Knows nothing of Discord's library."""

import os
import tomllib
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent

__version__: str = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

# Set here because it has to come before the libraries are imported, and child processes inherit it.
# ONNX Runtime's official builds send usage events to Microsoft and keep a device id under ~/.cache. This variable
# alone prevents both: `disable_telemetry_events` comes too late for the first event and the id.
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# Matplotlib keeps its list of fonts in a file under ~/.cache. If this folder cannot be written to, it uses a
# temporary one.
os.environ.setdefault("MPLCONFIGDIR", str(_ROOT / ".cache" / "matplotlib"))
