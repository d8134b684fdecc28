# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Stages in which a case still waits for its (first or corrected) bill.
# More encounters than these in one transaction are left to the Scheduled Action.
_INLINE_BILLING_LIMIT = 20
PRE_BILL_STAGES = ("draft", "charge_review", "coding", "readiness_check", "exception", "ready")


class HcEncounter(models.Model):
    """From a completed, coded encounter to its billing case."""

    _name = "hc.encounter"
    _inherit = ["hc.encounter", "hc.batch.mixin"]

    def action_prepare_billing(self):
        """Bill the encounters as far as their facts allow; safe to repeat."""
        self.check_access("write")
        cases = self.sudo()._prepare_billing()
        return cases.sudo(False)._get_open_action()

    def _prepare_billing(self):
        """Case, charges, readiness, invoice: each step that the encounter is ready for.

        The one entry for the Automation Rule, the button, the feed and the catch-up sweep.

        :return: the billing cases
        """
        encounters = self.filtered(lambda encounter: encounter.state == "completed")
        cases = encounters._get_or_create_cases()
        open_cases = cases.filtered(lambda case: case.stage in PRE_BILL_STAGES)
        open_cases.encounter_id.service_line_ids._convert_to_charges()
        open_cases._advance()
        return cases

    def _get_or_create_cases(self):
        self.lock_for_update(allow_referencing=True)
        live = self.case_ids.filtered(lambda case: case.stage != "cancelled")
        # An encounter whose case was cancelled by hand is not billed again by the machine.
        new = self.filtered(lambda encounter: not encounter.case_ids)
        return live | self.env["hc.billing.case"]._create_for(new)

    def _queue_billing(self):
        """Bill the encounters at the end of this transaction, all of them in one batch.

        An Automation Rule calls its action record by record; a feed that completes hundreds of
        encounters at once leaves them to the Scheduled Action, which is woken.
        """
        queued = self.env.cr.precommit.data.setdefault("hc_queued_encounters", set())
        if not queued:
            # The feed of a user who may not touch cases is billed like any other encounter.
            self.env.cr.precommit.add(self.sudo().browse()._bill_queued)
        queued.update(self.ids)

    def _bill_queued(self):
        queued = self.env.cr.precommit.data.pop("hc_queued_encounters", set())
        if len(queued) > _INLINE_BILLING_LIMIT:
            self.env.ref("hc_revenue_base.ir_cron_prepare_billing").sudo()._trigger()
        else:
            # What was created under a savepoint that was rolled back is gone.
            self.browse(sorted(queued)).exists()._run_isolated("_prepare_billing")

    def _get_to_bill_domain(self):
        """Completed and coded encounters that have no case yet."""
        return Domain(
            [
                ("state", "=", "completed"),
                ("coding_state", "=", "approved"),
                ("case_ids", "=", False),
            ]
        )

    def _cron_prepare_billing(self):
        """Scheduled Action: bill what the Automation Rule has not (feeds, rule switched off)."""
        self._run_in_batches(self._get_to_bill_domain(), "_prepare_billing", batch_size=100)

    def _on_batch_error(self, method_name, message):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "billing_failed",
                    "queue_code": "billing",
                    "dedup_key": f"billing_failed:{self._name}:{self.id}",
                    "name": self.env._("%(number)s could not be billed", number=self.number),
                    "description": message,
                    "company_id": self.company_id.id,
                    "facility_id": self.facility_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )


class HcBillingCase(models.Model):
    """How a case moves from draft to its invoice."""

    _name = "hc.billing.case"
    _inherit = ["hc.billing.case", "hc.batch.mixin"]

    @api.model
    def _create_for(self, encounters, **values):
        """New cases in draft, one per encounter."""
        # The unique index on live cases must see cancellations before the new rows.
        self.flush_model(["stage"])
        numbers = self.env["ir.sequence"]._draw_numbers(
            "hc.billing.case", self.env.company, len(encounters)
        )
        # The log has the first entry of each; a message “created” would say it again.
        cases = self.with_context(mail_create_nolog=True)._create_guarded(
            [
                {"name": number, "encounter_id": encounter.id, **values}
                for number, encounter in zip(numbers, encounters, strict=True)
            ]
        )
        return cases.with_env(self.env)

    def _get_creation_facts(self):
        facts = {"encounter": self.encounter_id.id}
        if self.origin_case_id:
            facts["rebill_of"] = self.origin_case_id.id
        return facts

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        return vals | {"stage_entered_at": self.env.cr.now().replace(microsecond=0)}

    def _advance(self):
        """Move the cases forward as far as their facts allow, and bill those that are ready."""
        with_charges = self.filtered("charge_count")
        with_charges.filtered(lambda c: c.stage in ("draft", "reopened"))._transition(
            "charge_review"
        )
        self.filtered(lambda c: c.stage == "charge_review")._transition("coding")
        coded = self.filtered(
            lambda c: c.stage == "coding" and c.encounter_id.coding_state == "approved"
        )
        coded._transition("readiness_check")
        self.filtered(
            lambda c: c.stage in ("readiness_check", "exception", "ready")
        )._run_readiness()
        self.filtered(lambda c: c.stage == "ready")._bill()

    def _guard_stage_charge_review(self):
        return {
            case.id: [self.env._("there is no charge to review")]
            for case in self
            if not case.charge_count
        }

    def _guard_stage_readiness_check(self):
        return {
            case.id: [self.env._("the codes of the encounter are not approved yet")]
            for case in self
            if case.encounter_id.coding_state != "approved"
        }

    def action_check_readiness(self):
        """Run all readiness rules again, and bill where the case is ready."""
        self.check_access("write")
        self._check_in_stages(PRE_BILL_STAGES, self.env._("is billed already"))
        cases_sudo = self.sudo()
        cases_sudo.encounter_id._prepare_billing()
        waiting = cases_sudo.filtered(
            lambda case: case.stage in PRE_BILL_STAGES and case.stage != "ready"
        )
        return waiting.sudo(False)._notify_waiting()

    def _check_in_stages(self, stages, problem):
        for case in self:
            if case.stage not in stages:
                raise UserError(
                    self.env._("%(case)s %(problem)s.", case=case.display_name, problem=problem)
                )

    def _notify_waiting(self):
        if not self:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "%(count)s case(s) still wait. Their findings say for what.", count=len(self)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_open_action(self):
        """Open these cases: the form for one, the list for several."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_billing_case_action"
        )
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")])
        else:
            action["domain"] = [("id", "in", self.ids)]
        return action

    def _on_batch_error(self, method_name, message):
        self._open_billing_failed(message)

    def _open_billing_failed(self, message):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "billing_failed",
                    "queue_code": "billing",
                    "dedup_key": f"billing_failed:{case._name}:{case.id}",
                    "name": self.env._("%(case)s could not be invoiced", case=case.name),
                    "description": message,
                    "company_id": case.company_id.id,
                    "facility_id": case.facility_id.id,
                    "case_id": case.id,
                }
                for case in self
            ]
        )
