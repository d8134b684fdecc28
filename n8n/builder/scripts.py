# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The scripts that workflows run, and the conditions that they ask."""

# Standard Webhooks: HMAC-SHA256 of "id.timestamp.body", any of the secrets, five minutes either
# way.
CHECK_SIGNATURE = """
const crypto = require('crypto');
const item = $input.first();
const headers = item.json.headers || {};
const raw = await this.helpers.getBinaryDataBuffer(0, 'data');
const id = headers['webhook-id'] || '';
const timestamp = headers['webhook-timestamp'] || '';
const age = Math.abs(Date.now() / 1000 - Number(timestamp));
const secrets = ($env.HC_WEBHOOK_SECRETS || '').split(' ').filter((secret) => secret.length >= 16);
const sent = (headers['webhook-signature'] || '').split(' ')
  .filter((part) => part.startsWith('v1,')).map((part) => Buffer.from(part.slice(3), 'base64'));
const keyOf = (secret) => secret.startsWith('whsec_')
  ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
const matches = secrets.some((secret) => {
  const right = crypto.createHmac('sha256', keyOf(secret))
    .update(`${id}.${timestamp}.`).update(raw).digest();
  const fits = (given) => given.length === right.length && crypto.timingSafeEqual(given, right);
  return sent.some(fits);
});
const signed = Boolean(id) && age <= 300 && matches;
return [{ json: { signed, id, event: signed ? JSON.parse(raw.toString('utf8')) : null } }];
"""

# Signs what goes to the suite's inbound address the same way.
SIGN_EVENT = """
const crypto = require('crypto');
const secret = ($env.HC_INBOUND_SECRET || '');
if (secret.length < 16) throw new Error('HC_INBOUND_SECRET is not set');
const key = secret.startsWith('whsec_')
  ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
const { message_id: id, message } = $input.first().json;
const body = JSON.stringify(message);
const timestamp = String(Math.floor(Date.now() / 1000));
const signature = crypto.createHmac('sha256', key).update(`${id}.${timestamp}.${body}`)
  .digest('base64');
return [{ json: { id, timestamp, signature: `v1,${signature}`, body } }];
"""

# HTTP status of a failed call, 0 without an answer; n8n words it in several ways.
STATUS = (
    "Number($json.error?.status ?? $json.error?.httpCode ?? $json.error?.response?.status ?? 0)"
)

# The texts of a document that waits to leave, one item each.
TAKE_TEXTS = """
const content = Buffer.from($input.first().json.content_base64, 'base64').toString('utf8');
return JSON.parse(content).messages.map((message) => ({ json: message }));
"""

# What the messaging interface said of each text. A number that it refuses is a failed message;
# where it was silent nothing is decided yet.
READ_DELIVERIES = """
const texts = $('Take Texts').all();
const words = { delivered: 'delivered', failed: 'failed' };
return $input.all().map((item, place) => {
  const error = item.json.error;
  const status = error && typeof error === 'object'
    ? Number(error.status ?? error.httpCode ?? error.response?.status ?? 0) : 0;
  const message_reference = String(texts[place].json.id);
  if (!error) return { json: { message_reference, status: words[item.json.status] || 'sent' } };
  if (![400, 404, 422].includes(status)) return { json: { message_reference, status: 'unknown' } };
  return { json: { message_reference, status: 'failed', reason_code: `http_${status}` } };
});
"""


# The last week: what is corrected later closes its work item then.
WHICH_DAYS = """
const sources = ($env.HC_PROOF_SOURCES || '').split(' ').filter(Boolean);
const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
return sources.flatMap((source) =>
  [1, 2, 3, 4, 5, 6, 7].map((back) => ({ json: { source, day: day(back) } })));
"""

# 404: nothing was told or expected of that day. Any other failure ends the night aloud.
READ_PROOFS = """
const asked = $('Which Days').all();
const found = [];
for (const [index, item] of $input.all().entries()) {
  const { source, day } = asked[index].json;
  const error = item.json.error;
  if (error) {
    const status = typeof error === 'object'
      ? Number(error.status ?? error.httpCode ?? error.response?.status ?? 0) : 0;
    if (status === 404) continue;
    throw new Error(`The proof of ${source} of ${day} was not told: ${status || 'no answer'}`);
  }
  const { state, differences } = item.json;
  if (['differs', 'proven', 'settled'].includes(state)) {
    found.push({ json: {
      source, day, state, differences: differences.length, dedup_key: `proof-${source}-${day}`,
    } });
  }
}
return found;
"""


def condition(expression):
    """Parameters of an *if* node that asks whether an expression is true."""
    return {
        "conditions": {
            "options": {
                "caseSensitive": True,
                "leftValue": "",
                "typeValidation": "strict",
                "version": 2,
            },
            "combinator": "and",
            "conditions": [
                {
                    "id": "is-true",
                    "leftValue": expression,
                    "rightValue": "",
                    "operator": {"type": "boolean", "operation": "true", "singleValue": True},
                }
            ],
        },
        "options": {},
    }
