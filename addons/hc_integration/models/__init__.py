# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_integration_key
from . import hc_integration_source
from . import hc_integration_source_api
from . import hc_ledger_transaction
from . import hc_operation
from . import hc_operation_feed
from . import ir_http
from . import hc_file_drop
from . import hc_file_drop_file
from . import hc_payment_event
from . import payment_provider
from . import payment_transaction
