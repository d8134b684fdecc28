# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import FLAG, ID, optional, record, rows, text

_READERS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_integration",
)
_OVERSEERS = (
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_supervisor",
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_compliance",
)
_MOST = 200
_NUMBER = {"type": "number"}
_SUGGESTION = {
    "suggestion_id": ID,
    "model": text(128),
    "record_id": ID,
    "field": text(128),
    "state": text(32),
    "value": optional(text(4000)),
    "confidence": _NUMBER,
    "task": text(64),
    "created_at": text(40),
}


class HcOperation(models.AbstractModel):
    """Read suggestions, ask for one, see how policies stand.

    There is none to accept: accepting is a person's, before a screen that shows the record.
    """

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            self._define_ai_list(),
            self._define_ai_read(),
            self._define_ai_ask(),
            self._define_ai_policies(),
        ]

    @api.model
    def _define_ai_list(self):
        return OperationDefinition(
            code="ai_suggestion.list",
            version=1,
            summary=self.env._("Suggestions about records that the caller may read."),
            schema_in=record(
                (),
                model=text(128),
                state={"type": "string", "enum": self._get_ai_states()},
                after_id={"type": "integer", "minimum": 0},
                limit={"type": "integer", "minimum": 1, "maximum": _MOST},
            ),
            schema_out=record(
                ("suggestions",), suggestions=rows(record(_SUGGESTION, **_SUGGESTION), _MOST)
            ),
            groups=_READERS,
            handler="_operation_ai_list",
            is_write=False,
        )

    @api.model
    def _define_ai_read(self):
        more = {"reasons": rows(text(400), 50), "previous_value": optional(text(4000))}
        return OperationDefinition(
            code="ai_suggestion.read",
            version=1,
            summary=self.env._("One suggestion with its reasons."),
            schema_in=record(("suggestion_id",), suggestion_id=ID),
            schema_out=record((*_SUGGESTION, *more), **_SUGGESTION, **more),
            groups=_READERS,
            handler="_operation_ai_read",
            is_write=False,
        )

    @api.model
    def _define_ai_ask(self):
        return OperationDefinition(
            code="ai_suggestion.ask",
            version=1,
            summary=self.env._("Ask for advice on a record that the caller may change."),
            schema_in=record(("model", "record_id"), model=text(128), record_id=ID),
            schema_out=record(("suggestion_ids", "told"), suggestion_ids=rows(ID), told=text(400)),
            groups=_READERS,
            handler="_operation_ai_ask",
        )

    @api.model
    def _define_ai_policies(self):
        row = {
            "model": text(128),
            "field": text(128),
            "task": text(64),
            "mode": text(16),
            "learned_from": {"type": "integer"},
            "drift_facts": _NUMBER,
            "drift_values": _NUMBER,
            "is_drifted": FLAG,
        }
        return OperationDefinition(
            code="ai_policy.status",
            version=1,
            summary=self.env._("How the AI policies of the company stand."),
            schema_in=record(()),
            schema_out=record(("policies",), policies=rows(record(row, **row))),
            groups=_OVERSEERS,
            handler="_operation_ai_policies",
            is_write=False,
        )

    @api.model
    def _get_ai_states(self):
        return [
            code
            for code, _label in self.env["hc.ai.suggestion"]
            ._fields["state"]
            .selection(self.env["hc.ai.suggestion"])
        ]

    @api.model
    def _operation_ai_list(self, payload):
        domain = [
            ("company_id", "=", self.env.company.id),
            ("id", ">", payload.get("after_id", 0)),
        ]
        if "model" in payload:
            domain.append(("res_model", "=", payload["model"]))
        if "state" in payload:
            domain.append(("state", "=", payload["state"]))
        found = self.env["hc.ai.suggestion"].search(
            domain, order="id", limit=payload.get("limit", _MOST)
        )
        return {"suggestions": [self._describe_suggestion(each) for each in found]}

    @api.model
    def _operation_ai_read(self, payload):
        suggestion = self.env["hc.ai.suggestion"].search(
            [("id", "=", payload["suggestion_id"]), ("company_id", "=", self.env.company.id)]
        )
        if not suggestion:
            raise OperationError("not_found", what=f"suggestion {payload['suggestion_id']}")
        return self._describe_suggestion(suggestion) | {
            "reasons": [str(reason)[:400] for reason in suggestion.reasons or ()],
            "previous_value": suggestion.previous_value or None,
        }

    @api.model
    def _operation_ai_ask(self, payload):
        panel = self.env["hc.ai.suggestion"].ask(payload["model"], payload["record_id"])
        return {
            "suggestion_ids": [each["id"] for each in panel["suggestions"]],
            "told": panel["told"],
        }

    @api.model
    def _operation_ai_policies(self, _payload):
        policies = self.env["hc.ai.policy"].search([("company_id", "=", self.env.company.id)])
        return {
            "policies": [
                {
                    "model": policy.res_model,
                    "field": policy.field_name,
                    "task": policy.task_code,
                    "mode": policy.mode,
                    "learned_from": policy.trained_count,
                    "drift_facts": policy.drift_facts,
                    "drift_values": policy.drift_values,
                    "is_drifted": policy.is_drifted,
                }
                for policy in policies
            ]
        }

    @api.model
    def _describe_suggestion(self, suggestion):
        return {
            "suggestion_id": suggestion.id,
            "model": suggestion.res_model,
            "record_id": suggestion.res_id,
            "field": suggestion.field_name,
            "state": suggestion.state,
            "value": suggestion.value or None,
            "confidence": suggestion.confidence,
            "task": suggestion.task_code,
            "created_at": suggestion.create_date.isoformat(timespec="seconds"),
        }
