"""The house rule as pytest hooks: a test that is skipped or expected to fail makes the run fail."""

import pytest

AVOIDED = ("skipped", "xfailed", "xpassed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for kind in AVOIDED:
        for report in terminalreporter.stats.get(kind, []):
            terminalreporter.write_line(f"NOT RUN: {report.nodeid}: a test that is avoided is a failed one", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and exitstatus == 0 and any(reporter.stats.get(kind) for kind in AVOIDED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
