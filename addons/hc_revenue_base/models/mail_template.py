# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["mail.template", "hc.suite.config.mixin"]
    _config_fields = (
        "name",
        "active",
        "model_id",
        "subject",
        "body_html",
        "email_from",
        "email_to",
        "email_cc",
        "partner_to",
        "reply_to",
        "mail_server_id",
        "use_default_to",
        "lang",
        "attachment_ids",
        "report_template_ids",
        "email_layout_xmlid",
        "scheduled_date",
    )
