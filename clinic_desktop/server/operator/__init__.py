"""The page of whoever runs the central server: server-rendered, with no word from any other host."""
