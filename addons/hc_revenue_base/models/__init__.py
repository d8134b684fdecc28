# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_guarded_mixin
from . import hc_lifecycle_mixin
from . import hc_transition
from . import hc_transition_seal
from . import hc_facility
from . import hc_department
from . import hc_practitioner
from . import hc_payer
from . import hc_patient
from . import hc_coverage
from . import hc_authorization
from . import hc_document
from . import hc_code
from . import hc_fee_schedule
from . import hc_reason_code
from . import hc_work_queue
from . import hc_work_item
from . import hc_controlled_action
from . import hc_exchange
from . import hc_encounter
from . import hc_service_line
from . import hc_charge
from . import hc_billing_case
from . import account_move
from . import hc_balance
from . import res_users
