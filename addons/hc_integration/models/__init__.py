# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_integration_key
from . import hc_integration_source
from . import hc_integration_source_api
from . import hc_ledger_transaction
from . import hc_operation
from . import hc_operation_feed
from . import ir_http
from . import hc_exchange_event
from . import hc_work_item_events
from . import hc_event_position
from . import hc_event_handler
from . import hc_event_handler_lookup
from . import hc_event_handler_encounter
from . import hc_event_handler_patient
from . import hc_event_handler_coverage
from . import hc_event_handler_operation
from . import hc_exchange_event_handling
from . import hc_exchange_event_waiting
from . import hc_exchange_event_manual
from . import hc_data_owner
from . import hc_data_owner_apply
from . import hc_data_proposal
from . import hc_data_proposal_line
from . import hc_integration_source_events
