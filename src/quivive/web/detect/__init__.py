"""Signals and the alerts people are told about."""
