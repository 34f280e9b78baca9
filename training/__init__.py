"""From labelled drafts to the model file: data, training, evaluation. Not needed to run the bot."""

import os

import coach as coach  # it turns off the telemetry of ONNX Runtime, before that is imported

# The pretrained encoder comes with a package: nothing is looked up at Hugging Face.
os.environ["HF_HUB_OFFLINE"] = "1"
