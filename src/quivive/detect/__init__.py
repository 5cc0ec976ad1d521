"""Posts to signals: counts, baselines, bursts, onset, negativity."""
