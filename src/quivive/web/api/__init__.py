"""The REST API over the same queries and services."""
