"""Posts that want an answer, until they have one."""
