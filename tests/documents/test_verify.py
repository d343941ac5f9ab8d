"""The public check of a paper: without an account, by code alone, with the file if one has it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import NotVisible
from documents import storage
from documents.models import Document
from documents.services import archive
from documents.services.verify import verify
from tests.documents.conftest import AT
from tests.documents.test_archive import issue, press, sign_off

pytestmark = pytest.mark.django_db
__all__ = ["press"]

UNKNOWN = "A" * 22
OWN = re.compile(r'value="[^"]*"')  # the form's token, and the address to come back to


@pytest.fixture
def document(press) -> Document:
    return issue()


def compare(client, document: Document, data: bytes):
    return client.post(f"/v/{document.code}/", {"file": SimpleUploadedFile("x.pdf", data)})


def test_the_code_tells_what_is_on_the_cover(document):
    told = verify(document.code)
    assert told == {
        "code": document.code,
        "number": "临通报〔2026〕1号",
        "title": "关于2026年10月涉企问题办理情况的通报",
        "organ": "临江区优化营商环境工作领导小组办公室",
        "kind": "bulletin",
        "issued_on": "2026-11-05",
        "state": "valid",
        "draft": True,
        "size": document.size,
        "sha256": document.sha256,
        "data_sha256": document.data_sha256,
        "matches": None,
        "newer": None,
    }


def test_a_changed_byte_does_not_verify(document, client):
    data = storage.full(document.path).read_bytes()
    assert verify(document.code, document.sha256.upper())["matches"] is True
    assert verify(document.code, "0" * 64)["matches"] is False
    page = compare(client, document, data)
    assert (page.status_code, "一致" in page.content.decode(), "不一致" in page.content.decode()) == (200, True, False)
    for place in (0, len(data) // 2, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        page = compare(client, document, bytes(changed)).content.decode()
        assert "不一致" in page
    assert "不一致" in compare(client, document, data + b"\n").content.decode()
    assert "不一致" in compare(client, document, b"").content.decode()


@pytest.mark.parametrize("text", ["", "x", "0" * 63, "g" * 64, "0" * 65])
def test_a_sum_is_one(document, text):
    with pytest.raises(ValidationError):
        verify(document.code, text)


def test_states_and_the_way_to_the_newer_one(document, client, coordinator):
    assert "本件有效" in client.get(f"/v/{document.code}/").content.decode()
    copy = sign_off(coordinator, document)
    told = verify(document.code)
    assert told["state"] == "corrected"
    assert told["newer"] == {
        "number": "临府办〔2026〕77号",
        "code": copy.code,
        "url": archive.verify_url(copy.code),
        "state": "valid",
        "signed_off": True,
    }
    assert copy.code in client.get(f"/v/{document.code}/").content.decode()
    corrected = issue(source_id=2, replaces=copy)
    assert verify(document.code)["newer"]["code"] == corrected.code  # the end of the chain, not the next link
    archive.withdraw(actor=coordinator, document_id=corrected.pk, reason="有误", at=AT)
    assert verify(corrected.code)["state"] == "withdrawn"
    page = client.get(f"/v/{corrected.code}/").content.decode()
    assert "撤销" in page
    assert "有误" not in page  # the reason is the office's


def test_a_wrong_code_says_nothing(document, client):
    with pytest.raises(NotVisible):
        verify(UNKNOWN)
    answers = {
        OWN.sub("", client.get(f"/v/{code}/").content.decode())
        for code in (UNKNOWN, document.number, document.code[:-1], document.code.swapcase(), "x", document.sha256)
    }
    assert len(answers) == 1
    assert client.get(f"/v/{UNKNOWN}/").status_code == 404
    assert client.get(f"/v/{document.code}/").status_code == 200


def test_the_code_can_be_typed(document, client):
    page = client.get("/v/")
    assert page.status_code == 200
    for typed in (document.code, f" {document.code[:8]} {document.code[8:]} ", archive.verify_url(document.code)):
        assert client.post("/v/", {"code": typed})["Location"] == f"/v/{document.code}/"
    assert client.post("/v/", {"code": "../app/"}).status_code == 404
    assert client.post("/v/", {"code": ""}).status_code == 422


def test_no_account_and_no_script_are_needed(document, client):
    page = client.get(f"/v/{document.code}/").content.decode()
    assert "<script" not in page
    assert "sessionid" not in client.cookies


def test_looks_are_limited_per_address(document, client, settings):
    settings.VERIFY_PER_MINUTE = 3
    answers = [client.get(f"/v/{UNKNOWN}/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    limited = client.get(f"/v/{document.code}/")
    assert (limited.status_code, 0 < int(limited["Retry-After"]) <= 60) == (429, True)
    assert client.get(f"/v/{document.code}/", REMOTE_ADDR="10.1.1.1").status_code == 200


def test_a_file_too_large_is_not_compared(document, client, monkeypatch):
    monkeypatch.setattr("documents.verification.MOST_MEGABYTES", 0)
    assert compare(client, document, b"x").status_code == 413


def test_nothing_that_was_sent_is_kept(document, client, media):
    before = sorted(path for path in media.rglob("*") if path.is_file())
    compare(client, document, b"secret" * 1_000_000)
    assert sorted(path for path in media.rglob("*") if path.is_file()) == before


def test_the_date_of_signing_shows(document, coordinator):
    copy = sign_off(coordinator, document, issued_on=date(2026, 12, 1))
    assert verify(copy.code)["issued_on"] == "2026-12-01"
