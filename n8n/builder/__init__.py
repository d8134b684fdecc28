# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Builds the n8n workflows that the suite ships: ``python -m builder`` in the folder ``n8n``.

The workflows are plain JSON for whoever imports them; what they share (checking a signature,
calling an operation, answering) is written here once. Standard library only, nothing of n8n's.
"""
