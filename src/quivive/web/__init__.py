"""The room: the same words with rows and pages."""
