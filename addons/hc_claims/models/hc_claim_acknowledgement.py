# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What acknowledgements do to claims and files."""

from odoo import models

# An answer on a file is about claims of which nobody has heard yet.
_UNHEARD_STATES = ("submitted",)
_MOVES = ("received", "accepted", "rejected", "pending", "information_requested")
_DECISIVE = ("accepted", "rejected")


class HcClaim(models.Model):
    _inherit = "hc.claim"

    def _follow_statuses(self, statuses):
        """Move claims as new statuses say; late, early and repeated ones do no harm.

        :param statuses: new rows of ``hc.claim.status`` about these claims
        """
        by_target = {target: self.browse() for target in _MOVES}
        facts = {}
        for claim, rows in statuses.grouped("claim_id").items():
            outcome = rows._get_outcome()
            if outcome in by_target and claim._is_news(rows, outcome):
                by_target[outcome] += claim
                facts[claim.id] = rows._get_facts()
        for target, claims in by_target.items():
            claims._transition_where_allowed(target, facts={"by_id": facts})

    def _is_news(self, rows, outcome):
        """Whether no later acceptance or rejection is on record."""
        if outcome not in _DECISIVE:
            return True
        dates = [row.effective_on for row in rows if row.effective_on]
        others = (self.status_ids - rows).filtered(lambda row: row.outcome in _DECISIVE)
        later = [row.effective_on for row in others if row.effective_on]
        return not dates or not later or max(dates) >= max(later)

    def _on_state_accepted(self, previous):
        self._resolve_work_items("fixed", ("claim_rejected", "claim_no_response"))

    def _on_state_received(self, previous):
        self._resolve_work_items("fixed", ("claim_no_response",))

    def _on_state_rejected(self, previous):
        """A rejected claim never reached adjudication: it is to be mended before the deadline."""
        self._resolve_work_items("superseded", ("claim_no_response", "claim_stalled"))
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_rejected",
                    self.env._("%(claim)s was rejected", claim=claim.name),
                    claim._describe_rejection(),
                )
                for claim in self
            ]
        )

    def _describe_rejection(self):
        self.ensure_one()
        rejections = self.status_ids.filtered(lambda row: row.outcome == "rejected")
        lines = [row.display_name for row in rejections]
        deadline = self.filing_deadline
        if deadline:
            lines.append(
                self.env._(
                    "A rejection does not stop the filing clock: file by %(day)s.", day=deadline
                )
            )
        return "\n".join(lines)

    def _open_information_items(self):
        """Automation Rule: what a payer asks for becomes a task of those who keep the records."""
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_information",
                    self.env._("%(claim)s: the payer asks for information", claim=claim.name),
                    self.env._("Send what the payer asks for, then note it on the claim."),
                    queue_code="him",
                )
                for claim in self
            ]
        )


class HcClaimStatus(models.Model):
    _inherit = "hc.claim.status"

    def _get_outcome(self):
        """What several statuses of one message mean together: the worst of them counts."""
        outcomes = set(self.mapped("outcome"))
        worst_first = ("rejected", "information_requested", "pending", "accepted", "received")
        return next((each for each in worst_first if each in outcomes), "other")

    def _get_facts(self):
        """Facts of a move for the log: codes only."""
        return {
            "statuses": sorted(
                ":".join(filter(None, (row.origin, row.category, row.status_code))) for row in self
            ),
            "exchange": self.exchange_id.ids[0] if self.exchange_id else 0,
        }


class HcClaimBatch(models.Model):
    _inherit = "hc.claim.batch"

    def _follow_interchange(self, is_accepted, exchange, category, code):
        """Take a TA1: a rejected interchange was thrown away, with all its claims."""
        self.ensure_one()
        vals = self._prepare_status_vals("ta1", is_accepted, exchange, category, code)
        if not self.env["hc.claim.status"]._note([vals]):
            return
        self._note_acknowledged()
        if not is_accepted:
            self._reject_claims(self.claim_ids, "ta1", exchange, category, {"": code})
            self._end_as("rejected", exchange)

    def _follow_group(self, is_accepted, exchange, category, codes, rejected):
        """Take a 999: the claims of rejected transaction sets were thrown away.

        :param bool is_accepted: whether the group as a whole was taken
        :param str category: AK901
        :param str codes: of errors of the group
        :param dict rejected: ``{ST02: codes}`` of the rejected sets
        """
        self.ensure_one()
        vals = self._prepare_status_vals("999", is_accepted, exchange, category, codes)
        if not self.env["hc.claim.status"]._note([vals]):
            return
        self._note_acknowledged()
        is_lost = category in ("R", "M", "W", "X") or len(rejected) >= self.transaction_count
        lost = self.claim_ids
        if not is_lost:
            lost = lost.filtered(lambda claim: claim.transaction_number in rejected)
        self._reject_claims(lost, "999", exchange, category, rejected)
        if is_lost:
            self._end_as("rejected", exchange)
        else:
            self._end_as("partly_rejected" if rejected or not is_accepted else "accepted", exchange)

    def _prepare_status_vals(self, origin, is_accepted, exchange, category, code):
        return {
            "batch_id": self.id,
            "company_id": self.company_id.id,
            "exchange_id": exchange.id,
            "origin": origin,
            "outcome": "accepted" if is_accepted else "rejected",
            "category": category,
            "status_code": code,
        }

    def _note_acknowledged(self):
        result = super()._note_acknowledged()
        self._resolve_file_items()
        return result

    def _reject_claims(self, claims, origin, exchange, category, codes):
        """Reject claims that were thrown away with their file or transaction set."""
        claims = claims.filtered(lambda claim: claim.state in _UNHEARD_STATES)
        statuses = self.env["hc.claim.status"]._note(
            [
                {
                    **self._prepare_status_vals(origin, False, exchange, category, ""),
                    "claim_id": claim.id,
                    "facility_id": claim.facility_id.id,
                    "status_code": codes.get(claim.transaction_number) or codes.get("") or "",
                }
                for claim in claims
            ]
        )
        claims.invalidate_recordset(["status_ids"], flush=False)
        claims._follow_statuses(statuses)

    def _end_as(self, target, exchange):
        moved, _there, _wrong = self._transition_where_allowed(
            target, facts={"exchange": exchange.id}
        )
        if moved and target != "accepted":
            self._open_file_item(
                target,
                self.env._("%(batch)s was rejected", batch=self.name)
                if target == "rejected"
                else self.env._("%(batch)s was rejected in part", batch=self.name),
                self.env._(
                    "The clearinghouse did not take %(count)s claim(s). They are rejected, not "
                    "denied: mend what the acknowledgement names and send them again.",
                    count=len(self.claim_ids.filtered(lambda claim: claim.state == "rejected")),
                ),
                severity="critical",
            )
