# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order when it comes."""


def post_init_hook(env):
    """Open accounts for what is owed already."""
    env["hc.collection.account"]._adopt_ledger()
