"""The shipped model and texts, and ways to screen with them."""

from __future__ import annotations

import pytest
from advertising_drafts import draft_of

from screening import resources
from screening.settings import load_settings
from screening.stages.advertising.model import load
from screening.stages.advertising.signs import SignFinder, signs_of
from screening.stages.advertising.stage import AdvertisingStage
from screening.stages.advertising.texts import read_folder
from screening.text import prepare

FOLDER = resources.folder("data") / "advertising"


@pytest.fixture(scope="session")
def names(tmp_path_factory):
    return load_settings(tmp_path_factory.mktemp("home")).school.names


@pytest.fixture(scope="session")
def signs():
    return signs_of(resources.load_toml(FOLDER / "signs.toml")["sign"])


@pytest.fixture(scope="session")
def texts():
    return read_folder(FOLDER)


@pytest.fixture(scope="session")
def model():
    return load(resources.folder("models") / "advertising.model")


@pytest.fixture(scope="session")
def stage(model, names):
    return AdvertisingStage(model, names)


@pytest.fixture(scope="session")
def screen(stage):
    """Return a function: fields of a draft in, the draft and its findings out."""

    def run(body="", **fields):
        draft = draft_of(body, **fields)
        return draft, stage.screen(prepare(draft)).findings

    return run


@pytest.fixture(scope="session")
def found_signs(signs, names):
    """Return a function: text in, (sign, words) out."""
    finder = SignFinder(signs, names)

    def run(body, **fields):
        draft = draft_of(body, **fields)
        stream = prepare(draft).stream
        return [
            (signs[hit.sign].id, "".join(draft.text(s) for s in stream.spans(hit.start, hit.end)))
            for hit in finder.find(stream)
        ]

    return run
