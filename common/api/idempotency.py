"""``Idempotency-Key``: the same key and body returns the first answer again and never acts twice; the same key with
another body is a conflict. Keys belong to the token or session, else to the address.

common/idempotency.py keeps the keys; here is what of a request makes its key's owner and its body.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from common.http import client_address
from common.idempotency import once

SECRETS = frozenset({"tracking_code", "key"})
LONGEST = 200


def answer_once(
    request: Request, act: Callable[[], Response], *, again: Callable[[dict[str, Any]], dict[str, Any]] | None = None
) -> Response:
    """Run ``act`` in one transaction, once per key. ``again`` puts derived secrets back into a repeated answer."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        with transaction.atomic():
            return act()
    if len(key) > LONGEST or not key.isprintable():
        raise ValidationError({"Idempotency-Key": [_("At most 200 printable characters.")]})
    fresh: list[Response] = []

    def act_once() -> tuple[int, Any]:
        fresh.append(act())
        return fresh[0].status_code, _without_secrets(fresh[0].data)

    answer = once(owner=_owner(request), key=key, body=_digest(request), act=act_once)
    if not answer.repeated:
        return fresh[0]
    data = answer.data
    if again and isinstance(data, dict):
        data = again(data)
    return Response(data, status=answer.status)


def _owner(request: Request) -> str:
    """Only a digest is kept: no address and no session key stands in the row."""
    if getattr(request.auth, "pk", None):
        who = f"token:{request.auth.pk}"
    elif request.user and request.user.is_authenticated:
        who = f"session:{request.session.session_key}"
    else:
        who = f"address:{client_address(request._request)}"
    return hashlib.sha256(who.encode()).hexdigest()


def _digest(request: Request) -> str:
    """Method, path and what was sent; of a multipart body the fields and the bytes of files, not its boundary."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type and request.content_type.startswith("multipart/"):
        for name in sorted(request.data):
            for value in request.data.getlist(name):
                digest.update(name.encode("utf-8", "surrogatepass"))
                if hasattr(value, "chunks"):
                    for chunk in value.chunks():
                        digest.update(chunk)
                    value.seek(0)
                else:
                    digest.update(str(value).encode("utf-8", "surrogatepass"))
    else:
        body = json.dumps(request.data, sort_keys=True, ensure_ascii=True, default=str)
        digest.update(body.encode())
    return digest.hexdigest()


def _without_secrets(data: Any) -> Any:
    plain = json.loads(json.dumps(data, cls=JSONEncoder))
    if isinstance(plain, dict):
        return {name: value for name, value in plain.items() if name not in SECRETS}
    return plain
