"""Workbooks of projects for the tests, made on the spot; all names are invented."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.actors import Actor
from projects import services
from projects.models import ProjectImport
from projects.services.imports import carry_on

HEAD = (
    "项目编号",
    "项目名称",
    "企业名称",
    "统一社会信用代码",
    "责任单位",
    "镇街",
    "总投资（万元）",
    "阶段",
    "开工日期",
    "计划竣工",
)


def book(head: Sequence[Any], *rows: Sequence[Any], then: Callable[[Worksheet], None] | None = None) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    for values in (head, *rows):
        sheet.append(list(values))
    if then:
        then(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def upload(data: bytes, name: str = "重点项目.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def checked(actor: Actor, data: bytes) -> ProjectImport:
    row = services.check_import(actor=actor, file=upload(data))
    carry_on(import_id=row.pk)
    row.refresh_from_db()
    return row


def applied(actor: Actor, data: bytes) -> ProjectImport:
    row = checked(actor, data)
    services.apply_import(actor=actor, import_id=row.pk)
    carry_on(import_id=row.pk)
    row.refresh_from_db()
    return row
