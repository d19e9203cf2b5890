"""Lets every test import the builders in this folder; none fails for a busy machine."""

import pytest
from hypothesis import settings

settings.register_profile("screening", deadline=None)
settings.load_profile("screening")


@pytest.fixture(scope="module")
def browser():
    """Start chromium once for a module."""
    from browser import chromium

    with chromium() as started:
        yield started
