# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import ormcache

from .hc_patient import CLINICAL_GROUP, PHI_GROUP

# Of a patient these tell who it is; everything else behind the PHI group tells more.
_NAME_FIELDS = frozenset({"display_name", "last_name", "first_name"})
_PATIENT_GROUPS = frozenset({PHI_GROUP, CLINICAL_GROUP})
# Aggregates that show no value of the field that they count.
_COUNTING_AGGREGATES = ("count", "count_distinct")


class HcPhiMixin(models.AbstractModel):
    """Records that show patient data: whoever reads them is put on record (``hc.phi.read``).

    The hooks sit where all readings of the ORM meet: forms, lists, boards, the external
    interface (``read``, ``search_read``), exports, groups and the search box of many2one fields.
    A report that takes values from records by itself calls :meth:`_note_phi_read`.
    """

    _name = "hc.phi.mixin"
    _description = "Shows Patient Data"

    # Path from the record to the patients whose data it shows; "id" for the patient itself.
    _phi_patient_path = "patient_id"

    @api.model
    @ormcache()
    def _get_phi_fields(self):
        """Names of the fields that show patient data to those who may see it."""
        names = {
            name
            for name, field in self._fields.items()
            if _PATIENT_GROUPS.intersection((field.groups or "").split(","))
            or field.comodel_name == "hc.patient"
        }
        if self._name == "hc.patient":
            names.add("display_name")
        return frozenset(names)

    def _note_phi_read(self, field_names, source=None):
        """Put on record that the user sees these fields of the records.

        :param field_names: names of fields; those without patient data do not count
        :param str source: a key of ``hc.phi.read``'s ``source``; found from the request if not
            given
        """
        if self.env.su or not self:
            return
        shown = self._get_phi_fields().intersection(field_names)
        reads = self.env["hc.phi.read"]
        source = source or reads._get_source()
        if not shown or not source or not self.env.user.has_group(PHI_GROUP):
            return
        if self._phi_patient_path == "id":
            patient_ids = self.ids
        else:
            patient_ids = self.sudo().mapped(self._phi_patient_path).ids
        detail = "name" if all(map(self._shows_name_only, shown)) else "record"
        reads._note_patients(self._name, patient_ids, detail, source)

    @api.model
    def _shows_name_only(self, name):
        return name in _NAME_FIELDS or self._fields[name].comodel_name == "hc.patient"

    def _message_add_default_recipients(self):
        """The chatter suggests no patient's address.

        It asks for one whenever a form is opened, by whomever; and what goes to patients goes by
        letters and reminders, which keep to their consent.
        """
        partners = self._mail_get_partners()
        return {
            record.id: {"email_cc_lst": [], "email_to_lst": [], "partners": partners[record.id]}
            for record in self
        }

    def _read_format(self, fnames, load="_classic_read"):
        values = super()._read_format(fnames, load)
        self._note_phi_read(fnames)
        return values

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        self._note_phi_read([path[0] for path in fields if path])
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def copy_data(self, default=None):
        """The values that a copy would get: the external interface shows them to whoever asks."""
        values = super().copy_data(default)
        self._note_phi_read({name for vals in values for name in vals or ()})
        return values

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """The records that a search box offers, by name."""
        found = super().name_search(name, domain, operator, limit)
        self.browse([record_id for record_id, _label in found])._note_phi_read(["display_name"])
        return found

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        self._note_phi_groups(domain, [*groupby, *aggregates])
        return super()._read_group(domain, groupby, aggregates, *args, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **kwargs):
        specifications = [spec for groupby in grouping_sets for spec in groupby]
        self._note_phi_groups(domain, [*specifications, *aggregates])
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, *args, **kwargs)

    @api.model
    def _note_phi_groups(self, domain, specifications):
        """Groups by a field, and lists of its values, show the values of all records in them."""
        if self.env.su or not self.env["hc.phi.read"]._get_source():
            return
        parts = [specification.partition(":") for specification in specifications]
        names = {
            path.partition(".")[0]
            for path, _colon, function in parts
            if function not in _COUNTING_AGGREGATES
        }
        if self._get_phi_fields() & names:
            self.search(domain)._note_phi_read(names)
