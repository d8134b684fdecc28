# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.hc_revenue_base.tests.ledger_common import LedgerCase

from ..models import hc_remittance_posting, hc_remittance_undo
from .claim_common import SpareClaims


def money(amount):
    """An amount as X12 writes it."""
    return f"{Decimal(str(amount)):.2f}"


def clp(number, charged, paid, *, status="1", adjustments=(), lines=(), payer_number="", names=()):
    """The segments of an answer.

    :param adjustments: ``(group, reason, amount)`` of the claim
    :param lines: ``(code, charged, paid, adjustments)`` of its services
    :param names: further NM1 segments
    """
    patient = sum(Decimal(str(a)) for group, _reason, a in adjustments if group == "PR")
    rows = [
        f"CLP*{number}*{status}*{money(charged)}*{money(paid)}*{money(patient)}*12*{payer_number}*11*1"
    ]
    rows += [f"CAS*{group}*{reason}*{money(amount)}" for group, reason, amount in adjustments]
    rows += ["NM1*QC*1*DOE*JANE****MI*W123456789", *names]
    for code, line_charged, line_paid, line_adjustments in lines:
        rows.append(f"SVC*HC:{code}*{money(line_charged)}*{money(line_paid)}**1")
        rows.append("DTM*472*20260302")
        rows += [f"CAS*{g}*{reason}*{money(amount)}" for g, reason, amount in line_adjustments]
    return rows


def era(claims, payment, *, trace="T1", plb=(), payer="60054", npi="1234567893", method="ACH"):
    """An 835 file of one transaction.

    :param claims: lists of segments, see :func:`clp`
    :param plb: ``(reason, reference, amount)``
    """
    body = [
        f"BPR*I*{money(payment)}*C*{method}*CCP*01*071000013*DA*1*1{payer}**01*071000013*DA*2*20260310",
        f"TRN*1*{trace}*1{payer}",
        f"REF*EV*{payer}",
        "DTM*405*20260310",
        f"N1*PR*ACME HEALTH PLAN*XV*{payer}",
        "N3*1 PLAN STREET",
        "N4*SPRINGFIELD*IL*62701",
        "PER*BL*HELP*TE*8005550100",
        f"N1*PE*RIVERSIDE CLINIC*XX*{npi}",
        "LX*1",
        *(segment for claim in claims for segment in claim),
        *(
            f"PLB*{npi}*20261231*{reason}:{reference}*{money(amount)}"
            for reason, reference, amount in plb
        ),
    ]
    segments = [
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       "
        "*260310*1200*^*00501*000000001*0*P*:",
        "GS*HP*PAYER*PROVIDER*20260310*1200*1*X*005010X221A1",
        "ST*835*0001",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(f"{segment}~" for segment in segments).encode()


class RemittanceCase(SpareClaims, LedgerCase):
    """Billed cases with claims at the payer, and remittance files that answer them."""

    SERVICES = (("V1001", 1.0),)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.poster = cls._create_user("remittance.poster", "claims_specialist", "clerk")

    @classmethod
    def _make_spares(cls):
        cls.spare_claims = [cls._make_claim_of_patient(f"SP-{number}") for number in range(3)]

    def _make_own_claim(self, number):
        """A claim of a patient of its own."""
        return self.left_claims.pop() if self.left_claims else self._make_claim_of_patient(number)

    @classmethod
    def _make_claim_of_patient(cls, number):
        patient = cls._create_patient(f"77{number}")
        coverage = cls._create_coverage(patient)
        return cls._make_claim(number, patient=patient, coverage=coverage, services=cls.SERVICES)

    @classmethod
    def _make_claim(cls, number, **vals):
        """A billed case whose claim the payer has."""
        case = cls._bill(number, **vals)
        # The planner has seen of these tables only what other tests rolled back, and accounting's
        # own query for the payments of an invoice would take minutes.
        cls.env.flush_all()
        cls.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile, account_payment"
        )
        return cls._get_claim(case)

    @classmethod
    def _get_claim(cls, case, payer_order="1"):
        claims = cls.env["hc.claim"]
        coverage = case.encounter_id.primary_coverage_id
        if payer_order == "2":
            coverage = case.encounter_id.secondary_coverage_id
        claim = claims.search([("case_id", "=", case.id), ("payer_order", "=", payer_order)])
        claim = claim or claims._create_guarded(
            [
                {
                    "name": claims._next_numbers(case.company_id, 1)[0],
                    "case_id": case.id,
                    "coverage_id": coverage.id,
                    "payer_id": coverage.payer_id.id,
                    "payer_order": payer_order,
                    "claim_type": "professional",
                    "amount_charged": case.amount_charged,
                }
            ]
        )
        if not claim.line_ids:
            cls.env["hc.claim.line"]._create_guarded(
                [
                    {
                        "claim_id": claim.id,
                        "sequence": number,
                        "charge_id": charge.id,
                        "code": charge.code_id.code,
                        "service_date": charge.service_date,
                        "units": charge.units,
                        "amount_charged": charge.amount,
                        "control_number": f"{claim.name}-{number}",
                    }
                    for number, charge in enumerate(case.live_charge_ids, start=1)
                ]
            )
        for state in ("draft", "ready", "submitted"):
            claim._transition_where_allowed(state)
        return claim

    def _receive(self, content, name="era.835"):
        """Receive and read a file as the poster.

        :return: its remittances
        """
        exchanges = self.env["hc.exchange"].with_user(self.poster)
        exchange, _verdict = exchanges._receive_remittance(content, "ACME", name)
        exchange._process(lambda done, left: True)
        return exchange.sudo().remittance_ids

    def _post(self, *args, **kwargs):
        """Receive a file of one remittance and post it."""
        remittance = self._receive(era(*args, **kwargs))
        if remittance.state == "proven":
            remittance.with_user(self.poster).action_post()
        return remittance

    def _get_clearing(self, remittance):
        """What waits in the account of remittances to post."""
        use = self.env["hc.ledger.account"]._get_for(self.company, "remittance_clearing")
        lines = remittance.move_ids.line_ids.filtered(
            lambda line: line.account_id == use.account_id
        )
        return round(-sum(lines.mapped("balance")), 2)

    def _get_party_open(self, case, responsibility):
        return round(sum(case._get_party_items(responsibility).mapped("amount_residual")), 2)

    def _run_jobs(self, remittance, most=None):
        """Run what waits for the remittance, as a drain does; those of the jobs' jobs as well."""
        jobs = self.env["hc.job"]
        domain = [("res_model", "=", "hc.remittance"), ("state", "=", "pending")]
        ran = jobs
        while most is None or len(ran) < most:
            job = jobs.search(domain, order="id", limit=1)
            if not job:
                break
            self.assertEqual(job.res_ids, remittance.ids)
            job._transition("running")
            job._run()
            job._transition("done")
            ran |= job
        return ran

    @contextmanager
    def _sets_of(self, number):
        """Have jobs of so many answers where more wait."""
        modules = (hc_remittance_posting, hc_remittance_undo)
        with ExitStack() as stack:
            for module in modules:
                stack.enter_context(patch.object(module, "ANSWERS_PER_JOB", number))
            yield
