"""Passwords that we hand out: random, shown once, never stored."""

from __future__ import annotations

import secrets

# Without characters that are read or typed for one another on a printed slip: 0 O o, 1 l I, and the like.
_LOWER = "abcdefghijkmnpqrstuvwxyz"
_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
LENGTH = 16


def new_password() -> str:
    """16 characters of three classes, more than 90 bits."""
    letters = _LOWER + _UPPER + _DIGITS
    while True:
        password = "".join(secrets.choice(letters) for _ in range(LENGTH))
        if all(any(character in kind for character in password) for kind in (_LOWER, _UPPER, _DIGITS)):
            return password
