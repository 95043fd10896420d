"""The bodies of the HTTP API, and of its answers."""
