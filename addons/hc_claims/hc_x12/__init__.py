# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""ANSI X12 health care transactions, read and written without a database.

A *segment* is a sequence of text: item 0 is its tag, item n its element n as the
implementation guides number them, so that ``segment[2]`` of a CLP is CLP02. Elements
that are absent are empty text.
"""
