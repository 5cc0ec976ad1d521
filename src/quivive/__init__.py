"""Qui-vive: a self-hosted crisis room for social networks."""

__version__ = "0.1.0"
