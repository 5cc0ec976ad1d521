"""People, roles and the organisation they work for."""
