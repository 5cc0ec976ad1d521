"""Qui-vive: a self-hosted crisis room for social networks."""

import os

__version__ = "0.1.0"

# Our matrices are small: threads that share one spend more time waiting for each other than they
# save (40 % of what an import took). Only before numpy is loaded does it listen.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
