# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from fnmatch import fnmatchcase

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HcIntegrationSource(models.Model):
    """Which operations the keys of a connected system open, among those its user may call."""

    _inherit = "hc.integration.source"

    allowed_operations = fields.Char(
        "May Call",
        default="*",
        tracking=True,
        help="Codes of operations, separated by spaces; * stands for any part: exchange.submit "
        "work_item.*. A * alone: every one that its user may call. Empty: none.",
    )

    @api.constrains("allowed_operations")
    def _check_allowed_operations(self):
        known = [definition.code for definition in self.env["hc.operation"]._get_operations()]
        for source in self:
            for pattern in (source.allowed_operations or "").split():
                if not any(fnmatchcase(code, pattern) for code in known):
                    raise ValidationError(
                        self.env._(
                            "No operation is called “%(pattern)s”. See Keys and Rights, Who May "
                            "Call What, for their codes.",
                            pattern=pattern,
                        )
                    )

    def _may_call(self, code):
        """Whether the keys of this system open an operation, its user's rights apart."""
        self.ensure_one()
        patterns = (self.allowed_operations or "").split()
        return any(fnmatchcase(code, pattern) for pattern in patterns)
