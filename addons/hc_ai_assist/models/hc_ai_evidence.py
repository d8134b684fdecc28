# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

FILE_MODEL = "ir.attachment"
# Characters that are shown before and after a quotation.
_AROUND = 40
_MOST_LISTED = 10_000
_VIEWER = "/web/static/lib/pdfjs/web/viewer.html"


class HcAiSuggestion(models.Model):
    """Places in files on which a suggestion rests: shown to who may read the file, and opened.

    A value that was read from a file is a piece of it. Whoever may not read the file does not see
    the suggestion either, whatever else they oversee.
    """

    _inherit = "hc.ai.suggestion"

    rests_on_file = fields.Boolean(compute="_compute_rests_on_file", store=True, index=True)

    @api.depends("evidence")
    def _compute_rests_on_file(self):
        for suggestion in self:
            suggestion.rests_on_file = bool(suggestion._get_file_ids())

    def _get_file_ids(self):
        """Ids of the files that it quotes."""
        return {
            place["res_id"]
            for place in self.evidence or ()
            if place.get("res_model") == FILE_MODEL and place.get("res_id")
        }

    def _filter_files_readable(self):
        """Those whose files the user may read, or that quote none."""
        by_suggestion = {each.id: each._get_file_ids() for each in self.sudo()}
        file_ids = set().union(*by_suggestion.values())
        files = self.env[FILE_MODEL].browse(file_ids).exists()
        readable = set(files._filtered_access("read").ids)
        return self.filtered(lambda each: by_suggestion[each.id] <= readable)

    def _filter_readable(self):
        return super()._filter_readable()._filter_files_readable()

    def _sees_all(self):
        """Whether rights on files do not matter: the system, and the AI that wrote it."""
        return self.env.su or self.env.user.has_group("hc_ai_assist.group_hc_ai_identity")

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self._sees_all() or not self._is_overseer():
            return result
        allowed = self - result[0] if result else self
        forbidden = allowed - allowed._filter_files_readable()
        if not forbidden:
            return result
        refused = forbidden | (result[0] if result else self.browse())
        message = self.env._("You may not read the file that this was read from.")
        return refused, lambda: AccessError(message)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not bypass_access and not self._sees_all() and self._is_overseer():
            quoting = self.browse(
                super()._search(
                    Domain(domain) & Domain("rests_on_file", "=", True),
                    0,
                    _MOST_LISTED,
                    "id desc",
                    **kwargs,
                )
            )
            readable = quoting._filter_files_readable()
            domain = Domain(domain) & (
                Domain("rests_on_file", "=", False) | Domain("id", "in", readable.ids)
            )
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _read_for_panel(self, record, token):
        return super()._read_for_panel(record, token) | {"evidence": self._read_places()}

    def _read_places(self):
        """What the panel shows of each place in a file that the user may read."""
        files = self.env[FILE_MODEL].browse(self._get_file_ids()).exists()
        readable = {each.id: each for each in files._filtered_access("read")}
        readings = self.env["hc.ai.reading"]._find_texts(files.browse(readable))
        return [
            _show(place, readable[place["res_id"]], readings)
            for place in self.evidence or ()
            if place.get("res_id") in readable and place.get("res_model") == FILE_MODEL
        ]


def _show(place, file, texts):
    """A place as ``HcAiEvidence`` takes it."""
    text = texts.get((file.id, place["page"], place["sha256"]), "")
    start, end = place["start"], place["end"]
    return {
        "res_model": FILE_MODEL,
        "res_id": file.id,
        "label": file.name,
        "page": place["page"],
        "before": text[max(0, start - _AROUND) : start],
        "quote": place["quote"],
        "after": text[end : end + _AROUND],
        "url": _get_url(file, place),
    }


def _get_url(file, place):
    """Where the file opens at the page, with the quotation marked where the viewer can."""
    if file.mimetype == "application/pdf":
        content = quote(f"/web/content/{file.id}", safe="")
        words = quote(place["quote"], safe="")
        return f"{_VIEWER}?file={content}#page={place['page']}&search={words}&phrase=true"
    return f"/web/content/{file.id}"
