"""The platforms: each adapter is two pure functions, parse and render, and a loop that owns its SDK."""
