# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Notices that the law asks for go out whatever the party wants to receive."""


def migrate(cr, version):
    """Mark the required notices of policies of the version before.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if version:
        _mark_required_notices(cr)


def _mark_required_notices(cr):
    """The first bill and the notice before collection went to everybody: an opt-out stops neither.

    Policies that are in force cannot be marked by hand.
    """
    cr.execute(
        """UPDATE hc_cadence_level level SET is_required_notice = TRUE
            WHERE level.is_required_notice IS NULL
              AND 'letter' IN (level.channel, level.fallback_channel)
              AND (level.is_precollection OR level.purpose = 'statement' AND NOT EXISTS (
                      SELECT FROM hc_cadence_level earlier
                       WHERE earlier.policy_id = level.policy_id
                         AND (earlier.sequence, earlier.id) < (level.sequence, level.id)))"""
    )
