# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advice without a database: classify, extract, mask, score, explain; it never acts.

Everything here takes text and numbers and returns values with their reasons; nothing opens a
socket, a file or a clock. What reads text from outside treats it as data.
"""
