# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The one exception that a user of the tool is meant to see."""


class HcError(Exception):
    """A foreseeable failure, shown as one line: what, why, what to do.

    Args:
        what: the thing that failed, in a few words.
        why: the cause, without a full stop at the end.
        todo: what the user can do about it, without a full stop at the end.
    """

    def __init__(self, what: str, why: str, todo: str):
        self.what = what
        self.why = " ".join(why.split()).rstrip(".")
        self.todo = " ".join(todo.split()).rstrip(".")
        super().__init__(f"{self.what}: {self.why}. {self.todo}.")


def from_os_error(error: OSError) -> HcError:
    """Translate an operating system error that no caller foresaw.

    Args:
        error: the error as raised.

    Returns:
        The error to show instead.
    """
    where = f" ({error.filename})" if error.filename else ""
    why = f"{error.strerror or error}{where}"
    todos = {
        28: "Free some space or set HC_HOME to a folder on a larger disk, "
        "then run the same command again; finished steps are kept",
        2: "Check HC_HOME and the names given, then run the same command again",
        13: "Run as the user who owns the folder, or set HC_HOME to a folder of your own",
        30: "Set HC_HOME to a folder that can be written to",
    }
    todo = todos.get(error.errno or 0, "Run ./hc doctor to see what is missing")
    return HcError("file system", why, todo)
