"""The bot itself: what people can say and what comes of it. Knows no chat SDK, no web framework, no SQL."""

__version__ = "0.1.0"
