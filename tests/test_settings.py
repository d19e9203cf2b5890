"""Settings: defaults, the home's own file, and what is refused."""

import pytest

from screening.errors import SettingsError
from screening.settings import load_settings


def test_the_default_school_is_the_regulations_own(tmp_path):
    settings = load_settings(tmp_path / "new" / "home")
    assert settings.home.is_dir()
    assert settings.school.name == "温州职业技术学院"
    assert "温职院" in settings.school.names
    assert settings.school.platform("wzpt-wechat").level == 1
    assert settings.school.platform("nobody") is None


def test_another_school_needs_no_code(tmp_path):
    (tmp_path / "settings.toml").write_text(
        '[school]\nname = "示例学院"\naliases = ["示院"]\nplatform = []\n', "utf-8-sig"
    )
    settings = load_settings(tmp_path)
    assert settings.school.names == ("示例学院", "示院", "Wenzhou Polytechnic")
    assert settings.school.platforms == ()
    assert settings.pattern_seconds == 0.5


def test_home_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREENING_HOME", str(tmp_path / "env"))
    monkeypatch.setenv("SCREENING_PATTERN_SECONDS", "2")
    settings = load_settings()
    assert settings.home == tmp_path / "env"
    assert settings.pattern_seconds == 2


WRONG = [
    ("[school", "S001"),
    ("[shcool]\nname = 'x'", "S002.*shcool"),
    ("[school]\nname = ''", "S002.*name"),
    ("[school]\naliases = 'x'", "S002.*aliases"),
    ("school = 'x'", "S002.*school"),
    ("limits = 3", "S002.*limits"),
    ("[[school.platform]]\nid = 'a'\nname = 'b'\nkind = 'c'\nlevel = 3", "S002.*level"),
    ("[school]\nplatform = 'x'", "S002.*platform"),
    ("[limits]\npattern_seconds = 0", "S002.*pattern_seconds"),
    ("[limits]\npattern_seconds = 'soon'", "S002.*pattern_seconds"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_wrong_settings(tmp_path, text, message):
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings(tmp_path)


def test_a_home_that_is_a_file(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SettingsError, match="S003"):
        load_settings(file)
