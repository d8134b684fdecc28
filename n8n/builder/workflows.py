# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The workflows that the suite ships."""

from .flow import ERROR_WORKFLOW_ID, Flow
from .scripts import (
    READ_DELIVERIES,
    READ_PROOFS,
    SIGN_EVENT,
    TAKE_TEXTS,
    WHICH_DAYS,
    condition,
)

_FIND = "$('{node}').first().json"
_SIGNED = _FIND.format(node="Check Signature")
_EVENT_KEY = f"'n8n-' + {_SIGNED}.id"
_JSON = ("Content-Type", "application/json")


def _env(name):
    return f"={{{{ $env.{name} }}}}"


def _bearer(name):
    return ("Authorization", f"=Bearer {{{{ $env.{name} }}}}")


def failed_workflow():
    """Every failed execution becomes work for a person."""
    flow = Flow(
        "failed-workflow",
        "HC: failed workflow",
        "Opens a work item for every execution that fails.",
        ERROR_WORKFLOW_ID,
    )
    flow.add("Failed Execution", "errorTrigger", 1, {})
    execution = "($json.execution?.id ?? 'unknown')"
    return flow.work_item(
        "Open Work Item",
        "'n8n-failed-' + $json.workflow.id + '-' + ($json.execution?.id ?? $now.toMillis())",
        name="'n8n workflow failed: ' + $json.workflow.name",
        description=f"'Execution ' + {execution} + ', last node ' "
        "+ ($json.execution?.lastNodeExecuted ?? 'unknown') + '. Open it in n8n, mend the cause "
        "and run it again; repeated calls have no second effect.'",
        queue_code="'operations'",
        severity="'error'",
        dedup_key="'n8n-failed-' + $json.workflow.id",
    ).done()


def remittance():
    """A clearinghouse says that a remittance lies ready: fetch it, hand it over."""
    flow = Flow(
        "remittance-received",
        "HC: remittance received",
        "Fetches a remittance and hands it to Odoo, which proves and posts it.",
    ).webhook()
    flow.call(
        "Fetch Remittance",
        "GET",
        "={{ $env.HC_CLEARINGHOUSE_URL + '/remittances/' "
        f"+ encodeURIComponent({_SIGNED}.event.data.remittance_id) }}}}",
        [_bearer("HC_CLEARINGHOUSE_KEY")],
    )
    flow.code_node(
        "Prepare Document",
        f"""
const signed = {_SIGNED};
const answer = $input.first().json;
const content = typeof answer.data === 'string' ? answer.data : answer.content;
if (typeof content !== 'string' || !content.startsWith('ISA')) {{
  throw new Error('the clearinghouse sent no 835');
}}
return [{{ json: {{
  document_type: 'remittance_835',
  source: $env.HC_INBOUND_SOURCE,
  external_id: String(signed.event.data.remittance_id),
  name: `${{signed.event.data.remittance_id}}.835`,
  content_base64: Buffer.from(content, 'utf8').toString('base64'),
}} }}];
""",
    )
    flow.operation("Hand Over", "exchange.submit", "$json", _EVENT_KEY)
    return flow.answer("Answer", 200, "done").done()


def remittance_posted():
    """A remittance is posted: tell collections what it leaves to be followed up."""
    flow = Flow(
        "remittance-posted",
        "HC: remittance posted",
        "Tells collections of denials and patients' shares of a remittance that was posted.",
    ).event("remittance.posted")
    flow.look_up("Look Up", "remittances")
    flow.when(
        "Is Anything Left",
        "Number($json.record.amount_patients) !== 0 || $json.record.denied_count > 0",
    )
    row = "$json.record"
    flow.work_item(
        "Tell Collections",
        _EVENT_KEY,
        name=f"'Remittance ' + {row}.number + ' is posted: follow up'",
        description=f"'Payer ' + ({row}.payer_code || 'unknown') + ', payment '"
        f" + ({row}.trace_number || 'without number') + ': ' + {row}.denied_count"
        f" + ' of ' + {row}.claim_count + ' answers with denials, ' + {row}.amount_patients"
        f" + ' ' + {row}.currency + ' left to patients, ' + {row}.waiting_count"
        " + ' answers wait for a person.'",
        queue_code="'collections'",
        severity="'info'",
        dedup_key=f"'remittance-posted-' + {row}.id",
    )
    return flow.answer("Answer", 200, "done").done()


def claim_rejected():
    """A claim was rejected: sort it by its code and put it on the right desk."""
    flow = Flow(
        "claim-rejected",
        "HC: claim rejected",
        "Sorts a rejected claim by its status category and opens work in the right queue.",
    ).event("claim.rejected")
    flow.look_up("Look Up", "claims")
    flow.operation("Read Answers", "claim.fetch_status", "{ claim_number: $json.record.number }")
    flow.code_node(
        "Classify",
        """
// Health Care Claim Status Category Codes: A3 returned as unprocessable, A6 missing information,
// A7 invalid information, A8 relational field in error.
const queues = { A6: 'patient_access', A7: 'coding', A8: 'coding' };
const claim = $input.first().json;
const told = claim.statuses.find((status) => status.outcome === 'rejected' && status.category);
const category = told ? told.category.slice(0, 2).toUpperCase() : '';
return [{ json: {
  claim_number: claim.number,
  case_number: claim.case_number,
  queue: queues[category] || 'edi',
  category,
} }];
""",
    )
    flow.work_item(
        "Open Work Item",
        _EVENT_KEY,
        name="'Claim ' + $json.claim_number + ' was rejected ('"
        " + ($json.category || 'no code') + ')'",
        description="'Category ' + ($json.category || 'unknown')"
        " + '. Open the claim, correct it, send it again.'",
        queue_code="$json.queue",
        severity="'error'",
        case_number="$json.case_number",
        dedup_key=f"'claim-rejected-' + {_SIGNED}.id",
    )
    return flow.answer("Answer", 200, "done").done()


def _ask(flow, node, variable, question):
    """Ask an interface of a payer about a coverage."""
    url = f"={{{{ $env.{variable} + '/eligibility' }}}}"
    flow.call(node, "POST", url, [_bearer("HC_PAYER_KEY"), _JSON], question)


def eligibility():
    """Ask a payer about a coverage; where its interface is down, ask the fallback."""
    flow = Flow(
        "eligibility-check",
        "HC: eligibility check",
        "Asks a payer whether a coverage is active, and a second route where the first is silent.",
    ).event("eligibility_inquiry.no_answer")
    flow.look_up("Look Up", "eligibility_inquiries")
    flow.when("Is It Still Open", "$json.record.state === 'no_answer'")
    asked = f"{_FIND.format(node='Look Up')}.record"
    question = (
        f"{{ member: {asked}.member_id, payer: {asked}.payer_code, day: {asked}.service_date }}"
    )
    _ask(flow, "Ask Payer", "HC_PAYER_URL", question)
    # The second route takes over where the first one stays silent, not the caller.
    flow.connections["Ask Payer"]["main"][1] = []
    _ask(flow, "Ask Second Route", "HC_PAYER_FALLBACK_URL", question)
    flow.connections["Ask Payer"]["main"][0] = []
    flow.link("Ask Payer", 1, "Ask Second Route")
    result = f"""{{
  facility_code: {asked}.facility_code,
  patient_mrn: {asked}.medical_record_number,
  payer_code: {asked}.payer_code,
  member_id: {asked}.member_id,
  outcome: $json.status,
  checked_on: $now.toUTC().toFormat('yyyy-MM-dd'),
  reference: $json.reference,
  channel: 'portal',
}}"""
    flow.code_node(
        "Read Answer",
        f"""
const answer = $input.first().json;
if (!['active', 'inactive', 'not_found'].includes(answer.status)) {{
  throw new Error('the payer gave no answer that can be recorded');
}}
const reference = String(answer.reference || {_SIGNED}.id).slice(0, 64);
return [{{ json: {{ status: answer.status, reference }} }}];
""",
    )
    flow.link("Ask Payer", 0, "Read Answer")
    flow.operation("Record Answer", "eligibility.record_result", result, _EVENT_KEY)
    return flow.answer("Answer", 200, "done").done()


def payment():
    """A payment processor says that a link was paid: report the payment once."""
    flow = Flow(
        "payment-confirmation",
        "HC: payment confirmation",
        "Reports a payment that was made by a link of the payment processor.",
    ).webhook()
    report = f"""{{
  source: $env.HC_PAYMENT_SOURCE,
  event: {_SIGNED}.event.data.status,
  reference: {_SIGNED}.event.data.payment_id,
  event_reference: {_SIGNED}.id,
  amount: {_SIGNED}.event.data.amount,
  currency: {_SIGNED}.event.data.currency,
  happened_on: {_SIGNED}.event.data.day,
  account_number: {_SIGNED}.event.data.account_number,
}}"""
    flow.operation("Report Payment", "payment.report", report, _EVENT_KEY)
    return flow.answer("Answer", 200, "done").done()


def reminder():
    """Texts wait to be sent: send each once, say how it went, and that the document has left."""
    flow = Flow(
        "overdue-reminder",
        "HC: overdue reminder",
        "Sends texts through a messaging interface and reports the delivery of each.",
    ).event("exchange.ready_to_leave_text_message")
    document = f"{_SIGNED}.event.data.record_id"
    flow.operation("Collect", "exchange.collect", f"{{ exchange_id: {document} }}")
    flow.when("Does It Still Wait", "Boolean($json.content_base64)")
    flow.code_node("Take Texts", TAKE_TEXTS)
    flow.call(
        "Send Message",
        "POST",
        "={{ $env.HC_MESSAGING_URL + '/messages' }}",
        [
            _bearer("HC_MESSAGING_KEY"),
            _JSON,
            ("Idempotency-Key", "={{ 'hc-text-' + $json.id }}"),
        ],
        "{ to: $json.to, text: $json.text, reference: String($json.id) }",
        is_error_an_item=True,
    )
    flow.code_node("Read Deliveries", READ_DELIVERIES)
    flow.add("Is It Decided", "if", 2, condition("={{ $json.status !== 'unknown' }}"), branch=-1)
    flow.operation(
        "Report Delivery",
        "message.record_status",
        "$json",
        f"{_EVENT_KEY} + '-' + $json.message_reference + '-' + $json.status",
        is_error_an_item=True,
    )
    # Behind the reports: the document has left when every text is decided and reported.
    flow.last = ("Read Deliveries", 0)
    flow.add(
        "Is All Reported",
        "if",
        2,
        condition(
            "={{ $('Read Deliveries').all().every((item) => item.json.status !== 'unknown') "
            "&& (!$('Report Delivery').isExecuted "
            "|| $('Report Delivery').all().every((item) => !item.json.error)) }}"
        ),
        executeOnce=True,
    )
    flow.link("Is All Reported", 1, "Ask to Repeat")
    flow.operation(
        "Finish", "exchange.finish", f"{{ exchange_id: {document} }}", f"{_EVENT_KEY} + '-left'"
    )
    return flow.answer("Answer", 200, "done").done()


def approval():
    """Something waits for approval: tell the approvers in their messenger."""
    flow = Flow(
        "approval-notification",
        "HC: approval notification",
        "Tells approvers in their messenger that a request waits; a link, no figures.",
    ).event("approval_request.waiting")
    flow.call(
        "Tell Approvers",
        "POST",
        _env("HC_CHAT_URL"),
        [_bearer("HC_CHAT_KEY"), _JSON, ("Idempotency-Key", f"={{{{ {_EVENT_KEY} }}}}")],
        f"""{{
  text: 'A request waits for approval: ' + $env.HC_ODOO_URL + '/odoo/'
    + {_SIGNED}.event.subject,
}}""",
    )
    return flow.answer("Answer", 200, "done").done()


def encounter():
    """A clinical system says that a visit is over: hand the event to the suite's border."""
    flow = Flow(
        "encounter-intake",
        "HC: encounter intake",
        "Turns a message of the clinical system into a signed event for the suite.",
    ).webhook()
    flow.code_node(
        "Make Event",
        f"""
const {{ id, event }} = {_SIGNED};
return [{{ json: {{
  message_id: id,
  message: {{
    specversion: '1.0', id, source: 'n8n/encounter-intake', type: 'encounter.completed.v1',
    time: event.time, subject: event.data.encounter_number, data: event.data,
  }},
}} }}];
""",
    )
    flow.code_node("Sign", SIGN_EVENT)
    flow.request(
        "Hand Over",
        {
            "method": "POST",
            "url": "={{ $env.HC_ODOO_URL + '/hc/v1/inbound/' + $env.HC_INBOUND_SOURCE }}",
            "sendHeaders": True,
            "headerParameters": {
                "parameters": [
                    {"name": "webhook-id", "value": "={{ $json.id }}"},
                    {"name": "webhook-timestamp", "value": "={{ $json.timestamp }}"},
                    {"name": "webhook-signature", "value": "={{ $json.signature }}"},
                ]
            },
            "sendBody": True,
            "contentType": "raw",
            "rawContentType": "application/json",
            "body": "={{ $json.body }}",
            "options": {"timeout": 20000},
        },
    )
    return flow.answer("Answer", 200, "done").done()


def reconciliation():
    """Every night: what the clearinghouse sent yesterday, against what Odoo holds."""
    flow = Flow(
        "nightly-reconciliation",
        "HC: nightly reconciliation",
        "Compares what the clearinghouse sent with what Odoo holds; a difference becomes work.",
    ).schedule("HC_NIGHTLY_TIMES", "0 3 * * *")
    flow.call(
        "List Sent",
        "GET",
        "={{ $env.HC_CLEARINGHOUSE_URL + '/remittances?day=' "
        "+ $now.toUTC().minus({ days: 1 }).toFormat('yyyy-MM-dd') }}",
        [_bearer("HC_CLEARINGHOUSE_KEY")],
    )
    sent = "$json.remittances || []"
    flow.operation(
        "List Missing",
        "exchange.list_missing",
        f"{{ document_type: 'remittance_835', numbers: ({sent}).map((row) => String(row.id)) }}",
    )
    flow.code_node(
        "One Each", "return $input.first().json.missing.map((id) => ({ json: { id } }));"
    )
    # A repeated run of a day changes nothing; what is still missing tomorrow is said again.
    flow.work_item(
        "Open Work Item",
        "'n8n-missing-' + $now.toUTC().toFormat('yyyy-MM-dd') + '-' + $json.id",
        name="'Remittance ' + $json.id + ' was sent and is not here'",
        description="'The clearinghouse lists it for yesterday. Fetch it and submit it by hand.'",
        queue_code="'operations'",
        severity="'error'",
        dedup_key="'missing-remittance-' + $json.id",
    )
    _follow_proofs(flow)
    return flow.done()


def _follow_proofs(flow):
    """Beside it: the daily proofs of the last week. What differs is work until it does not."""
    flow.last = ("Every Day", 0)
    flow.code_node("Which Days", WHICH_DAYS)
    flow.operation(
        "Fetch Proof",
        "source.proof",
        "{ source: $json.source, day: $json.day }",
        is_error_an_item=True,
    )
    flow.code_node("What They Say", READ_PROOFS)
    flow.add("Is It Whole", "if", 2, condition("={{ $json.state !== 'differs' }}"))
    # It may differ again after it was whole: each night counts by itself.
    key = "$json.dedup_key + '-' + $execution.id"
    flow.operation("Close Work Item", "work_item.close", "{ dedup_key: $json.dedup_key }", key)
    flow.last = ("Is It Whole", 1)
    flow.work_item(
        "Ask About It",
        key,
        name="'The daily proof of ' + $json.source + ' of ' + $json.day + ' differs'",
        description="$json.differences + ' differences are open. See the proof in Odoo.'",
        queue_code="'operations'",
        severity="'error'",
        dedup_key="$json.dedup_key",
    )


WORKFLOWS = {
    "failed-workflow": failed_workflow,
    "remittance-received": remittance,
    "remittance-posted": remittance_posted,
    "claim-rejected": claim_rejected,
    "eligibility-check": eligibility,
    "payment-confirmation": payment,
    "overdue-reminder": reminder,
    "approval-notification": approval,
    "encounter-intake": encounter,
    "nightly-reconciliation": reconciliation,
}
