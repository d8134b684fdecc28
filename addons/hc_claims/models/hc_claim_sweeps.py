# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The sweeps: Scheduled Actions that find claims of which nobody has heard, or that run late."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..lifecycles import UNSENT_STATES, WAITING_STATES
from .hc_claim_screens import FILING_STATES, URGENT_DAYS


class HcClaim(models.Model):
    _inherit = "hc.claim"

    state_entered_at = fields.Datetime(
        "In Status Since",
        readonly=True,
        copy=False,
        default=lambda self: self.env.cr.now().replace(microsecond=0),
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"state_entered_at"}

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        return vals | {"state_entered_at": self.env.cr.now().replace(microsecond=0)}

    def _cron_sweep_no_response(self, as_of=None):
        """Scheduled Action: claims that were not acknowledged, or not decided, in time."""
        as_of = as_of or fields.Date.context_today(self)
        parts = []
        for payer in self.env["hc.payer"].search([("clearinghouse_id", "!=", False)]):
            mine = Domain("payer_id", "=", payer.id)
            limit = as_of - timedelta(days=payer.claim_acknowledgement_days)
            unheard = Domain([("state", "=", "submitted"), ("submitted_on", "<", limit)])
            parts.append((payer.id, self, mine & unheard, "_open_not_acknowledged"))
            limit = as_of - timedelta(days=payer.no_response_days)
            undecided = Domain([("state", "in", WAITING_STATES), ("submitted_on", "<", limit)])
            parts.append((payer.id, self, mine & undecided, "_open_no_response"))
        self._run_in_parts(parts)

    def _open_not_acknowledged(self):
        self._open_waiting_items(
            "acknowledgement",
            self.env._("no acknowledgement"),
            self.env._(
                "Nothing was heard of the claim since it was sent. Ask the clearinghouse whether "
                "the file arrived; the filing clock keeps running."
            ),
        )

    def _open_no_response(self):
        self._open_waiting_items(
            "response",
            self.env._("no decision"),
            self.env._("The payer has not decided in its usual time. Ask for the status."),
        )

    def _open_waiting_items(self, key, title, description):
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_no_response",
                    f"{claim.name}: {title}",
                    description,
                    queue_code="billing",
                    key=key,
                    severity="warning",
                )
                for claim in self
            ]
        )

    def _cron_sweep_deadlines(self, as_of=None):
        """Scheduled Action: claims whose last day to file comes near."""
        as_of = as_of or fields.Date.context_today(self)
        running = Domain("state", "in", FILING_STATES)
        parts = []
        for payer in self.env["hc.payer"].search([("active", "=", True)]):
            limit = as_of + timedelta(days=payer.timely_filing_warning_days)
            near = Domain([("payer_id", "=", payer.id), ("filing_deadline", "<=", limit)])
            parts.append((payer.id, self, running & near, "_open_deadline"))
        self._run_in_parts(parts)

    def _open_deadline(self):
        today = fields.Date.context_today(self)
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_deadline",
                    self.env._(
                        "%(claim)s: last day to file is %(day)s",
                        claim=claim.name,
                        day=claim.filing_deadline,
                    ),
                    self.env._(
                        "Mend what holds the claim and send it. After that day the payer need not "
                        "pay."
                    ),
                    queue_code="billing",
                    severity="critical"
                    if (claim.filing_deadline - today).days <= URGENT_DAYS
                    else "warning",
                )
                for claim in self
            ]
        )

    def _cron_sweep_stalled(self):
        """Scheduled Action: claims that stay unsent or rejected for too long."""
        now, parts = self.env.cr.now(), []
        for facility in self.env["hc.facility"].search([("active", "=", True)]):
            limit = now - timedelta(days=facility.stalled_days)
            stalled = Domain(
                [
                    ("facility_id", "=", facility.id),
                    ("state", "in", (*UNSENT_STATES, "rejected")),
                    ("state_entered_at", "<", limit),
                ]
            )
            parts.append((facility.id, self, stalled, "_open_stalled"))
        self._run_in_parts(parts)

    def _open_stalled(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_stalled",
                    self.env._(
                        "%(claim)s has not moved: %(state)s",
                        claim=claim.name,
                        state=labels[claim.state],
                    ),
                    self.env._(
                        "In this status since %(day)s. Open the claim and see what it waits for.",
                        day=claim.state_entered_at.date(),
                    ),
                    queue_code="billing",
                    key=claim.state,
                    severity="warning",
                )
                for claim in self
            ]
        )

    def _on_state_submitted(self, previous):
        result = super()._on_state_submitted(previous)
        self._resolve_work_items("fixed", ("claim_deadline", "claim_stalled"))
        return result

    def _tell_supervisors(self):
        """Automation Rule: the supervisors of the facility learn of a claim of a high amount."""
        supervisors = self.env.ref("hc_revenue_base.group_hc_supervisor").sudo().all_user_ids
        for claim in self:
            told = supervisors.filtered(
                lambda user, claim=claim: (
                    user.active
                    and claim.company_id in user.company_ids
                    and (
                        claim.facility_id in user.hc_facility_ids
                        or user.has_group("hc_revenue_base.group_hc_all_facilities")
                    )
                )
            )
            claim.message_post(
                subject=self.env._("Claim of a high amount"),
                body=self.env._(
                    "%(claim)s asks for %(amount)s and is ready to be sent.",
                    claim=claim.name,
                    amount=claim.currency_id.format(claim.amount_charged),
                ),
                partner_ids=told.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )


class HcClaimBatch(models.Model):
    _inherit = "hc.claim.batch"

    def _cron_sweep_unacknowledged(self):
        """Scheduled Action: files without TA1 or 999 in the time of their clearinghouse."""
        now, parts = self.env.cr.now(), []
        for clearinghouse in self.env["hc.clearinghouse"].search([("active", "=", True)]):
            limit = now - timedelta(days=clearinghouse.acknowledgement_days)
            waiting = Domain(
                [
                    ("clearinghouse_id", "=", clearinghouse.id),
                    ("state", "in", ("written", "sent")),
                    ("acknowledged_at", "=", False),
                    ("written_at", "<", limit),
                ]
            )
            parts.append((clearinghouse.id, self, waiting, "_open_unacknowledged"))
        self._run_in_parts(parts)

    def _open_unacknowledged(self):
        for batch in self:
            batch._open_file_item(
                "unacknowledged",
                self.env._("%(batch)s is not acknowledged", batch=batch.name),
                self.env._(
                    "The file was written, and nothing came back. See whether it was handed over, "
                    "then ask the clearinghouse."
                ),
            )
