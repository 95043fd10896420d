"""The pages that the server writes: front page, logging in, the account, errors. None needs a script."""
