# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What people do about denials: take, route, correct, appeal, write off, let be."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lifecycles import APPEAL_OPEN_STATES, DENIAL_TO_DO_STATES

_MINIMUM_REASON_LENGTH = 10


class HcDenial(models.Model):
    _inherit = "hc.denial"

    appeal_ids = fields.Many2many("hc.appeal", string="Appeals", readonly=True)

    @api.model
    def _get_guarded_fields(self):
        """The other side of an appeal's denials is guarded as they are."""
        return super()._get_guarded_fields() | {"appeal_ids"}

    def action_take(self):
        """From now on these denials are mine."""
        self.check_access("write")
        self.write({"responsible_user_id": self.env.uid})
        self.filtered(lambda denial: denial.state == "new")._transition("in_work")

    def action_route(self):
        """Put the denials into the queues of those who can solve them, and show the items."""
        self.check_access("write")
        waiting = self.filtered(lambda denial: denial.state in DENIAL_TO_DO_STATES)
        if not waiting:
            raise UserError(self.env._("Nothing is to do about these denials."))
        waiting.sudo()._open_work_items()
        items = self._get_work_items({denial._get_work_key() for denial in waiting})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_work_item_action"
        )
        return action | {"domain": [("id", "in", items.ids)], "context": {}}

    def action_open_correction(self):
        """Correct the claims and send them again, after a recorded review."""
        self._check_to_do()
        return self.claim_id.action_open_correction()

    def action_open_close(self):
        """Ask why nothing more is done about the denials."""
        self._check_to_do()
        return self._open_wizard("hc.denial.close.wizard", self.env._("Pursue No Further"))

    def action_open_write_off(self):
        """Ask what a request to write the denied amounts off needs."""
        self.check_access("write")
        return self._open_wizard(
            "hc.denial.write.off.wizard", self.env._("Request Write-Off of Denied Amounts")
        )

    def _open_wizard(self, model_name, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_denial_ids": self.ids},
        }

    def _check_to_do(self):
        self.check_access("write")
        for denial in self:
            if denial.state not in DENIAL_TO_DO_STATES:
                raise UserError(
                    self.env._(
                        "%(denial)s is %(state)s: nothing is to do about it now.",
                        denial=denial.name,
                        state=denial._get_state_label(),
                    )
                )

    def _get_state_label(self):
        return self._get_lifecycle("state").label(self.state)

    def _close_unpursued(self, reason):
        """Let denials be; what is open on the case stays open until others write it off.

        :raise UserError: nobody said why, or an act on a denial is under way
        """
        self._check_to_do()
        if len((reason or "").strip()) < _MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why nothing more is done."))
        self._close("not_pursued", reason=reason)

    # Appeal

    def action_appeal(self):
        """Open an appeal per claim against the denials."""
        self.check_access("write")
        self._check_appealable()
        appeals = self.env["hc.appeal"]
        for claim in self.claim_id:
            of_claim = self.filtered(lambda denial, claim=claim: denial.claim_id == claim)
            for level in sorted(set(of_claim.mapped("level"))):
                appeals |= appeals._open_for(
                    of_claim.filtered(lambda denial, level=level: denial.level == level)
                )
        return appeals._get_records_action(name=self.env._("Appeals"))

    def _check_appealable(self):
        """Refuse an appeal that the payer's own words, the state or the amount forbid.

        :raise UserError: with the reason
        """
        labels = dict(self._fields["no_appeal"]._description_selection(self.env))
        together = self.grouped(lambda denial: (denial.claim_id, denial.level))
        for denial in self:
            objection = False
            if not denial.is_appealable:
                objection = labels.get(denial.no_appeal)
            elif (
                denial.state not in (*DENIAL_TO_DO_STATES, "corrected")
                and not denial._get_partly_won_appeal()
            ):
                objection = denial._get_state_label()
            elif denial._get_open_appeals():
                objection = self.env._("an appeal is open already")
            else:
                objection = together[denial.claim_id, denial.level]._get_level_objection()
            if objection:
                raise UserError(
                    self.env._(
                        "%(denial)s cannot be appealed. %(reason)s.",
                        denial=denial.name,
                        reason=objection,
                    )
                )

    def _get_open_appeals(self):
        return self.sudo().appeal_ids.filtered(lambda appeal: appeal.state in APPEAL_OPEN_STATES)

    def _get_level_objection(self):
        """Why the payer has no level for another appeal; False where it has one.

        An amount in controversy is that of the request: all that goes into one appeal counts
        together (42 CFR 405.1006).

        :param self: denials of one claim and level
        """
        levels = self.env["hc.payer.deadline"]._get_levels(self.payer_id)[self.payer_id.id]
        level = levels.get(self[0].level)
        if not level and levels:
            return self.env._("All levels of appeal of this payer are exhausted")
        amount = sum(denial._get_amount_in_dispute() for denial in self)
        if level and self.currency_id.compare_amounts(amount, level.minimum_amount) < 0:
            return self.env._(
                "%(level)s takes amounts from %(amount)s",
                level=level.name,
                amount=self.currency_id.format(level.minimum_amount),
            )
        return False

    def _get_partly_won_appeal(self):
        """The appeal by which the payer pays a part; the rest can go to the next level."""
        self.ensure_one()
        last = self.sudo().appeal_ids.filtered("decided_on").sorted("level")[-1:]
        has_rest = self.state == "overturned" and last.level < self.level
        return last if has_rest else last.browse()

    def _get_amount_in_dispute(self):
        """What an appeal is about: the denied amount without what the payer conceded of it."""
        conceded = self._get_partly_won_appeal().amount_overturned
        return self.currency_id.round(self.amount_denied - conceded)

    def action_not_paid(self):
        """What the payer decided to pay, it does not pay: the denials are to do again."""
        self.check_access("write")
        for denial in self:
            if denial.state != "overturned":
                raise UserError(
                    self.env._(
                        "%(denial)s is %(state)s: no payment of an appeal that was won is awaited.",
                        denial=denial.name,
                        state=denial._get_state_label(),
                    )
                )
        self._transition("in_work", reason=self.env._("not paid as decided"))
        self._get_line_items(["denial_unpaid"])._resolve("fixed")

    def _follow(self, earlier):
        """Take the place of a denial of the same line; an appeal in draft goes on with it.

        An approved letter stays as it is, and so does what it is about.
        """
        self._write_guarded({"previous_id": earlier.id})
        if earlier.level > 1:
            self._set_level(earlier.level, earlier._get_last_decision_day() or self.denied_on)
        if not self.is_appealable:
            return
        for appeal in earlier._get_open_appeals():
            if appeal.state == "draft":
                appeal._write_guarded({"denial_ids": [(4, self.id)]})
                self._transition_where_allowed("appealed", facts={"appeal": appeal.id})

    def _get_last_decision_day(self):
        """When the payer last decided an appeal about the line; False where it never did."""
        denial = self.sudo()
        while denial:
            days = [day for day in denial.appeal_ids.mapped("decided_on") if day]
            if days:
                return max(days)
            denial = denial.previous_id
        return False
