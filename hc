#!/usr/bin/env python3
# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Entry point of the command line tool; parses on any Python, runs on 3.10 or newer."""

import os
import sys

if sys.version_info < (3, 10):
    sys.stderr.write(
        "hc: wrong Python: this is %d.%d, Python 3.10 or newer is needed. "
        "Install a newer python3, or start the tool as: python3.11 hc\n" % sys.version_info[:2]
    )
    sys.exit(1)

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from hc_tool.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
