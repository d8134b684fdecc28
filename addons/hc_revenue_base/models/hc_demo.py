# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from datetime import timedelta
from random import Random

from odoo import api, fields, models

from ..demo_data.billing_story import BillingStory
from ..demo_data.control_story import ControlStory
from ..demo_data.desk_story import DeskStory
from ..demo_data.office import Office
from ..demo_data.registration import Registration

_logger = logging.getLogger(__name__)

_ENROLLED_DAYS = 900


class HcDemo(models.AbstractModel):
    """Builds the demonstration group; called by the demo files only."""

    _name = "hc.demo"
    _description = "Demonstration Data"

    @api.model
    def _tell(self, story, as_of=None):
        """Let the demonstration's people live through a story.

        :param story: a class that takes the office and the day, and runs
        :param date as_of: the day from which all dates are counted; default: today
        """
        story(Office(self.env), as_of or self._get_office_day()).run()

    @api.model
    def _get_office_day(self):
        """Today where the demonstration's people work.

        Whoever installs may be a day ahead of them: Odoo's own user lives in Brussels.
        """
        clerk = self.env.ref("hc_revenue_base.demo_user_clerk_a")
        return fields.Date.context_today(self.with_context(tz=clerk.tz or "UTC"))

    @api.model
    def _set_up_accounts(self, company_id):
        """Give the demonstration company a chart of accounts, without taxes on care."""
        company = self.env["res.company"].browse(company_id)
        if company.chart_template:
            return
        self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        company.account_sale_tax_id = False
        # Payments are posted straight to the bank: the group has no bank feed to match.
        banks = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company_id)]
        )
        for bank in banks:
            bank.inbound_payment_method_line_ids.payment_account_id = bank.default_account_id

    @api.model
    def _enroll_practitioners(self):
        """Enroll every practitioner with every payer, but one with one."""
        office = Office(self.env)
        administrator = office.env_of("administrator")
        domain = [("company_id", "=", office.company.id)]
        missing = (office.ref("practitioner_fir"), office.ref("payer_unity"))
        since = self._get_office_day() - timedelta(days=_ENROLLED_DAYS)
        administrator["hc.practitioner.enrollment"].create(
            [
                {"practitioner_id": practitioner.id, "payer_id": payer.id, "date_from": since}
                for practitioner in administrator["hc.practitioner"].search(domain)
                for payer in administrator["hc.payer"].search(domain)
                if (practitioner.id, payer.id) != (missing[0].id, missing[1].id)
            ]
        )

    @api.model
    def _generate(self, seed=20, as_of=None, patients=320, encounters=1100):
        """Invent patients and visits and let the demonstration users work on them.

        Everything happens through the methods that users call, with the users' own rights.

        :param int seed: the same seed and day give the same group
        :param date as_of: the day from which all dates are counted; default: today
        :param int patients: how many patients to invent
        :param int encounters: about how many visits to invent
        """
        as_of = as_of or self._get_office_day()
        rng = Random(seed)  # noqa: S311 - invents people, guards nothing
        office = Office(self.env)
        visits = Registration(office, rng, as_of).register(patients, encounters)
        _logger.info("demonstration: %s visits registered", len(visits))
        BillingStory(office, rng, as_of).run(visits)
        _logger.info("demonstration: visits billed")
        DeskStory(office, rng, as_of).run()
        ControlStory(office).run()
        self.env["hc.code"]._cron_check_expiry(as_of)
        _logger.info("demonstration: complete")
