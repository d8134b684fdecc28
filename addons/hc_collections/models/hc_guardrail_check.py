# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_dunning_core.guardrails import acts

ACTS = [
    (acts.STATEMENT, "Statement"),
    (acts.FINAL_NOTICE, "Final Notice"),
    (acts.LETTER, "Letter"),
    (acts.EMAIL, "E-mail"),
    (acts.TEXT, "Text Message"),
    (acts.PORTAL, "Portal Message"),
    (acts.CALL, "Call"),
    (acts.PLACEMENT, "Placement With an Agency"),
    (acts.CREDIT_REPORT, "Credit Report"),
    (acts.CLOSE_APPLICATION, "Closing an Application"),
    (acts.BAD_DEBT_WRITE_OFF, "Write-off as Bad Debt"),
    (acts.INTEREST, "Interest"),
    *(
        (kind, kind.replace("_", " ").title())
        for kind in sorted(acts.EXTRAORDINARY - {acts.CREDIT_REPORT})
    ),
]
OUTCOMES = [
    ("allowed", "Allowed"),
    ("informed", "Noted"),
    ("warned", "Warned"),
    ("blocked", "Blocked"),
]
_COLUMNS = (
    "account_id",
    "company_id",
    "contact_id",
    "act",
    "acts_at",
    "outcome",
    "rule_code",
    "source",
    "words",
    "earliest_on",
    "earliest_at",
    "needs_review",
    "user_id",
    "occurred_at",
)


class HcGuardrailCheck(models.Model):
    """One look at the guardrails before an act: what each rule that spoke up said.

    A check in which no rule spoke up leaves one row that names the rules that were asked.
    """

    _name = "hc.guardrail.check"
    _inherit = ["hc.append.only.mixin", "hc.phi.mixin"]
    _description = "Guardrail Check"
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _rec_name = "rule_code"
    _log_access = False
    _allow_sudo_commands = False

    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    contact_id = fields.Many2one(
        "hc.contact", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    act = fields.Selection(ACTS, required=True, readonly=True)
    acts_at = fields.Datetime("Intended For", required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    rule_code = fields.Char("Rules", readonly=True)
    source = fields.Char(readonly=True)
    words = fields.Char("Why", readonly=True, groups=PHI_GROUP)
    earliest_on = fields.Date("Earliest Day", readonly=True)
    earliest_at = fields.Datetime("Earliest Moment", readonly=True)
    needs_review = fields.Boolean("Rule Needs Review", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    occurred_at = fields.Datetime("Checked", required=True, readonly=True)

    @api.model
    def _note(self, assessments):
        """Put checks on record.

        :param assessments: ``[(account, contact or None, Assessment), …]``
        """
        now = self.env.cr.now().replace(microsecond=0)
        rows = []
        for account, contact, assessment in assessments:
            act = assessment.act
            base = (
                account.id,
                account.company_id.id,
                contact.id if contact else None,
                act.kind,
                _to_utc(act.at) if act.at else datetime.combine(act.on, datetime.min.time()),
            )
            said = [each for each in assessment.verdicts if each.outcome != "allowed"]
            if not said:
                codes = ", ".join(each.rule for each in assessment.verdicts)
                rows.append((*base, "allowed", codes, *(None,) * 4, False, self.env.uid, now))
            rows += [
                (
                    *base,
                    each.outcome,
                    each.rule,
                    each.source,
                    each.words,
                    *_split_moment(each.earliest),
                    each.needs_review,
                    self.env.uid,
                    now,
                )
                for each in said
            ]
        self._insert(rows)

    @api.model
    def _insert(self, rows):
        if not rows:
            return
        # Before the rows that it refers to there are none.
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "INSERT INTO hc_guardrail_check (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )


def _to_utc(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def _split_moment(earliest):
    """A day and a moment, as far as they are known."""
    if isinstance(earliest, datetime):
        return earliest.date(), _to_utc(earliest)
    return earliest, None
