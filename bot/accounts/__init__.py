"""Accounts: who may log in, what they hold, and how they prove it."""
