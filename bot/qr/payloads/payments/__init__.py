"""Bank payments: one module a specification."""
