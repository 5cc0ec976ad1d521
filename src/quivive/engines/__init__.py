"""Who runs the flow."""
