# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which claims are asked about, and what the question says."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..hc_x12.claim_status import ACKNOWLEDGMENT_VERSION
from ..hc_x12.inquiry import ClaimStatusRequest
from ..hc_x12.parties import Name, Provider
from ..hc_x12.plain import from_plain
from ..lifecycles import WAITING_STATES
from .hc_claim_content import CLAIM_CLASSES

_CLAIMS_PER_FILE = 1000


class HcPayer(models.Model):
    _inherit = "hc.payer"

    takes_status_requests = fields.Boolean(
        "Answers Status Requests",
        tracking=True,
        help="The payer is asked (276) about claims that it has not decided in time.",
    )
    status_request_days = fields.Integer(
        "Asked Again After (days)", default=14, help="While the payer has not decided."
    )

    _status_days_positive = models.Constraint(
        "CHECK (status_request_days BETWEEN 1 AND 365)",
        "A payer is asked again after 1 to 365 days.",
    )


class HcClaim(models.Model):
    _inherit = "hc.claim"

    status_asked_on = fields.Date("Status Asked", readonly=True, copy=False)
    question_ids = fields.One2many(
        "hc.claim.status.question", "claim_id", "Status Questions", readonly=True
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"status_asked_on"}

    def action_ask_status(self):
        """Ask the payers of the selected claims what became of them, a file per clearinghouse."""
        self.check_access("write")
        claims = self.sudo().filtered(lambda claim: claim.state in WAITING_STATES)
        if not claims:
            raise UserError(
                self.env._("None of these claims waits for its payer: there is nothing to ask.")
            )
        inquiries = claims._ask_status()
        if not inquiries:
            raise UserError(
                self.env._(
                    "Nothing was sent for these claims by a clearinghouse, so it cannot ask about "
                    "them. Ask the payer on its portal."
                )
            )
        return inquiries.with_env(self.env)._get_records_action()

    def _ask_status(self):
        """Write the questions about claims into files.

        :return: the files
        """
        inquiries = self.env["hc.claim.status.inquiry"]
        groups = self.sorted(lambda claim: (claim.payer_id.id, claim.facility_id.id, claim.id))
        for clearinghouse, claims in groups.grouped("clearinghouse_id").items():
            if clearinghouse:
                inquiries += inquiries._write_file(clearinghouse, claims)
        return inquiries

    def _cron_ask_status(self, as_of=None):
        """Scheduled Action: ask payers about claims that they have not decided in time."""
        as_of = as_of or fields.Date.context_today(self)
        payers = self.env["hc.payer"].search(
            [("takes_status_requests", "=", True), ("clearinghouse_id", "!=", False)]
        )
        parts = []
        for payer in payers:
            last_asked = as_of - timedelta(days=payer.status_request_days)
            asked_long_ago = Domain("status_asked_on", "=", False) | Domain(
                "status_asked_on", "<=", last_asked
            )
            waiting = Domain(
                [
                    ("payer_id", "=", payer.id),
                    ("state", "in", WAITING_STATES),
                    ("batch_id", "!=", False),
                    ("submitted_on", "<", as_of - timedelta(days=payer.no_response_days)),
                ]
            )
            parts.append((payer.id, self, asked_long_ago & waiting, "_ask_status"))
        self._run_in_parts(parts, batch_size=_CLAIMS_PER_FILE)

    def _prepare_status_requests(self, clearinghouse):
        """Questions about claims that were sent, by what was sent.

        :return: values of the X12 package, in the order of the claims
        """
        return [claim._prepare_status_request(clearinghouse) for claim in self.sudo()]

    def _prepare_status_request(self, clearinghouse):
        """The question about one claim; a module changes what ``super()`` returns."""
        self.ensure_one()
        sent = from_plain(CLAIM_CLASSES[self.claim_type], self.content)
        provider = sent.billing_provider
        days = self.line_ids.mapped("service_date")
        is_institutional = self.claim_type == "institutional"
        return ClaimStatusRequest(
            trace_number=self.name,
            payer=sent.coverage.payer,
            receiver=Name(clearinghouse.submitter_name, is_organization=True),
            receiver_id=clearinghouse.submitter_identifier,
            provider=Provider(name=provider.name, npi=provider.npi),
            subscriber=sent.coverage.subscriber,
            patient=sent.patient,
            payer_claim_number=self.payer_claim_number or "",
            bill_type=f"{sent.facility_type}{sent.frequency}" if is_institutional else "",
            claim_id=self.name,
            charge=sent.charge,
            service_from=min(days, default=self.service_date_from),
            service_to=max(days, default=None),
        )


class HcExchange(models.Model):
    """Questions that go out, and the answers that come back for them."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("x12_276", "Claim Status Questions (276)")],
        ondelete={"x12_276": "cascade"},
    )

    def _find_batch(self, control_number):
        """Files of questions are acknowledged as files of claims are."""
        found = super()._find_batch(control_number)
        if found or not control_number.isdecimal() or len(control_number) > 9:
            return found
        inquiries = self.env["hc.claim.status.inquiry"].search(
            [("company_id", "=", self.company_id.id), ("control_number", "=", int(control_number))]
        )
        own = inquiries.filtered(lambda each: each.clearinghouse_id.code == self.source)
        inquiries = own or inquiries
        return inquiries if len(inquiries) == 1 else found

    def _take_reports(self, reports, version):
        result = super()._take_reports(reports, version)
        if version != ACKNOWLEDGMENT_VERSION:
            self.env["hc.claim.status.question"]._note_answered(
                self, {report.trace.number for report in reports if not report.has_errors}
            )
        return result
