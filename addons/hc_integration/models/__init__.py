# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_integration_source
from . import hc_fhir_resource
from . import hc_fhir_poll_source
from . import hc_exchange_fhir_rows
from . import hc_exchange_fhir
from . import hc_exchange_fhir_steps
from . import hc_exchange_fhir_records
from . import hc_exchange_fhir_known
from . import hc_exchange_hl7
from . import hc_operation_fhir
from . import hc_operation_fhir_values
