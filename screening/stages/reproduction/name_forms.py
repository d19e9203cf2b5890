"""What a name is the name of, by its form: a person's, a medium's, another body's."""

from __future__ import annotations

import re
from functools import lru_cache

from screening.text.expression import declare
from screening.text.normalise import fold, squeezed_key

#: endings by which a name is that of a medium; those of other bodies follow
_MEDIA = (
    "报|网|社|台|新闻|客户端|公众号|在线|发布|频道|杂志|周刊|月刊|半月谈|学报|学刊|期刊|视频"
    "|广播|传媒|融媒体?|快讯|电讯|央视|通讯|之声|财经|时评|派|文摘|书房|书局|国际时讯|中心"
    "|观察|视点|视界|头条|资讯|播报|评论|出版社"
    r"|\b(?:post|times|daily|news|review|journal|press|weekly|herald|tribune|agency|magazine)"
)
_BODIES = (
    "大学|学院|学校|中学|小学|部|处|局|委|会|公司|集团|厅|署|院|馆|所|站|团委|组|团|队|支部|室"
    "|政府|办|办公室|法院|银行|医院|科|工作者|基地|青年|中国|协会|纪委监委|联盟|记者站|运营方"
    "|主办方|受访者|方|图库|工作室|消防|公安|检察|文旅|气象|创意"
)
_MEDIUM = declare(rf"(?s:.+(?:{_MEDIA})|cctv.*|新华社.*|央视.*|中新社|总台)")
_PRESS = 14
_PRESS_NAME = declare(
    r"[\w·]+(?:[日晚早时]报|[^公海情汇举预上通申填回警][报网]|[华新联共通]社|电视台|新闻|客户端"
    r"|电讯)|央视|cctv\w*"
)
_BODY = declare(rf".*(?:{_MEDIA}|{_BODIES})")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫"
    "房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲家封芮储靳段富巫乌焦巴弓牧山谷车侯全班仰秋仲伊"
    "宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴能苍双闻莘党翟谭贡劳姬申冉宰雍桑"
    "桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎慕连茹习宦艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧利师巩聂"
    "关荆司马上官欧阳夏侯诸葛闫付肖代练覃游仝佘佟桓岳帅缑亢况有琴归海晋楚商牟邸楼辛竺权逯盖益曾沙关红查游丛辜涂隋苟"
    "鹿言亓冼仉冒哈芦苑谌郇郗雒麦阚萨蒯逄揭漆"
)
#: what 不详, 未知, 佚名 begin with
_NO_SURNAMES = "不未佚匿无本各等"
_PERSON = declare(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,10}(?:·[\u4e00-\u9fff]{1,10})+")
#: a word of a Latin name
LATIN = declare(r"[a-z][a-z0-9.'’&_-]*")
_LATIN_PERSON = declare(r"[a-z][a-z'’-]+(?: [a-z]\.)?(?: [a-z][a-z'’-]+){1,2}")

_PLATFORM = "(?:微信|微博|新浪|抖音|快手|知乎|小红书|豆瓣|头条|百度|b站|bilibili|哔哩哔哩|官方|的)"
#: what stands before a name and is no part of it: 公众号, 记者, B站UP主
HEAD = declare(
    f"(?:{_PLATFORM}*(?:公众号|公众平台|订阅号|微博|视频号|抖音号|公号|微信号|up主|博主|网友|用户"
    "|达人|答主|账号)"
    f"|{_PLATFORM}+ ?(?=@)|[,:|@]"
    "|(?:全媒体|融媒体|首席|见习|实习|特约|本报|本刊|本网|本台|本站|学生|校园|中心|摄影|文字|一线)*"
    "(?:记者|通讯员|实习生|评论员|撰稿人|编译员?|作者|摄影师)|(?:原文|原|文章|本文)?作者"
    "|综合(?!新闻)|编译|撰文|撰稿|(?:文|图)(?=[ :|/])|本组|以上|(?:图片|照片)?均?由|均为?)"
)
#: what follows a name and is no part of it, though it tells that the name is an account's
_ACCOUNT = (
    "微信公众号|公众号|公众平台|微信公号|公号|订阅号|客户端|官方网站|官网|官方微博|官微|微博"
    "|微信|视频号|抖音号|app|网站|学习平台|平台|账号"
)
TAIL = declare(
    f"(?:(?P<account>{_ACCOUNT})|报道|报导|消息|供图|提供|授权|摄影|摄制|拍摄|摄|编著|著|撰文|撰稿"
    "|文/图|图/文|整理|编译|综合(?!新闻)|供稿|(?<=[社网报])发|等)"
)
GENRE = declare(
    "(?:的)?(?:长篇|短篇|中篇)?"
    "(?:散文集?|小说集?|诗集|诗歌|随笔|文集|专著|著作|新书|文章|回忆录|传记)"
)
#: a name in quotation marks or brackets of a title
QUOTED = declare(r"[《“\"「『<]([^《》“”\"「」『』<>]{1,40})[》”\"」』>]")


@lru_cache(maxsize=4096)
def is_person(name: str) -> bool:
    """Tell whether a normalised name is a Chinese person's: a surname and one to three more."""
    plain = name.replace(" ", "")
    if not _PERSON.pattern.fullmatch(plain):
        return False
    return "·" in plain or (plain[0] in _SURNAMES and not _BODY.pattern.fullmatch(plain))


def may_be_person(name: str) -> bool:
    """Tell whether a normalised name could be a Chinese person's, of whatever surname."""
    form = _PERSON.pattern.fullmatch(name) and name[0] not in _NO_SURNAMES
    return bool(form) and not _BODY.pattern.fullmatch(name)


def is_latin_person(name: str) -> bool:
    """Tell whether a normalised name may be a person's in Latin letters: two or three words."""
    return bool(_LATIN_PERSON.pattern.fullmatch(name))


def is_medium(name: str) -> bool:
    """Tell whether a normalised name ends as names of newspapers, agencies and accounts do."""
    return bool(_MEDIUM.pattern.fullmatch(name))


def is_press(name: str) -> bool:
    """Tell whether a short normalised name can only be a newspaper's, an agency's or a site's."""
    return len(name) <= _PRESS and bool(_PRESS_NAME.pattern.fullmatch(name))


@lru_cache(maxsize=4096)
def is_body(name: str) -> bool:
    """Tell whether a normalised name, or a part of it, ends as names of media and bodies do."""
    return any(_BODY.pattern.fullmatch(part) for part in name.split("·"))


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return the form in which names are compared: plain, bare of brackets, ids and suffixes."""
    plain = re.sub(r"\([^()]*\)", "", fold(name)).strip()
    quoted = QUOTED.pattern.search(plain)
    plain = quoted[1] if quoted else plain
    low, high = trimmed(plain, 0, len(plain))
    return squeezed_key(plain[low:high] or plain)


def trimmed(text: str, low: int, high: int) -> tuple[int, int]:
    """Take 记者, 公众号, 客户端, 摄 and the like off both ends of ``text[low:high]``."""
    while low < high and (head := HEAD.pattern.match(text, low, high)):
        if head.end() == high:
            break
        low = head.end()
    while low < high and text[low] in " :|@":
        low += 1
    changed = True
    while changed and high - low > 2:
        changed = False
        for tail in TAIL.pattern.finditer(text, max(low + 2, high - 6), high):
            if tail.end() == high:
                high, changed = tail.start(), True
                break
    return low, high


def is_account(text: str, high: int, end: int) -> bool:
    """Tell whether ``text[high:end]``, taken off a name, says that it is an account's or site's."""
    tail = TAIL.pattern.match(text, high, end)
    return bool(tail and tail["account"])
