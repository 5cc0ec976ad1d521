"""Topics, posts and how they came in."""
