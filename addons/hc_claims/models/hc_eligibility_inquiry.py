# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP
from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..hc_claim_core.eligibility import WHOLE_PLAN
from ..hc_claim_core.eligibility_codes import SERVICE_TYPES, label
from ..lifecycles import ELIGIBILITY_INQUIRY

ORIGINS = [("user", "Asked by a Person"), ("schedule", "Scheduled"), ("operation", "Interface")]
# An answer is still to come, or nobody has asked yet.
WAITING_STATES = ("draft", "held", "sent")


class HcEligibilityInquiry(models.Model):
    """One question to a payer (270): is the patient covered, for what, on that day.

    What was asked never changes; answers (:class:`HcEligibilityAnswer`) name the question by its
    number, which goes out as the trace number (TRN02).
    """

    _name = "hc.eligibility.inquiry"
    _description = "Eligibility Inquiry"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": ELIGIBILITY_INQUIRY}
    _guarded_fields = frozenset(
        {
            "name",
            "coverage_id",
            "payer_id",
            "facility_id",
            "encounter_id",
            "service_date_from",
            "service_date_to",
            "service_types",
            "origin",
            "batch_id",
            "transaction_number",
            "content",
            "objection",
            "sent_at",
            "answered_at",
        }
    )

    name = fields.Char(
        "Trace No.",
        required=True,
        readonly=True,
        copy=False,
        help="TRN02: the payer gives it back with its answer.",
    )
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    coverage_id = fields.Many2one(
        "hc.coverage", required=True, readonly=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(related="coverage_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="coverage_id.company_id", store=True, index=True)
    payer_id = fields.Many2one(
        "hc.payer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    facility_id = fields.Many2one(
        "hc.facility", "Asked By", readonly=True, index=True, ondelete="restrict"
    )
    encounter_id = fields.Many2one(
        "hc.encounter", "Visit", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    service_date_from = fields.Date("Asked For", required=True, readonly=True, index=True)
    service_date_to = fields.Date("Until", readonly=True)
    service_types = fields.Char(
        required=True, readonly=True, default=WHOLE_PLAN, help="EQ01 codes, parted by commas."
    )
    service_type_names = fields.Char("For", compute="_compute_service_type_names")
    origin = fields.Selection(ORIGINS, required=True, readonly=True, default="user")
    batch_id = fields.Many2one(
        "hc.eligibility.batch",
        "File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    transaction_number = fields.Char("Transaction Set", readonly=True, copy=False, help="ST02.")
    content = fields.Json(readonly=True, copy=False, groups=PHI_GROUP)
    objection = fields.Text("Held For", readonly=True, copy=False)
    sent_at = fields.Datetime("Asked", readonly=True, copy=False, index=True)
    answered_at = fields.Datetime("Answered", readonly=True, copy=False)
    answer_ids = fields.One2many("hc.eligibility.answer", "inquiry_id", "Answers", readonly=True)
    answer_id = fields.Many2one(
        "hc.eligibility.answer", "Latest Answer", compute="_compute_answer_id"
    )
    outcome = fields.Selection(
        selection=lambda self: self.env["hc.eligibility.answer"]._fields["outcome"].selection,
        compute="_compute_answer_id",
    )
    advice = fields.Text("What to Do", compute="_compute_answer_id")

    _name_unique = models.UniqueIndex("(company_id, name)", "This trace number is taken.")
    _one_waiting = models.UniqueIndex(
        "(coverage_id, service_date_from, service_types) WHERE state IN ('draft', 'held', 'sent')",
        "This is being asked already.",
    )

    @api.depends("service_types")
    def _compute_service_type_names(self):
        for inquiry in self:
            codes = (inquiry.service_types or "").split(",")
            inquiry.service_type_names = ", ".join(label(SERVICE_TYPES, code) for code in codes)

    @api.depends("answer_ids")
    def _compute_answer_id(self):
        for inquiry in self:
            answer = inquiry.answer_ids[:1]
            inquiry.answer_id = answer
            inquiry.outcome = answer.outcome
            inquiry.advice = answer.advice

    @api.model
    def _request(self, questions, origin="user"):
        """Ask about coverages, each once while the same question waits for its answer.

        :param questions: values with ``coverage_id``, ``service_date_from`` and optionally
            ``encounter_id``, ``facility_id``, ``service_date_to``, ``service_types``
        :return: the inquiries that wait now, in the order of the questions; old ones among them
        """
        inquiries_sudo = self.sudo()
        keys = [_question_key(vals) for vals in questions]
        waiting = inquiries_sudo.search(
            [
                ("coverage_id", "in", [key[0] for key in keys]),
                ("state", "in", WAITING_STATES),
            ]
        )
        known = {
            (each.coverage_id.id, each.service_date_from, each.service_types): each.id
            for each in waiting
        }
        new = {key: vals for key, vals in zip(keys, questions, strict=True) if key not in known}
        created = inquiries_sudo._create_guarded(inquiries_sudo._prepare_inquiries(new, origin))
        known.update(zip(new, created.ids, strict=True))
        return self.browse([known[key] for key in keys])

    @api.model
    def _prepare_inquiries(self, questions, origin):
        """Values of new inquiries; a module adds to ``super()``.

        :param dict questions: values by question key
        """
        coverages = self.env["hc.coverage"].browse([key[0] for key in questions])
        numbers = {
            company: iter(self.env["ir.sequence"]._draw_numbers(self._name, company, len(own)))
            for company, own in coverages.grouped("company_id").items()
        }
        vals_list = []
        for (key, vals), coverage in zip(questions.items(), coverages, strict=True):
            encounter = self.env["hc.encounter"].browse(vals.get("encounter_id") or [])
            facility_id = (
                vals.get("facility_id")
                or encounter.facility_id.id
                or coverage.patient_id.facility_ids[:1].id
            )
            vals_list.append(
                {
                    "name": next(numbers[coverage.company_id]),
                    "coverage_id": coverage.id,
                    "payer_id": coverage.payer_id.id,
                    "facility_id": facility_id,
                    "encounter_id": encounter.id,
                    "service_date_from": key[1],
                    "service_date_to": vals.get("service_date_to"),
                    "service_types": key[2],
                    "origin": origin,
                }
            )
        return vals_list

    def action_submit(self):
        """Write the selected questions into files at once."""
        self.check_access("write")
        waiting_sudo = self.sudo().filtered(lambda inquiry: inquiry.state in ("draft", "held"))
        if not waiting_sudo:
            raise UserError(self.env._("None of these questions is still to be sent."))
        batches = waiting_sudo._submit()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_batch_action"
        )
        if len(batches) == 1:
            return action | {"res_id": batches.id, "views": [(False, "form")]}
        if batches:
            return action | {"domain": [("id", "in", batches.ids)]}
        return self._open_inquiries(self)

    def action_cancel(self):
        """Take back questions that were not sent."""
        self.check_access("write")
        self._transition("cancelled")

    def action_ask_again(self):
        """Ask the same anew, with what the coverage says now."""
        self.ensure_one()
        self.check_access("write")
        vals = {
            "coverage_id": self.coverage_id.id,
            "encounter_id": self.encounter_id.id,
            "facility_id": self.facility_id.id,
            "service_date_from": self.service_date_from,
            "service_date_to": self.service_date_to,
            "service_types": self.service_types,
        }
        inquiry = self._request([vals])
        inquiry.sudo().filtered(lambda each: each.state in ("draft", "held"))._submit()
        return self._open_inquiries(inquiry)

    def action_open_manual_check(self):
        """Record what was found out by portal or phone instead."""
        self.ensure_one()
        return self.coverage_id.action_open_manual_check()

    def action_open_answers(self):
        """Open what was answered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_answer_action"
        )
        return action | {"domain": [("inquiry_id", "=", self.id)], "context": {}}

    @api.model
    def _open_inquiries(self, inquiries):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_inquiry_action"
        )
        if len(inquiries) == 1:
            return action | {"res_id": inquiries.id, "views": [(False, "form")]}
        return action | {"domain": [("id", "in", inquiries.ids)], "context": {}}

    def _on_state_cancelled(self, previous):
        self._resolve_items("not_applicable")

    def _on_state_answered(self, previous):
        self._write_guarded({"answered_at": self.env.cr.now().replace(microsecond=0)})
        self._resolve_items()

    def _on_state_sent(self, previous):
        self._resolve_items()

    def _prepare_item_vals(self, kind, name, description, severity="warning"):
        """Values of a work item about the question."""
        self.ensure_one()
        return {
            "kind": kind,
            "severity": severity,
            "queue_code": "patient_access",
            "dedup_key": f"{kind}:{self._name}:{self.id}",
            "name": name,
            "description": description,
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _resolve_items(self, resolution_code="fixed"):
        """The questions went on: what people were asked to do about them is done."""
        items_sudo = self.env["hc.work.item"].sudo()
        for ids in split_every(1000, self.ids):
            items_sudo.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", list(ids)),
                    ("state", "in", OPEN_STATES),
                ]
            )._resolve(resolution_code)


def _question_key(vals):
    return (
        vals["coverage_id"],
        fields.Date.to_date(vals["service_date_from"]),
        vals.get("service_types") or WHOLE_PLAN,
    )
