# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Steps that are done once: each leaves a stamp with the hash of its inputs."""

from collections.abc import Callable
from dataclasses import dataclass

from .console import progress
from .files import read_json, write_json
from .paths import Home


@dataclass(frozen=True)
class Step:
    """A piece of the set-up that need not be repeated.

    Attributes:
        name: file name of the stamp.
        title: what the user sees while it runs.
        key: hash of everything the result depends on.
        action: does the work; must survive being interrupted and started again.
        is_intact: tells cheaply whether the result is still there.
    """

    name: str
    title: str
    key: str
    action: Callable[[], None]
    is_intact: Callable[[], bool] = lambda: True


def is_done(home: Home, step: Step) -> bool:
    """Tell whether the result of a step is there and current.

    Args:
        home: the home folder.
        step: the step.
    """
    stamp = read_json(home.stamps / f"{step.name}.json")
    return stamp.get("key") == step.key and step.is_intact()


def run(home: Home, step: Step) -> bool:
    """Carry out a step unless it is done.

    Args:
        home: the home folder.
        step: the step.

    Returns:
        True where there was work to do.
    """
    if is_done(home, step):
        return False
    stamp = home.stamps / f"{step.name}.json"
    stamp.unlink(missing_ok=True)
    with progress(step.title):
        step.action()
    write_json(stamp, {"key": step.key})
    return True
