"""From labelled drafts to the model's files: data, training, evaluation. Not needed to run the bot."""

import os

# Imported before ONNX Runtime: this turns off its telemetry.
from coach.output import use_utf8

# The pretrained encoder comes in a package: nothing is looked up at Hugging Face.
os.environ["HF_HUB_OFFLINE"] = "1"

use_utf8()
