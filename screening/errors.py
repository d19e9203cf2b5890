"""Every error a user can meet, each with a code, in Chinese, saying what happened and what to do.

::

    ScreeningError
    ├── UsageError      exit 2   the command line asks for something impossible (U…)
    ├── SettingsError   exit 2   settings or the school's profile are wrong (S…)
    ├── RulesError      exit 2   a rule, excuse, article or policy table is wrong (L…)
    ├── RegistryError   exit 2   a department, person or account cannot be registered (R…)
    ├── RefusedError    exit 2   this person may not do this, and who may (P…)
    ├── ModelError      exit 2   the advertising model, or texts to train it on, are wrong (M…)
    ├── DraftError      exit 3   a draft, or a row of a schedule, cannot be read (D…, B…)
    ├── PermitError     exit 3   a permit or a signing key cannot be used (K…)
    ├── StoreError      exit 3   something could not be stored or found again (T…, W… known works)
    └── InternalError   exit 3   a fault of the software itself (X…)

The texts live in :data:`MESSAGES`, one entry a code, so that wording is mended in one place.
"""

from __future__ import annotations

import errno
import re
from typing import ClassVar

from screening.conceal import conceal

#: code → (what happened, what to do). ``{name}`` slots are filled from keyword arguments.
MESSAGES: dict[str, tuple[str, str]] = {
    "U001": ("找不到文件。", "请核对路径和文件名；文件名里有空格时请加引号。"),
    "U002": ("参数不对：{problem}。", "请用 --help 查看用法和示例。"),
    "U003": ("不能写入输出文件：{problem}。", "请换一个可写的位置，或关闭正在占用它的程序。"),
    "X001": (
        "软件内部出错（{kind}），这次的稿件没有审查完。",
        "请重试；仍不行，请把用法告诉维护人员。",
    ),
    "S001": ("设置文件不是有效的 TOML：{problem}。", "请改正该行，或删除文件以恢复默认设置。"),
    "S002": ("设置项“{key}”不对：{problem}。", "请参照 data/settings/default.toml 改正。"),
    "S003": ("不能建立或使用工作目录：{problem}。", "请用 --home 指定一个可写的文件夹。"),
    "L001": ("规则文件格式不对：{problem}。", "请改正该行后运行 screening lexicon check。"),
    "L002": ("规则 {rule} 不能使用：{problem}。", "请改正该规则后运行 screening lexicon check。"),
    "L003": ("规则编号 {rule} 重复。", "编号一经使用不得重复，请换一个新编号。"),
    "L004": ("规则 {rule} 引用了不存在的条款“{article}”。", "请核对 data/regulation/ 中的条目。"),
    "L005": ("没有编号为 {rule} 的规则。", "请用 screening lexicon list 查看全部编号。"),
    "L006": ("找不到随软件发布的 {kind} 数据。", "安装不完整，请重新安装。"),
    "L007": ("{kind}数据不对：{problem}。", "请改正该文件；若未改动过，请重新安装。"),
    "L008": (
        "词表“{name}”不能导入：{problem}。",
        "请每行写一个词，或存为 CSV，首行写列名（词语、类别、轻重、例外、备注）。",
    ),
    "L009": (
        "规则 {rule} 不能停用：涉密规则和号码规则任何人都不能关闭。",
        "遇到误报，请在审批意见里说明，并把例句告诉软件维护人员修改规则。",
    ),
    "L010": ("规则 {rule} {problem}。", "请用 screening lexicon list 查看各条规则的状态。"),
    "L011": ("学校词表不能写入：{problem}。", "请核对工作目录的权限和磁盘空间，稍后重试。"),
    "M001": (
        "读不了广告识别模型。",
        "请重新安装；用的是本校训练的模型时，请运行 screening model train 重新训练。",
    ),
    "M002": (
        "广告识别模型已损坏，或不是这一版软件的模型。",
        "请重新安装；用的是本校训练的模型时，请运行 screening model train 重新训练。",
    ),
    "M003": (
        "训练文稿不能使用：{problem}。",
        "请存为 CSV，首行写列名，至少要有“类别”和“正文”；类别写：商业广告、软文、学校事务、其他。",
    ),
    "M004": ("不能训练：{problem}。", "请补充文稿后重试。"),
    "D001": (
        "不支持的文件格式“{suffix}”。",
        "请另存为 .docx、.html、.md、.txt 或 .srt 后重新送审。",
    ),
    "D002": ("这是旧版 Word 文档（.doc）。", "请用 Word 或 WPS 打开，另存为 .docx 后重新送审。"),
    "D003": ("这是 WPS 专用格式（.wps）。", "请用 WPS 打开，另存为 .docx 后重新送审。"),
    "D004": ("这是 PDF 文件，不能可靠取得文字。", "请提交排版前的 .docx 或 .txt 原稿。"),
    "D005": ("文件设有打开密码。", "请在 Word 中取消密码保护后重新送审。"),
    "D006": ("文件已损坏，读不出完整内容：{problem}。", "请用原软件打开核对，另存一份后重新送审。"),
    "D007": ("文件里没有可以审查的文字。", "请确认选对了文件；若内容全在图片里，请另附文字稿。"),
    "D008": ("文件过大（{size}），超过 {limit} 的上限。", "请压缩图片或拆分后重新送审。"),
    "D009": ("压缩内容展开后异常庞大，疑似恶意文件。", "请勿打开，核实来源后用原软件另存一份。"),
    "D010": (
        "文件含有 XML 实体定义，可能有危险，已拒绝读取。",
        "请用 Word 重新另存为 .docx 后送审。",
    ),
    "D011": ("认不出文字编码。", "请另存为 UTF-8，或用 --encoding 指明编码（如 gbk）。"),
    "D012": ("按“{encoding}”解码失败。", "请换一个 --encoding，或去掉该参数由软件判断。"),
    "D013": (
        "网页的正文由脚本生成，文件里没有正文。",
        "请在浏览器中打开，全选复制到 Word 后送审。",
    ),
    "D014": ("网页显示文章已被删除或不能查看。", "请向作者索取原稿后送审。"),
    "D015": ("文件名是“{suffix}”，内容却是{actual}。", "请核对文件，用正确的格式另存后送审。"),
    "D016": ("读取文件失败：{problem}。", "请核对文件权限，或关闭正在占用它的程序。"),
    "D017": ("这是一个文件夹。", "请逐一列出其中的稿件。"),
    "B001": (
        "这一页认不出表头，其中的行都没有审查。认出的列：{known}；没认出的：{unread}。",
        "表头要有“标题”“正文”或“文件”；能认的写法见软件 data/batch/headings.toml，请照着改列名。",
    ),
    "B002": (
        "这一行没有标题、正文，也没有指明文件。",
        "请补上；多余的说明行请移到表头上方或另一页。",
    ),
    "B003": ("这一行不是有效的 JSON 对象。", "请改正该行，每行一个对象。"),
    "B004": ("文件“{name}”不在排期表所在的文件夹里。", "请把稿件放到排期表旁边，写相对路径。"),
    "B005": ("找不到文件“{name}”。", "请核对文件名，并把稿件放到排期表旁边。"),
    "B006": (
        "审查这篇稿件的程序意外退出，这篇没有审完。",
        "请单独用 screening check 审查它；仍不行，请人工审查并告诉维护人员。",
    ),
    "B007": (
        "这篇稿件 {seconds} 秒没有审完，已停下。",
        "请把过长的稿件拆开，或用 --limit 放宽时间后加 --resume 再审。",
    ),
    "B008": (
        "输出文件夹里已有一次审查的结果。",
        "接着审请加 --resume；重新审请换一个文件夹。",
    ),
    "B009": (
        "不能接着审：{problem}。",
        "请换一个输出文件夹重新审查。",
    ),
    "B010": ("排期表里没有一行稿件。", "请确认选对了文件；表头下面应有内容。"),
    "B011": ("“{suffix}”不是能读的排期表。", "请用 .xlsx、.xls、.csv、.jsonl 或放稿件的文件夹。"),
    "B012": ("这一页认不出表头，这一行没有审查。", "原因和办法写在 {first}。"),
    "B013": ("用不了集群：{problem}。", "请核对 --scheduler 的地址和集群；已审完的都已保存。"),
    "B014": (
        "集群用的规则、模型或作品库和这台机器的不一样。",
        "请在集群各机器上装同一版软件、用同一个工作目录，重启工作进程后再审。",
    ),
    "B015": ("有排期提示，先没有登记：{remarks}。", "请改好排期，或确认后再登记。"),
    "T001": ("没有编号为 {number} 的审批单。", "请用 screening ticket list 查看全部编号。"),
    "T002": ("审批库打不开或已损坏：{problem}。", "请核对 --home 指定的目录；必要时从备份恢复。"),
    "T004": ("审批库正被别的程序占用。", "请稍等片刻再试；一直如此时，请看是否有程序没有退出。"),
    "T005": (
        "审批单 {number} 刚刚有了变化：{problem}。",
        "你的操作没有登记，请用 screening ticket show 看过最新情况再办。",
    ),
    "T006": (
        "不能从这个备份恢复：{problem}。",
        "请核对备份文件；恢复要用一个空的工作目录或数据库。",
    ),
    "T007": (
        "这不是审批记录的导出文件：{problem}。",
        "请核对文件；重新导出请用 screening audit export。",
    ),
    "T008": (
        "这台机器的时间是 {now}，审批库的最后一条记录却是 {last} 写的，没有登记。",
        "请校准这台机器的时间；那条记录的时间不对的，请系统管理员用 screening store clock 更正。",
    ),
    "R001": ("没有登记{kind}“{name}”。", "请用 screening {command} list 查看已登记的。"),
    "R002": ("{kind}“{name}”已经登记过。", "要改动，请用 screening {command} change。"),
    "R003": ("{kind} {name} 不能登记：{problem}。", "请改正后重试。"),
    "R004": ("登记表读不懂：{problem}。", "请参照 screening {command} list --format csv 的列名。"),
    "R005": (
        "{person} 的口令没有设：口令至少要 {shortest} 个字符，也不能就是编号。",
        "请换一个口令再设。",
    ),
    "P001": ("不能{action}审批单 {number}：{problem}。", "{who}"),
    "P002": (
        "不知道你是谁：{problem}。",
        "请用 --as 写明你的编号并输入口令，或请系统管理员把你的登录名写进设置的 identity。",
    ),
    "P004": ("不能为账号 {account} 送审：{problem}。", "{who}"),
    "P003": ("登记表不能由你改动：{problem}。", "{who}"),
    "P006": ("身份没有证明：{problem}。", "{who}"),
    "P005": ("审批单 {number} 不能放行：{problem}。", "{advice}"),
    "K001": ("放行单读不懂：{problem}。", "请核对文件；原件可用 screening permit show 重新取得。"),
    "K002": ("没有公钥 {key}。", "请向签发放行单的部门索取公钥，用 --key 指定。"),
    "K003": ("还没有可用的签名密钥。", "请系统管理员运行 screening key make。"),
    "K004": ("密钥文件不能使用：{problem}。", "请核对工作目录里的 keys 文件夹和它的权限。"),
    "K005": ("已有在用的密钥 {key}。", "要换新的，请用 screening key rotate。"),
    "K006": (
        "密钥 {key} 不是为这个审批库建立的，或已停用，不能签名。",
        "请系统管理员运行 screening key rotate 换一把。",
    ),
    "K007": ("作废名单不能使用：{problem}。", "请用 screening permit revocations 重新取得。"),
    "T003": ("审批库由更新版本的软件写成（{version}）。", "请先升级本软件，再打开此库。"),
    "W001": ("作品库不能使用：{problem}。", "请核对工作目录的权限和磁盘；必要时从备份恢复。"),
    "W002": ("作品库正被别的程序写入。", "请等它完成后再试；已经加入的作品不会丢失。"),
    "W003": ("作品库由更新版本的软件写成（{version}）。", "请先升级本软件，再使用此库。"),
    "W004": ("作品库的索引由别的版本建成，不能用来比对。", "请运行 screening works rebuild。"),
    "W005": ("没有编号为 {number} 的作品。", "请用 screening works list 查看全部编号。"),
    "W006": ("作品文件不能读取：{problem}。", "请参照 screening works add --help 改正后重新添加。"),
}


#: what the operating system says → what it means to the person at the keyboard
_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这个位置是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EEXIST: "同名的文件已经在那里",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EBUSY: "正被别的程序占用",
    errno.ETXTBSY: "正被别的程序占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.EINVAL: "文件名不能用",
    errno.EXDEV: "不能移到另一个磁盘",
}
_PLACE = re.compile(r"line (\d+),? column (\d+)")


def why(error: Exception) -> str:
    """Say in plain Chinese what the operating system or a parser objected to."""
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, "读写失败")
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码的文字"
    if place := _PLACE.search(str(error)):
        return f"第 {place[1]} 行第 {place[2]} 个字符附近写法不对"
    return "内容读不懂"


class ScreeningError(Exception):
    """A problem the user can act on.

    ``code`` is a key of :data:`MESSAGES`; ``where`` names the file, line or rule; further keyword
    arguments fill the slots of the message.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, code: str, *, where: str = "", **slots: object) -> None:
        what, advice = MESSAGES[code]
        self.code = code
        self.where = conceal(where)
        self.what = conceal(what.format(**slots))
        self.advice = conceal(advice.format(**slots))
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"（{self.where}）" if self.where else ""
        return f"[{self.code}] {self.what}{place}{self.advice}"


class UsageError(ScreeningError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class SettingsError(ScreeningError):
    """Settings, or the school's profile, do not hold together."""

    exit_code = 2


class RulesError(ScreeningError):
    """A rule, an excuse, an article or a policy table is wrong; nothing is screened with it."""

    exit_code = 2


class RegistryError(ScreeningError):
    """A department, a person or an account cannot be registered as asked."""

    exit_code = 2


class RefusedError(ScreeningError):
    """This person may not do this; the advice says who may."""

    exit_code = 2


class ModelError(ScreeningError):
    """The advertising model is missing or damaged, or cannot be trained; nothing is screened."""

    exit_code = 2


class DraftError(ScreeningError):
    """A draft cannot be read; it is never passed."""


class StoreError(ScreeningError):
    """A ticket could not be stored or found."""


class PermitError(ScreeningError):
    """A permit cannot be read, or a key can neither sign nor verify."""


class InternalError(ScreeningError):
    """A fault of the software itself; whatever it was doing is not done."""
