# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

FIELD_GROUPS = [
    ("demographics", "Patient: Name, Birth, Sex"),
    ("address", "Patient: Address"),
    ("contact", "Patient: Telephone and E-mail"),
    ("coverage", "Coverage"),
    ("authorization", "Authorization"),
]
RIGHTS = [
    ("owner", "Overwrites"),
    ("fill", "Fills What Is Empty"),
    ("propose", "Only Proposes"),
]
# What a system may do where nobody said otherwise: never overwrite what people typed.
DEFAULT_RIGHT = "fill"


class HcDataOwner(models.Model):
    """Which connected system may overwrite which part of master data.

    A part has one owner at most among the systems that speak about the same facilities. A right
    takes effect when a second person agrees.
    """

    _name = "hc.data.owner"
    _description = "Right to Master Data"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "field_group, source_id"
    _rec_name = "field_group"
    _check_company_auto = True
    _config_fields = ("right", "field_group", "source_id", "active")

    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    field_group = fields.Selection(FIELD_GROUPS, "Part", required=True, index=True)
    right = fields.Selection(RIGHTS, "May", required=True, default="propose", tracking=True)
    active = fields.Boolean(default=True, tracking=True)

    _group_unique = models.UniqueIndex(
        "(source_id, field_group)", "The system has a right to this part already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        # A new right would let a system overwrite: it rests until somebody else agrees.
        if not self._is_loading_registry():
            vals_list = [{**vals, "active": False} for vals in vals_list]
        return super().create(vals_list)

    @api.depends("field_group", "source_id.name", "right")
    def _compute_display_name(self):
        groups, rights = dict(FIELD_GROUPS), dict(RIGHTS)
        for owner in self:
            owner.display_name = self.env._(
                "%(sender)s, %(part)s: %(right)s",
                sender=owner.source_id.name or "",
                part=groups.get(owner.field_group, ""),
                right=rights.get(owner.right, "").lower(),
            )

    @api.constrains("right", "active", "field_group", "source_id")
    def _check_one_owner(self):
        """Two systems that overwrite the same would undo each other for ever."""
        for owner in self.filtered(lambda each: each.right == "owner" and each.active):
            others = self.sudo().search(
                [
                    ("company_id", "=", owner.company_id.id),
                    ("field_group", "=", owner.field_group),
                    ("right", "=", "owner"),
                    ("id", "!=", owner.id),
                ]
            )
            own = owner.source_id.facility_ids
            for other in others:
                theirs = other.source_id.facility_ids
                if not own or not theirs or own & theirs:
                    raise ValidationError(
                        self.env._(
                            "%(sender)s overwrites this part already, for the same facilities. "
                            "Let one of the two only propose.",
                            sender=other.source_id.name,
                        )
                    )

    @api.model
    def _get_right(self, source, field_group):
        """What a source may do with a part of master data: a key of ``RIGHTS``."""
        found = self.sudo().search(
            [
                ("source_id", "=", source.id),
                ("field_group", "=", field_group),
                ("active", "=", True),
            ],
            limit=1,
        )
        return found.right or DEFAULT_RIGHT
