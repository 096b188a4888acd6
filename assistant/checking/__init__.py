"""Sentence and cited passages -> verdict: what a text says is compared with what it cites."""
