"""Article 4: the school's name is known in any width, case or look-alike."""

from __future__ import annotations

import pytest

from screening.registry.names import school_name_in, skeleton
from screening.settings import load_settings


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    return load_settings(tmp_path_factory.mktemp("home")).school


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        ("温州职业技术学院青年", "温州职业技术学院"),
        ("温職院青年", "温职院"),
        ("温·职·院 表白墙", "温职院"),
        ("温耳只院万能墙", "温职院"),
        ("瘟职院树洞", "温职院"),
        ("温职二手", "温职"),
        ("ＷＺＰＴ青年", "WZPT"),
        ("wzpt_bot", "WZPT"),
        ("wzрt 青年", "WZPT"),  # a Cyrillic letter
        ("ΩZPT WΖΡΤ", "WZPT"),  # Greek letters
        ("𝐖𝐙𝐏𝐓助手", "WZPT"),
        ("Ꮤzpt", "WZPT"),
        ("W.Z.P.T 校园墙", "WZPT"),
        ("WENZHOU  polytechnic club", "Wenzhou Polytechnic"),
        ("Wenzh0u Po1ytechnic", "Wenzhou Polytechnic"),
    ],
)
def test_names_that_carry_the_school(school, name, carried):
    assert school_name_in(name, school) == carried


@pytest.mark.parametrize(
    "name",
    ["", "···", "温州青年", "职院青年", "温暖职场", "瓯江青年", "WZP", "Wenzhou Poly", "温州职业"],
)
def test_names_that_do_not(school, name):
    assert school_name_in(name, school) is None


def test_names_that_look_alike_have_one_skeleton():
    assert len({skeleton(name) for name in ("WZPT青年", "ｗｚｐｔ 青年", "wzрt·青年")}) == 1
    assert skeleton("机电青年") != skeleton("机电少年")
