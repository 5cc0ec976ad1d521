"""Signals to threat: the three axes with reasons and uncertainty."""
