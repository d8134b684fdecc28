# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from .hc_contact import CHANNELS

VERDICTS = [("granted", "Agreed"), ("revoked", "Opted Out")]
SOURCES = [
    ("portal", "Portal"),
    ("call", "Said on the Telephone"),
    ("letter", "Letter or Form"),
    ("front_desk", "Front Desk"),
    ("message", "Answer to a Message"),
    ("import", "Another System"),
]


class HcContactConsent(models.Model):
    """Each agreement to be contacted by a channel, and each opt-out, as it was received.

    The last one of a channel counts from the moment it is recorded; the law would leave ten
    business days (47 CFR 64.1200(a)(10)), shown as ``honored_by``.
    """

    _name = "hc.contact.consent"
    _inherit = ["hc.append.only.mixin", "hc.phi.mixin"]
    _description = "Consent to Contact"
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _rec_name = "channel"
    _log_access = False
    _allow_sudo_commands = False

    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    verdict = fields.Selection(VERDICTS, required=True, readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    evidence = fields.Char(readonly=True, groups=PHI_GROUP, help="Where it can be looked up.")
    contact_id = fields.Many2one("hc.contact", "Message", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", "Recorded By", required=True, readonly=True, ondelete="restrict"
    )
    occurred_at = fields.Datetime("When", required=True, readonly=True)
    honored_by = fields.Date(
        "Honored By Law Until",
        readonly=True,
        help="The last day that the law leaves; sending stops at once.",
    )

    _latest = models.Index("(company_id, account_id, channel, id DESC)")

    @api.model
    def _record(self, accounts, channels, verdict, source, evidence="", contact=None):
        """Record what the parties said; the one way in.

        :param channels: codes of channels
        :param str verdict: ``granted`` or ``revoked``
        :param str source: of ``SOURCES``
        :param str evidence: where it can be looked up
        :param contact: the message that said so
        :return: the rows; none where the channel stands so already
        """
        for field_name, values in (
            ("channel", channels),
            ("verdict", [verdict]),
            ("source", [source]),
        ):
            for value in values:
                self._fields[field_name].convert_to_cache(value, self)
        now = self.env.cr.now().replace(microsecond=0)
        rows = []
        known = self._get_verdicts(accounts)
        for account in accounts.sudo():
            workdays = self.env["resource.calendar"]._hc_get_workdays(account.company_id)
            honored_by = workdays.add(fields.Date.context_today(self), 10)
            rows += [
                (
                    account.id,
                    account.company_id.id,
                    channel,
                    verdict,
                    source,
                    evidence or None,
                    contact.id if contact else None,
                    self.env.uid,
                    now,
                    honored_by if verdict == "revoked" else None,
                )
                for channel in channels
                if known.get((account.id, channel)) != verdict
            ]
        recorded = self.browse(self._insert(rows))
        if rows and verdict == "revoked":
            self.env["hc.contact"]._stop_mails(accounts)
        return recorded

    @api.model
    def _insert(self, rows):
        if not rows:
            return []
        self.env.flush_all()
        ids = self.env.execute_query(
            SQL(
                """INSERT INTO hc_contact_consent
                          (account_id, company_id, channel, verdict, source, evidence,
                           contact_id, user_id, occurred_at, honored_by)
                   VALUES %s RETURNING id""",
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self.env["hc.collection.account"].invalidate_model(["consent_ids", "consent_summary"])
        return [row[0] for row in ids]

    @api.model
    def _get_latest_query(self, company, chosen):
        """Per account the channels agreed to and those opted out of.

        :param SQL chosen: condition on ``account_id``
        """
        return SQL(
            """
            SELECT account_id,
                   array_agg(channel) FILTER (WHERE verdict = 'granted') AS opted_in,
                   array_agg(channel) FILTER (WHERE verdict = 'revoked') AS opted_out
              FROM (SELECT DISTINCT ON (account_id, channel) account_id, channel, verdict
                      FROM hc_contact_consent WHERE company_id = %s AND %s
                  ORDER BY account_id, channel, id DESC) latest
          GROUP BY account_id
            """,
            company.id,
            chosen,
        )

    @api.model
    def _get_verdicts(self, accounts):
        """``{(account id, channel): verdict}`` as they stand."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (account_id, channel) account_id, channel, verdict
                     FROM hc_contact_consent WHERE account_id = ANY(%s)
                 ORDER BY account_id, channel, id DESC""",
                accounts.ids,
            )
        )
        return {(account_id, channel): verdict for account_id, channel, verdict in rows}
