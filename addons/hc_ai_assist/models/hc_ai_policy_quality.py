# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models

from ..hc_ai_core.drift import fact_drifts, value_drift

# The latest so many suggestions before, and since, it learned are compared.
_WINDOW = 1_000
_NOW_DAYS = 30
_DECIDED = ("accepted", "edited", "rejected")


class HcAiPolicy(models.Model):
    """Whether advice is still as good as when it went live; if not, people are told.

    What is too often wrong goes back to shadow by itself: the system may take advice away, never
    give it.
    """

    _name = "hc.ai.policy"
    _inherit = ["hc.ai.policy", "hc.batch.mixin"]

    drift_threshold = fields.Float(
        "Alarm Above (PSI)",
        default=0.25,
        required=True,
        tracking=True,
        help="Population stability index between what was learned from and the last 30 days. "
        "Below 0.1 nothing has changed, above 0.25 much has.",
    )
    drift_facts = fields.Float("Drift of Facts (PSI)", readonly=True, copy=False, digits=(6, 3))
    drift_fact_name = fields.Char("Fact That Moved Most", readonly=True, copy=False)
    drift_values = fields.Float(
        "Drift of Proposals (PSI)", readonly=True, copy=False, digits=(6, 3)
    )
    is_drifted = fields.Boolean("Has Drifted", readonly=True, copy=False)
    drift_checked_at = fields.Datetime("Drift Checked On", readonly=True, copy=False)
    least_accuracy = fields.Float(
        "Back to Shadow Below",
        default=0.6,
        required=True,
        tracking=True,
        help="Where fewer of the last decided suggestions were accepted, it goes back to shadow.",
    )
    accuracy_count = fields.Integer(
        "Counted Over", default=50, required=True, help="How many of the last decided count."
    )
    override_days = fields.Integer(
        "Overridden Within (days)",
        default=14,
        required=True,
        help="Another value written so soon after accepting counts as a wrong suggestion.",
    )
    live_since = fields.Datetime(readonly=True, copy=False)

    _quality_bounded = models.Constraint(
        "CHECK (drift_threshold > 0 AND least_accuracy BETWEEN 0 AND 1"
        " AND accuracy_count BETWEEN 10 AND 1000 AND override_days BETWEEN 1 AND 90)",
        "The drift threshold is above 0, the accuracy between 0 and 1, counted over 10 to 1,000 "
        "suggestions, and 1 to 90 days for overriding.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "drift_facts",
            "drift_fact_name",
            "drift_values",
            "drift_checked_at",
            "is_drifted",
            "live_since",
        }

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        if target == "live":
            vals["live_since"] = self.env.cr.now().replace(microsecond=0)
        return vals

    @api.model
    def _cron_check_quality(self):
        """Scheduled Action: note what was overridden, look for drift, take back what is wrong."""
        self._run_in_batches([("mode", "in", ("shadow", "live"))], "_check_quality", batch_size=1)

    def _check_quality(self):
        """One policy a commit; checking again finds the same."""
        now = self.env.cr.now()
        for policy in self:
            policy._note_overrides(now)
            policy._check_drift(now)
            policy._check_accuracy()
            policy._note_worked("_check_quality")

    def _note_overrides(self, as_of):
        """Note where another value was written soon after accepting.

        :param datetime as_of: now
        """
        self.ensure_one()
        suggestions = self.env["hc.ai.suggestion"].search(
            [
                ("policy_id", "=", self.id),
                ("state", "in", ("accepted", "edited")),
                ("overridden_at", "=", False),
                ("decided_at", ">", as_of - timedelta(days=self.override_days)),
            ]
        )
        records = self._as_responsible().browse(suggestions.mapped("res_id")).exists()
        values = {
            record.id: self._read_value(record) for record in records._filtered_access("read")
        }
        suggestions.filtered(
            lambda each: each.res_id in values and values[each.res_id] != each.final_value
        )._write_guarded({"overridden_at": as_of.replace(microsecond=0)})

    def _check_drift(self, as_of):
        """Compare what was learned from with the last days; people are told, and told no more.

        :param datetime as_of: now
        """
        self.ensure_one()
        if not self.trained_at:
            return
        before = self._get_window([("create_date", "<=", self.trained_at)])
        now = self._get_window(
            [
                ("create_date", ">", self.trained_at),
                ("create_date", ">", as_of - timedelta(days=_NOW_DAYS)),
            ]
        )
        drifts = fact_drifts(
            before.mapped(lambda each: each.facts or {}), now.mapped(lambda each: each.facts or {})
        )
        values = value_drift(
            self.env._("proposed value"),
            before.filtered("value").mapped("value"),
            now.filtered("value").mapped("value"),
        )
        moved = [each for each in (*drifts, values) if each and each.is_above(self.drift_threshold)]
        self.sudo()._write_guarded(
            {
                "is_drifted": bool(moved),
                "drift_facts": drifts[0].stability if drifts else 0.0,
                "drift_fact_name": drifts[0].name if drifts else False,
                "drift_values": values.stability if values else 0.0,
                "drift_checked_at": as_of.replace(microsecond=0),
            }
        )
        self._tell(
            "ai_drift",
            self.env._("AI: facts have changed for %(policy)s", policy=self.display_name),
            moved
            and self.env._(
                "Since it learned, this has moved: %(moved)s (population stability index; the "
                "alarm stands at %(threshold)s). Look whether the work has changed; let it learn "
                "anew, or switch it off.",
                moved=", ".join(f"{each.name} {each.stability:.2f}" for each in moved),
                threshold=self.drift_threshold,
            ),
        )

    def _get_window(self, domain):
        """The latest suggestions of a time whose facts are still there."""
        return self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.id), ("purged_at", "=", False), *domain],
            order="id desc",
            limit=_WINDOW,
        )

    def _get_live_accuracy(self):
        """How many of the last were decided since it went live, and the share that was right."""
        self.ensure_one()
        domain = [("policy_id", "=", self.id), ("state", "in", _DECIDED)]
        if self.live_since:
            domain.append(("decided_at", ">=", self.live_since))
        decided = self.env["hc.ai.suggestion"].search(
            domain, order="decided_at desc, id desc", limit=self.accuracy_count
        )
        right = decided.filtered(lambda each: each.state == "accepted" and not each.overridden_at)
        return len(decided), (len(right) / len(decided) if decided else 0.0)

    def _check_accuracy(self):
        """Back to shadow where too few of the last suggestions were right."""
        self.ensure_one()
        if self.mode != "live":
            return
        count, share = self._get_live_accuracy()
        if count < self.accuracy_count or share >= self.least_accuracy:
            self._tell("ai_fallback", "", False)
            return
        reason = self.env._(
            "%(percent)s %% of the last %(count)s were right; %(least)s %% are needed",
            percent=round(100 * share),
            count=count,
            least=round(100 * self.least_accuracy),
        )
        policy_sudo = self.sudo()
        policy_sudo._transition("shadow", reason=reason)
        policy_sudo._get_pending()._transition("superseded", reason=reason)
        self._tell(
            "ai_fallback",
            self.env._("AI: %(policy)s went back to shadow", policy=self.display_name),
            self.env._(
                "%(reason)s. Nobody sees its advice until it goes live again.", reason=reason
            ),
        )

    def _on_batch_error(self, method_name, message):
        """A failure of one policy is told; the others had their turn."""
        result = super()._on_batch_error(method_name, message)
        self._tell(
            "ai_failed",
            self.env._("AI: %(policy)s failed", policy=self.display_name),
            self.env._("%(work)s: %(message)s", work=method_name.strip("_"), message=message),
            part=method_name,
        )
        return result

    def _note_worked(self, method_name):
        """What failed before works again: its work item is over."""
        self._tell("ai_failed", "", False, part=method_name)

    def _tell(self, kind, name, description, part=""):
        """Open a work item, or resolve the open one where there is nothing to tell any more."""
        key = f"{kind}:{self.id}" + (f":{part}" if part else "")
        items_sudo = self.env["hc.work.item"].sudo().with_company(self.company_id)
        if not description:
            items_sudo.search(
                [("dedup_key", "=", key), ("company_id", "=", self.company_id.id)]
            )._resolve("fixed")
            return
        items_sudo._open(
            [
                {
                    "kind": kind,
                    "queue_code": "operations",
                    "dedup_key": key,
                    "name": name,
                    "description": description,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                    "severity": "warning",
                }
            ]
        )
