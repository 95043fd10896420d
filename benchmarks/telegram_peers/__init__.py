"""Minimal bots of others, each as its own documentation shows it: a text in, its QR code out."""
