# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two people do the same with a denial, credit, takeback, variance or contract at one moment."""

import base64
import hashlib
import uuid

import office
import pytest
from simultaneous import at_once

WHY = "The payer has looked at it and stays with it."
OTHER_PNG = office.encode(base64.b64decode(office.PNG) + b" ")


def _press(client, wizard, method, values):
    """Fill a wizard in and press its button."""
    return client.call(wizard, method, client.call(wizard, "create", [values]))


def _one_did(results):
    """One got through, whoever did not is told in words."""
    errors = [each for each in results if isinstance(each, Exception)]
    assert len(errors) == len(results) - 1, results
    for error in errors:
        name = error.name.rpartition(".")[2]
        assert name in ("UserError", "LockError", "ValidationError"), error
    return True


def test_a_credit_is_refunded_once(world, desk):
    credit_id, case_id = desk["credit"][1], desk["case"][0]
    with world.env() as env:
        reason = env["hc.reason.code"].search([("usage", "=", "refund")], limit=1).id
    values = {
        "credit_id": credit_id,
        "decision": "refund",
        "case_id": case_id,
        "amount": 50.0,
        "reason_code_id": reason,
        "note": WHY,
    }
    people = [world.login(name) for name in ("finance", "manager")]
    assert _one_did(
        at_once(
            *(
                lambda p=p: _press(p, "hc.credit.decision.wizard", "action_confirm", values)
                for p in people
            )
        )
    )
    with world.env() as env:
        credit = env["hc.credit.balance"].browse(credit_id)
        assert len(credit.action_ids) == 1
        assert credit.state == "refund_requested"
        request = credit.action_ids.approval_request_ids
        requester = credit.action_ids.requester_id.login.removeprefix("at.")
    answer = world.key(requester).post(
        "hc.approval.request", "action_approve", ids=request.ids, context={"su": True}
    )
    assert answer.status_code in (403, 422), "by the requester: " + answer.text[:200]


def test_a_takeback_is_accepted_once(world, desk):
    takeback_id = desk["takeback"][1]
    values = {"takeback_id": takeback_id, "decision": "accept", "note": WHY}
    people = [world.login(name) for name in ("finance", "manager")]
    assert _one_did(
        at_once(
            *(
                lambda p=p: _press(p, "hc.takeback.decision.wizard", "action_confirm", values)
                for p in people
            )
        )
    )
    with world.env() as env:
        takeback = env["hc.takeback"].browse(takeback_id)
        assert len(takeback.action_ids) == 1
        assert takeback.state in ("requested", "accepted")
        assert len(takeback.booking_ids) == (takeback.state == "accepted")


def test_a_variance_is_settled_once(world, desk):
    """Closed by one, disputed by another: the later one is told."""
    variance_id = desk["variance"][1]
    values = {"variance_id": variance_id, "reason": WHY}
    wizard = "hc.payment.variance.close.wizard"
    closers = [world.login(name) for name in ("finance", "manager")]
    at_once(*(lambda p=p: _press(p, wizard, "action_confirm", values) for p in closers))
    with world.env() as env:
        variance = env["hc.payment.variance"].browse(variance_id)
        assert (variance.state, variance.closing) == ("closed", "no_variance")
        moves = env["hc.transition"].search(
            [("res_model", "=", variance._name), ("res_id", "=", variance.id)]
        )
        assert len(moves.filtered(lambda move: move.to_state == "closed")) == 1


def test_a_denial_is_appealed_or_given_up_once(world, desk):
    denial_id = desk["denial"][1]
    one, other = world.login("specialist"), world.login("specialist2")
    closing = {"denial_ids": [[6, 0, [denial_id]]], "reason": WHY}
    at_once(
        lambda: one.call("hc.denial", "action_appeal", [denial_id]),
        lambda: other.call("hc.denial", "action_appeal", [denial_id]),
        lambda: _press(other, "hc.denial.close.wizard", "action_confirm", closing),
    )
    with world.env() as env:
        denial = env["hc.denial"].browse(denial_id)
        assert (denial.state, len(denial.appeal_ids)) in (("appealed", 1), ("closed", 0))


def test_a_write_off_is_requested_once(world, desk):
    denial_id = desk["denial"][2]
    values = {
        "denial_ids": [[6, 0, [denial_id]]],
        "justification": WHY,
        "reason_code_id": world.ids["write_off"],
    }
    wizard = "hc.denial.write.off.wizard"
    people = [world.login(name) for name in ("specialist", "clerk")]
    assert _one_did(
        at_once(*(lambda p=p: _press(p, wizard, "action_request", values) for p in people))
    )
    with world.env() as env:
        kinds = [("kind", "=", "denial_write_off"), ("case_id", "in", desk["case"])]
        assert len(env["hc.controlled.action"].search(kinds)) == 1


@pytest.fixture
def ready_appeal(world, desk):
    """A draft of an appeal with all that is required, of which one piece can be replaced."""
    appeal_id = desk["appeal"].pop()
    with world.env() as env:
        rows = env["hc.appeal"].browse(appeal_id).evidence_ids
        rows.write({"file": office.PNG, "file_name": "record.png"})
        return appeal_id, rows[0].id


def test_what_is_approved_is_what_is_in_the_packet(world, rpc_error, ready_appeal):
    """Evidence is exchanged while somebody else approves the letter."""
    appeal_id, row_id = ready_appeal
    with world.env() as env:
        appeal = env["hc.appeal"].browse(appeal_id)
        appeal.action_approve()
        env.flush_all()
        with pytest.raises(rpc_error, match="Somebody else"):
            world.login("clerk").call("hc.appeal.evidence", "write", [row_id], {"file": OTHER_PNG})
    with world.env() as env:
        appeal = env["hc.appeal"].browse(appeal_id)
        content, _pages = appeal._build_packet()
        assert hashlib.sha256(content).hexdigest() == appeal.packet_sha256


def test_the_payer_decides_once(world, ready_appeal):
    appeal_id, _row_id = ready_appeal
    one, other = world.login("specialist"), world.login("clerk")
    with world.env() as env:
        appeal = env["hc.appeal"].browse(appeal_id)
        appeal.action_approve()
        appeal._submit(
            channel="portal",
            submitted_on=appeal.letter_date,
            reference="CONF-1",
            late_reason="The day of the test is none of the story's.",
        )
        amount, day = appeal.amount, str(appeal.submitted_on)
    values = {"appeal_id": appeal_id, "note": WHY, "document": office.PNG, "decided_on": day}
    wizard = "hc.appeal.decision.wizard"
    won = {**values, "outcome": "overturned", "amount": amount}
    lost = {**values, "outcome": "upheld", "amount": 0.0}
    assert _one_did(
        at_once(
            lambda: _press(one, wizard, "action_confirm", won),
            lambda: _press(other, wizard, "action_confirm", lost),
        )
    )
    with world.env() as env:
        appeal = env["hc.appeal"].browse(appeal_id)
        won = appeal.state == "overturned"
        assert appeal.amount_overturned == (amount if won else 0.0)
        assert appeal.denial_ids.state == ("overturned" if won else "upheld")


def test_a_contract_is_published_as_it_was_seen(world, rpc_error, desk):
    """Its author changes a rate while somebody else publishes it."""
    with world.env() as env:
        author = env["res.users"].search([("login", "=", office.login_of("specialist"))])
        contract = env["hc.payer.contract"].browse(desk["contract"][0]).with_user(author)
        code = f"RACE{uuid.uuid4()}"
        contract = contract.copy({"code": code, "plan_name": code})
        contract_id, term_id = contract.id, contract.term_ids.id
        assert contract.author_ids == author
    writer = world.login("specialist")
    with world.env() as env:
        env["hc.payer.contract"].browse(contract_id)._publish()
        env.flush_all()
        with pytest.raises(rpc_error, match="Somebody else"):
            writer.call("hc.payer.contract.term", "write", [term_id], {"percent": 50.0})
    with world.env() as env:
        contract = env["hc.payer.contract"].browse(contract_id)
        assert (contract.state, contract.term_ids.percent) == ("published", 100.0)
        contract._transition("withdrawn")
