"""One file for each network or place that posts come from; dropping a file in makes it known."""
