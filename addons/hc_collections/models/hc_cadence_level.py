# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_dunning_core import cadence_policy as core
from .hc_contact import CHANNELS, PURPOSES

_STARTS = [("basis", "the Beginning of the Balance"), ("previous", "the Level Before")]


class HcCadenceLevel(models.Model):
    """One step of a cadence: when, by which channel, with which words."""

    _name = "hc.cadence.level"
    _description = "Cadence Level"
    _inherit = ["hc.cadence.line.mixin"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    delay_days = fields.Integer("Days After", required=True, default=30)
    delay_from = fields.Selection(_STARTS, "After", required=True, default="basis")
    channel = fields.Selection(CHANNELS, required=True, default="letter")
    fallback_channel = fields.Selection(
        CHANNELS, "Otherwise", help="Used where the first channel cannot be."
    )
    spacing_days = fields.Integer(
        "Least Days Apart",
        required=True,
        default=21,
        help="From the level before and from the last contact by whatever channel.",
    )
    template_id = fields.Many2one(
        "mail.template",
        "Words",
        domain=[("model", "=", "hc.collection.account")],
        index="btree_not_null",
        ondelete="restrict",
    )
    purpose = fields.Selection(PURPOSES, required=True, default="reminder")
    is_final = fields.Boolean("Final", help="The last reminder, which says so.")
    is_precollection = fields.Boolean(
        "Before Collection",
        help="Announces what follows; carries the summary of financial assistance. The account "
        "then counts as told.",
    )
    is_required_notice = fields.Boolean(
        "Required Notice",
        help="The law asks for it: it goes by letter even to who wants no letters. Holds, "
        "guardrails and an address that does not work stop it all the same.",
    )
    notice_days = fields.Integer(
        "Days to Act",
        default=30,
        help="Of a notice before collection: so many days its words give from when it goes out.",
    )
    on_workdays = fields.Boolean("Working Days Only", default=True)

    _code_unique = models.UniqueIndex("(policy_id, code)", "The policy has a level of this code.")
    _days_positive = models.Constraint(
        "CHECK (delay_days BETWEEN 0 AND 3650 AND spacing_days BETWEEN 1 AND 365)",
        "Delays are 0 to 3,650 days, spacings 1 to 365.",
    )

    def _to_core(self):
        """The level as the pure package knows it."""
        return core.Level(
            self.code,
            self.delay_days,
            self.channel,
            self.delay_from,
            max(self.spacing_days, 1),
            self.fallback_channel or "",
            self.is_final,
            self.is_precollection,
            self.on_workdays,
            self.is_required_notice,
        )

    @api.model
    def _get_template(self, purpose):
        """The words that the module ships for a purpose."""
        return self.env.ref(f"hc_collections.mail_template_{purpose}")

    @api.model
    def _prepare_vals(self, level, sequence, purpose):
        """Values of a level of the pure package."""
        return {
            "sequence": sequence,
            "code": level.code,
            "name": level.code.replace("_", " ").capitalize(),
            "delay_days": level.delay_days,
            "delay_from": level.delay_from,
            "channel": level.channel,
            "fallback_channel": level.fallback_channel or False,
            "spacing_days": level.spacing_days,
            "purpose": purpose,
            "is_final": level.is_final,
            "is_precollection": level.is_precollection,
            "on_workdays": level.on_workdays,
            "is_required_notice": level.is_required,
            "template_id": self._get_template(purpose).id,
        }
