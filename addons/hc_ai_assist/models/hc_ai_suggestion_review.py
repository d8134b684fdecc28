# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

_LAST_ID = 2**31 - 1


class HcAiSuggestion(models.Model):
    """What people do with suggestions, and the panel in which they see them."""

    _inherit = "hc.ai.suggestion"

    def action_accept(self):
        """Write the proposed value, as the person who accepts it."""
        for suggestion in self:
            suggestion._decide("accepted", suggestion.value)

    def action_accept_other(self, value):
        """Write another value instead.

        :param str value: as text; of a record its id
        """
        self.ensure_one()
        self._decide("accepted" if value == self.value else "edited", value)

    def action_reject(self, reason=False):
        """Leave the record as it is.

        :param str reason: why, in a few words
        """
        if reason and not isinstance(reason, str):
            raise UserError(self.env._("Give the reason in words."))
        for suggestion in self:
            suggestion._check_reviewer(suggestion._get_writable_record())
            suggestion._close("rejected", False, reason)

    def action_open_record(self):
        """Open the record that it is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _decide(self, target, value):
        """Close the suggestion and write the value through the record's own method.

        :raise UserError: it was decided already, the record has moved, or the value is none of
            those that may be proposed
        :raise AccessError: the user may not write the record
        """
        self.ensure_one()
        record = self._get_writable_record()
        field = self._check_reviewer(record)
        if field is None:
            raise UserError(self.env._("Nothing can be proposed for this field any more."))
        try:
            if not isinstance(value, str) or "\0" in value:
                raise ValueError("no text")
            parsed = field.parse(value)
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is none of the values to choose from.", value=value)
            ) from None
        self._close(target, value, False)
        record._review_apply({self.field_name: parsed}, self.token)

    def _check_reviewer(self, record):
        """The field, if the user is one of those who decide about it; None where it is gone.

        :raise AccessError: others decide about it; to reject is to decide as well
        """
        field = record._review_fields().get(self.field_name)
        group = field.reviewer_group if field else ""
        if group and not self.env.user.has_group(group):
            raise self.env["hc.refused.attempt"]._refuse(
                record,
                "review",
                self.env._("%(field)s is decided by others. Ask your lead.", field=field.label),
                reason=self.field_name,
            )
        return field

    def _get_writable_record(self):
        """The record, if the user may write it; who reviews must be able to do it by hand."""
        self.check_access("read")
        record = self._get_record()
        if not record:
            raise UserError(self.env._("The record that this is about is gone."))
        record.check_access("write")
        return record

    def _close(self, target, value, reason):
        self.sudo()._transition(
            target,
            reason=reason or None,
            facts={"field": self.field_name, "policy": self.policy_id.id},
        )
        self.sudo()._write_guarded(
            {
                "reviewer_id": self.env.uid,
                "decided_at": self.env.cr.now().replace(microsecond=0),
                "final_value": value or False,
                "reject_reason": (reason or "")[:200] or False,
            }
        )

    def _note_outcome(self, value, as_of):
        """Note what stands in the field by now."""
        self.sudo()._write_guarded(
            {"outcome_value": value, "outcome_at": as_of.replace(microsecond=0)}
        )

    @api.model
    def _cron_expire(self):
        """Scheduled Action: what nobody decided in time goes away; what is new gets a policy."""
        self.env["hc.ai.policy"]._offer_missing()
        now = self.env.cr.now()
        policies = self.env["hc.ai.policy"].sudo().search([("id", ">", 0)])
        for policy in policies:
            limit = now - timedelta(days=policy.patience_days)
            self.sudo().search(
                [
                    ("policy_id", "=", policy.id),
                    ("state", "=", "pending"),
                    ("create_date", "<", limit),
                ]
            )._transition("expired")

    @api.model
    def get_panel(self, res_model, res_id):
        """What the panel of a record's form shows.

        :return: ``{"suggestions": [...], "can_ask": bool}``; nothing for whoever has switched
            suggestions off or may not write the record
        """
        record = self._get_panel_record(res_model, res_id)
        if record is None:
            return {"suggestions": [], "can_ask": False}
        pending = self.search(
            [("res_model", "=", res_model), ("res_id", "=", res_id), ("state", "=", "pending")]
        )
        token = record._get_review_token()
        policies = self._get_live_policies(record)
        return {
            "suggestions": [each._read_for_panel(record, token) for each in pending],
            "can_ask": bool(policies - pending.sudo().policy_id),
        }

    @api.model
    def ask(self, res_model, res_id):
        """Ask for advice on a record, with the rights of who asks.

        :return: as :meth:`get_panel`, with ``told``: what to say where there is no advice
        """
        record = self._get_panel_record(res_model, res_id)
        if record is None:
            raise AccessError(self.env._("There is no advice on this record for you."))
        given = self.browse()
        for policy in self._get_live_policies(record):
            # Who asks need not be able to read policies; the record comes with their rights.
            given |= policy._advise(record).with_env(self.env)
        told = ""
        if not given.filtered(lambda each: each.state == "pending"):
            told = (
                self.env._("Nothing to change: what is usual stands there already.")
                if "agrees" in given.mapped("abstained_because")
                else self.env._("No advice: it is not sure enough about this record.")
            )
        return self.get_panel(res_model, res_id) | {"told": told}

    @api.model
    def _get_panel_record(self, res_model, res_id):
        """The record, if the user is to see advice on it; else None."""
        # A boolean is an integer too, and no record has an id beyond the database's integers.
        if not isinstance(res_model, str) or type(res_id) is not int:
            return None
        if not 0 < res_id <= _LAST_ID:
            return None
        mixin = self.pool["hc.reviewable.mixin"]
        model = self.env.get(res_model)
        if not isinstance(model, mixin) or self.env.user.has_hc_ai_switched_off:
            return None
        record = model.browse(res_id).exists()
        return record if record and record.has_access("write") else None

    @api.model
    def _get_live_policies(self, record):
        """Policies whose advice on this record is shown."""
        company = record.company_id if "company_id" in record._fields else self.env.company
        names = list(record._review_fields())
        return (
            self.env["hc.ai.policy"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("res_model", "=", record._name),
                    ("field_name", "in", names),
                    ("mode", "=", "live"),
                ]
            )
        )

    def _in_percent(self, chance):
        """How sure it is, in percent; None where the figure is no chance of being right."""
        return round(100 * chance) if self.has_chance else None

    def _read_for_panel(self, record, token):
        field = record._review_fields().get(self.field_name)
        alternatives = [
            {"value": value, "label": self._describe(value), "percent": self._in_percent(chance)}
            for value, chance in self.alternatives or ()
        ]
        group = field.reviewer_group if field else ""
        return {
            "id": self.id,
            "field": self.field_label,
            "value": self.value,
            "label": self.value_label,
            "before": self.previous_label,
            "percent": self._in_percent(self.confidence),
            "reasons": self.reasons or [],
            "alternatives": alternatives,
            "is_stale": token != self.token,
            "may_decide": bool(field) and (not group or self.env.user.has_group(group)),
        }
