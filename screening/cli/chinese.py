"""What click says by itself, said in Chinese: help pages and usage errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
_SENTENCES = (
    (re.compile(r"Show this message and exit\."), "显示本帮助。"),
    (re.compile(r"Show the version and exit\."), "显示版本号。"),
    (re.compile(r"\[default: (.*?)\]"), r"[默认 \1]"),
    (re.compile(r"\[required\]"), "[必填]"),
)


class ChineseFormatter(click.HelpFormatter):
    """Lays out help pages as click does, with Chinese headings and stock sentences."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        args = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """Write one heading."""
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of terms and their explanations."""
        super().write_dl([(term, _translated(text)) for term, text in rows], col_max, col_spacing)


def explain(error: click.ClickException) -> str:
    """Say in Chinese what is wrong with a command line."""
    return "参数不对：" + _problem(error) + "。请用 --help 查看用法和示例。"


def _problem(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}"
    if isinstance(error, click.BadParameter):
        choices = getattr(getattr(error.param, "type", None), "choices", ())
        allowed = f"，可用 {'、'.join(map(str, choices))}" if choices else ""
        return f"{_name(error)} 的值不能用{allowed}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的用法不对"
    if isinstance(error, click.FileError):
        return f"文件 {error.ui_filename} 打不开"
    if unknown := re.search(r"No such command '(.*)'", error.message):
        return f"没有命令 {unknown[1]}"
    if extra := re.search(r"unexpected extra arguments? \((.*)\)", error.message):
        return f"多出了参数 {extra[1]}"
    return error.message.rstrip(".")


def _name(error: click.BadParameter) -> str:
    hint: Any = error.param_hint or (error.param and error.param.get_error_hint(error.ctx))
    text = " / ".join(hint) if isinstance(hint, (list, tuple)) else str(hint or "参数")
    return text.replace("'", "")


def _translated(text: str) -> str:
    for pattern, chinese in _SENTENCES:
        text = pattern.sub(chinese, text)
    return text
