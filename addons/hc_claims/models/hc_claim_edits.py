# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Edits: what must be in order before a claim is sent."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP
from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..hc_x12.findings import ERROR
from .hc_claim_file import check_contents
from .hc_claim_labels import EDI_QUEUE, label_of, queue_of


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a claim cannot be sent: code of the edit, reason, and the queue that can mend it."""

    code: str
    message: str
    queue: str = EDI_QUEUE


class HcClaim(models.Model):
    _inherit = "hc.claim"

    objections = fields.Json(readonly=True, copy=False, groups=f"{PHI_GROUP},{CLINICAL_GROUP}")
    objection_text = fields.Text(
        "Why It Is Held",
        compute="_compute_objection_text",
        groups=f"{PHI_GROUP},{CLINICAL_GROUP}",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"objections"}

    @api.depends("objections")
    def _compute_objection_text(self):
        for claim in self:
            claim.objection_text = "\n".join(each["message"] for each in claim.objections or [])

    def action_run_edits(self):
        """Check the claims again, and make those ready to which nothing objects."""
        self.check_access("write")
        claims_sudo = self.sudo()
        waiting = claims_sudo.filtered(lambda claim: claim.state in ("draft", "held", "ready"))
        if not waiting:
            raise UserError(self.env._("Only claims that were not sent yet are checked again."))
        waiting._run_edits()
        held = waiting.filtered(lambda claim: claim.state == "held")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if held else "success",
                "message": self.env._(
                    "%(ready)s claim(s) ready, %(held)s held.",
                    ready=len(waiting) - len(held),
                    held=len(held),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _run_edits(self):
        """Move claims that were not sent to *ready* or *held*, with the reasons."""
        claims = self.filtered(lambda claim: claim.state in ("draft", "held", "ready"))
        if not claims:
            return
        claims._lock_for_transition(["state"])
        claims = claims.filtered(lambda claim: claim.state in ("draft", "held", "ready"))
        claims._follow_objections(claims._get_objections())

    def _follow_objections(self, objections):
        """Hold the claims that something objects to, make the others ready.

        :param objections: ``{claim id: [Objection]}``, claims without any left out
        """
        objecting = self.filtered(lambda claim: claim.id in objections)
        clear = self - objecting
        clear.filtered(lambda claim: claim.state == "held")._transition("draft")
        clear.filtered(lambda claim: claim.state == "draft")._transition("ready")
        objecting.filtered(lambda claim: claim.state == "ready")._transition("draft")
        objecting.filtered(lambda claim: claim.state == "draft")._transition(
            "held",
            facts={
                "by_id": {
                    claim.id: {"edits": sorted({each.code for each in objections[claim.id]})}
                    for claim in objecting
                }
            },
        )
        clear.filtered("objections")._write_guarded({"objections": False})
        clear._resolve_work_items("fixed", ("claim_held",))
        for claim in objecting:
            plain = [
                {"code": each.code, "message": each.message, "queue": each.queue}
                for each in objections[claim.id]
            ]
            if claim.objections != plain:
                claim._write_guarded({"objections": plain})
        objecting._open_held_items(objections)

    def _get_objections(self):
        """What objects to the claims, set-wise; a module adds its own edits to ``super()``.

        :return: ``{claim id: [Objection]}``
        """
        found = defaultdict(list)
        as_of = fields.Date.context_today(self)
        for claim in self:
            found[claim.id] += claim._get_own_objections(as_of)
        for claim_id, objections in self._get_readiness_objections(as_of).items():
            found[claim_id] += objections
        for claim_id, objections in self._get_content_objections(self._prepare_contents()).items():
            found[claim_id] += objections
        return {claim_id: objections for claim_id, objections in found.items() if objections}

    def _get_own_objections(self, as_of):
        """Edits that need no dataclass: partner, form, deadline, review."""
        payer = self.payer_id
        if not payer.clearinghouse_id.active:
            yield Objection(
                "no_clearinghouse",
                self.env._(
                    "%(payer)s has no clearinghouse: enter it on the payer.", payer=payer.name
                ),
            )
        accepts = payer[f"accepts_{self.claim_type}_claims"]
        if not accepts:
            yield Objection(
                "form_not_accepted",
                self.env._("%(payer)s takes no claims of this form.", payer=payer.name),
                "billing",
            )
        if self.filing_deadline and as_of > self.filing_deadline:
            yield Objection(
                "filing_deadline",
                self.env._(
                    "The last day to file was %(day)s. Ask for an exception, or void the claim.",
                    day=fields.Date.to_string(self.filing_deadline),
                ),
                "billing",
            )
        if self.frequency != "1" and not self._get_original_number():
            yield Objection(
                "original_number",
                self.env._("The payer's number of the claim that this one corrects is unknown."),
            )

    def _get_readiness_objections(self, as_of):
        """What the readiness rules say about the cases now, where an original asks its payer.

        Of a new claim the answer is known: this transaction found its case ready.
        """
        asking = self.filtered(lambda claim: claim.payer_order == "1" and claim.frequency == "1")
        new = asking.filtered(lambda claim: claim.state == "draft").case_id
        fresh_ids = self.env["hc.readiness.evaluation"]._get_ready_case_ids(new)
        verdicts = asking.case_id.filtered(lambda case: case.id not in fresh_ids)._evaluate(as_of)
        found = {}
        for claim in asking:
            verdict = verdicts.get(claim.case_id.id)
            if verdict is not None:
                found[claim.id] = [
                    Objection(
                        result.code,
                        result.message or self.env._("Rule %(code)s erred.", code=result.code),
                        self._get_rule_queue(verdict, result.code),
                    )
                    for result in verdict.evaluation.findings
                    if result.blocks and result.code not in verdict.overrides
                ]
        return found

    def _get_rule_queue(self, verdict, code):
        queue = self.env["hc.work.queue"].sudo().browse(verdict.compiled.info[code].queue_id)
        return queue.code or "billing"

    def _get_content_objections(self, contents):
        """What the writer of the files objects to.

        :param contents: ``{claim id: dataclass}``
        """
        ids = {content.claim_id: claim_id for claim_id, content in contents.items()}
        found = defaultdict(list)
        for finding in check_contents(contents.values()):
            if finding.severity == ERROR:
                path, _colon, text = finding.message.partition(": ")
                message = f"{label_of(path, self.env)}: {text}"
                known = found[ids[finding.claim]]
                if message not in (each.message for each in known):
                    known.append(Objection(finding.code, message, queue_of(path)))
        return found

    def _open_held_items(self, objections):
        """One work item per held claim, in the queue that can mend the first reason."""
        without_setup = self.filtered(
            lambda claim: not any(each.code == "no_clearinghouse" for each in objections[claim.id])
        )
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_held",
                    self.env._("%(claim)s is held", claim=claim.name),
                    "\n".join(each.message for each in objections[claim.id]),
                    queue_code=objections[claim.id][0].queue,
                )
                for claim in without_setup
            ]
        )
        (self - without_setup).payer_id._open_setup_items()

    def _prepare_work_item_vals(
        self, kind, name, description, queue_code=EDI_QUEUE, key="", **values
    ):
        """Values of a work item about the claim; open once per kind and key.

        :param str queue_code: who can solve it
        :param str key: what tells causes of one kind apart
        """
        self.ensure_one()
        return {
            "kind": kind,
            "queue_code": queue_code,
            "dedup_key": f"{kind}:{self.id}:{key}",
            "name": name,
            "description": description,
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id,
            "case_id": self.case_id.id,
            "res_model": self._name,
            "res_id": self.id,
            **values,
        }

    def _get_open_work_items(self, kinds=None):
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("state", "in", OPEN_STATES),
        ]
        if kinds:
            domain.append(("kind", "in", kinds))
        return self.env["hc.work.item"].sudo().search(domain)

    def _resolve_work_items(self, resolution_code, kinds=None):
        """Resolve open work items about the claims, of some kinds or of all."""
        self._get_open_work_items(kinds)._resolve(resolution_code)

    def _cron_recheck_held(self):
        """Scheduled Action: check held claims again, whose cause may be gone."""
        self._run_in_batches(Domain("state", "in", ("draft", "held")), "_run_edits")

    def _on_batch_error(self, method_name, message):
        self.env["hc.work.item"]._open(
            [
                self._prepare_work_item_vals(
                    "claim_failed",
                    self.env._("%(claim)s could not be worked on", claim=self.name),
                    message,
                    key=method_name,
                )
            ]
        )
