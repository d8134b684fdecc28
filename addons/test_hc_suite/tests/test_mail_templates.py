# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP
from odoo.addons.hc_revenue_base.tests.common import HcCommon

from .conformance import ConformanceCase

FIELD_PATH = re.compile(r"\bobject((?:\.\w+)+)(?P<call>\()?")
RENDERED = ("subject", "body_html", "email_to", "email_cc", "email_from", "reply_to", "partner_to")
# A patient's display name is the name for whoever may see it.
PATIENT = "hc.patient"
CLOSED_GROUPS = {PHI_GROUP, "hc_revenue_base.group_hc_clinical"}


def find_template_problems(template):
    """Fields that a template names and that do not exist or belong to patients."""
    for part in RENDERED:
        for match in FIELD_PATH.finditer(str(template[part] or "")):
            names = match[1].strip(".").split(".")
            if match["call"]:
                names.pop()
            yield from _find_path_problems(template, names)


def _find_path_problems(template, names):
    model = template.env[template.model]
    for name in names:
        field = model._fields.get(name)
        if field is None:
            yield f"{template.name}: {model._name} has no field {name}"
            return
        if CLOSED_GROUPS & set((field.groups or "").split(",")) or field.comodel_name == PATIENT:
            yield f"{template.name}: {model._name}.{name} is patient data"
        if field.comodel_name:
            model = template.env[field.comodel_name]


@tagged("post_install", "-at_install")
class TestMailTemplates(HcCommon, ConformanceCase):
    """What leaves by mail tells nothing about patients."""

    def test_templates_name_fields_that_exist_and_are_not_of_patients(self):
        templates = self.get_native("mail.template")
        self.assertGreater(len(templates), 1)
        found = [problem for template in templates for problem in find_template_problems(template)]
        self.assertEqual(found, [])

    def test_every_template_renders(self):
        records = {
            record._name: record
            for module in self.get_declared("sample_records").values()
            for record in module.create_records(self).values()
        }
        for template in self.get_native("mail.template"):
            with self.subTest(template.name):
                self.assertIn(template.model, records, "add one to tests/sample_records.py")
                record = records[template.model]
                values = template._generate_template(record.ids, ("subject", "body_html"))
                self.assertTrue(values[record.id]["subject"])
                self.assertNotIn("object.", values[record.id]["body_html"])
                self.assertNotIn(self.patient.last_name, str(values))

    def test_patient_data_is_found(self):
        template = self.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": self.env["ir.model"]._get_id("hc.encounter"),
                "subject": "For {{ object.patient_id.last_name }}",
                "body_html": "<p t-out='object.gone.name'/>",
            }
        )
        found = list(find_template_problems(template))
        self.assertEqual(len(found), 3, found)
        self.assertIn("has no field gone", found[-1])
