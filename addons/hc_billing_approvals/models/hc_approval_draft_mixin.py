# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcApprovalDraftMixin(models.AbstractModel):
    """Parts of a policy: they change as long as the policy is a draft, and never after.

    A request is decided by the version under which it was made; a version that could change would
    say something else tomorrow than what people approved under.
    """

    _name = "hc.approval.draft.mixin"
    _description = "Part of an Approval Policy"

    def _get_policies(self):
        """The policies that the records belong to."""
        return self.policy_id

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_policies()._check_draft()
        # Who may decide what is kept in the cache.
        self.env.registry.clear_cache()
        return parts

    def write(self, vals):
        self._get_policies()._check_draft()
        result = super().write(vals)
        self._get_policies()._check_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._get_policies()._check_draft()
        self.env.registry.clear_cache()
