# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What denials add to the posting of a remittance: per denied line, and where nothing is denied."""

import claim_answers
from test_remittances import _post, _read


def _deny_lines(content):
    """The same answer, with what was taken off every line as a denial instead of an allowance."""
    return content.replace(b"CAS*CO*45*", b"CAS*CO*197*")


def test_denials_of_a_remittance(odoo_env, size, figures, stopwatch):
    """CPU for denials and their work items; aim: at most 1 ms per denied line."""
    with odoo_env() as env:
        env["hc.ledger.account"]._create_missing(env.company)
        cases = claim_answers.bill(env, size)
        content = claim_answers.answer(claim_answers.send_claims(env, cases))
        remittance = _read(env, _deny_lines(content))
        _post(env, remittance)
        answers = remittance.claim_ids
        lines = len(answers.denial_ids)
        assert lines == len(answers.service_ids)
        answers._get_denials()._transition("void")
        env.flush_all()
        env.invalidate_all()
        # As a job has them: read together.
        answers = answers.browse(answers.ids)
        spent, denials = stopwatch(lambda: _create(env, answers))
        assert len(denials) == lines
        figures.add(f"denials, {size}", spent / lines * 1e3, "ms CPU/denied line")
        env.cr.rollback()


def _create(env, answers):
    denials = answers._create_denials()
    env.flush_all()
    return denials
