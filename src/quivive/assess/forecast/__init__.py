"""How big will it get: reposts of one post, and the volume of a whole topic."""
