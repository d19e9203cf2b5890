"""Alignment: passages found through light disguise, whole, and at the right places on both sides.

The texts are of this project: the ordinary articles of data/clean.
"""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import resources
from screening.stages.reproduction.alignment import Aligner, Passage
from screening.text.normalise import normalise

HOST = "校园读书会本周照常进行。\n地点在图书馆二楼东侧的小报告厅，欢迎带上自己喜爱的书。\n"
ENDING = "\n读书会结束后请把椅子放回原处，最后离开的同学关灯锁门。"
WORK = (
    "清晨六点，操场上已经有人在跑步。负责看台卫生的王师傅推着车子慢慢走过，数着昨夜留下的水瓶。\n"
    "他说自己在这里扫了十一年地，看着一届届学生从第一圈跑到最后一圈。“跑得快慢没关系，"
    "别把瓶子留给风就行。”\n食堂的灯比操场亮得早。豆浆要磨三遍，油条要等油温升到刚好，"
    "掌勺的阿姨一边翻面一边报数。排在最前面的总是那几个人，端着碗站在窗边，就着天光背单词。"
    "等到七点半，教学楼的铃响了，整座校园才算真正醒来。\n"
)


def passages(draft: str, work: str = WORK) -> tuple[Passage, ...]:
    return Aligner.of(normalise(draft)).passages(normalise(work))


def articles() -> list[str]:
    folder = resources.folder("data") / "clean"
    paths = sorted(path for path in folder.iterdir() if path.name.endswith(".txt"))
    return [path.read_text(encoding="utf-8") for path in paths]


SENTENCES = [part + "。" for part in WORK.replace("\n", "").rstrip("。").split("。")]
DISGUISED = {
    "verbatim": WORK,
    "traditional": WORK.translate(str.maketrans("晨场经卫说为风学", "晨場經衛說為風學")),
    "full width and other marks": WORK.replace("，", ",").replace("。", " . ").replace("“", "「"),
    "no marks at all": "".join(char for char in WORK if char.isalnum()),
    "zero-width characters": "\u200b".join(WORK),
    "words replaced": WORK.replace("已经", "早已").replace("负责", "照管").replace("慢慢", "缓缓")
    .replace("总是", "永远").replace("真正", "算是"),
    "sentences turned round": "".join(reversed(SENTENCES)),
    "every third sentence gone": "".join(s for i, s in enumerate(SENTENCES) if i % 3 != 1),
    "every fifteenth character changed": "".join(
        "某" if i % 15 == 14 else char for i, char in enumerate(WORK)
    ),
    "every fifteenth character gone": "".join(c for i, c in enumerate(WORK) if i % 15 != 14),
}  # fmt: skip


@pytest.mark.parametrize("disguised", DISGUISED.values(), ids=DISGUISED.keys())
def test_a_disguised_passage_is_one_passage_in_its_place(disguised):
    (found,) = passages(HOST + disguised + ENDING)
    assert abs(found.start - len(HOST)) <= 8
    assert abs(found.end - len(HOST) - len(disguised)) <= 8
    assert found.work_end - found.work_start >= 0.85 * len(WORK)
    assert found.similarity > 0.7


def test_a_verbatim_passage_is_placed_to_the_character():
    start, end = WORK.index("他说"), WORK.index("排在")
    draft = HOST + WORK[start:end] + ENDING
    (found,) = passages(draft)
    assert (found.start, found.end) == (len(HOST), len(HOST) + end - start)
    assert (found.work_start, found.work_end) == (start, end)
    assert draft[found.start : found.end] == WORK[found.work_start : found.work_end]
    assert found.similarity == 1.0


def test_closing_marks_belong_to_the_passage_and_opening_ones():
    quoted = "“跑得快慢没关系，别把瓶子留给风就行，操场不是谁一个人的，看台也不是谁一家的书桌。”"
    (found,) = passages(f"他讲：{quoted}大家点头。", f"有人说：{quoted}众人听了。")
    assert found.start == len("他讲：")
    assert found.end == len(f"他讲：{quoted}")


def test_two_passages_of_one_work_with_own_text_between_are_two():
    middle = (
        "我们在旁边另外摆了一张长桌，桌上放着新到的期刊、几盆绿萝，还有一本谁都可以写的留言簿。" * 2
    )
    first, second = WORK[:90], WORK[120:]
    found = passages(first + middle + second)
    assert [(p.start, p.work_start) for p in found] == [(0, 0), (len(first + middle), 120)]


def test_a_passage_used_twice_is_found_twice():
    found = passages(WORK + HOST * 2 + WORK)
    assert [p.start for p in found] == [0, len(WORK + HOST * 2)]


def test_a_stray_phrase_is_no_passage():
    assert passages(f"{HOST}豆浆要磨三遍，油条现炸。{ENDING}") == ()
    assert passages(HOST) == ()


@pytest.mark.parametrize("draft", ["", "。", "\u200b", "跑", "𠀀" * 50])
def test_texts_without_anything_to_align(draft):
    assert passages(draft) == ()
    assert Aligner.of(normalise(WORK)).passages(normalise(draft)) == ()


def test_ordinary_articles_share_nothing():
    texts = articles()
    pairs = [(a, b) for i, a in enumerate(texts[:30]) for b in texts[i + 1 : 30]]
    assert [pair for pair in pairs if passages(*pair)] == []


@given(st.integers(0, 59), st.integers(0, 59), st.floats(0, 1), st.integers(80, 300), st.randoms())
def test_a_copied_passage_lies_in_both_texts_and_never_overlaps_another(host, source, at, n, rand):
    texts = articles()
    host, source = texts[host % len(texts)], texts[source % len(texts)]
    start = rand.randrange(max(1, len(source) - n))
    place = int(at * len(host))
    draft = host[:place] + source[start : start + n] + host[place:]
    found = passages(draft, source)
    spans = [(p.start, p.end) for p in found]
    assert all(0 <= low < high <= len(draft) for low, high in spans)
    assert all(0 <= p.work_start < p.work_end <= len(source) for p in found)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(0 < p.similarity <= 1 for p in found)
    covered = sum(max(0, min(high, place + n) - max(low, place)) for low, high in spans)
    assert covered >= 0.9 * len(source[start : start + n])


@pytest.mark.parametrize("disguised", DISGUISED.values(), ids=DISGUISED.keys())
def test_either_of_two_texts_may_be_the_draft(disguised):
    draft = HOST + disguised + ENDING
    (forth,), (back,) = passages(draft), passages(WORK, draft)
    assert abs(forth.start - back.work_start) <= 8 and abs(forth.end - back.work_end) <= 8
    assert abs(forth.work_start - back.start) <= 8 and abs(forth.work_end - back.end) <= 8


@given(st.text(alphabet="甲乙丙丁，。\n“”a1 ", max_size=200), st.integers(0, 2**16))
def test_any_text_aligns_within_its_bounds(text, seed):
    chance = random.Random(seed)
    other = "".join(chance.choice("甲乙丙丁，。”a1") for _ in range(150)) + text
    for found in passages(text, other):
        assert 0 <= found.start < found.end <= len(text)
        assert 0 <= found.work_start < found.work_end <= len(other)


def test_a_draft_is_read_once_for_all_works():
    aligner = Aligner.of(normalise(HOST + WORK + ENDING))
    texts = [WORK, HOST, "".join(reversed(SENTENCES)), WORK]
    assert [aligner.passages(normalise(text)) for text in texts] == [
        passages(HOST + WORK + ENDING, text) for text in texts
    ]
