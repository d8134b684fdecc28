# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_payer import PAYER_TYPES

_OVERSIGHT = (
    "hc_revenue_base.group_hc_supervisor,hc_revenue_base.group_hc_administrator,"
    "hc_revenue_base.group_hc_compliance"
)
_PLACES = ("facility_id", "payer_id", "department_id")


class HcAiSuggestion(models.Model):
    """By what quality is told apart: place, payer, language, and how long people took."""

    _name = "hc.ai.suggestion"
    _inherit = ["hc.ai.suggestion", "hc.kpi.subject.mixin"]

    facility_id = fields.Many2one("hc.facility", readonly=True, index="btree_not_null")
    department_id = fields.Many2one("hc.department", readonly=True)
    payer_id = fields.Many2one("hc.payer", readonly=True, index="btree_not_null")
    payer_type = fields.Selection(PAYER_TYPES, "Payer Class", readonly=True)
    patient_language = fields.Char("Language of the Patient", readonly=True)
    shown_at = fields.Datetime(
        "First Shown On", readonly=True, help="When the panel showed it to somebody first."
    )
    # How fast a person decides is for those who answer for the work, not for colleagues.
    seconds_to_decide = fields.Integer(
        "Seconds to Decide",
        readonly=True,
        aggregator="avg",
        groups=_OVERSIGHT,
        help="From first shown in the panel to decided; empty where it was decided elsewhere.",
    )
    overridden_at = fields.Datetime(
        "Overridden On",
        readonly=True,
        help="After it was accepted, somebody wrote another value within the policy's days.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *_PLACES,
            "payer_type",
            "patient_language",
            "shown_at",
            "seconds_to_decide",
            "overridden_at",
        }

    @api.model
    def _record(self, policy, prepared):
        """Note the places beside: the AI's own user may not read the records that they name."""
        created = super()._record(policy, prepared)
        by_place = defaultdict(list)
        for suggestion_sudo in created.sudo():
            places = policy._get_context_values(suggestion_sudo._get_record())
            by_place[tuple(places.items())].append(suggestion_sudo.id)
        for places, ids in by_place.items():
            created.browse(ids).sudo()._write_guarded(dict(places))
        return created

    @api.model
    def get_panel(self, res_model, res_id):
        panel = super().get_panel(res_model, res_id)
        shown = self.browse(each["id"] for each in panel["suggestions"])
        new = shown.sudo().filtered(lambda each: not each.shown_at)
        if new:
            new._write_guarded({"shown_at": self.env.cr.now().replace(microsecond=0)})
        return panel

    def _close(self, target, value, reason):
        result = super()._close(target, value, reason)
        suggestion_sudo = self.sudo()
        if suggestion_sudo.shown_at:
            passed = suggestion_sudo.decided_at - suggestion_sudo.shown_at
            suggestion_sudo._write_guarded(
                {"seconds_to_decide": max(0, round(passed.total_seconds()))}
            )
        return result


class HcAiPolicy(models.Model):
    _inherit = "hc.ai.policy"

    @api.model
    def _get_context_values(self, record_sudo):
        """Where a record belongs, by itself or by its billing case; codes and ids, no names."""
        case_sudo = record_sudo.case_id if "case_id" in record_sudo._fields else None
        found = {}
        for name, model in zip(_PLACES, ("hc.facility", "hc.payer", "hc.department"), strict=True):
            for source in filter(None, (record_sudo, case_sudo)):
                field = source._fields.get(name)
                if field and field.type == "many2one" and field.comodel_name == model:
                    found[name] = found.get(name) or source[name].id
        patient_sudo = next(
            (
                source.patient_id
                for source in filter(None, (record_sudo, case_sudo))
                if "patient_id" in source._fields and source.patient_id
            ),
            None,
        )
        payer_sudo = self.env["hc.payer"].sudo().browse(found.get("payer_id") or [])
        return found | {
            "payer_type": payer_sudo.payer_type,
            "patient_language": patient_sudo.partner_id.lang if patient_sudo else False,
        }
