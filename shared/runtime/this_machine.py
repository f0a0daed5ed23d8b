"""Addresses that lead to this very machine, and so over no wire."""

from urllib.parse import urlsplit

LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def is_safe(url: str) -> bool:
    """Over TLS, or on this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
    )
