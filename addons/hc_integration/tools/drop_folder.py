# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A folder in which another system leaves files, and the one safe way to touch it.

Whoever writes into the folder is not trusted: every part of the path is opened without following
links, every name is resolved against the opened folder and never against a path, and only ordinary
files with one name are read. A file is claimed by a rename, which one of two servers wins.
"""

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass

FOLDERS = ("in", "work", "done", "quarantine", "ack")
MARKER = ".done"

_PART = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()+=@-]{0,149}")
# What senders and file transfers call a file that is still being written.
_UNFINISHED = (".part", ".tmp", ".filepart", ".partial")
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe would keep its reader waiting without O_NONBLOCK.
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# Always a new file: a pipe of that name would keep its writer waiting, and a second name of
# another file would have that one overwritten.
_WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class DropError(Exception):
    """A file or folder that is refused; ``code`` says why, in one stable word or two."""

    def __init__(self, code):
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Look:
    """What one look at the incoming folder showed of one entry.

    :param str name: as it may be shown and stored
    :param str fingerprint: size, time of last change and number of the file
    :param int size_bytes: of the file
    :param bool marked: a marker beside it says that it is complete
    :param str refusal: why it is left where it is; empty for files that can be taken
    """

    name: str
    fingerprint: str
    size_bytes: int
    marked: bool
    refusal: str = ""


def _fingerprint(status):
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}"


def _judge(name, status):
    """Why an entry is no file to take; empty where it is one."""
    if not _NAME.fullmatch(name):
        return "name"
    if not stat.S_ISREG(status.st_mode):
        return "not_a_file"
    # A second name could lie anywhere on the disk, and change the file after it was checked.
    return "" if status.st_nlink == 1 else "several_names"


class DropFolder:
    """The five folders of one file drop, opened; use it as a context manager.

    :param str root: the folder below which all drops lie, an absolute path
    :param parts: names of the folders below it
    :raises DropError: ``root_missing``, ``part_name`` or ``folder``
    """

    def __init__(self, root, *parts):
        if not root or not os.path.isabs(root) or os.path.realpath(root) == os.sep:
            raise DropError("root_missing")
        if not parts or not all(_PART.fullmatch(part) for part in parts):
            raise DropError("part_name")
        self._root = root
        self._parts = parts
        self._folders = {}
        self._names = list(FOLDERS)

    def add_folder(self, name):
        """Open one more folder with the others; before the context is entered."""
        if not _PART.fullmatch(name):
            raise DropError("part_name")
        self._names.append(name)

    def __enter__(self):
        opened = []
        try:
            try:
                current = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError:
                raise DropError("root_missing") from None
            opened.append(current)
            for part in self._parts:
                current = self._open_folder(part, current)
                opened.append(current)
            for name in self._names:
                self._folders[name] = self._open_folder(name, current)
        except BaseException:
            self._close()
            raise
        finally:
            for descriptor in opened:
                os.close(descriptor)
        return self

    def __exit__(self, *_error):
        self._close()

    def _close(self):
        while self._folders:
            os.close(self._folders.popitem()[1])

    @staticmethod
    def _open_folder(name, parent):
        with suppress(FileExistsError):
            os.mkdir(name, 0o770, dir_fd=parent)
        try:
            return os.open(name, _FOLDER_FLAGS, dir_fd=parent)
        except OSError:
            raise DropError("folder") from None

    def look(self, limit):
        """What lies in the incoming folder: what has a marker first, then by name.

        What cannot be taken, or is not complete, stays where it is for as long as the sender likes,
        and keeps nothing else from being seen.

        :param int limit: no more files than these, and no more refused entries
        :return: list of :class:`Look`
        """
        with os.scandir(self._folders["in"]) as entries:
            names = {entry.name for entry in entries}
        markers = {name for name in names if name.endswith(MARKER)}
        ignored = (*_UNFINISHED, MARKER)
        looks, refused = [], []
        for name in sorted(names, key=lambda name: (f"{name}{MARKER}" not in markers, name)):
            if name.startswith(".") or name.lower().endswith(ignored):
                continue
            with suppress(FileNotFoundError):
                status = self._stat("in", name)
                shown = name if _NAME.fullmatch(name) else ascii(name)[:150]
                marked = f"{name}{MARKER}" in markers
                refusal = _judge(name, status)
                look = Look(shown, _fingerprint(status), status.st_size, marked, refusal)
                (refused if refusal else looks).append(look)
            if len(looks) == limit:
                break
        return looks + refused[:limit]

    def find(self, name):
        """The folder behind the incoming one that a claimed file lies in, or None."""
        for folder in ("work", "done", "quarantine"):
            with suppress(FileNotFoundError):
                self._stat(folder, name)
                return folder
        return None

    def claim(self, name, fingerprint, claimed_name):
        """Take a file out of the sender's hands, if it is still the one that was looked at.

        :param str claimed_name: its name from now on, used by no other file
        :return: whether it is ours
        """
        try:
            status = self._stat("in", name)
            if _judge(name, status) or _fingerprint(status) != fingerprint:
                return False
            self._rename("in", name, "work", claimed_name)
        except FileNotFoundError:
            return False
        with suppress(FileNotFoundError):
            os.unlink(f"{name}{MARKER}", dir_fd=self._folders["in"])
        return True

    def read_claimed(self, claimed_name, fingerprint, limit_bytes):
        """The content of a claimed file.

        :raises DropError: ``not_a_file``, ``several_names``, ``empty``, ``too_large``, or
            ``changed`` where it is no longer what was looked at
        """
        try:
            descriptor = os.open(claimed_name, _READ_FLAGS, dir_fd=self._folders["work"])
        except OSError:
            raise DropError("not_a_file") from None
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            refusal = _judge(claimed_name, status)
            if refusal in ("not_a_file", "several_names"):
                raise DropError(refusal)
            if not status.st_size:
                raise DropError("empty")
            if status.st_size > limit_bytes:
                raise DropError("too_large")
            content = file.read(limit_bytes + 1)
            same = fingerprint == _fingerprint(status) == _fingerprint(os.fstat(descriptor))
            if not same or len(content) != status.st_size:
                raise DropError("changed")
        return content

    def finish(self, claimed_name, folder):
        """Put a claimed file where it stays: ``done`` or ``quarantine``."""
        self._rename("work", claimed_name, folder, claimed_name)

    def publish(self, claimed_name, name):
        """Give a file of ours to who takes it: whole, by one rename, replacing none.

        :raises DropError: ``name`` or ``target_exists``
        """
        if not _NAME.fullmatch(name):
            raise DropError("name")
        self._rename("work", claimed_name, "out", name)

    def write_whole(self, folder, name, content):
        """Write a small file of ours: all of it or none; again with the same name replaces it.

        :param bytes content: what it says
        """
        target = self._folders[folder]
        draft = f".{name}.tmp"
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=target)
        descriptor = os.open(draft, _WRITE_FLAGS, 0o640, dir_fd=target)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.rename(draft, name, src_dir_fd=target, dst_dir_fd=target)
        os.fsync(target)

    def _stat(self, folder, name):
        return os.stat(name, dir_fd=self._folders[folder], follow_symlinks=False)

    def _rename(self, folder, name, target, target_name):
        with suppress(FileNotFoundError):
            self._stat(target, target_name)
            raise DropError("target_exists")
        source, destination = self._folders[folder], self._folders[target]
        os.rename(name, target_name, src_dir_fd=source, dst_dir_fd=destination)
        # Both folders reach the disk before the database says that it happened.
        os.fsync(destination)
        os.fsync(source)
