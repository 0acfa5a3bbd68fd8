"""Who may do what: users, roles, permissions, passwords and sessions."""
