"""Conversations and what people thought of them, in SQL."""
