"""Crises, tasks, the log, and who is told when."""
