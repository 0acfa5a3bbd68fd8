"""A clinic's database on a server in the house: its roles and grants, joining, and the server itself."""
