"""Lets every test import the builders in this folder; none fails for a busy machine."""

import os
import tempfile

import pytest
from hypothesis import settings

settings.register_profile("screening", deadline=None)
settings.load_profile("screening")


def pytest_configure(config):
    """Give all homes of a run one cache: rules are compiled once, not in every test."""
    if "SCREENING_CACHE" not in os.environ:
        config._cache_of_run = tempfile.TemporaryDirectory(prefix="screening-cache-")
        os.environ["SCREENING_CACHE"] = config._cache_of_run.name


def pytest_unconfigure(config):
    """Remove what :func:`pytest_configure` made."""
    if made := getattr(config, "_cache_of_run", None):
        os.environ.pop("SCREENING_CACHE")
        made.cleanup()


@pytest.fixture(scope="module")
def browser():
    """Start chromium once for a module."""
    from browser import chromium

    with chromium() as started:
        yield started
