"""A plug-in of pytest: where tests keep their files when root runs them."""

import os
import shutil
import tempfile

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A folder of this run's own: pytest's is shared, and each run that begins closes it to everybody but root.

    PostgreSQL, which root must run as somebody else, could not reach a cluster within any more, and would end at its
    next checkpoint.
    """
    if os.geteuid() == 0 and config.option.basetemp is None:
        folder = tempfile.mkdtemp(prefix="paraph-tests-")
        config.option.basetemp = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
