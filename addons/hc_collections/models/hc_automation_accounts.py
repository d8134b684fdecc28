# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.fields import Domain

_ACCOUNT = "hc.collection.account"
_BY_CASE = ("facility_ids", "payer_type")


class HcAutomation(models.Model):
    """Where automations on accounts act: an account lies where a case open on it does."""

    _inherit = "hc.automation"

    @api.model
    def _get_path(self, model_name, dimension):
        if model_name == _ACCOUNT and dimension in _BY_CASE:
            return "item_ids"
        return super()._get_path(model_name, dimension)

    def _get_domain_for(self, model_name):
        if model_name != _ACCOUNT:
            return super()._get_domain_for(model_name)
        self.ensure_one()
        domain = self._parse_segment() if self.model_name == _ACCOUNT else Domain.TRUE
        if self.company_ids:
            domain &= Domain("company_id", "in", self.company_ids.ids)
        if self.facility_ids or self.payer_type:
            domain &= self._get_patients_domain() | self._get_payers_domain()
        return domain

    def _get_patients_domain(self):
        cases = Domain.TRUE
        if self.facility_ids:
            cases &= Domain("facility_id", "in", self.facility_ids.ids)
        if self.payer_type:
            cases &= Domain("payer_type", "=", self.payer_type)
        items = Domain("parent_state", "=", "posted") & Domain("reconciled", "=", False)
        return Domain("item_ids", "any", items & Domain("hc_case_id", "any", cases))

    def _get_payers_domain(self):
        """A payer's account is of all facilities: a pilot of one leaves it alone."""
        if self.facility_ids:
            return Domain.FALSE
        return Domain("payer_id.payer_type", "=", self.payer_type)
