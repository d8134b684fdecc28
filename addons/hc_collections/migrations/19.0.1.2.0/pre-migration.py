# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two consent rules that had come to mean the same are one."""


def migrate(cr, version):
    """Rename the rule that asked for nothing: an opt-out counts whatever the rule says.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if not version:
        return
    cr.execute(
        "UPDATE hc_cadence_channel SET consent = 'unless_opted_out' WHERE consent = 'not_needed'"
    )
