"""One file for each way to write posts down; dropping a file in makes its format known."""
