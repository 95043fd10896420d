"""The pages that the server writes: front page, logging in, the account, errors. All work without a script."""
