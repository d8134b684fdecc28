# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from ..lifecycles import CONTACT

CHANNELS = [
    ("letter", "Letter"),
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("portal", "Portal Message"),
    ("call", "Call"),
]
PURPOSES = [
    ("statement", "Statement"),
    ("reminder", "Reminder"),
    ("final_notice", "Final Notice"),
    ("pre_collection", "Pre-Collection Notice"),
    ("promise", "Promise to Pay"),
    ("plan", "Payment Plan"),
    ("dispute", "Dispute"),
    ("assistance", "Financial Assistance"),
    ("payer_follow_up", "Payer Follow-up"),
    ("other", "Other"),
]
OUTCOMES = [
    ("reached", "Spoke With the Party"),
    ("left_message", "Left a Message"),
    ("no_answer", "No Answer"),
    ("wrong_number", "Wrong Number"),
    ("refused", "Refused to Speak"),
    ("returned", "Mail Returned"),
]


class HcContact(models.Model):
    """One thing said or sent to, or received from, the party of an account.

    What goes out has a key, so that the same step of a cadence, or the same statement, never goes
    out twice. What was sent is kept as it was: its words in ``body``, its file as an attachment
    with a checksum.
    """

    _name = "hc.contact"
    _description = "Contact"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "happened_at desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": CONTACT}
    _guarded_fields = frozenset(
        {
            "account_id",
            "case_id",
            "key",
            "direction",
            "channel",
            "purpose",
            "subject",
            "body",
            "language",
            "address",
            "attachment_id",
            "checksum",
            "outcome",
            "happened_at",
            "user_id",
            "error",
            "attempts",
        }
    )

    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(
        "hc.billing.case", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="queued",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    key = fields.Char(required=True, readonly=True, copy=False)
    direction = fields.Selection(
        [("out", "To the Party"), ("in", "From the Party")],
        required=True,
        readonly=True,
        default="out",
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True, index=True)
    purpose = fields.Selection(PURPOSES, required=True, readonly=True, index=True)
    subject = fields.Char(readonly=True, groups="hc_revenue_base.group_hc_phi")
    body = fields.Html(readonly=True, groups="hc_revenue_base.group_hc_phi")
    language = fields.Char(readonly=True)
    address = fields.Char(
        "Sent To", readonly=True, groups="hc_revenue_base.group_hc_phi", help="Number or address."
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        "File",
        readonly=True,
        groups="hc_revenue_base.group_hc_phi",
        ondelete="restrict",
    )
    checksum = fields.Char("SHA-256", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True, index=True)
    happened_at = fields.Datetime(
        "When",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.cr.now().replace(microsecond=0),
    )
    user_id = fields.Many2one("res.users", "By", readonly=True, index=True)
    error = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)

    _key_unique = models.UniqueIndex("(account_id, key)", "This has gone out already.")
    # Caps on calls ask for the last contacts of an account by channel.
    _by_channel = models.Index("(account_id, channel, happened_at)")

    @api.depends("channel", "purpose", "happened_at")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for contact in self:
            contact.display_name = self.env._(
                "%(purpose)s by %(channel)s",
                purpose=purposes.get(contact.purpose, ""),
                channel=channels.get(contact.channel, "").lower(),
            )

    @api.model
    def _get_outgoing_query(self, condition):
        """What was said and sent to the parties, with its day in the office's calendar.

        The one reading of contacts for cadence and guardrails.

        :param SQL condition: over the columns of this table
        """
        return SQL(
            """
            SELECT account_id, channel, purpose, outcome, state, level_id,
                   (happened_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS day
              FROM hc_contact
             WHERE direction = 'out' AND state NOT IN ('cancelled', 'failed') AND (%s)
            """,
            str(self.env.tz),
            condition,
        )

    @api.model
    def _record(self, vals_list):
        """Enter contacts, each once by account and key; the one way in.

        :param vals_list: values with ``account_id``, ``key``, ``channel``, ``purpose`` and what
            else is known
        :return: one contact per value, in order; the known one where the key was used already
        """
        contacts_sudo = self.sudo()
        known = {
            (contact.account_id.id, contact.key): contact
            for contact in contacts_sudo.search(
                [
                    ("account_id", "in", [vals["account_id"] for vals in vals_list]),
                    ("key", "in", [vals["key"] for vals in vals_list]),
                ]
            )
        }
        new = {}
        for vals in vals_list:
            if (vals["account_id"], vals["key"]) not in known:
                new.setdefault((vals["account_id"], vals["key"]), vals)
        created = contacts_sudo.with_context(tracking_disable=True)._create_guarded(
            list(new.values())
        )
        known.update(zip(new, created.with_env(contacts_sudo.env), strict=True))
        return self.browse([known[vals["account_id"], vals["key"]].id for vals in vals_list])
