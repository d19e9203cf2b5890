"""What does not count: each kind excused with its reason, and its near miss counted."""

import numpy as np
import pytest

from screening.stages.reproduction.alignment import Aligner
from screening.stages.reproduction.excuses import Reason, excused, is_public
from screening.stages.reproduction.work import Candidate, Licence, Work
from screening.text.normalise import normalise

HOST = "本周的读书会照常进行，地点在图书馆二楼东侧的小报告厅。"
FILLER = "雨从傍晚下起，屋檐的水落进石槽，巷口修伞的师傅收了摊，把没修完的伞一把一把挂回墙上。"

STORY = (
    "清晨六点，操场上已经有人在跑步，负责看台卫生的王师傅推着车子慢慢走过，"
    "数着昨夜留下的水瓶和落在台阶上的树叶。"
)
SAYING = "读书的人不必都做学问，可总该在一年里有那么几个晚上，把灯调暗一些，陪一本旧书慢慢坐到深夜"
STATUTE = "学生应当按照宿舍管理的要求使用电器，不得在室内存放易燃易爆物品，不得擅自改动线路和插座"
NAMES = "《云山学院青年志愿者服务队工作简报》《云山学院图书馆读者服务月活动纪实》《春日远足散记》"
MEETINGS = (
    "云山市青年志愿者协会第三届会员代表大会第二次全体会议、"
    "云山学院第五届学生代表大会第一次主席团会议"
)
ROLES = (
    "文字：何青山\n图片：宣传中心学生记者团、摄影协会\n"
    "编辑：林小雨\n责编：周明明\n审核：陈远、马一平"
)
ENDING = "长按识别下方二维码，欢迎关注云山学院团委微信公众号，更多精彩内容请点击阅读原文查看往期。"
FORMULA = (
    "高举旗帜，以习近平新时代中国特色社会主义思想为指导，"
    "全面贯彻党的二十大和二十届二中、三中全会精神"
)

CASES = [
    (Reason.QUOTATION, f"老馆长何青山曾说：“{SAYING}。”"),
    (Reason.QUOTATION, f"“{SAYING}。”何青山老师说。"),
    (Reason.QUOTATION, f"《灯下随笔》里有一句：“{SAYING}。”"),
    (Reason.QUOTATION, f"“{SAYING}。”——何青山"),
    (None, f"我常想，{SAYING}。"),
    (None, f"“{SAYING}。”"),
    (None, f"何青山说：“{SAYING}。”{STORY}"),
    (Reason.LAW, f"《云山学院宿舍管理规定》明确，{STATUTE}。"),
    (None, f"宿管阿姨常说起，{STATUTE}。"),
    (Reason.TITLE, NAMES),
    (Reason.TITLE, MEETINGS),
    (Reason.BOILERPLATE, ROLES),
    (Reason.BOILERPLATE, ENDING),
    (Reason.STOCK, FORMULA),
    (None, STORY),
]


def reasons(draft: str, work: Work, anchors=()) -> list[Reason | None]:
    field = normalise(draft)
    passages = Aligner.of(field).passages(normalise(work.text))
    assert passages
    places = np.array(anchors, dtype=np.int64).reshape(-1, 2)
    return list(excused(field, Candidate(work, places), passages))


@pytest.mark.parametrize(("reason", "text"), CASES, ids=[f"{r} {t[:8]}" for r, t in CASES])
def test_reasons(reason, text):
    work = Work("w1", "巷口", f"{FILLER}\n{text}\n{FILLER[::-1]}")
    assert reasons(f"{HOST}\n{text}\n读书会后请把椅子放好。", work) == [reason]


def test_a_public_document_may_be_copied_whole():
    work = Work("w1", "云山", STORY, licence=Licence.PUBLIC)
    assert reasons(HOST + STORY, work) == [Reason.LAW]


@pytest.mark.parametrize(
    ("title", "text", "public"),
    [
        ("云山市校园管理条例", "\n".join(f"第{n}条 {STATUTE}。" for n in "一二三四"), True),
        ("关于加强宿舍用电管理的通知", f"云教〔2031〕12号\n各学院、各部门：\n{STATUTE}。", True),
        ("我校发布关于宿舍用电的通知", f"{STORY}\n据介绍，通知共三条。", False),
        ("小雨", STORY, False),
        ("读《条例》有感", f"{STORY * 6}\n第一条 跑。\n第二条 再跑。\n第三条 一直跑。", False),
    ],
    ids=["law", "numbered document", "news of a document", "story", "three short articles"],
)
def test_laws_and_documents_are_known_by_their_form(title, text, public):
    assert is_public(Work("w1", title, text)) is public


def test_long_runs_without_a_rare_fingerprint_are_stock():
    work = Work("w1", "巷口", FILLER + STORY)
    elsewhere = [(0, 0)]
    inside = [(len(HOST) + 5, len(FILLER) + 5)]
    assert reasons(HOST + STORY, work, elsewhere) == [Reason.STOCK]
    assert reasons(HOST + STORY, work, inside) == [None]
    assert reasons(HOST + STORY, work) == [None]


def test_a_quotation_is_short():
    long = SAYING * 4
    work = Work("w1", "巷口", f"{FILLER}何青山曾说：“{long}。”")
    assert reasons(f"{HOST}何青山曾说：“{long}。”", work) == [None]


def test_every_reason_has_words_for_people():
    assert all(reason.label and not reason.label.isascii() for reason in Reason)


def test_no_passages_no_reasons():
    work = Work("w1", "巷口", FILLER)
    assert excused(normalise(HOST), Candidate(work, np.zeros((0, 2), dtype=np.int64)), ()) == ()
