# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .approval_common import PNG, ApprovalCommon


@tagged("post_install", "-at_install")
class TestAccount(ApprovalCommon):
    """What the request form shows of the account behind it."""

    def test_aging_of_the_case_and_the_account(self):
        due = self.case.invoice_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).mapped("date_maturity")[0]
        request = self._request_write_off(600.0).approval_request_ids
        late = fields.Datetime.to_datetime(due + timedelta(days=45))
        self.patch(self.env.cr, "now", lambda: late)
        rows = request.with_user(self.team_lead)._get_aging(self.case.patient_id)
        money = self.case.currency_id.format(9000.0)
        self.assertEqual([row[1:] for row in rows], [(["", "", money, "", ""], money)] * 2)
        self.assertEqual(rows[-1][0], "All cases of the patient")

    def test_the_form_shows_earlier_acts_of_the_account(self):
        earlier = self._request_write_off(300.0)
        self._approve(earlier, self.team_lead)
        request = self._request_write_off(600.0).approval_request_ids
        html = request.with_user(self.team_lead).account_html
        self.assertIn(earlier.currency_id.format(300.0), html)
        self.assertNotIn(earlier.currency_id.format(600.0), html.split("Earlier acts")[1])

    def test_an_uploaded_document_becomes_the_acts_and_opens_for_its_readers(self):
        uploaded = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create({"name": "letter.png", "raw": PNG, "res_model": "hc.adjustment.wizard"})
        )
        evidence = self._give("appeal_decision")
        evidence[0]["attachment_id"] = uploaded.id
        action = self._request("denial_write_off", 300.0, evidence=evidence)
        self.assertEqual(action.evidence_ids.attachment_id, uploaded)
        self.assertEqual(uploaded.res_id, action.id)
        self.assertEqual(uploaded.with_user(self.team_lead).raw, PNG)

    def test_nobody_gives_a_document_that_they_may_not_read(self):
        hidden = self.env["ir.attachment"].create({"name": "payroll.png", "raw": PNG})
        evidence = self._give("appeal_decision")
        evidence[0]["attachment_id"] = hidden.id
        with self.assertRaises(AccessError):
            self._request("denial_write_off", 300.0, evidence=evidence)

    def test_another_records_document_is_copied(self):
        theirs = self.env["ir.attachment"].create(
            {
                "name": "note.png",
                "raw": b"x",
                "res_model": "hc.facility",
                "res_id": self.facility.id,
            }
        )
        evidence = self._give("appeal_decision")
        evidence[0]["attachment_id"] = theirs.id
        request = self._request("denial_write_off", 300.0, evidence=evidence).approval_request_ids
        taken = request.evidence_ids.attachment_id
        self.assertNotEqual(taken, theirs)
        self.assertEqual((taken.checksum, theirs.res_id), (theirs.checksum, self.facility.id))
