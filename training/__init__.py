"""From labelled drafts to the model file: data, training, evaluation. Not needed to run the bot."""
