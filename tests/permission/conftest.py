"""The world of the matrix, once for all its tests that one process runs one after the other."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.permission import probe
from tests.permission import world as worlds


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[worlds.World]:
    logging.disable(logging.WARNING)  # thousands of refusals are what is asked for here
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("world"))
        with worlds.built(settings.MEDIA_ROOT) as made:
            yield made
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def _media_of_the_world(request, _media, settings) -> None:
    """The files of the world lie where they were written, not in the directory that each test gets."""
    if "world" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("world").media


@pytest.fixture(scope="package")
def asked(world) -> Iterator[probe.Probe]:
    """The world behind its addresses."""
    with probe.light():
        yield probe.Probe(world)
