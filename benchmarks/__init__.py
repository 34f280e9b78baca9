"""What the figures in the README and in the model card come from. Not needed to run the bot."""

# Before ONNX Runtime is imported: this turns off its telemetry.
from coach.output import use_utf8

use_utf8()
