# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy
from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

TRANSPORT_REQUEST = Lifecycle(
    "transport request",
    (
        State("requested", "Requested"),
        State("booked", "Booked"),
        State("done", "Done"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("requested", "booked", "carrier agrees", "clerk, job"),
        Transition("requested", "cancelled", "not needed", "clerk"),
        Transition("booked", "done", "patient has arrived", "clerk"),
        Transition("booked", "cancelled", "not needed", "clerk"),
    ),
    "requested",
)


class HcTransportRequest(models.Model):
    """A ride to an encounter: life cycle, batches, jobs, patient data and figures."""

    _name = "hc.transport.request"
    _description = "Transport Request"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.job.mixin",
        "hc.phi.mixin",
        "hc.kpi.subject.mixin",
        "hc.reviewable.mixin",
    ]
    _order = "pickup_at, id"
    _check_company_auto = True
    _lifecycles = {"state": TRANSPORT_REQUEST}
    _guarded_fields = frozenset({"amount"})

    name = fields.Char(required=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="requested",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    case_id = fields.Many2one("hc.billing.case", required=True, index=True, ondelete="cascade")
    patient_id = fields.Many2one(related="case_id.patient_id", store=True, index=True)
    facility_id = fields.Many2one(related="case_id.facility_id", store=True, index=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    tariff_id = fields.Many2one("hc.transport.tariff", required=True, index=True)
    pickup_at = fields.Datetime(required=True, index=True)
    carrier = fields.Char()
    urgency = fields.Selection([("routine", "Routine"), ("urgent", "Urgent")], default="routine")
    amount = fields.Monetary(readonly=True, help="What the patient owes for the ride.")

    @api.model
    def _request_transport(self, vals_list):
        """Enter requests, each at the fee of its tariff.

        :param vals_list: values without ``amount``
        :return: the requests
        """
        tariffs = self.env["hc.transport.tariff"]
        return self._create_guarded(
            [{**vals, "amount": tariffs.browse(vals["tariff_id"]).ride_fee} for vals in vals_list]
        )

    def _guard_state_booked(self):
        return {
            request.id: [] if request.carrier else [self.env._("name the carrier")]
            for request in self
        }

    def _on_state_booked(self, previous):
        self.env["hc.work.item"].sudo().search(
            [("dedup_key", "in", [request._get_item_key() for request in self])]
        )._resolve("fixed")

    def action_book(self):
        """Book the ride with the carrier."""
        self._transition("booked")

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_book": JobPolicy(max_attempts=3)}

    def _job_book(self, carrier):
        """Job: book the rides with a carrier; booked ones are left alone."""
        waiting = self.filtered(lambda request: request.state == "requested")
        waiting.carrier = carrier
        waiting._transition_where_allowed("booked")

    @api.model
    def _cron_open_overdue(self):
        """Scheduled Action: rides that nobody has booked before the patient waits outside."""
        overdue = [("state", "=", "requested"), ("pickup_at", "<", self.env.cr.now())]
        self._run_in_batches(overdue, "_open_waiting_item")

    def _open_waiting_item(self):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "transport_waiting",
                    "queue_code": "patient_access",
                    "dedup_key": request._get_item_key(),
                    "name": self.env._("Transport not booked: %(request)s", request=request.name),
                    "case_id": request.case_id.id,
                    "facility_id": request.facility_id.id,
                    "company_id": request.company_id.id,
                    "res_model": request._name,
                    "res_id": request.id,
                }
                for request in self
            ]
        )

    def _get_item_key(self):
        return f"transport_waiting:{self.id}"
