"""What a password must be (QUALITY: 12 characters of three classes, no words of its surroundings)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CONTEXT_WORDS = ("bihuan", "闭环", "linjiang", "临江", "password", "mima", "admin", "yingshang", "qwerty", "123456")


def classes(password: str) -> int:
    """How many of lower case, upper case, digits and others it uses."""
    tests = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    return sum(any(test(character) for character in password) for test in tests)


class ClassesValidator:
    """Characters of at least ``least`` of four classes."""

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: Any = None) -> None:
        if classes(password) < self.least:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        text = _("Use at least %(least)d of these: small letters, capital letters, digits, other characters.")
        return text % {"least": self.least}


class ContextValidator:
    """No word that anybody who attacks this site would try first: the product, the district, the unit, the person."""

    def validate(self, password: str, user: Any = None) -> None:
        folded = password.casefold()
        if any(word in folded for word in (*CONTEXT_WORDS, *_words_of(user))):
            raise ValidationError(self.get_help_text(), code="password_context")

    def get_help_text(self) -> str:
        return _("Leave out names: of this system, the district, your unit and yourself.")


def _words_of(user: Any) -> list[str]:
    """Name and user name; shorter ones stand in too many good passwords."""
    words = [getattr(user, field, "") or "" for field in ("username", "name", "pinyin")]
    return [word.casefold() for word in words if len(word) >= 4 or (len(word) >= 2 and not word.isascii())]
