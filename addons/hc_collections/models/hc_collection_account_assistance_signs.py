# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.fields import Domain

from ..hc_dunning_core.assistance_signs import AssistanceSigns, find_signs


class HcCollectionAccount(models.Model):
    """What speaks for financial assistance before anybody has applied for it."""

    _inherit = "hc.collection.account"

    def _find_assistance_signs(self, as_of):
        """``{account id: codes of what makes assistance likely}``; guarantors alone.

        :param date as_of: coverage, answers and offers are those of this day
        """
        patients = self.filtered(lambda account: account.party == "patient")
        covered = patients._read_covered(as_of)
        return {
            account.id: find_signs(account._get_assistance_signs(covered), as_of)
            for account in patients
        }

    def _read_covered(self, as_of):
        """``{patient: payer types that cover them on a day}``."""
        coverages = (
            self.env["hc.coverage"]
            .sudo()
            .search_fetch(
                Domain("patient_id", "in", self.patient_id.ids)
                & (Domain("date_from", "=", False) | Domain("date_from", "<=", as_of))
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", as_of)),
                ["patient_id", "payer_id"],
            )
        )
        return {
            patient: set(own.payer_id.mapped("payer_type"))
            for patient, own in coverages.grouped("patient_id").items()
        }

    def _get_assistance_signs(self, covered):
        account = self.sudo()
        decided = account.assistance_ids.filtered("outcome")
        answers = decided.filtered(lambda one: one.state == "decided").mapped("decided_on")
        asked, offered = (
            account._get_last_about_assistance(direction) for direction in ("in", "out")
        )
        types = covered.get(account.patient_id, set()) - {"self_pay"}
        promises = account.promise_ids.sorted("id")
        last_answer = max(filter(None, answers), default=None)
        return AssistanceSigns(
            has_asked=bool(asked and (last_answer is None or asked > last_answer)),
            was_granted="granted" in decided.mapped("outcome"),
            has_medicaid="medicaid" in types,
            is_uninsured=not types,
            has_failed_plan="defaulted" in account.plan_ids.mapped("state"),
            has_broken_promise=promises[-1:].state in ("broken", "partly_kept"),
            answered_on=last_answer,
            offered_on=offered,
        )

    def _get_last_about_assistance(self, direction):
        """The day of the last contact about assistance in a direction; None: there was none."""
        contacts = self.contact_ids.filtered(
            lambda one: (
                one.purpose == "assistance"
                and one.direction == direction
                and one.state not in ("cancelled", "failed")
            )
        )
        moments = [
            fields.Datetime.context_timestamp(self, one.happened_at).date() for one in contacts
        ]
        return max(moments, default=None)
