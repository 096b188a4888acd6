"""What was found -> a text: by the local composer, or by a chat model."""
