"""What may be hung on a case, under which name, and who gets it back."""

from __future__ import annotations

import io
import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AuditEntry
from documents import names, registry, sandbox, storage
from documents.models import Attachment
from documents.services.attach import LIMITS, attach, prepare
from documents.services.clean import clean
from tests.documents import corpus
from tests.documents.conftest import AT

pytestmark = pytest.mark.django_db

GOOD, BAD = corpus.good(), corpus.bad()


@pytest.fixture(autouse=True)
def subject(monkeypatch) -> dict[int, bool]:
    """Cases 1 may be read, others not."""
    readable = {1: True}
    monkeypatch.setattr(registry, "_subjects", {})
    registry.subject("issue", can_read=lambda actor, pk, attachment: readable.get(pk, False))
    return readable


def hang(actor: Actor, name: str, data: corpus.Data, subject_id: int = 1) -> Attachment:
    file = SimpleUploadedFile("x", corpus.made(data))
    file._name = name  # Django cuts a name at its slashes; the API's parser need not
    return attach(actor=actor, subject_kind="issue", subject_id=subject_id, file=file, by="staff", public=False, at=AT)


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("name", "data"), GOOD, ids=[name for name, _ in GOOD])
def test_good_files_come_through_byte_for_byte(officer, media, name, data):
    data = corpus.made(data)
    made = hang(officer, name, data)
    assert storage.full(made.path).read_bytes() == data
    assert (made.name, made.size, made.post) == (name, len(data), officer.posts[0])
    assert made.sha256 == storage.sha256(made.path)
    assert name not in made.path
    assert len(stored(media)) == 1


@pytest.mark.parametrize(("name", "data", "code"), BAD, ids=[name for name, *_ in BAD])
def test_bad_files_are_refused_and_leave_nothing(officer, media, name, data, code):
    with pytest.raises(ValidationError) as caught:
        hang(officer, name, data)
    (error,) = caught.value.error_dict["file"]
    assert error.code == code
    assert error.messages[0]
    assert not Attachment.objects.exists()
    assert stored(media) == []


def test_without_the_look_inside_the_bad_files_would_pass(officer, monkeypatch):
    """The control: it is the inspection that refuses them, not something before it."""
    monkeypatch.setattr("documents.services.attach._inspect", lambda part, extension: "text/plain")
    by_inspection = [one for one in BAD if one[2] not in ("type", "too_large")]
    for name, data, _code in by_inspection:
        hang(officer, name, data)
    assert Attachment.objects.count() == len(by_inspection) > 40


def test_a_bomb_costs_little(tmp_path):
    """Measured in the child: processor seconds and megabytes."""
    for name, data, code in BAD:
        if code in ("bomb", "pixels", "nested"):
            path = tmp_path / name
            path.write_bytes(corpus.made(data))
            order = json.dumps({"path": str(path), "extension": names.extension(name)}).encode()
            told = json.loads(sandbox.run("tests.documents.workers.weigh", order, LIMITS))
            assert told["code"] == code
            assert told["seconds"] < 5
            assert told["megabytes"] < 256


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\报告\\一.txt", "一.txt"),
        ("报\u202e告\u200b.txt", "报告.txt"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("  .点.txt. ", "点.txt"),
        ("长" * 400 + ".txt", "长" * 251 + ".txt"),
        ("a" * 251 + ".txt", "a" * 251 + ".txt"),
        ('<b>"a|b?*:".txt', "bab.txt"),
    ],
)
def test_names_are_cleaned(officer, given, kept):
    assert hang(officer, given, b"text").name == kept


def test_a_clean_name_never_deceives():
    for letter in map(chr, range(0x3000)):
        assert not names.deceives(names.clean(f"a{letter}b.txt"))


def test_the_file_of_a_rolled_back_row_is_removed_at_night(officer, media):
    kept = hang(officer, "留.txt", b"kept")

    class UndoError(Exception):
        pass

    with pytest.raises(UndoError), transaction.atomic():
        hang(officer, "弃.txt", b"gone")
        raise UndoError
    assert len(stored(media)) == 2
    assert clean(at=timezone.now()) == 0  # it may still be under way
    assert clean(at=timezone.now() + timedelta(days=2)) == 1
    assert stored(media) == [storage.full(kept.path)]


def test_checking_can_be_done_before_the_transaction(officer):
    ready = prepare(SimpleUploadedFile("先.txt", b"first"))
    made = attach(actor=officer, subject_kind="issue", subject_id=1, file=ready, by="staff", public=True, at=AT)
    assert (made.name, made.public, made.sha256) == ("先.txt", True, ready.sha256)


def test_a_kind_that_nobody_answers_for_is_a_mistake(officer):
    with pytest.raises(LookupError):
        attach(
            actor=officer,
            subject_kind="ghost",
            subject_id=1,
            file=SimpleUploadedFile("a.txt", b"a"),
            by="staff",
            public=False,
            at=AT,
        )


def test_a_child_that_takes_too_long_is_ended():
    began = time.monotonic()
    with pytest.raises(sandbox.SandboxError) as caught:
        sandbox.run("tests.documents.workers.spin", b"", sandbox.Limits(1, 20, 256))
    assert caught.value.why == "time"
    assert time.monotonic() - began < 15


def test_a_child_that_takes_too_much_memory_is_ended():
    with pytest.raises(sandbox.SandboxError) as caught:
        sandbox.run("tests.documents.workers.hoard", b"", sandbox.Limits(20, 30, 256))
    assert caught.value.why == "memory"


def test_a_child_sees_no_secret(monkeypatch):
    monkeypatch.setenv("CHAIN_KEY", "do not tell")
    told = sandbox.run("tests.documents.workers.environment", b"", sandbox.Limits(10, 30, 256))
    assert b"do not tell" not in told
    assert b"PATH" in told
    assert b"do not tell" in repr(dict(os.environ)).encode()


# Out again -----------------------------------------------------------------------------------------------------------


def get(client, attachment: Attachment):
    return client.get(f"/files/{attachment.pk}/{attachment.name}")


def test_a_file_goes_out_as_a_download_that_no_browser_runs(client, officer):
    client.force_login(officer.user)
    paper = corpus.pdf()
    made = hang(officer, "说明 “一”.pdf", paper)
    response = get(client, made)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == paper
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    expected = "filename*=UTF-8''%E8%AF%B4%E6%98%8E%20%E2%80%9C%E4%B8%80%E2%80%9D.pdf"
    assert response["Content-Disposition"].startswith('attachment; filename="__ ___.pdf"; ')
    assert response["Content-Disposition"].endswith(expected)
    entry = AuditEntry.objects.get(act="download")
    assert (entry.user, entry.object_kind, entry.object_ref) == (officer.user, "attachment", str(made.pk))


def test_who_may_not_read_the_case_finds_no_file(client, officer, subject):
    client.force_login(officer.user)
    hidden = hang(officer, "a.txt", b"secret", subject_id=2)
    assert get(client, hidden).status_code == 404
    assert get(client, Attachment(pk=10**9, name="a.txt")).status_code == 404
    subject[2] = True  # the control: only the policy stood between
    assert get(client, hidden).status_code == 200


def test_a_kind_without_a_policy_is_read_by_nobody(client, officer, monkeypatch):
    client.force_login(officer.user)
    made = hang(officer, "a.txt", b"secret")
    monkeypatch.setattr(registry, "_subjects", {})
    assert get(client, made).status_code == 404


def test_a_path_never_leads_out_of_the_store(client, officer, tmp_path):
    client.force_login(officer.user)
    (tmp_path / "outside.txt").write_text("secret")
    made = hang(officer, "a.txt", b"a")
    Attachment.objects.filter(pk=made.pk).update(path="../outside.txt")
    assert get(client, made).status_code == 404


def test_files_are_written_once_and_whole(media):
    path = storage.new_path(storage.ATTACHMENTS)
    assert storage.write(path, [b"ab", b"c"]) == (3, storage.sha256(path))
    with pytest.raises(FileExistsError):
        storage.write(path, io.BytesIO(b"other"))
    assert storage.full(path).read_bytes() == b"abc"
    with pytest.raises(storage.TooLongError):
        storage.write(path + "2", [b"ab", b"c"], most=2)
    assert stored(media) == [storage.full(path)]
