"""What is kept: tables, sealed columns, repositories. Imports nothing of ours; frozen records leave it."""
