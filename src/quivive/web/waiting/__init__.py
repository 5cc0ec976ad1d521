"""Rows that wait: for a worker to do them, or for an open page to show them."""
