# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import lifecycles

# What an event that is entered by hand makes good.
ENTERED_KINDS = ("missing", "count", "amount", "gap")
_REFERENCE_CHARACTERS = 255


class HcIntegrationDifference(models.Model):
    """One thing in which a system's totals and what is held differ; work until it is gone."""

    _name = "hc.integration.difference"
    _description = "Difference of a Daily Proof"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "id desc"
    _rec_name = "summary"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.INTEGRATION_DIFFERENCE}
    _guarded_fields = frozenset(
        {
            "proof_id",
            "kind",
            "event_type",
            "reference",
            "told",
            "held",
            "entered_id",
            "asked_at",
            "asked_count",
            "reason",
        }
    )

    proof_id = fields.Many2one(
        "hc.integration.proof", required=True, readonly=True, index=True, ondelete="restrict"
    )
    source_id = fields.Many2one(related="proof_id.source_id", store=True, index=True)
    company_id = fields.Many2one(related="proof_id.company_id", store=True, index=True)
    day = fields.Date(related="proof_id.day", store=True)
    kind = fields.Selection(
        [
            ("missing", "Not Here"),
            ("unknown", "Not Sent by Them"),
            ("count", "Another Count"),
            ("amount", "Another Amount"),
            ("gap", "Numbers Left Out"),
            ("more", "Further Ids"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    event_type = fields.Char("Type", required=True, readonly=True)
    reference = fields.Char(
        "Which", readonly=True, help="Id of the message, or the currency, or the numbers."
    )
    told = fields.Char("They Say", readonly=True)
    held = fields.Char("We Hold", readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    entered_id = fields.Many2one(
        "hc.exchange", "Entered As", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    asked_at = fields.Datetime("Asked Again", readonly=True)
    asked_count = fields.Integer("Times Asked", readonly=True, aggregator=None)
    reason = fields.Text("Settled Because", readonly=True)
    summary = fields.Char(compute="_compute_summary")

    _finding_unique = models.UniqueIndex(
        "(proof_id, kind, event_type, reference) NULLS NOT DISTINCT",
        "This difference is on record.",
    )

    @api.depends("kind", "event_type", "reference", "told", "held")
    def _compute_summary(self):
        for difference in self:
            difference.summary = difference._describe()

    def _describe(self):
        """The difference in words."""
        self.ensure_one()
        values = {
            "type": self.event_type,
            "which": self.reference or "",
            "told": self.told or "0",
            "held": self.held or "0",
        }
        texts = {
            "missing": self.env._("%(type)s %(which)s was sent and is not here", **values),
            "unknown": self.env._("%(type)s %(which)s is here and was not sent", **values),
            "count": self.env._("%(type)s: they sent %(told)s, we hold %(held)s", **values),
            "amount": self.env._(
                "%(type)s: they say %(told)s %(which)s, we hold %(held)s", **values
            ),
            "gap": self.env._("%(type)s: numbers are left out (%(told)s)", **values),
            "more": self.env._("%(type)s: %(told)s further messages", **values),
        }
        return texts.get(self.kind, "")

    @api.model
    def _follow(self, proof, findings):
        """Make the differences of a proof those that were found: new, again, or gone.

        :param findings: :class:`~..hc_webhook_core.proof.Finding` of the day
        """
        wanted = {_key(each): each for each in findings}
        known = {
            (each.kind, each.event_type, each.reference or ""): each
            for each in proof.difference_ids
        }
        gone = changed = self.browse()
        for key, difference in known.items():
            finding = wanted.pop(key, None)
            if finding is None:
                gone += difference.filtered(lambda each: each.state == "open")
                continue
            figures = {"told": finding.told or False, "held": finding.held or False}
            is_other = any(difference[name] != value for name, value in figures.items())
            if is_other:
                difference._write_guarded(figures)
            if difference.state == "arrived" or (is_other and difference.state != "open"):
                changed += difference
        gone._transition_where_allowed("arrived")
        changed._transition_where_allowed("open")
        new = self._create_guarded(
            [
                {
                    "proof_id": proof.id,
                    "kind": kind,
                    "event_type": event_type,
                    "reference": reference or False,
                    "told": finding.told or False,
                    "held": finding.held or False,
                }
                for (kind, event_type, reference), finding in wanted.items()
            ]
        )
        (new + changed)._open_items()

    def _open_items(self):
        """Ask a person about each of them."""
        self.env["hc.work.item"]._open([each._prepare_item() for each in self])

    def _prepare_item(self):
        return {
            "kind": "proof_difference",
            "queue_code": "operations",
            "severity": "warning",
            "dedup_key": f"proof_difference:{self.id}",
            "name": self.env._(
                "%(sender)s, %(day)s: %(summary)s",
                sender=self.source_id.name,
                day=fields.Date.to_string(self.day),
                summary=self.summary,
            ),
            "description": self.env._(
                "Ask the system to send it again, enter it by hand, or settle it with a reason. "
                "It goes away by itself when the figures agree."
            ),
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _close_items(self, resolution_code):
        self.env["hc.work.item"].sudo().search(
            [
                ("kind", "=", "proof_difference"),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("open", "in_progress")),
            ]
        )._resolve(resolution_code)

    def _on_state_arrived(self, _previous):
        self._close_items("fixed")

    def _on_state_entered(self, _previous):
        self._close_items("fixed")

    def _on_state_settled(self, _previous):
        self._close_items("overridden")

    def _note_entry(self, exchange):
        """Take an event that a person entered as what was missing."""
        self.ensure_one()
        self._write_guarded({"entered_id": exchange.id})
        self._transition("entered", facts={"exchange": exchange.id})
        self.proof_id._check()

    def _settle(self, reason):
        """Settle differences that will not go away: with a reason, in the name of who does.

        :param str reason: why it is right so
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is settled: others will want to know."))
        self._write_guarded({"reason": reason.strip()})
        self._transition("settled", reason=reason.strip())
        self.proof_id.sudo()._follow_state()

    def action_enter(self):
        """Enter by hand what is missing."""
        self.ensure_one()
        action = self.source_id.action_enter_event()
        action["context"] |= {
            "default_difference_id": self.id,
            "default_event_type": f"{self.event_type}.v1",
        }
        return action

    def action_ask_again(self):
        """Ask the system for it again: by the poll where it is polled, else by an event."""
        self.check_access("write")
        now = self.env.cr.now().replace(microsecond=0)
        for count, differences in self.grouped("asked_count").items():
            differences._write_guarded({"asked_at": now, "asked_count": count + 1})
        # The log is what subscriptions read: n8n, or the system itself, is told by it.
        self._log_decision(kind="event", facts={"event": "asked_again"})
        self.proof_id._ask_poll_again()

    def action_settle(self):
        """Open the dialog that asks why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle"),
            "res_model": "hc.integration.difference.settle",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_difference_ids": self.ids},
        }


class HcIntegrationProof(models.Model):
    """How a day is asked for again."""

    _inherit = "hc.integration.proof"

    def _ask_poll_again(self):
        """Set the poll of systems that are polled back to the beginning of the day."""
        for proof in self.filtered("source_id.is_fhir_polled"):
            start, _end = proof._get_bounds()
            if proof.source_id.fhir_cursor > start:
                proof.source_id.sudo().fhir_cursor = start


def _key(finding):
    return finding.kind, finding.event_type, finding.reference[:_REFERENCE_CHARACTERS]
