"""The central server: an ASGI application over the same core, and the page of whoever runs it."""
