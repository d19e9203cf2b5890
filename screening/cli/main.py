"""The console script: one command a file in this folder, imported only when it is called."""

from __future__ import annotations

import importlib
import os
import sys

import click

from screening import __version__
from screening.cli.chinese import ChineseFormatter, explain
from screening.errors import InternalError, ScreeningError

#: command → "module:attribute"; nothing of a command is loaded before it is asked for.
COMMANDS: dict[str, str] = {
    "account": "screening.cli.account:account",
    "audit": "screening.cli.audit:audit",
    "batch": "screening.cli.batch:batch",
    "check": "screening.cli.check:check",
    "department": "screening.cli.department:department",
    "key": "screening.cli.key:key",
    "lexicon": "screening.cli.lexicon:lexicon",
    "model": "screening.cli.model:model",
    "permit": "screening.cli.permit:permit",
    "person": "screening.cli.person:person",
    "report": "screening.cli.report:report",
    "store": "screening.cli.store:store",
    "submit": "screening.cli.submit:submit",
    "ticket": "screening.cli.ticket:ticket",
    "works": "screening.cli.works:works",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is looked up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of :data:`COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    metavar="DIR",
    envvar="SCREENING_HOME",
    help="工作目录：设置、审批单、学校自己的词表都在这里。默认为当前用户的数据文件夹。",
)
@click.version_option(__version__, message="screening %(version)s")
@click.pass_context
def cli(ctx: click.Context, home: str | None) -> None:
    """先审后发：高校新媒体稿件发布前的审查与审批。

    示例：screening check 新闻稿.docx
    """
    ctx.obj = home


def main() -> None:
    """Run the console script; coded errors go to the error stream, never a traceback.

    SCREENING_DEBUG shows the traceback of a fault of the software itself.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="backslashreplace")
    click.Context.formatter_class = ChineseFormatter
    try:
        sys.exit(cli(standalone_mode=False, prog_name="screening") or 0)
    except ScreeningError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(explain(error), err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        sys.exit(130)
    except Exception as error:
        if os.environ.get("SCREENING_DEBUG"):
            raise
        fault = InternalError("X001", kind=type(error).__name__)
        click.echo(str(fault), err=True)
        sys.exit(fault.exit_code)
