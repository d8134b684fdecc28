# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64decode

from odoo import api, models

from ..hc_core import csv_safe
from ..hc_core.operations import OperationDefinition, OperationError
from .hc_exchange_processing import IMPORT_GROUPS
from .hc_operation_resource import PAGE_MAX, RESOURCE_READERS
from .hc_work_queue import SEVERITIES

# Base64 of an eight-megabyte document, with room for the rest of the input.
_SUBMIT_SIZE_MAX = 12_000_000
_WORKERS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_integration",
)


def text(max_length=128, **extra):
    """Schema of a text."""
    return {"type": "string", "maxLength": max_length, **extra}


def optional(described):
    """The same, or null."""
    return {**described, "type": [described["type"], "null"]}


def record(required=(), **properties):
    """Schema of a closed object."""
    return {"type": "object", "properties": properties, "required": list(required)}


def rows(items, max_items=1000):
    """Schema of a list."""
    return {"type": "array", "items": items, "maxItems": max_items}


ID = {"type": "integer", "minimum": 1}
COUNT = {"type": "integer", "minimum": 0}
DAY = {"type": ["string", "null"], "format": "date", "maxLength": 10}
MOMENT = {"type": ["string", "null"], "format": "date-time", "maxLength": 40}
AMOUNT = text(32, format="decimal")
FLAG = {"type": "boolean"}
PAGE_IN = {
    "since": text(40, format="date-time"),
    "cursor": text(80),
    "limit": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
}


class HcOperation(models.AbstractModel):
    """Operations of base: submit a document, open a work item, look at cases."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            self._define_submit(),
            self._define_open_item(),
            self._define_fetch_case(),
            *self._define_pages(),
        ]

    @api.model
    def _define_submit(self):
        types = self.env["hc.exchange"]._fields["document_type"].get_values(self.env)
        return OperationDefinition(
            code="exchange.submit",
            version=1,
            summary=self.env._("Hand over a document; it is stored first and processed after."),
            schema_in=record(
                ("document_type", "source", "external_id", "content_base64"),
                document_type={"type": "string", "enum": types},
                source=text(64, minLength=1),
                external_id=text(128, minLength=1),
                name=text(128, minLength=1),
                encoding={"type": "string", "enum": ["utf-8", "cp1252"]},
                content_base64=text(_SUBMIT_SIZE_MAX, minLength=1, format="base64"),
            ),
            schema_out=record(
                ("exchange_id", "verdict", "state"),
                exchange_id=ID,
                verdict={"type": "string", "enum": ["new", "duplicate", "conflict"]},
                state=text(32),
            ),
            groups=IMPORT_GROUPS,
            handler="_operation_submit",
            size_max=_SUBMIT_SIZE_MAX,
        )

    @api.model
    def _define_open_item(self):
        return OperationDefinition(
            code="work_item.open",
            version=1,
            summary=self.env._("Ask people to look at something; once while it is open."),
            schema_in=record(
                ("name", "queue_code"),
                name=text(200, minLength=3),
                description=text(4000),
                queue_code=text(64, minLength=1),
                severity={"type": "string", "enum": [code for code, _label in SEVERITIES]},
                facility_code=text(32),
                case_number=text(64),
                dedup_key=text(128, minLength=1),
            ),
            schema_out=record(("work_item_id", "state"), work_item_id=ID, state=text(32)),
            groups=_WORKERS,
            handler="_operation_open_item",
        )

    @api.model
    def _define_fetch_case(self):
        finding = record(rule=text(64), category=text(64), is_blocking=FLAG, message=text(2000))
        balance = record(responsibility=optional(text(32)), date_due=DAY, amount_open=AMOUNT)
        invoice = record(
            number=text(64), date=DAY, state=text(32), payment_state=text(32), amount_total=AMOUNT
        )
        return OperationDefinition(
            code="case.fetch",
            version=1,
            summary=self.env._("Where a case stands: stage, findings, balances, invoices."),
            schema_in=record(
                case_number=text(64), encounter_number=text(64), facility_code=text(32)
            ),
            schema_out=record(
                ("number", "stage"),
                number=text(64),
                encounter_number=text(64),
                facility_code=text(32),
                payer_code=optional(text(64)),
                stage=text(32),
                stage_entered_at=MOMENT,
                currency=text(8),
                amount_charged=AMOUNT,
                findings=rows(finding),
                balances=rows(balance),
                invoices=rows(invoice),
            ),
            groups=("hc_revenue_base.group_hc_user",),
            handler="_operation_fetch_case",
            is_write=False,
        )

    @api.model
    def _define_pages(self):
        out = record(
            ("records", "next_cursor", "is_last"),
            # The names and types of a record's values are those of the resource.
            records=rows({"type": "object", "properties": self._get_page_properties()}, PAGE_MAX),
            next_cursor=text(80),
            is_last=FLAG,
        )
        common = {"version": 1, "schema_out": out, "groups": RESOURCE_READERS, "is_write": False}
        names = [resource.name for resource in self._get_resources()]
        return [
            OperationDefinition(
                code="resource.read",
                summary=self.env._("Read a resource page by page, oldest change first."),
                schema_in=record(
                    ("resource",), resource={"type": "string", "enum": names}, **PAGE_IN
                ),
                handler="_operation_read_resource",
                **common,
            ),
            OperationDefinition(
                code="case.list_changed",
                summary=self.env._("Billing cases changed since a moment or a cursor."),
                schema_in=record(**PAGE_IN),
                handler="_operation_list_changed_cases",
                **common,
            ),
        ]

    @api.model
    def _get_page_properties(self):
        """Every name that some resource serves."""
        value = {"type": ["string", "integer", "number", "boolean", "null"], "maxLength": 4000}
        names = {"id", "changed_at"}
        for resource in self._get_resources():
            names |= resource.fields.keys() | resource.private_fields.keys()
        return dict.fromkeys(sorted(names), value)

    @api.model
    def _operation_submit(self, payload):
        exchanges = self.env["hc.exchange"]
        exchanges._check_may_import()
        for name in ("source", "external_id", "name"):
            if csv_safe.is_dangerous(payload.get(name, "")):
                raise OperationError("payload_invalid", problems=f"/{name} begins like a formula")
        exchange, verdict = exchanges._receive(
            payload["document_type"],
            payload["source"],
            payload["external_id"],
            b64decode(payload["content_base64"], validate=True),
            payload.get("name") or payload["external_id"],
            payload.get("encoding", "utf-8"),
        )
        if verdict == "new":
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return {"exchange_id": exchange.id, "verdict": verdict, "state": exchange.sudo().state}

    @api.model
    def _operation_open_item(self, payload):
        vals = {
            "kind": "manual",
            "name": payload["name"],
            "description": payload.get("description"),
            "queue_code": payload["queue_code"],
            "severity": payload.get("severity", "error"),
            "company_id": self.env.company.id,
        }
        queues = self.env["hc.work.queue"].search(
            [
                ("code", "=", payload["queue_code"]),
                ("company_id", "in", (False, self.env.company.id)),
            ]
        )
        if not queues:
            raise OperationError("not_found", what=f"queue {payload['queue_code']}")
        if "facility_code" in payload:
            vals["facility_id"] = self._find_facility(payload["facility_code"]).id
        if "case_number" in payload:
            case = self._find_case([("name", "=", payload["case_number"])])
            vals.update(case_id=case.id, facility_id=case.facility_id.id)
        own_key = payload.get("dedup_key", payload["name"])
        # Senders name their own things: one cannot close the door for another.
        vals["dedup_key"] = f"operation:{self.env.uid}:{own_key}"
        item_sudo = self.env["hc.work.item"]._open([vals]).sudo()
        return {"work_item_id": item_sudo.id, "state": item_sudo.state}

    @api.model
    def _find_facility(self, code):
        facility = self.env["hc.facility"].search(
            [("code", "=", code), ("company_id", "=", self.env.company.id)]
        )
        if not facility:
            raise OperationError("not_found", what=f"facility {code}")
        return facility

    @api.model
    def _find_case(self, domain):
        """The youngest case that the caller may see."""
        case = self.env["hc.billing.case"].search(
            [*domain, ("company_id", "=", self.env.company.id)], order="id desc", limit=1
        )
        if not case:
            raise OperationError("not_found", what="case of this number")
        return case

    @api.model
    def _operation_fetch_case(self, payload):
        if ("case_number" in payload) == ("encounter_number" in payload):
            raise OperationError(
                "payload_invalid", problems="give either case_number or encounter_number"
            )
        if "case_number" in payload:
            domain = [("name", "=", payload["case_number"])]
        else:
            domain = [("encounter_id.number", "=", payload["encounter_number"])]
        if "facility_code" in payload:
            domain.append(("facility_id", "=", self._find_facility(payload["facility_code"]).id))
        return self._describe_case(self._find_case(domain))

    @api.model
    def _describe_case(self, case):
        currency = case.currency_id
        # Who may read the case may know its invoices' numbers and states, without the ledger.
        invoices_sudo = case.sudo().invoice_ids
        return {
            "number": case.name,
            "encounter_number": case.encounter_id.number,
            "facility_code": case.facility_id.code,
            "payer_code": case.payer_id.code or None,
            "stage": case.stage,
            "stage_entered_at": case.stage_entered_at and case.stage_entered_at.isoformat(),
            "currency": currency.name,
            "amount_charged": self._serve_money(case.amount_charged, currency),
            "findings": [
                {
                    "rule": finding.rule_code,
                    "category": finding.category,
                    "is_blocking": finding.is_blocking,
                    "message": finding.message,
                }
                for finding in case.open_finding_ids
            ],
            "balances": [
                {
                    "responsibility": balance.responsibility or None,
                    "date_due": balance.date_due and balance.date_due.isoformat(),
                    "amount_open": self._serve_money(balance.amount_open, currency),
                }
                for balance in self.env["hc.balance"].search([("case_id", "=", case.id)])
            ],
            "invoices": [
                {
                    "number": invoice.name or "/",
                    "date": invoice.invoice_date.isoformat() if invoice.invoice_date else None,
                    "state": invoice.state,
                    "payment_state": invoice.payment_state or "not_paid",
                    "amount_total": self._serve_money(invoice.amount_total_signed, currency),
                }
                for invoice in invoices_sudo.sorted("id")
            ],
        }

    @api.model
    def _operation_read_resource(self, payload):
        return self._read_page(
            payload["resource"], payload.get("since"), payload.get("cursor"), payload.get("limit")
        )

    @api.model
    def _operation_list_changed_cases(self, payload):
        return self._read_page(
            "cases", payload.get("since"), payload.get("cursor"), payload.get("limit")
        )
