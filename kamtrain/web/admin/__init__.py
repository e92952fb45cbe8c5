"""People, roles and teams, for administrators."""
