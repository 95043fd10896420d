"""The Telegram face: updates into requests, replies into calls of the Bot API, the loop between."""
