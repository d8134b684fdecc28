# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The records of this module that show patient data. A test finds any that is missing here."""

from odoo import models


class HcPatient(models.Model):
    _name = "hc.patient"
    _inherit = ["hc.patient", "hc.phi.mixin"]
    _phi_patient_path = "id"


class HcCoverage(models.Model):
    _name = "hc.coverage"
    _inherit = ["hc.coverage", "hc.phi.mixin"]


class HcAuthorization(models.Model):
    _name = "hc.authorization"
    _inherit = ["hc.authorization", "hc.phi.mixin"]


class HcDocument(models.Model):
    _name = "hc.document"
    _inherit = ["hc.document", "hc.phi.mixin"]


class HcEncounter(models.Model):
    _name = "hc.encounter"
    _inherit = ["hc.encounter", "hc.phi.mixin"]


class HcServiceLine(models.Model):
    _name = "hc.service.line"
    _inherit = ["hc.service.line", "hc.phi.mixin"]


class HcCharge(models.Model):
    _name = "hc.charge"
    _inherit = ["hc.charge", "hc.phi.mixin"]


class HcBillingCase(models.Model):
    _name = "hc.billing.case"
    _inherit = ["hc.billing.case", "hc.phi.mixin"]


class HcReadinessFinding(models.Model):
    _name = "hc.readiness.finding"
    _inherit = ["hc.readiness.finding", "hc.phi.mixin"]


class HcBalance(models.Model):
    _name = "hc.balance"
    _inherit = ["hc.balance", "hc.phi.mixin"]
