"""Networks to posts: formats, the query language, matching."""
