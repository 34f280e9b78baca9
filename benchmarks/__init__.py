"""What the figures in the README and in the model card come from. Not needed to run the bot."""

import coach as coach  # it turns off the telemetry of ONNX Runtime, before that is imported
