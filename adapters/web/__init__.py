"""The web face: health, signed pictures, Slack's address and the web chat, on FastAPI."""
