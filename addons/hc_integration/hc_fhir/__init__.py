# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Clinical systems' documents: FHIR R4 and HL7 v2 as the same frozen records, and R4 out again.

Standard library only, no clock. A document is hostile until it is checked; what is wrong is a
:class:`findings.Finding` with the path of the element, never an exception, unless the document as
a whole cannot be read (:class:`findings.DocumentError`).
"""
