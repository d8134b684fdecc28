# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.csv_safe import csv_lines

from ..hc_dunning_core.guardrails import acts

_HEADER = (
    "instruction",
    "placement",
    "account",
    "case",
    "last_name",
    "first_name",
    "street",
    "street2",
    "city",
    "state",
    "zip",
    "phone",
    "amount",
    "currency",
    "owed_since",
    "reason",
)
_INSTRUCTIONS = {"placed": "PLACE", "recalling": "RECALL", "recalled": "RECALL", "closed": "CLOSE"}
_PATIENT_FIELDS = ("last_name", "first_name", "street", "zip", "phone")


class HcCollectionAgency(models.Model):
    """The file that tells an agency what is new.

    What is to go is held against holds, disputes and guardrails once more, at the moment at which
    the file is written, with the amounts of that moment.
    """

    _inherit = "hc.collection.agency"

    def action_create_file(self):
        """Write the file that tells the agency what is new; whoever asked for it hands it over.

        :raise UserError: there is nothing to tell, or the user may not
        """
        self.ensure_one()
        if not self.env.user.has_group("hc_revenue_base.group_hc_supervisor"):
            raise UserError(self.env._("Supervisors send files to agencies. Ask one of them."))
        placements = self._get_tellable()
        placements._lock_for_transition(["state", "file_id", "end_file_id"])
        placements &= self._get_tellable()
        known = placements.filtered(lambda one: one.state != "placed")
        fit = (placements - known)._look_again()
        placements = (known | fit).sorted("id")
        if not placements:
            return self._tell_nothing()
        placements.account_id.patient_id._note_phi_read(_PATIENT_FIELDS, "export")
        number = self.env["ir.sequence"].next_by_code("hc.placement.file")
        rows = [row for placement in placements for row in self._prepare_rows(placement)]
        exchange = self.env["hc.exchange"]._send(
            "agency_placement",
            self.code,
            number,
            "".join(csv_lines(_HEADER, rows)).encode(),
            f"{self.code}-{number}.csv",
            company=self.company_id,
        )
        exchange.sudo()._finish_sending()
        for placement in placements.sudo():
            told = "file_id" if placement.state == "placed" else "end_file_id"
            placement._write_guarded({told: exchange.id})
        return exchange._get_records_action()

    def _get_tellable(self):
        """What the user may tell: a placement goes out by people of all facilities it is of."""
        return self._get_untold()._filtered_access("write")

    def _tell_nothing(self):
        left_out = self._get_tellable()
        if not left_out and self._get_untold():
            raise UserError(
                self.env._(
                    "What %s does not know yet has cases of other facilities too: ask a "
                    "supervisor who has all of them.",
                    self.name,
                )
            )
        if not left_out:
            raise UserError(self.env._("%s knows everything already.", self.name))
        # No error: it would undo the reasons that are on record now.
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Nothing was written"),
                "message": "\n".join(f"{one.name}: {one.file_objection}" for one in left_out),
            },
        }

    def _prepare_rows(self, placement):
        """The lines of a placement: who owes what, nothing of why they were treated."""
        account = placement.account_id.sudo()
        patient = account.patient_id
        is_new = placement.state == "placed"
        start = (_INSTRUCTIONS[placement.state], placement.name, account.name)
        party = (
            patient.last_name or "",
            patient.first_name or "",
            patient.street or "",
            patient.street2 or "",
            patient.city or "",
            patient.state_id.code or "",
            patient.zip or "",
            patient.phone or "",
        )
        money = placement.currency_id
        if not is_new:
            reason = placement.recall_reason or placement.end_reason or ""
            nothing = Decimal(float_repr(0.0, money.decimal_places))
            ended = (*party[:2], *("",) * 6, nothing, money.name, "", reason)
            return [(*start, "", *ended)]
        return [
            (
                *start,
                line.case_id.name or "",
                *party,
                Decimal(float_repr(line.amount_placed, money.decimal_places)),
                money.name,
                account.oldest_on or "",
                "",
            )
            for line in placement.sudo().line_ids
            if not line.left_out_because
        ]


class HcPlacement(models.Model):
    """What may still go when the file is written."""

    _inherit = "hc.placement"

    def _look_again(self):
        """Hold placements that no agency knows of against holds and guardrails once more.

        :return: those that may go; the others say why not
        """
        fit = self.browse()
        for placement in self.sudo():
            objection = placement._refresh_for_file()
            placement._write_guarded({"file_objection": objection or False})
            if not objection:
                fit |= placement
            elif placement.state == "placed":
                placement._open_item(
                    "placement_blocked",
                    self.env._(
                        "%(placement)s is not told to %(agency)s",
                        placement=placement.name,
                        agency=placement.agency_id.name,
                    ),
                )
        return fit.sudo(self.env.su)

    def _refresh_for_file(self):
        """Take over the amounts of now.

        :return: why the placement stays out of the file; empty where it goes
        """
        self.ensure_one()
        try:
            self._refresh_lines(self._get_placeable(self.account_id, self))
        except UserError as error:
            return str(error)
        amounts = self._read_open()[self.id]
        if not amounts:
            self._recall(self.env._("nothing of it may go to the agency any more"))
            return self.env._("nothing of it may go to the agency any more")
        blocked = self.account_id._get_blocked(
            acts.PLACEMENT,
            acts.THIRD_PARTY,
            agency=self.agency_id,
            case_ids=() if None in amounts else tuple(amounts),
        )
        assessment = blocked.get(self.account_id.id)
        return self.account_id._describe_block(assessment) if assessment else ""


class HcExchange(models.Model):
    """Files to agencies."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("agency_placement", "Placement File")],
        ondelete={"agency_placement": "cascade"},
    )
