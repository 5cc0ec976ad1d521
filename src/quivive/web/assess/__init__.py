"""Threats and their three-axis sheets."""
