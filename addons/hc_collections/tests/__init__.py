# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    test_assistance,
    test_casework_figures,
    test_collection_account,
    test_collection_desk,
    test_collection_priority,
    test_dispute,
    test_placement,
)
