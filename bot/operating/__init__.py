"""What whoever runs the bot can do with it in the console."""
