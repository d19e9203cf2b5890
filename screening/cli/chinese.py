"""What click says by itself, said in Chinese: help pages and usage errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
_SENTENCES = (
    (re.compile(r"Show this message and exit\."), "显示本帮助。"),
    (re.compile(r"Show the version and exit\."), "显示版本号。"),
    (re.compile(r"\[default: (.*?)\]"), r"[默认 \1]"),
    (re.compile(r"\[required\]"), "[必填]"),
    (re.compile(r"\[(.*?); required\]"), r"[\1，必填]"),
    (re.compile(r"\[(\d+)<=x<=(\d+)"), r"[\1 到 \2"),
    (re.compile(r"\[x>=(\d+)"), r"[至少 \1"),
)


_COLUMNS = 80
_TERM = 30
_LINE_END = re.compile(r"\s*\n\s*")


class ChineseFormatter(click.HelpFormatter):
    """Lays out help pages as click does, in Chinese: headings, stock sentences, line lengths.

    click counts characters; a Chinese one takes two columns.
    """

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that click is told not to wrap keeps its lines."""
        from screening.reports.columns import wrap  # noqa: PLC0415 - only help pages need it

        space = " " * self.current_indent
        paragraphs = []
        for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
            if paragraph.lstrip().startswith("\b"):
                lines = paragraph.split("\b\n", 1)[-1].split("\n")
            else:
                lines = wrap(_joined(paragraph), _COLUMNS - len(space))
            paragraphs.append("".join(f"{space}{line}".rstrip() + "\n" for line in lines))
        self.write("\n".join(paragraphs))

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
        from screening.reports.columns import pad, width, wrap  # noqa: PLC0415 - as above

        pairs = [(term, _translated(text)) for term, text in rows]
        column = min(max((width(term) for term, _ in pairs), default=0) + 2, _TERM)
        space = " " * self.current_indent
        for term, text in pairs:
            first, *rest = wrap(text, _COLUMNS - column - len(space))
            beside = width(term) + 2 <= column
            if not beside:
                self.write(f"{space}{term}\n")
            self.write(f"{space}{pad(term if beside else '', column)}{first}".rstrip() + "\n")
            for line in rest:
                self.write(f"{space}{' ' * column}{line}\n")


def explain(error: click.ClickException) -> str:
    """Say in Chinese what is wrong with a command line."""
    return "参数不对：" + _problem(error) + "。请用 --help 查看用法和示例。"


def _problem(error: click.ClickException) -> str:
    for kind, say in _KINDS:
        if isinstance(error, kind):
            return say(error)
    for pattern, chinese in _MESSAGES:
        if found := pattern.search(error.message):
            return chinese + found[1]
    return error.message.rstrip(".")


def _bad_value(error: click.BadParameter) -> str:
    choices = getattr(getattr(error.param, "type", None), "choices", ())
    allowed = f"，可用 {'、'.join(map(str, choices))}" if choices else ""
    return f"{_name(error)} 的值不能用{allowed}"


def _name(error: click.BadParameter) -> str:
    hint: Any = error.param_hint or (error.param and error.param.get_error_hint(error.ctx))
    text = " / ".join(hint) if isinstance(hint, (list, tuple)) else str(hint or "参数")
    return text.replace("'", "")


def _joined(paragraph: str) -> str:
    """Put a paragraph on one line: a space between Latin words, none between Chinese ones."""

    def between(end: re.Match[str]) -> str:
        around = paragraph[end.start() - 1 : end.start()] + paragraph[end.end() : end.end() + 1]
        return " " if around.isascii() else ""

    return _LINE_END.sub(between, paragraph.strip())


def _translated(text: str) -> str:
    for pattern, chinese in _SENTENCES:
        text = pattern.sub(chinese, text)
    return text


#: the first that fits speaks; MissingParameter is a BadParameter
_KINDS: tuple[tuple[type[click.ClickException], Callable[[Any], str]], ...] = (
    (click.NoSuchOption, lambda error: f"没有选项 {error.option_name}"),
    (click.MissingParameter, lambda error: f"缺少 {_name(error)}"),
    (click.BadParameter, _bad_value),
    (click.BadOptionUsage, lambda error: f"选项 {error.option_name} 的用法不对"),
    (click.FileError, lambda error: f"文件 {error.ui_filename} 打不开"),
)
_MESSAGES = (
    (re.compile(r"No such command '(.*)'"), "没有命令 "),
    (re.compile(r"unexpected extra arguments? \((.*)\)"), "多出了参数 "),
)
