# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..hc_dunning_core.holds import AMOUNT, HOLD_KINDS, LEGAL_KINDS
from ..lifecycles import COLLECTION_HOLD

# So many cases are named before the name of a hold is cut short.
_NAMED_CASES = 3


class HcCollectionHold(models.Model):
    """What stops the follow-up of an account or of some cases: a reason, an owner and an end.

    Holds that follow from another record (a promise, a plan, a dispute) are placed and released
    by it; people place the others and release them with a reason. Nothing is sent under a hold.
    """

    _name = "hc.collection.hold"
    _description = "Collection Hold"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "state, date_from desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": COLLECTION_HOLD}
    _guarded_fields = frozenset(
        {
            "account_id",
            "case_ids",
            "case_key",
            "kind",
            "amount",
            "reason",
            "date_from",
            "date_to",
            "owner_id",
            "source_model",
            "source_id",
            "release_reason",
            "released_on",
        }
    )

    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_ids = fields.Many2many(
        "hc.billing.case",
        "hc_collection_hold_case_rel",
        "hold_id",
        "case_id",
        string="Cases",
        readonly=True,
        help="Empty: the whole account, whatever is billed later.",
    )
    # The ids of the cases in order: the unique index cannot look into the relation.
    case_key = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="active",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    kind = fields.Selection(
        [(kind.code, kind.name) for kind in HOLD_KINDS.values()],
        required=True,
        readonly=True,
        index=True,
    )
    amount = fields.Monetary(
        "Amount Held", readonly=True, help="0: all that is owed; else only the disputed part."
    )
    reason = fields.Char(required=True, readonly=True)
    date_from = fields.Date("Since", required=True, readonly=True)
    date_to = fields.Date("Until", readonly=True, help="Empty: until somebody releases it.")
    owner_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(
        "Because Of", model_field="source_model", readonly=True, index="btree_not_null"
    )
    release_reason = fields.Char(readonly=True, copy=False)
    released_on = fields.Date("Ended On", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(account_id, kind, coalesce(case_key, ''), coalesce(source_model, ''),"
        " coalesce(source_id, 0)) WHERE state = 'active'",
        "The account has this hold already.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The hold ends before it begins."
    )

    @api.constrains("account_id", "case_ids")
    def _check_cases(self):
        for hold in self.sudo():
            for case in hold.case_ids:
                guarantor = case.patient_id.guarantor_id or case.patient_id
                parties = (guarantor.partner_id, case.payer_id.partner_id)
                if hold.account_id.partner_id not in parties:
                    raise ValidationError(
                        self.env._(
                            "%(case)s is not on account %(account)s.",
                            case=case.name,
                            account=hold.account_id.name,
                        )
                    )

    @api.depends("kind", "account_id", "case_ids")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for hold in self:
            hold_sudo = hold.sudo()
            places = hold_sudo.case_ids.mapped("name") or [hold_sudo.account_id.name]
            more = "…" if len(places) > _NAMED_CASES else ""
            place = ", ".join(places[:_NAMED_CASES])
            hold.display_name = f"{kinds.get(hold.kind, '')}, {place}{more}"

    @api.model
    def _place(self, account, kind, reason, *, cases=None, source=None, **values):
        """Place a hold, once while it is active; the one way in.

        :param account: whose follow-up stops
        :param str kind: one of the kinds of the ``kind`` field
        :param cases: stops these cases alone; what is billed later is followed up
        :param source: the record from which the hold follows
        :param values: ``amount``, ``date_from``, ``date_to``, ``owner_id``
        :return: the hold, an active one of the same cause where there is one
        """
        cases = cases or self.env["hc.billing.case"]
        self._check_kind(kind, cases, values)
        vals = {
            "account_id": account.id,
            "kind": kind,
            "reason": reason,
            "case_ids": [Command.set(cases.ids)],
            "case_key": ",".join(map(str, sorted(cases.ids))) or False,
            "source_model": source._name if source else False,
            "source_id": source.id if source else False,
            "owner_id": self.env.uid,
            "date_from": fields.Date.context_today(self),
            **values,
        }
        same = ("account_id", "kind", "case_key", "source_model", "source_id")
        domain = [(name, "=", vals[name]) for name in same]
        known = self.sudo().search([*domain, ("state", "=", "active")], limit=1)
        if known:
            return known
        hold = self.sudo()._create_guarded([vals])
        hold._after_placing()
        return hold

    def _after_placing(self):
        """What follows elsewhere from new holds; extended by whoever acts on the accounts."""

    @api.model
    def _check_kind(self, kind, cases, values):
        """Refuse a hold without what its kind needs.

        :raise UserError: the last day or the disputed amount is missing, an amount is held of
            several cases, or a legal hold would end by itself: a supervisor has to release it
        """
        declared = HOLD_KINDS[kind]
        if kind in LEGAL_KINDS and values.get("date_to"):
            raise UserError(
                self.env._(
                    "“%(kind)s” has no last day: a supervisor releases it. Leave “Until” empty.",
                    kind=declared.name,
                )
            )
        if declared.needs_end and not values.get("date_to"):
            raise UserError(
                self.env._("“%(kind)s” needs a last day: enter until when.", kind=declared.name)
            )
        if AMOUNT in declared.stops and not values.get("amount"):
            raise UserError(
                self.env._("“%(kind)s” needs the amount that is held.", kind=declared.name)
            )
        if AMOUNT in declared.stops and len(cases) > 1:
            raise UserError(
                self.env._(
                    "“%(kind)s” holds an amount of one case: place one hold per case.",
                    kind=declared.name,
                )
            )

    def _release(self, reason):
        """End holds for a reason."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the hold ends."))
        self._write_guarded(
            {"release_reason": reason, "released_on": fields.Date.context_today(self)}
        )
        self._transition("released", reason=reason)

    @api.model
    def _release_of(self, source, reason):
        """End the active holds that follow from a record."""
        holds = self.sudo().search(
            [
                ("source_model", "=", source._name),
                ("source_id", "in", source.ids),
                ("state", "=", "active"),
            ]
        )
        if holds:
            holds._release(reason)
        return holds

    @api.model
    def _cron_expire(self):
        """End the holds whose last day has passed."""
        self._run_at_offices(
            lambda holds: [
                ("state", "=", "active"),
                ("date_to", "<", fields.Date.context_today(holds)),
                # A legal hold that was given a last day nevertheless waits for a supervisor.
                ("kind", "not in", list(LEGAL_KINDS)),
            ],
            "_expire",
        )

    def _expire(self):
        self._write_guarded({"released_on": fields.Date.context_today(self)})
        self._transition("expired", reason=self.env._("its last day has passed"))
