"""A plugin: a test of which a part failed (`subTest`) counts among pytest's last failed ones, which run again alone.

pytest takes it out of them as the rest of the test passes."""

import pytest

_failed: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.add(report.nodeid)


@pytest.hookimpl(tryfirst=True)  # before it is written
def pytest_sessionfinish(session: pytest.Session) -> None:
    if plugin := session.config.pluginmanager.get_plugin("lfplugin"):
        plugin.lastfailed.update(dict.fromkeys(_failed, True))
