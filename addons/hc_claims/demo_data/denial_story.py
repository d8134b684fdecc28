# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the demonstration's payers deny, and how far the specialist has come with it."""

import base64
from dataclasses import replace
from datetime import timedelta

from .remittance_story import RemittanceStory

_LETTER_DAYS = 12
_DECISION_DAYS = 3
_ANSWER_DAYS = 14
# Of Meridian's and Medicare's further answers: group, reason and remarks of the last service.
_DENIED = {
    "meridian": (("CO", "197", ()), ("CO", "197", ()), ("CO", "50", ("N115",)), ("CO", "11", ())),
    "medicare": (("CO", "16", ("MA130",)), ("CO", "50", ("N115",)), ("CO", "97", ("N211",))),
    "bluepine": (("PR", "27", ()), ("CO", "18", ()), ("CO", "29", ())),
}
_DAYS_AGO = {"meridian": 80, "medicare": 35, "bluepine": 20}


class DenialStory(RemittanceStory):
    """Denials of several categories, and appeals at every step."""

    def run(self):
        """Let payers deny, then let the specialist work."""
        self._files = 200
        for payer, denied in _DENIED.items():
            self._deny_services(payer, denied)
        self.denials = self.office.env_of("claims_specialist")["hc.denial"]
        self._take_some()
        self._appeal_and_win()
        self._appeal_and_lose()
        self._leave_appeals_open()
        self._write_one_off()

    def _deny_services(self, payer, denied):
        claims = self._get_claims(payer, 4 * len(denied))
        claims = claims.sorted("service_date_from")[: len(denied)]
        answers = []
        for claim, (group, reason, remarks) in zip(claims, denied, strict=False):
            answer = self._answer(claim)
            last = answer.parts[-1]
            last = replace(last, adjustments=((group, reason, last.charged),), remarks=remarks)
            answers.append(replace(answer, parts=(*answer.parts[:-1], last)))
        if answers:
            trace = f"DN-{payer[:3].upper()}-01"
            # Nobody answers before the service was claimed.
            latest = max(claims.mapped("service_date_from"))
            days_ago = min(_DAYS_AGO[payer], max((self.as_of - latest).days - _ANSWER_DAYS, 1))
            self._post(self._advise(payer, trace, days_ago, tuple(answers)))

    def _find(self, payer, **values):
        """A denial of a payer on which nobody works yet."""
        domain = [
            ("payer_id", "=", self.office.ref(f"payer_{payer}").id),
            ("state", "=", "new"),
            ("is_appealable", "=", True),
            *((name, "=", value) for name, value in values.items()),
        ]
        return self.denials.search(domain, order="id", limit=1)

    def _take_some(self):
        self.denials.search(
            [("state", "=", "new"), ("reason_code", "in", ("16", "29"))], order="id", limit=2
        ).action_take()

    def _appeal(self, denial):
        """A complete appeal; empty where there is no denial for it."""
        appeals = self.denials.env["hc.appeal"]
        if not denial:
            return appeals
        appeal = appeals.browse(denial.action_appeal()["res_id"])
        content = self.denials.env["hc.pdf"]._render_html(
            "<html><body><h2>Record of the visit</h2>"
            "<p>Findings, orders and results of the day of service.</p></body></html>"
        )
        appeal.evidence_ids.filtered("is_required").write(
            {"file": base64.b64encode(content), "file_name": "visit-record.pdf"}
        )
        return appeal

    def _send(self, appeal, days_ago=_LETTER_DAYS):
        day = self.as_of - timedelta(days=days_ago)
        appeal.action_approve()
        appeal._write_guarded({"letter_date": day})
        appeal._store_packet()
        appeal._submit(
            channel="portal", submitted_on=day, reference=f"PORTAL-{appeal.id:06}", late_reason=""
        )

    def _enter_decision(self, appeal, outcome, amount):
        letter = self.denials.env["hc.pdf"]._render_html(
            "<html><body><h2>Decision on your appeal</h2><p>We have looked at the claim again."
            "</p></body></html>"
        )
        appeal._decide(
            outcome,
            decided_on=self.as_of - timedelta(days=_DECISION_DAYS),
            note="The record was looked at again.",
            document=base64.b64encode(letter),
            document_name="decision.pdf",
            amount=amount,
        )

    def _appeal_and_win(self):
        appeal = self._appeal(self._find("unity", reason_code="252"))
        if appeal:
            self._send(appeal)
            self._enter_decision(appeal, "overturned", appeal.amount)

    def _appeal_and_lose(self):
        """Medicare stays with it; the second level is drafted."""
        appeal = self._appeal(self._find("medicare", reason_code="50"))
        if appeal:
            self._send(appeal)
            self._enter_decision(appeal, "upheld", 0.0)
            appeal.action_next_level()

    def _leave_appeals_open(self):
        sent = self._appeal(self._find("meridian", reason_code="50"))
        if sent:
            self._send(sent, days_ago=5)
        self._appeal(self._find("meridian", reason_code="97")).action_approve()
        waiting = self._find("meridian", reason_code="197")
        if waiting:
            waiting.action_appeal()

    def _write_one_off(self):
        """The supervisor asks for the write-off of what was filed too late."""
        denial = self.denials.search([("reason_code", "=", "18"), ("state", "=", "new")], limit=1)
        if denial:
            denial._request_write_off(
                reason_code=self.office.reason("write_off", "duplicate_service"),
                justification="The service was charged twice; the first claim was paid.",
                attachments=self.denials.env["ir.attachment"],
                idempotency_key="demonstration",
            )
