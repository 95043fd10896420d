"""Speed beside peers, measured in one run: ratios travel between machines, microseconds do not."""
