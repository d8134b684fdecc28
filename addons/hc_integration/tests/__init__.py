# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_integration_source
from . import test_exchange_fhir
from . import test_exchange_hl7
from . import test_fhir_poll
from . import test_operation_fhir
