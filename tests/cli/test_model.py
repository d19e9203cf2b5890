"""`screening model`: train, evaluate, info, and what a model that is missing or damaged does."""

import json
import os
import subprocess
import sys

import pytest

from screening import resources
from screening.stages.advertising.model import load


@pytest.fixture
def run(tmp_path):
    """Return a function that runs the command line in a home of its own."""

    def call(*arguments):
        command = [sys.executable, "-m", "screening", "--home", str(tmp_path / "home")]
        return subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )

    return call


def test_info_tells_what_the_model_is(run):
    text = run("model", "info")
    assert text.returncode == 0
    assert "商业广告" in text.stdout
    facts = json.loads(run("model", "info", "--format", "json").stdout)
    assert facts["digest"].startswith("sha256:")
    assert 0 < facts["review"] <= facts["block"] < 1


def test_a_damaged_own_model_passes_nothing(run, tmp_path):
    own = tmp_path / "home" / "model" / "advertising.model"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"screening-advertising-1\n")
    draft = tmp_path / "稿.txt"
    draft.write_text("今天的校园\n\n银杏黄了。\n", "utf-8")
    result = run("check", draft)
    assert result.returncode == 2
    assert "[M002]" in result.stderr
    assert "model train" in result.stderr


def test_the_models_digest_stands_in_every_screening(run, tmp_path):
    draft = tmp_path / "稿.txt"
    draft.write_text("今天的校园\n\n银杏黄了。\n", "utf-8")
    document = json.loads(run("check", draft, "--format", "json").stdout)
    shipped = load(resources.folder("models") / "advertising.model")
    assert document["drafts"][0]["versions"]["model"] == shipped.digest


@pytest.mark.parametrize(
    ("option", "content"),
    [("--add", "标题,正文\n甲,乙\n"), ("--from-decisions", "不是 JSON\n"), ("--add", None)],
)
def test_faulty_texts_are_refused_with_their_place(run, tmp_path, option, content):
    path = tmp_path / "本校.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    result = run("model", "train", option, path)
    assert result.returncode == 2
    assert "[M003]" in result.stderr
    assert "本校" in result.stderr
    assert not (tmp_path / "home" / "model").exists()


def test_a_sellers_number_stands_raw_in_no_report(run, tmp_path):
    draft = tmp_path / "广告.txt"
    draft.write_text(
        "驾校团购\n\n校园团购价2680元，立减300元，名额仅剩7个，不过退费，"
        "加微信 yuanfan_0000 或打138-0000-1234，扫码下单送体验券。\n",
        "utf-8",
    )
    for style in ("text", "json", "html", "markdown"):
        shown = run("check", draft, "--format", style).stdout
        assert "ADV001" in shown
        assert "yuanfan_0000" not in shown
        assert "138-0000-1234" not in shown


def test_the_evaluation_page_draws_both_plots():
    from screening.reports.evaluation import render
    from screening.stages.advertising.evaluation import evaluate
    from screening.stages.advertising.model import Judgement
    from screening.stages.advertising.texts import LabelledText

    shipped = load(resources.folder("models") / "advertising.model")
    texts = [
        LabelledText(str(n), "commercial" if n % 2 else "school", "甲<乙", "x", "", "文")
        for n in range(20)
    ]
    judged = [Judgement(0.95 if n % 2 else 0.05, blocked=bool(n % 2)) for n in range(20)]
    metrics = evaluate(shipped, texts, judged)
    page = render(metrics, 100)
    assert metrics.f1 == 1.0
    assert page.count("<svg") == 2
    assert "甲&lt;乙" in page
    assert "<script" not in page


def test_judgements_on_tickets_are_learnt_without_a_file(tmp_path, monkeypatch):
    import click
    from click.testing import CliRunner

    from screening import tickets
    from screening.cli.chinese import ChineseFormatter
    from screening.cli.main import cli
    from screening.stages.advertising import training
    from screening.tickets.judgements import JudgedPassage, Judgement

    class Desk:
        def judged_passages(self):
            return [
                JudgedPassage("26-1", "ADV001", Judgement.CONFIRMED, "驾校", "全场五折"),
                JudgedPassage("26-1", "WOR001", Judgement.CONFIRMED, "驾校", "与广告无关"),
                JudgedPassage("26-2", "ADV002", Judgement.DISMISSED, "食堂", "新菜上桌"),
            ]

    learnt = []
    shipped = load(resources.folder("models") / "advertising.model")
    monkeypatch.setattr(tickets, "open_desk", lambda _settings: Desk())
    monkeypatch.setattr(training, "train", lambda texts, *_: learnt.extend(texts) or shipped)
    monkeypatch.setattr(click.Context, "formatter_class", ChineseFormatter)
    arguments = ["--home", str(tmp_path / "home"), "model", "train", "--from-decisions"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert "2 条对广告发现的判断" in done.output
    assert [(text.kind, text.title) for text in learnt[-2:]] == [
        ("commercial", "驾校"),
        ("neither", "食堂"),
    ]
