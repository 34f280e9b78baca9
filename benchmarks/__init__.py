"""What the figures in the README and in the model card come from. Not needed to run the bot."""
