import resource
from pathlib import Path

from documents.inspection import inspect
from documents.sandbox import RefusedError


def work(payload: bytes) -> bytes:
    """The inspection, weighed: what it said, and what it cost the child."""
    try:
        inspect.work(payload)
        code = ""
    except RefusedError as refusal:
        code = str(refusal)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return f'{{"code": "{code}", "seconds": {used.ru_utime + used.ru_stime}, "megabytes": {peak()}}}'.encode()


def peak() -> int:
    """Not ru_maxrss: that begins with what the parent had when it forked."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))
