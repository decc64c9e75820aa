"""Identifiers in the form of a UUID, for providers whose identifiers have it."""

from hashlib import sha256
from uuid import UUID


def uuid_of(identifier: str) -> str:
    """Give the UUID of an identifier: random-looking (version 4), and always the same."""
    return str(UUID(bytes=sha256(identifier.encode()).digest()[:16], version=4))
