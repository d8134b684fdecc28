# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reading the command line, and turning every foreseeable failure into one line."""

import argparse
import os
import signal
import sys
from typing import NoReturn

from . import checks, commands, evaluating, quality, rotation, seeding, testing, x12
from .console import say
from .errors import HcError, from_os_error
from .layers import LAYERS
from .paths import home_from

LAYER_NAMES = [layer.name for layer in LAYERS]
# Commands whose words belong to another program.
PASS_THROUGH = ("bench", "psql", "test")

DESCRIPTION = """Set up, run and test the healthcare revenue suite on this machine.

Everything that is installed lives in the folder .hc of the checkout, or in HC_HOME.
HC_PORT moves the port (8069), HC_ODOO_HOME names an Odoo 19 to use, HC_DEBUG=1 shows
tracebacks."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line like every other failure."""

    def error(self, message: str) -> NoReturn:
        raise HcError("command line", message, "See ./hc help")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = _Parser(
        prog="./hc",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="command", metavar="command", title="commands")

    def add(name: str, action, text: str) -> argparse.ArgumentParser:
        command = subparsers.add_parser(name, help=text, description=text)
        command.set_defaults(action=action)
        return command

    command = add("up", commands.up, "install what is missing and start the demo")
    command.add_argument("--db-url", help="use this PostgreSQL server")
    command.add_argument("--module", help="install this module in the demo database")
    add("down", commands.down, "stop the demo")
    command = add("reset", commands.reset, "start again with a fresh demo database")
    command.add_argument("--all", action="store_true", help="remove everything that was installed")
    command = add("status", commands.status, "tell what runs where")
    command.add_argument("--json", action="store_true", help="as JSON")
    command = add("logs", commands.logs, "show the server's log")
    command.add_argument("-f", "--follow", action="store_true", help="keep showing")
    command.add_argument("-n", "--lines", type=int, default=100, help="how many lines")
    add("shell", commands.shell, "open Odoo's Python shell on the demo database")
    add("psql", commands.psql, "open psql on the demo database; takes its options")
    add("db-url", commands.db_url, "print the URL of the demo database")
    command = add("import", commands.import_file, "import charges from a CSV file")
    command.add_argument("file", help="the CSV file")
    command.add_argument(
        "--source", default="command line", help="name of the system it comes from"
    )
    command = add("x12", x12.x12, "read X12 files and prove their amounts")
    command.add_argument("files", nargs="+", metavar="file", help="835, 277, 271, 999, 997 or TA1")
    command.add_argument("--json", action="store_true", help="as JSON")
    command = add("eval", evaluating.evaluate, "measure the AI's own advice on sample files")
    command.add_argument("tasks", nargs="*", metavar="task", help="what to measure; default: all")
    command.add_argument("--json", action="store_true", help="as JSON")
    command = add("secrets", rotation.rotate, "encrypt the secrets of the demo under a new key")
    command.add_argument("task", choices=["rotate"], help="what to do")
    seeding.add_options(add("seed", seeding.seed, "make a database of many cases for benchmarks"))
    add("test", testing.test, f"run tests: [{'|'.join(LAYER_NAMES)}] [pytest options]")
    add("bench", testing.bench, "run the benchmarks; takes pytest options")
    add("lint", quality.lint, "check the style of the code")
    add("fmt", quality.fmt, "format the code")
    add("doctor", checks.doctor, "look for what keeps this tool from working")
    add("help", None, "list the commands")
    return parser


def parse(parser: argparse.ArgumentParser, arguments: list[str]) -> argparse.Namespace:
    """Read the words of the command line.

    Args:
        parser: from `build_parser`.
        arguments: the words after the program's name.

    Raises:
        HcError: there is no such command or option.
    """
    belongs_to_another = arguments[:1] and arguments[0] in PASS_THROUGH
    options = parser.parse_args(arguments[:1] if belongs_to_another else arguments)
    options.arguments = arguments[1:]
    return options


def _shown(error: Exception) -> HcError:
    """Return any failure as the one line that the user sees."""
    if isinstance(error, HcError):
        return error
    if isinstance(error, OSError):
        return from_os_error(error)
    name = type(error).__name__
    return HcError("defect of this tool", f"{name}: {error}", "Report it with HC_DEBUG=1")


def main(arguments: list[str]) -> int:
    """Run one command.

    Args:
        arguments: the words after the program's name.

    Returns:
        The exit code.
    """
    parser = build_parser()
    # A request to end must stop the programs that we started, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        options = parse(parser, arguments)
        if options.command in (None, "help"):
            say(parser.format_help().rstrip())
            return 0
        return options.action(home_from(os.environ), options)
    except Exception as error:
        if os.environ.get("HC_DEBUG"):
            raise
        sys.stderr.write(f"hc: {_shown(error)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(
            "hc: interrupted: finished steps are kept. Run the same command to go on.\n"
        )
        return 130
