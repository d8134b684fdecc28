# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

WAITING_STATES = ("unmatched", "held")
_OUR_MODELS = ("hc.remittance", "hc.remittance.claim")
# Nothing waits of what was put aside or undone.
_CLOSED_STATES = ("ignored", "undoing", "undone")
ANSWERS_ON_FORM = 40
# Columns that the board shows even when they are empty.
_BOARD_STATES = ("held", "proven", "posting", "posted")


class HcRemittance(models.Model):
    """What the screens of a remittance show besides its own fields, and where buttons lead."""

    _inherit = "hc.remittance"

    state = fields.Selection(group_expand="_expand_states")
    posted_count = fields.Integer("Posted", compute="_compute_answer_counts")
    undone_count = fields.Integer("Undone", compute="_compute_answer_counts")
    waiting_count = fields.Integer(
        "Answers Waiting",
        compute="_compute_answer_counts",
        help="Answers that no claim was found for, or that are held.",
    )
    amount_waiting = fields.Monetary(
        "Not Posted Yet",
        compute="_compute_answer_counts",
        help="Paid by answers that are not posted yet.",
    )
    # The form shows one page: a remittance may have tens of thousands, and a form sends every id.
    first_answer_ids = fields.Many2many(
        "hc.remittance.claim", string="First Answers", compute="_compute_first_answers"
    )
    first_waiting_ids = fields.Many2many(
        "hc.remittance.claim", string="First Waiting Answers", compute="_compute_first_answers"
    )
    finding_ids = fields.One2many(
        "hc.remittance.finding", "remittance_id", "Findings", readonly=True
    )
    finding_count = fields.Integer(compute="_compute_counts")
    entry_count = fields.Integer("Number of Entries", compute="_compute_counts")
    open_work_item_count = fields.Integer("Open Work Items", compute="_compute_counts")
    can_open_file = fields.Boolean(compute="_compute_can_open_file")

    @api.model
    def _expand_states(self, states, domain):
        """Columns of the board, in the order of the life cycle: those in use and the usual ones."""
        shown = {*states, *_BOARD_STATES}
        return [code for code, _label in self._get_lifecycle("state").selection() if code in shown]

    @api.depends("state", "claim_ids.state")
    def _compute_answer_counts(self):
        counts = {}
        # The whole remittance is counted, whatever facilities its reader works for.
        for remittance, state, count, paid in (
            self.env["hc.remittance.claim"]
            .sudo()
            ._read_group(
                [("remittance_id", "in", self.ids)],
                ["remittance_id", "state"],
                ["__count", "amount_paid:sum"],
            )
        ):
            counts[remittance.id, state] = (count, paid)
        for remittance in self:
            states = () if remittance.state in _CLOSED_STATES else WAITING_STATES
            waiting = [counts.get((remittance.id, state), (0, 0.0)) for state in states]
            remittance.posted_count = counts.get((remittance.id, "posted"), (0, 0.0))[0]
            remittance.undone_count = counts.get((remittance.id, "undone"), (0, 0.0))[0]
            remittance.waiting_count = sum(count for count, _paid in waiting)
            remittance.amount_waiting = sum(paid for _count, paid in waiting)

    @api.depends("state", "claim_ids.state")
    @api.depends_context("uid")
    def _compute_first_answers(self):
        for remittance in self:
            domain = [("remittance_id", "=", remittance.id)]
            waiting = [*domain, ("state", "in", WAITING_STATES)]
            answers = self.env["hc.remittance.claim"]
            remittance.first_answer_ids = answers.search(
                domain, order="sequence", limit=ANSWERS_ON_FORM
            )
            remittance.first_waiting_ids = answers.search(
                waiting, order="sequence", limit=ANSWERS_ON_FORM
            )

    def _compute_counts(self):
        for name, model, path, domain in (
            ("finding_count", "hc.remittance.finding", "remittance_id", []),
            ("entry_count", "account.move", "hc_remittance_id", []),
        ):
            rows = (
                self.env[model]
                .sudo()
                ._read_group([(path, "in", self.ids), *domain], [path], ["__count"])
            )
            counts = {remittance.id: count for remittance, count in rows}
            for remittance in self:
                remittance[name] = counts.get(remittance.id, 0)
        for remittance in self:
            items = self.env["hc.work.item"].search_count(
                [*remittance._get_work_item_domain(), ("state", "in", OPEN_STATES)]
            )
            remittance.open_work_item_count = items

    def _get_work_item_domain(self):
        """Work items about the remittance or one of its answers."""
        self.ensure_one()
        answers = self.env["hc.remittance.claim"].sudo()._search([("remittance_id", "=", self.id)])
        return [
            "|",
            "&",
            ("res_model", "=", "hc.remittance"),
            ("res_id", "=", self.id),
            "&",
            ("res_model", "=", "hc.remittance.claim"),
            ("res_id", "in", answers),
        ]

    @api.depends_context("uid")
    @api.depends("exchange_id")
    def _compute_can_open_file(self):
        """The file holds answers of all facilities: its sender sees it, and who sees all."""
        readable = self.exchange_id._filtered_access("read")
        for remittance in self:
            remittance.can_open_file = remittance.exchange_id in readable

    def _open(self, action_name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(action_name)
        return action | {"domain": domain, "context": {}}

    def action_open_answers(self):
        """Open the answers of the remittance."""
        self.ensure_one()
        return self._open("hc_claims.hc_remittance_claim_action", [("remittance_id", "=", self.id)])

    def action_open_waiting(self):
        """Open the answers that wait for a person."""
        self.ensure_one()
        return self._open(
            "hc_claims.hc_remittance_claim_action",
            [("remittance_id", "=", self.id), ("state", "in", WAITING_STATES)],
        )

    def action_open_claims(self):
        """Open the claims that the remittance answers."""
        self.ensure_one()
        claims = self.env["hc.remittance.claim"]._search(
            [("remittance_id", "=", self.id), ("claim_id", "!=", False)]
        )
        return self._open("hc_claims.hc_claim_action", [("answer_ids", "in", claims)])

    def action_open_entries(self):
        """Open the entries that the remittance posted."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("hc_remittance_id", "=", self.id)],
        }

    def action_open_work_items(self):
        """Open the work items about the remittance and its answers."""
        self.ensure_one()
        return self._open("hc_revenue_base.hc_work_item_action", self._get_work_item_domain())

    def action_open_file(self):
        """Open the file that the remittance came in."""
        self.ensure_one()
        return self.exchange_id._get_form_action()

    def action_open_pick_payer(self):
        """Ask whose remittance it is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Whose Remittance Is It?"),
            "res_model": "hc.remittance.payer.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_remittance_id": self.id},
        }

    def _pick_payer(self, payer):
        """Say by hand who sent a held remittance, and run the controls again.

        :param payer: a payer of the same company
        :raise UserError: the remittance is not held, has a payer, or the payer is another company's
        """
        self.ensure_one()
        self.check_access("write")
        payer.check_access("read")
        remittance = self.sudo()
        remittance._lock_for_transition(["state", "payer_id"])
        if remittance.state != "held" or remittance.payer_id:
            raise UserError(self.env._("Only a held remittance without a payer is given one."))
        if payer.company_id != remittance.company_id:
            raise UserError(self.env._("The payer belongs to another company."))
        remittance._write_guarded({"payer_id": payer.id})
        remittance._log_decision(facts={"payer": payer.id, "by": "person"})
        remittance._prove_again()


class HcExchange(models.Model):
    _inherit = "hc.exchange"

    remittance_count = fields.Integer(compute="_compute_remittance_count")

    def _compute_remittance_count(self):
        counts = dict(
            self.env["hc.remittance"]._read_group(
                [("exchange_id", "in", self.ids)], ["exchange_id"], ["__count"]
            )
        )
        for exchange in self:
            exchange.remittance_count = counts.get(exchange, 0)

    def action_open_remittances(self):
        """Open the remittances that came in the file."""
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_remittance_action")
        return action | {"domain": [("exchange_id", "in", self.ids)], "context": {}}


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    def action_open_source(self):
        """An item about a remittance or an answer opens it; the case is one step from there."""
        self.ensure_one()
        if self.res_model in _OUR_MODELS and self.res_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": self.res_model,
                "res_id": self.res_id,
                "views": [(False, "form")],
            }
        return super().action_open_source()
