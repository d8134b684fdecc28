# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The workflows that the suite ships."""

from .flow import ERROR_WORKFLOW_ID, Flow
from .scripts import SIGN_EVENT

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
    item = """{
  name: ('n8n workflow failed: ' + $json.workflow.name).slice(0, 200),
  description: ('Execution ' + ($json.execution?.id ?? 'unknown') + ', last node '
    + ($json.execution?.lastNodeExecuted ?? 'unknown') + '. Open it in n8n, mend the cause and '
    + 'run it again; repeated calls have no second effect.').slice(0, 2000),
  queue_code: 'operations',
  severity: 'error',
  dedup_key: 'n8n-failed-' + $json.workflow.id,
}"""
    key = "'n8n-failed-' + $json.workflow.id + '-' + ($json.execution?.id ?? $now.toMillis())"
    return flow.operation("Open Work Item", "work_item.open", item, key).done()


def remittance():
    """A clearinghouse says that a remittance lies ready: fetch it, hand it over, tell people."""
    flow = Flow(
        "remittance-received",
        "HC: remittance received",
        "Fetches a remittance, hands it to Odoo and tells collections.",
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
  source: 'clearinghouse',
  external_id: String(signed.event.data.remittance_id),
  name: `${{signed.event.data.remittance_id}}.835`,
  content_base64: Buffer.from(content, 'utf8').toString('base64'),
}} }}];
""",
    )
    flow.operation("Hand Over", "exchange.submit", "$json", _EVENT_KEY)
    told = f"""{{
  name: 'Remittance ' + {_SIGNED}.event.data.remittance_id + ' has arrived',
  description: 'Handed over by the clearinghouse; its denials and patient balances follow.',
  queue_code: 'collections',
  severity: 'info',
  dedup_key: 'remittance-' + {_SIGNED}.event.data.remittance_id,
}}"""
    flow.operation("Tell Collections", "work_item.open", told, f"{_EVENT_KEY} + '-told'")
    return flow.answer("Answer", 200, "done").done()


def claim_rejected():
    """A claim was rejected: sort it by its code and put it on the right desk."""
    flow = Flow(
        "claim-rejected",
        "HC: claim rejected",
        "Sorts a rejected claim by its status category and opens work in the right queue.",
    ).webhook()
    flow.code_node(
        "Classify",
        f"""
// Health Care Claim Status Category Codes: A3 returned as unprocessable, A6 missing information,
// A7 invalid information, A8 relational field in error.
const queues = {{ A6: 'patient_access', A7: 'coding', A8: 'coding' }};
const data = {_SIGNED}.event.data;
const category = String(data.category || data.reason_code || '').slice(0, 2).toUpperCase();
return [{{ json: {{
  name: `Claim ${{data.claim_number || data.id}} was rejected (${{category || 'no code'}})`,
  queue: queues[category] || 'edi',
  category,
}} }}];
""",
    )
    item = f"""{{
  name: $json.name.slice(0, 200),
  description: 'Category ' + ($json.category || 'unknown')
    + '. Open the claim, correct it, send it again.',
  queue_code: $json.queue,
  severity: 'error',
  dedup_key: 'claim-rejected-' + {_SIGNED}.event.id,
}}"""
    flow.operation("Open Work Item", "work_item.open", item, _EVENT_KEY)
    return flow.answer("Answer", 200, "done").done()


def eligibility():
    """Ask a payer about a coverage; where its interface is down, ask the fallback."""
    flow = Flow(
        "eligibility-check",
        "HC: eligibility check",
        "Asks a payer whether a coverage is active, and a second route where the first is silent.",
    ).webhook()
    question = f"{{ member: {_SIGNED}.event.data.member_id, day: {_SIGNED}.event.data.day }}"
    flow.call(
        "Ask Payer",
        "POST",
        "={{ $env.HC_PAYER_URL + '/eligibility' }}",
        [_bearer("HC_PAYER_KEY"), _JSON],
        question,
    )
    # The second route takes over where the first one stays silent, not the caller.
    flow.connections["Ask Payer"]["main"][1] = []
    flow.call(
        "Ask Second Route",
        "POST",
        "={{ $env.HC_PAYER_FALLBACK_URL + '/eligibility' }}",
        [_bearer("HC_PAYER_KEY"), _JSON],
        question,
    )
    flow.connections["Ask Payer"]["main"][0] = []
    flow.link("Ask Payer", 1, "Ask Second Route")
    result = f"""{{
  facility_code: {_SIGNED}.event.data.facility_code,
  patient_mrn: {_SIGNED}.event.data.patient_mrn,
  payer_code: {_SIGNED}.event.data.payer_code,
  member_id: {_SIGNED}.event.data.member_id,
  outcome: $json.status,
  checked_on: {_SIGNED}.event.data.day,
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
  source: 'payment-processor',
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
    """A reminder waits to be sent as a text message: send it, say how it went."""
    flow = Flow(
        "overdue-reminder",
        "HC: overdue reminder",
        "Sends a reminder through a messaging interface and reports its delivery.",
    ).webhook()
    flow.call(
        "Send Message",
        "POST",
        "={{ $env.HC_MESSAGING_URL + '/messages' }}",
        [
            _bearer("HC_MESSAGING_KEY"),
            _JSON,
            ("Idempotency-Key", f"={{{{ {_EVENT_KEY} }}}}"),
        ],
        f"{{ to: {_SIGNED}.event.data.to, text: {_SIGNED}.event.data.text }}",
    )
    status = f"""{{
  message_reference: {_SIGNED}.event.data.message_reference,
  status: $json.status === 'failed' ? 'failed' : 'sent',
}}"""
    flow.operation("Report Delivery", "message.record_status", status, _EVENT_KEY)
    return flow.answer("Answer", 200, "done").done()


def approval():
    """Something waits for approval: tell the approvers in their messenger."""
    flow = Flow(
        "approval-notification",
        "HC: approval notification",
        "Tells approvers in their messenger that a request waits; a link, no figures.",
    ).webhook()
    flow.call(
        "Tell Approvers",
        "POST",
        _env("HC_CHAT_URL"),
        [_bearer("HC_CHAT_KEY"), _JSON],
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
    flow.add(
        "Hand Over",
        "httpRequest",
        4.2,
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
        retryOnFail=True,
        maxTries=4,
        waitBetweenTries=2000,
        onError="continueErrorOutput",
    )
    flow.answer_later("Hand Over")
    return flow.answer("Answer", 200, "done").done()


def reconciliation():
    """Every night: what the clearinghouse sent yesterday, against what Odoo holds."""
    flow = Flow(
        "nightly-reconciliation",
        "HC: nightly reconciliation",
        "Compares what the clearinghouse sent with what Odoo holds; a difference becomes work.",
    ).schedule(3)
    flow.call(
        "List Sent",
        "GET",
        "={{ $env.HC_CLEARINGHOUSE_URL + '/remittances?day=' "
        "+ $now.minus({ days: 1 }).toFormat('yyyy-MM-dd') }}",
        [_bearer("HC_CLEARINGHOUSE_KEY")],
    )
    held = """{
  resource: 'exchanges', since: $now.minus({ days: 2 }).toISO(), limit: 500,
}"""
    flow.operation("List Held", "resource.read", held)
    flow.code_node(
        "Compare",
        f"""
const sent = {_FIND.format(node="List Sent")}.remittances || [];
const held = new Set(($input.first().json.records || []).map((row) => row.external_id));
const missing = sent.map((row) => String(row.id)).filter((id) => !held.has(id));
return missing.map((id) => ({{ json: {{ id }} }}));
""",
    )
    item = """{
  name: ('Remittance ' + $json.id + ' was sent and is not here').slice(0, 200),
  description: 'The clearinghouse lists it for yesterday. Fetch it and submit it by hand.',
  queue_code: 'operations',
  severity: 'error',
  dedup_key: 'missing-remittance-' + $json.id,
}"""
    flow.operation("Open Work Item", "work_item.open", item, "'n8n-missing-remittance-' + $json.id")
    return flow.done()


WORKFLOWS = {
    "failed-workflow": failed_workflow,
    "remittance-received": remittance,
    "claim-rejected": claim_rejected,
    "eligibility-check": eligibility,
    "payment-confirmation": payment,
    "overdue-reminder": reminder,
    "approval-notification": approval,
    "encounter-intake": encounter,
    "nightly-reconciliation": reconciliation,
}
