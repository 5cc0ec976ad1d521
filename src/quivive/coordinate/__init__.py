"""Threat to people at work: roles, escalation, golden-hour clock, states."""
