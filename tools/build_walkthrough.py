"""Make docs/walkthrough.md: one draft from the editor to the release, by commands really run.

Every command goes through the console script in a home of its own; what stands in the page is what
it printed. Only what differs from run to run is masked: digests and the ids of keys. The clock is
set, so that the three people work on one and the same day.

Run ``python tools/build_walkthrough.py [FOLDER]``; the default is docs/.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from unittest import mock

from screening.cli.main import main

DOCS = Path(__file__).parent.parent / "docs"
DAY = "2026-03-05"
_MASKS = (
    (re.compile(r"sha256:[0-9a-f]{64}"), "sha256:……"),
    (re.compile(r"(?<=密钥 )[0-9a-f]{16}"), "………"),
)

#: "# …" begins a chapter, "@ 09:30 lishili" says when and who, "> 稿.txt" begins a file, "$ …" is a
#: command; everything else is prose. A command that must fail with a code ends with "  # 2".
STORY = """\
# 登记

@ 08:30 admin
系统管理员先登记部门、人员和账号，各人设好口令，再建立签名的密钥。这里的人都是虚构的。

$ screening department add jidian --name 机电工程学院 --branch 机电工程学院党总支
$ screening department add xuanchuan --name 宣传部
$ screening person add lishili --name 李示例 --role editor=jidian
$ screening person add wangshili --name 王示例 --role head=jidian
$ screening person add sunshili --name 孙示例 --role publicity=xuanchuan
$ screening person add admin --name 管示例 --role system=xuanchuan
$ screening account add jd-wechat --name 机电青年 --platform 微信公众号 --level 2 \\
    --department jidian

口令在提示处输入，不会显示；`--as` 写明你是谁，下面的命令都要输入口令。

$ screening person secret lishili
$ screening person secret wangshili
$ screening person secret sunshili
$ screening person secret admin
$ screening key make --as admin

# 编辑送审

@ 09:30 lishili
机电工程学院的编辑李示例写好了一篇稿子：

> 开幕会.txt
实训楼里看开幕

3月4日上午，学校党代会开幕，机电工程学院的三十名师生代表在实训楼收看了开幕会。

据网传消息，下学期的实训周要改到假期。

$ screening submit 开幕会.txt --account jd-wechat --planned 2026-03-06T08:00 --as lishili  # 1

党代会是学校的重大事项，须报宣传部（第12条）；“据网传”的消息要有人核实。李示例想自己批准，不行：

$ screening ticket approve 2026-0001 --as lishili  # 2

# 部门负责人审核

@ 10:10 wangshili
王示例看等自己办的单子，没有答复就批准，软件提醒他还差什么：

$ screening ticket list --for wangshili
$ screening ticket approve 2026-0001 --as wangshili  # 2

他向教务处一问，没有这回事，于是退回修改，并说明软件标得对：

$ screening ticket return 2026-0001 --confirm "2=教务处说没有这回事" \\
    --reason 删去最后一段 --as wangshili

# 编辑改稿再送

@ 10:40 lishili
李示例删去那一句，作为同一张单的第二稿送审。软件列出两稿的不同：

> 开幕会-二稿.txt
实训楼里看开幕

3月4日上午，学校党代会开幕，机电工程学院的三十名师生代表在实训楼收看了开幕会。

$ screening submit 开幕会-二稿.txt --account jd-wechat --ticket 2026-0001 \\
    --planned 2026-03-06T08:00 --as lishili  # 1

@ 11:05 wangshili
王示例批准，单子转到宣传部：

$ screening ticket approve 2026-0001 --reason "内容属实" --as wangshili

# 宣传部审批

@ 14:20 sunshili
孙示例有最后的决定权，“报宣传部”的那一处由他答复：

$ screening ticket list --for sunshili
$ screening ticket approve 2026-0001 --confirm "1=时间、人数已与党委办公室核对" \\
    --reason 同意 --as sunshili

# 放行

@ 14:30 lishili
批准之后，李示例又顺手改了一个字。改过的稿件不放行，软件指出改在哪里：

> 开幕会-改.txt
实训楼里看开幕

3月4日上午，学校党代会开幕，机电工程学院的四十名师生代表在实训楼收看了开幕会。

$ screening ticket release 2026-0001 开幕会-改.txt --as lishili  # 2

批准的那一稿可以放行。放行单有两个文件，一个供核对，一个供打印：

$ screening ticket release 2026-0001 开幕会-二稿.txt --as lishili

拿到放行单的人，凭公钥就能核对要发布的文件，不需要审批库：

$ screening key show --output 公钥.json
$ screening permit verify 放行单-2026-0001.json 开幕会-二稿.txt --key 公钥.json \\
    --at 2026-03-06T08:00
$ screening permit verify 放行单-2026-0001.json 开幕会-改.txt --key 公钥.json \\
    --at 2026-03-06T08:00  # 1

# 事后核对

@ 16:00 admin
全部经过都在记录里，动了哪一条都看得出来：

$ screening ticket history 2026-0001
$ screening audit verify
$ screening audit export --ticket 2026-0001 --output 记录.jsonl
$ screening audit verify --file 记录.jsonl
$ screening audit export --ticket 2026-0001 --format docx --output 审批表-2026-0001.docx

答复也是对规则的评价：

$ screening lexicon stats

# 放行之后收回

@ 16:30 sunshili
开幕会改期，稿件不能发了。孙示例作废放行单；签名还是真的，所以要凭审批库或作废名单才看得出来：

$ screening ticket revoke 2026-0001 --reason 开幕会改期 --as sunshili
$ screening permit revocations --output 作废名单.json
$ screening permit verify 放行单-2026-0001.json 开幕会-二稿.txt --key 公钥.json \\
    --revocations 作废名单.json --at 2026-03-06T08:00  # 1
"""


_NAMES = {"admin": "管示例", "lishili": "李示例", "wangshili": "王示例", "sunshili": "孙示例"}


class Telling:
    """Tells a story: runs its commands in a home of its own, and collects the page."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._now = datetime.min
        self._file: Path | None = None
        self._fenced = False
        self._command: list[str] = []

    def tell(self, story: str) -> None:
        """Go through ``story`` line by line. Raises RuntimeError as :func:`page` does."""
        for line in story.splitlines():
            mark, _, rest = line.partition(" ")
            if self._file is not None and mark != "$":
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")
                self.lines.append(line)
            elif mark == "$" or self._command:
                self._fence("console")
                self._command.append(line.removeprefix("$ "))
                if not line.endswith("\\"):
                    self._run("\n".join(self._command))
                    self._command = []
            elif line:
                self._unfence()
                self._begin(mark, rest, line)
        self._unfence()

    def _begin(self, mark: str, rest: str, line: str) -> None:
        if mark == "#":
            self.lines.append(f"## {rest}\n")
        elif mark == "@":
            clock, who = rest.split()
            self._now = datetime.fromisoformat(f"{DAY}T{clock}").astimezone()
            self.lines.append(f"**{clock}　{_NAMES[who]}**\n")
        elif mark == ">":
            self._file = Path(rest)
            self.lines.append(f"{rest}：\n")
            self._fence("text")
        else:
            self.lines.append(f"{line}\n")

    def _run(self, text: str) -> None:
        command, _, code = text.partition("  # ")
        self.lines.append(f"$ {command}")
        with mock.patch("screening.clock.now", lambda: self._now):
            printed, ended = run(shlex.split(command.replace("\\\n", " "))[1:])
        if ended != int(code or 0):
            raise RuntimeError(f"{command} ended with {ended}:\n{printed}")
        for pattern, mask in _MASKS:
            printed = pattern.sub(mask, printed)
        self.lines += [line.rstrip() for line in printed.splitlines()]

    def _fence(self, kind: str) -> None:
        if self._file is not None and kind == "console":
            self._file = None
            while not self.lines[-1]:
                self.lines.pop()
            self._unfence()
        if not self._fenced:
            self.lines.append(f"```{kind}")
            self._fenced = True

    def _unfence(self) -> None:
        if self._fenced:
            self.lines.append("```\n")
            self._fenced = False


def run(arguments: list[str]) -> tuple[str, int]:
    """Run the console script; return what it printed, and its exit code."""
    secret = next((who for flag, who in pairwise(arguments) if flag == "--as"), "")
    if arguments[:2] == ["person", "secret"]:
        secret = arguments[2]
    screen = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    keyboard = io.StringIO(f"{secret * 3}\n")
    with (
        mock.patch.multiple(sys, argv=["screening", *arguments], stdin=keyboard),
        mock.patch.dict(os.environ, {"SCREENING_SECRET": secret * 3}),
        redirect_stdout(screen),
        redirect_stderr(screen),
    ):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return screen.buffer.getvalue().decode(), code


@contextmanager
def college() -> Iterator[None]:
    """Work in an empty folder of a machine in China, with a home that has nothing in it yet."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        settings = {"TZ": "Asia/Shanghai", "SCREENING_HOME": f"{folder}/home", "NO_COLOR": "1"}
        try:
            os.chdir(folder)
            with mock.patch.dict(os.environ, settings):
                time.tzset()
                yield
        finally:
            os.chdir(before)
            time.tzset()


def page() -> str:
    """Return docs/walkthrough.md; every command is run.

    Raises:
        RuntimeError: a command ended otherwise than the story says.
    """
    telling = Telling()
    with college():
        telling.tell(STORY)
    head = (
        "# 一篇稿件的全程\n\n由 `tools/build_walkthrough.py` 真的运行这些命令而得，请勿手改。"
        "摘要和密钥编号每次不同，写作 ……。\n"
    )
    return "\n".join([head, *telling.lines])


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    (folder / "walkthrough.md").write_text(page(), "utf-8")
