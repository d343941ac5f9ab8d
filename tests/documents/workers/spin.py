def work(payload: bytes) -> bytes:
    while True:
        pass
