# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_feed, test_integration_key, test_operations_http
from . import test_integration_source
from . import test_event_encounter
from . import test_event_ownership
from . import test_event_border
from . import test_event_manual
from . import test_event_coverage
from . import test_event_outbox
from . import test_event_delivery
from . import test_exchange_fhir
from . import test_exchange_hl7
from . import test_fhir_poll
from . import test_operation_fhir
from . import test_inbound
from . import test_inbound_events
from . import test_file_drop
from . import test_payment_guard
from . import test_hostile_keys
from . import test_hostile_roles
from . import test_hostile_events
from . import test_hostile_documents
from . import test_event_clinical
from . import test_hostile_drop
from . import test_hostile_reading
from . import test_message_gateway
from . import test_fhir_ownership
from . import test_file_drop_out
from . import test_n8n_wizard
from . import test_event_screens
from . import test_payment_demo
from . import test_payment_retention
from . import test_proof
from . import test_proof_daily
from . import test_source_health
from . import test_source_codes
from . import test_outage
