# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Small file helpers: nothing is ever left half-written."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import HcError


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file under a temporary name, then move it into place.

    Args:
        path: the file.
        text: its content.
        mode: its permissions.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(temporary, path)


def read_json(path: Path) -> dict:
    """Return the content of a JSON file, empty where the file is missing or broken.

    Args:
        path: the file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: dict, mode: int = 0o644) -> None:
    """Write a JSON file atomically.

    Args:
        path: the file.
        content: what to store.
        mode: its permissions.
    """
    write_text(path, json.dumps(content, indent=2, sort_keys=True) + "\n", mode)


def digest(*parts: object) -> str:
    """Return a short content hash of some values.

    Args:
        parts: values with a stable `str`.
    """
    whole = hashlib.sha256()
    for part in parts:
        whole.update(str(part).encode())
        whole.update(b"\0")
    return whole.hexdigest()[:16]


def tree_digest(root: Path, skip: Iterable[str] = ()) -> str:
    """Return a content hash of all files below a folder.

    Args:
        root: the folder.
        skip: names of files and folders that do not count.
    """
    skipped = {"__pycache__", *skip}
    whole = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in skipped)
        for name in sorted(names):
            if name in skipped or name.endswith(".pyc"):
                continue
            path = Path(folder, name)
            whole.update(str(path.relative_to(root)).encode() + b"\0")
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a fresh folder to fill, and put it in place of `target` on success.

    Args:
        target: the folder to create or replace.
    """
    temporary = target.with_name(target.name + ".building")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    yield temporary
    remove(target)
    temporary.rename(target)


def remove(path: Path) -> None:
    """Delete a file, link or folder, if there is one.

    Args:
        path: what to delete.
    """
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def require_disk_space(folder: Path, needed_bytes: int) -> None:
    """Refuse to start what would fill the disk.

    Args:
        folder: an existing folder on that disk.
        needed_bytes: what the work ahead takes.

    Raises:
        HcError: less is free.
    """
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes:
        raise HcError(
            "disk space",
            f"{folder} has {free_bytes / 1e9:.1f} GB free, {needed_bytes / 1e9:.1f} GB are needed",
            "Free some space or set HC_HOME to a folder on a larger disk",
        )
