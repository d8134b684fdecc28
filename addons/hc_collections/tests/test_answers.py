# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase

_REASON = "La visita se cobró dos veces."


@tagged("post_install", "-at_install")
class TestAnswers(CollectionsCase):
    """What was decided reaches the party as a letter, in the party's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("answer.manager", "manager", "collector")

    def _owe(self, number, language=False):
        case = self._bill_patient(number)
        case.patient_id.language = language
        return case, self._account_of(case)

    def _dispute(self, case, account, conceded, amount=60.0):
        dispute = account.env["hc.billing.dispute"]._open(
            account,
            {case: amount},
            kind="billing_error",
            description="No estuve ese día.",
            channel="call",
            received_on=self.today,
            due_on=self.today + timedelta(days=30),
            owner_id=self.collector.id,
        )
        actions = dispute.with_user(self.manager)._decide(
            {dispute.line_ids: conceded},
            reason=_REASON,
            reason_code=self._reason("write_off"),
            idempotency_key=f"answer:{dispute.id}",
        )
        for action in actions.sudo():
            if action.state == "pending":
                action._settle(GateDecision("allow"))
        return dispute

    def _get_answer(self, account):
        return account.contact_ids.filtered(lambda one: one.direction == "out")

    def _mail(self, run):
        run.with_user(self.manager).action_print()
        run.with_user(self.manager)._mark_mailed(self.today)

    def test_a_spanish_guarantor_is_answered_in_spanish(self):
        case, account = self._owe("ANS-1", "es_US")
        dispute = self._dispute(case, account, 20.0)
        answer = self._get_answer(account)
        self.assertEqual((dispute.state, answer.language), ("partly_upheld", "es_US"))
        self.assertEqual(answer.subject, f"Nuestra respuesta a su pregunta {dispute.name}")
        for words in ("pidió revisar $60.00", "Quitamos $20.00", "motivo", _REASON, "llámenos"):
            self.assertIn(words, answer.body)
        self.assertNotIn("You asked", answer.body)

    def test_the_language_is_not_that_of_the_decider(self):
        self.manager.lang = "es_419"
        case, account = self._owe("ANS-2")
        dispute = self._dispute(case, account, 0.0)
        answer = self._get_answer(account)
        self.assertEqual((dispute.state, answer.language), ("denied", "en_US"))
        self.assertEqual(answer.subject, f"Our answer to your question {dispute.name}")
        self.assertIn("The bill is right", answer.body)

    def test_whoever_decides_is_told_in_which_language_to_write(self):
        for number, language, told in (("ANS-9", "es_US", "Spanish"), ("ANS-10", False, False)):
            case, account = self._owe(number, language)
            dispute = self._dispute(case, account, 0.0)
            wizard = self.env["hc.dispute.decision.wizard"].new({"dispute_id": dispute.id})
            self.assertEqual(wizard.with_context(lang="en_US").answer_language, told)

    def test_a_decision_on_assistance_is_told_in_spanish(self):
        for outcome, words in (("granted", "Quitamos $75.00"), ("denied", "un poco cada mes")):
            case, account = self._owe(f"ANS-3-{outcome}", "es_US")
            application = self.env["hc.assistance.application"]._create_guarded(
                [
                    {
                        "name": f"FA-{outcome}",
                        "account_id": account.id,
                        "applied_on": self.today,
                        "owner_id": self.env.uid,
                        "outcome": outcome,
                        "decision_reason": "Por la política del hospital.",
                    }
                ]
            )
            self.env["hc.assistance.case"]._create_guarded(
                [{"application_id": application.id, "case_id": case.id, "amount_forgiven": 75.0}]
            )
            application._record_answer()
            answer = self._get_answer(account)
            self.assertIn(f"pedido de ayuda FA-{outcome}", answer.subject)
            self.assertIn(words, answer.body)

    def test_the_print_run_is_in_each_partys_language(self):
        shown, letters = [], type(self.env["hc.pdf"])
        render = letters._render_html
        self.patch(
            letters,
            "_render_html",
            lambda pdf, html, **options: shown.append(html) or render(pdf, html, **options),
        )
        for number, language, page, of in (
            ("ANS-4", "es_US", "Página", "de"),
            ("ANS-5", False, "Page", "of"),
        ):
            case, account = self._owe(number, language)
            self._dispute(case, account, 60.0)
            answer = self._get_answer(account)
            answer._lay_out()
            self.assertIn(f'{page} <span class="page"></span> {of} ', shown[-1])
            self.assertEqual(answer.attachment_id.mimetype, "application/pdf")

    def test_an_answer_goes_out_where_nothing_is_open_and_under_a_hold(self):
        case, account = self._owe("ANS-6", "es_US")
        self._dispute(case, account, 150.0, amount=150.0)
        self.env["hc.collection.hold"]._place(account, "cease", "asked us to stop")
        self.assertEqual(self._open(case), 0.0)
        answer = self._get_answer(account)
        run = answer.letter_run_id
        self._mail(run)
        self.assertEqual((answer.state, run.state), ("sent", "mailed"))
        self.assertTrue(answer.checksum)

    def test_a_decision_that_is_taken_up_again_is_not_mailed(self):
        case, account = self._owe("ANS-7")
        dispute = self._dispute(case, account, 0.0)
        answer = self._get_answer(account)
        dispute.with_user(self.manager)._reopen("The chart was another patient's.")
        self.assertEqual((dispute.state, answer.state), ("investigating", "cancelled"))

    def test_without_an_address_somebody_looks_for_another_way(self):
        case, account = self._owe("ANS-8")
        case.patient_id.street = False
        self._dispute(case, account, 0.0)
        answer = self._get_answer(account)
        self.assertEqual(answer.state, "failed")
        item = self.env["hc.work.item"].search(
            [("res_model", "=", answer._name), ("res_id", "=", answer.id)]
        )
        self.assertEqual((item.kind, item.state), ("collection_undelivered", "open"))
