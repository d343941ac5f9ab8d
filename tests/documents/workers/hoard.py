def work(payload: bytes) -> bytes:
    kept = []
    while True:
        kept.append(bytearray(1 << 24))
