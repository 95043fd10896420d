"""The console face: the admin's shell, and the Unix socket it speaks through while the bot runs."""
