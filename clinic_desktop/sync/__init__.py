"""Sync: sites that work alone for weeks agree again through one central server; both ends are here (SYNC.md).

A site pushes its own change sets in order; central merges them in one order of all (``merge``, by the policy beside each
model) and everyone pulls what came of it. Nothing here knows of HTTP: whoever calls brings a ``Channel``.
"""
