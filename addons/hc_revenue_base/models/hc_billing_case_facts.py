# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, models

from ..hc_core.facts import fact_register
from ..hc_core.readiness import BASE_FACTS, derive_facts
from .hc_readiness_loader import load_sheets

_logger = logging.getLogger(__name__)


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    @api.model
    def _get_readiness_facts(self):
        """The facts that rules may speak about; a sibling adds its own to ``super()``."""
        return BASE_FACTS

    @api.model
    def _get_readiness_register(self):
        """The facts by name."""
        return fact_register(self._get_readiness_facts())

    def _load_readiness_facts(self, as_of):
        """Facts of the cases on a day, loaded set-wise.

        A sibling that declares facts loads them here, for all cases at once. A fact that cannot
        be loaded for a case is left out: the rules that read it err and hold the case.

        :param as_of: the day of the evaluation
        :return: ``{case id: {fact name: value}}``
        """
        self.env.flush_all()
        facts = {}
        for case_id, sheet in load_sheets(self.env, self.ids, as_of).items():

            def report(group, error, case_id=case_id):
                # The class only: the text of an exception may quote patient data.
                _logger.error(
                    "readiness facts %s of billing case %s: %s", group, case_id, type(error)
                )

            facts[case_id] = derive_facts(sheet, report)
        return facts
