"""How Chinese names sort and are found by the keyboard."""

from __future__ import annotations

from typing import Any

from django.db import models
from pypinyin import lazy_pinyin


def pinyin(text: str, most: int) -> str:
    """Full pinyin in lower case without tones, at most ``most`` characters; what is no Chinese stays as it is."""
    return "".join(lazy_pinyin(text)).lower()[:most]


class PinyinField(models.CharField):
    """The pinyin of the row's ``name``, filled in at every save (``update_fields`` must name it), also in bulk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "db_index": True, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = pinyin(model_instance.name, self.max_length or 0)  # type: ignore[attr-defined]  # beside a name only
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        """In migrations a plain column: they need not know how it is filled."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
