import pytest

from common import ratelimit
from tests.cast import District, d, monday

__all__ = ["District", "d", "monday"]


@pytest.fixture
def one_minute(monkeypatch):
    """Limits count in windows of real time: here all of a test falls into one."""
    at = ratelimit.timezone.now().replace(second=5)
    monkeypatch.setattr(ratelimit.timezone, "now", lambda: at)
