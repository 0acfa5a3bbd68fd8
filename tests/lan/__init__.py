"""A clinic on a server of its own: real clusters with TLS and SCRAM."""
