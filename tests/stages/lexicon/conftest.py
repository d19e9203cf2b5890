"""The small lexicon of small_lexicon.py, loaded, and ways to screen with it."""

from __future__ import annotations

import pytest
from small_lexicon import SCHOOL, write_lexicon

from screening.draft import DraftBuilder
from screening.regulation import load_regulation
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.stage import LexiconStage
from screening.text import prepare


@pytest.fixture(scope="session")
def lexicon(tmp_path_factory):
    folder = write_lexicon(tmp_path_factory.mktemp("lexicon"))
    return load_lexicon(SCHOOL, load_regulation(), folder)


@pytest.fixture(scope="session")
def stage(lexicon):
    return LexiconStage(compile_lexicon(lexicon), pattern_seconds=1.0)


@pytest.fixture(scope="session")
def screen(stage):
    """Return a function: fields of a draft in, (rule, severity, flagged words) out."""

    def run(body: str = "", **fields: str) -> list[tuple[str, str, str]]:
        builder = DraftBuilder("text")
        for name, text in {**fields, "body": body}.items():
            lines = [text] if "\n\n" in text else text.split("\n")
            for number, line in enumerate(lines, 1):
                builder.add(name, line, f"第{number}段")
        draft = builder.build()
        found = stage.screen(prepare(draft)).findings
        return [(f.rule, f.severity.value, draft.text(f.span)) for f in found]

    return run
