"""Before the shell: unlock the database, first set-up, login and change of password."""
