# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What must not be in the tree: paths of one machine, hosts of registries, files without
the licence header."""

import re
from collections.abc import Iterator

from tree import Finding, Tree, read

# Written in pieces, so that this file does not contain what it looks for.
MIRROR_HOSTS = (
    ("deb", "debian", "org"),
    ("ftp", "debian", "org"),
    ("security", "debian", "org"),
    ("archive", "ubuntu", "com"),
    ("pypi", "org"),
    ("files", "python" + "hosted", "org"),
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("proxy", "golang", "org"),
    ("crates", "io"),
    ("ghcr", "io"),
    ("docker", "io"),
)
HOST = re.compile("|".join(re.escape(".".join(parts)) for parts in MIRROR_HOSTS))
# The image of n8n keeps its data in the home of its user "node", on every machine.
MACHINE_FOLDERS = ("work", "farm", "tmp", "root", r"home/(?!node/)[a-z_][\w-]*", r"Users/\w+")
MACHINE_PATH = re.compile(r"(?<![\w.~*})-])/(" + "|".join(MACHINE_FOLDERS) + r")/(?=[\w.])")

HEADER = re.compile(
    r"\A(#!.*\n)?# Copyright 20\d\d HC Revenue contributors\n"
    r"# License LGPL-3\.0 or later \(https://www\.gnu\.org/licenses/lgpl-3\.0\)\n"
)


def check_machine(tree: Tree) -> Iterator[Finding]:
    """Registry and mirror hosts, and paths that exist on one machine only."""
    for path in tree.files:
        for number, line in enumerate(read(path).splitlines(), 1):
            if HOST.search(line):
                yield Finding(
                    tree.relative(path), number, "names a mirror: take the host's setting"
                )
            if MACHINE_PATH.search(line):
                yield Finding(tree.relative(path), number, "names a folder of one machine")


def check_headers(tree: Tree) -> Iterator[Finding]:
    """Python files that say nothing of copyright and licence; empty files need not."""
    for path in tree.select(".py"):
        text = read(path)
        if text.strip() and not HEADER.match(text):
            yield Finding(tree.relative(path), 1, "starts without the two lines of the licence")
