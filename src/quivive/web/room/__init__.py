"""The pages that put the stages side by side."""
