"""Conversations: what they are limited to, how they are kept and found again, and what is taken out of them."""
