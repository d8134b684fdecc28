# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_integration_key_wizard
from . import hc_integration_rights_wizard
from . import hc_event_entry
from . import hc_event_entry_line
from . import hc_clinical_document_wizard
from . import hc_n8n_wizard
from . import hc_n8n_wizard_line
from . import hc_payment_reconciliation_wizard
from . import hc_event_entry_difference
from . import hc_integration_difference_settle
from . import hc_integration_totals_entry
from . import hc_integration_totals_entry_line
