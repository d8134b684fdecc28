# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A payment processor that speaks like Stripe, on loopback: objects, lists, signed events.

It answers what Odoo's module and the reconciliation ask, keeps everything in memory, and tells
what happened by events that a test delivers when, as often and in which order it likes.
"""

import contextlib
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl, urlsplit

SECRET_KEY = "sk_test_sample"
_LISTS = ("charges", "refunds", "disputes", "balance_transactions", "payment_intents")
_FILTERS = ("payment_intent", "charge", "type", "source")


class StripeError(Exception):
    """An answer that is none of success."""

    def __init__(self, status, message, kind="invalid_request_error"):
        self.status, self.body = status, {"error": {"type": kind, "message": message}}
        super().__init__(message)


class StripeLike:
    """The processor's side of everything: what Odoo asks, and what people do at it.

    :ivar int now: seconds since 1970, stamped on what is created; a test sets it
    :ivar list events: what happened, oldest first
    :ivar int broken: HTTP status that every question gets; 0: it works
    :ivar int answers_left: how many questions are answered before it breaks; None: all
    """

    def __init__(self, now):
        self.lock = threading.RLock()
        self.begin(now)

    def begin(self, now):
        """Forget everything: a test begins."""
        self.now, self.events, self.broken, self.answers_left = now, [], 0, None
        self.objects, self.asked, self._answers, self._numbers = {}, [], {}, count(1)

    def handle(self, method, path, params, headers):
        """Answer one question of the API: ``(status, JSON document)``."""
        with self.lock:
            self.asked.append((method, path, dict(params)))
            try:
                self._check_open(headers)
                return 200, self._answer_once(method, path, params, headers)
            except StripeError as error:
                return error.status, error.body

    def _check_open(self, headers):
        if headers.get("Authorization") != f"Bearer {SECRET_KEY}":
            raise StripeError(401, "Invalid API Key provided")
        if self.answers_left == 0:
            raise StripeError(503, "Down for now", "api_error")
        if self.answers_left:
            self.answers_left -= 1
        if self.broken:
            raise StripeError(self.broken, "Down for now", "api_error")

    def _answer_once(self, method, path, params, headers):
        key = headers.get("Idempotency-Key") if method == "POST" else None
        told = (path, tuple(sorted(params.items())))
        if key and key in self._answers:
            before, answer = self._answers[key]
            if before != told:
                raise StripeError(400, "Keys are for one request each", "idempotency_error")
            return answer
        answer = self._answer(method, [part for part in path.split("/") if part], params)
        if key:
            self._answers[key] = (told, answer)
        return answer

    def _answer(self, method, parts, params):
        name, rest = parts[0], parts[1:]
        if method == "GET" and name in _LISTS and not rest:
            return self._list(name, params)
        if method == "GET" and len(rest) == 1:
            return self._expand(self._get(rest[0]), params)
        if method == "POST" and name == "customers" and not rest:
            return self._make("cus", "customer", name=params.get("name"))
        if method == "POST" and name == "payment_intents" and not rest:
            return self._create_intent(params)
        if method == "POST" and name == "payment_intents" and rest[1:] == ["cancel"]:
            return self._cancel(self._get(rest[0]))
        if method == "POST" and name == "refunds" and not rest:
            intent = self._get(params["payment_intent"])
            return self.refund(intent["latest_charge"], int(params["amount"]))
        raise StripeError(404, "Unrecognized request URL")

    def _list(self, name, params):
        """A page, the newest first, as the API's lists are."""
        kind = {"balance_transactions": "balance_transaction"}.get(name, name[:-1])
        found = [each for each in self.objects.values() if each["object"] == kind]
        lower = int(params.get("created[gte]", 0))
        upper = int(params.get("created[lt]", 2**40))
        found = [each for each in found if lower <= each["created"] < upper]
        for field in _FILTERS:
            if field in params:
                found = [each for each in found if each.get(field) == params[field]]
        found.sort(key=lambda each: (each["created"], each["_order"]), reverse=True)
        if "starting_after" in params:
            ids = [each["id"] for each in found]
            if params["starting_after"] not in ids:
                raise StripeError(400, "No such object")
            found = found[ids.index(params["starting_after"]) + 1 :]
        limit = int(params.get("limit", 10))
        if not 1 <= limit <= 100:
            raise StripeError(400, "Invalid integer: limit")
        rows = [self._expand(each, params) for each in found[:limit]]
        return {"object": "list", "data": rows, "has_more": len(found) > limit}

    def _expand(self, row, params):
        if params.get("expand[]") == "data.source":
            return row | {"source": self._get(row["source"])}
        if params.get("expand[]") == "payment_method" and row["payment_method"]:
            return row | {"payment_method": self._get(row["payment_method"])}
        return row

    def _get(self, number):
        if number not in self.objects:
            raise StripeError(404, f"No such object: {number}")
        return self.objects[number]

    def _make(self, prefix, kind, **values):
        order = next(self._numbers)
        made = {"id": f"{prefix}_{order}", "object": kind, "created": self.now, "_order": order}
        self.objects[made["id"]] = made | values
        return self.objects[made["id"]]

    def _tell(self, kind, subject, **data):
        event = {
            "id": f"evt_{next(self._numbers)}",
            "object": "event",
            "type": kind,
            "created": self.now,
            "data": {"object": json.loads(json.dumps(subject)), **data},
        }
        self.events.append(event)
        return event

    def _create_intent(self, params):
        intent = self._make(
            "pi",
            "payment_intent",
            amount=int(params["amount"]),
            amount_received=0,
            currency=params["currency"],
            description=params.get("description"),
            status="requires_payment_method",
            payment_method=None,
            latest_charge=None,
            metadata={},
        )
        intent["client_secret"] = f"{intent['id']}_secret"
        self._tell("payment_intent.created", intent)
        return intent

    def _cancel(self, intent):
        if intent["status"] == "succeeded":
            raise StripeError(400, "You cannot cancel this PaymentIntent: it has succeeded.")
        intent["status"] = "canceled"
        self._tell("payment_intent.canceled", intent)
        return intent

    # What people do at the processor.

    def pay(self, number, *, declined=False):
        """Confirm an intent, as the script of the payment page does; its event."""
        intent = self._get(number)
        if intent["status"] in ("succeeded", "canceled"):
            raise StripeError(400, "This PaymentIntent has ended.")
        method = self._make("pm", "payment_method", type="card", card={"brand": "visa"})
        charge = self._make(
            "ch",
            "charge",
            payment_intent=number,
            amount=intent["amount"],
            amount_captured=0 if declined else intent["amount"],
            amount_refunded=0,
            captured=not declined,
            currency=intent["currency"],
            description=intent["description"],
            status="failed" if declined else "succeeded",
        )
        intent |= {"latest_charge": charge["id"], "payment_method": method["id"]}
        if declined:
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = {"message": "Your card was declined."}
            return self._tell("payment_intent.payment_failed", intent)
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        self._tell("charge.succeeded", charge)
        return self._tell("payment_intent.succeeded", intent)

    def take(self, amount, currency="usd", **metadata):
        """Take a payment that no other system asked for, as a terminal does; its event."""
        intent = self._create_intent({"amount": amount, "currency": currency})
        intent["metadata"] = metadata
        return self.pay(intent["id"])

    def refund(self, charge_number, amount):
        """Give money back; the refund. Its event is the last one."""
        charge = self._get(charge_number)
        before = charge["amount_refunded"]
        if before + amount > charge["amount"]:
            raise StripeError(400, "Refund amount is greater than unrefunded amount on charge")
        refund = self._make(
            "re",
            "refund",
            amount=amount,
            currency=charge["currency"],
            charge=charge["id"],
            payment_intent=charge["payment_intent"],
            status="succeeded",
        )
        charge["amount_refunded"] = before + amount
        refunds = [row for row in self.objects.values() if row["object"] == "refund"]
        own = [row for row in reversed(refunds) if row["charge"] == charge["id"]]
        self._tell(
            "charge.refunded",
            charge | {"refunds": {"object": "list", "data": own, "has_more": False}},
            previous_attributes={"amount_refunded": before},
        )
        return refund

    def dispute(self, charge_number):
        """The bank takes a payment back; the dispute. The event of the money is the last one."""
        charge = self._get(charge_number)
        dispute = self._make(
            "dp",
            "dispute",
            amount=charge["amount"],
            currency=charge["currency"],
            charge=charge["id"],
            payment_intent=charge["payment_intent"],
            status="needs_response",
        )
        self._tell("charge.dispute.created", dispute)
        self._move_disputed(dispute, "dispute", -charge["amount"])
        self._tell("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def win(self, dispute_number):
        """The bank returns what it took; its event."""
        dispute = self._get(dispute_number)
        dispute["status"] = "won"
        self._move_disputed(dispute, "dispute_reversal", dispute["amount"])
        return self._tell("charge.dispute.funds_reinstated", dispute)

    def _move_disputed(self, dispute, category, amount):
        self._make(
            "txn",
            "balance_transaction",
            type="adjustment",
            reporting_category=category,
            amount=amount,
            currency=dispute["currency"],
            source=dispute["id"],
        )


def sign(event, secret, seconds):
    """The body of an event and the header that proves it: ``(bytes, text)``."""
    body = json.dumps(event).encode()
    digest = hmac.new(secret.encode(), b"%d.%s" % (seconds, body), hashlib.sha256).hexdigest()
    return body, f"t={seconds},v1={digest}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        params = dict(parse_qsl(parts.query or self.rfile.read(length).decode()))
        path = parts.path.removeprefix("/v1/")
        status, document = self.server.processor.handle(self.command, path, params, self.headers)
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_arguments):
        """Keep the log of the tests free of requests."""


@contextlib.contextmanager
def serving(now):
    """A processor that answers on loopback; its address is in ``url``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.processor = processor = StripeLike(now)
    processor.port = server.server_address[1]
    processor.url = f"http://127.0.0.1:{processor.port}/v1/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield processor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
