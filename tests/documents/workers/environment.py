import os


def work(payload: bytes) -> bytes:
    return repr(dict(os.environ)).encode()
