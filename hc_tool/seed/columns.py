# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How each column of a copied row follows from the original: SQL, one expression a column."""

from .numbering import TABLE

_SUFFIX = "{column} || '-' || copy.copy"
_NUMBERED = (
    f"COALESCE((SELECT new_number FROM {TABLE} number WHERE number.copy = copy.copy"
    " AND number.old_number = {column}), {column} || '-' || copy.copy)"
)
_SHIFTED_DATES = "pg_temp.hc_seed_shift_dates({column}, copy.days)"
_PREFIX = f"""COALESCE((SELECT prefix FROM {TABLE} number WHERE number.copy = copy.copy
                AND number.old_number = original.name), {{column}})"""
_NUMBER = _PREFIX.replace("SELECT prefix", "SELECT number.number")
# Enough syllables that no two copies of a patient share a name.
_SYLLABLES = "(ARRAY['ba','co','de','fi','gu','la','me','no','pi','ru','sa','te','vo','wi','za'])"
_SURNAME = "{column} || ' ' || initcap(" + " || ".join(
    f"{_SYLLABLES}[1 + copy.copy / {15**place} % 15]" for place in range(4)
) + ")"  # fmt: skip
_LINE_NAME = """replace(replace(
    {dates}, COALESCE(move.payment_reference, ''), COALESCE({reference}, '')),
    COALESCE(move.ref, ''), COALESCE({ref}, ''))""".format(
    dates=_SHIFTED_DATES,
    reference=_NUMBERED.format(column="move.payment_reference"),
    ref=_NUMBERED.format(column="move.ref"),
)

# Texts that name a record, a day or a number; all others are copied as they are.
TEXTS = {
    ("hc_patient", "mrn"): _SUFFIX,
    ("hc_patient", "last_name"): _SURNAME,
    ("res_partner", "name"): _SUFFIX,
    ("res_partner", "complete_name"): _SUFFIX,
    ("hc_coverage", "member_id"): "{column} || lpad(copy.copy::text, 5, '0')",
    ("hc_encounter", "number"): _SUFFIX,
    ("hc_billing_case", "name"): _NUMBERED,
    ("hc_charge", "name"): _SHIFTED_DATES,
    ("hc_claim", "name"): _SUFFIX,
    ("hc_collection_account", "name"): _SUFFIX,
    ("hc_readiness_finding", "message"): _SHIFTED_DATES,
    ("hc_work_item", "description"): _SHIFTED_DATES,
    # The key names the record, or else the case, between colons or at its end.
    ("hc_work_item", "dedup_key"): (
        "COALESCE(left(CASE WHEN position(':' || original.res_id || ':' IN {column} || ':') > 0"
        " THEN replace({column} || ':', ':' || original.res_id || ':', ':' || {res_id} || ':')"
        " ELSE replace({column} || ':', ':' || original.case_id || ':', ':' || {case_id} || ':')"
        " END, -1), {column})"
    ),
    ("account_move", "name"): _NUMBERED,
    ("account_move", "ref"): _NUMBERED,
    ("account_move", "payment_reference"): _NUMBERED,
    ("account_move", "invoice_origin"): _NUMBERED,
    ("account_move", "sequence_prefix"): _PREFIX,
    ("account_move", "sequence_number"): _NUMBER,
    ("account_move", "invoice_partner_display_name"): (
        "CASE WHEN {partner_id} != original.partner_id"
        " THEN {column} || '-' || copy.copy ELSE {column} END"
    ),
    ("account_move_line", "move_name"): _NUMBERED,
    ("account_move_line", "ref"): _NUMBERED,
    ("account_move_line", "name"): _LINE_NAME,
    ("account_move_line", "matching_number"): (
        "CASE WHEN {column} LIKE 'P%'"
        " THEN 'P' || (substr({column}, 2)::integer + {partial_offset})"
        " ELSE ({column}::integer + {full_offset})::text END"
    ),
    ("account_payment", "name"): _NUMBERED,
    ("account_payment", "memo"): _NUMBERED,
}

# Shifts every day, written as 2026-01-31, within a text.
SHIFT_FUNCTION = """
CREATE FUNCTION pg_temp.hc_seed_shift_dates(content text, days integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parts text[] := regexp_match(content, '^(.*?)([0-9]{4}-[0-9]{2}-[0-9]{2})(.*)$');
    result text := '';
BEGIN
    WHILE parts IS NOT NULL LOOP
        result := result || parts[1] || (parts[2]::date - days)::text;
        content := parts[3];
        parts := regexp_match(content, '^(.*?)([0-9]{4}-[0-9]{2}-[0-9]{2})(.*)$');
    END LOOP;
    RETURN result || content;
END $$
"""


class Columns:
    """Writes the expressions for one mould.

    Args:
        env: environment of the superuser.
        footprint: spans of the mould by table.
    """

    def __init__(self, env, footprint):
        self.env = env
        self.footprint = footprint

    def of_model(self, model) -> dict[str, str]:
        """Return the expression of each stored column of a model."""
        table = model._table
        expressions = {}
        for name, field in model._fields.items():
            if field.store and field.column_type:
                expressions[name] = self._expression(model, table, name, field)
        return expressions

    def offset(self, table) -> str:
        """Return what a copy adds to the ids of a table."""
        span = self.footprint.get(table)
        return f"({span.start - span.first - span.size} + copy.copy * {span.size})" if span else "0"

    def moved_id(self, table, column) -> str:
        """Return a reference that follows its record, if that is copied too."""
        span = self.footprint.get(table)
        if not span:
            return column
        inside = f"{column} BETWEEN {span.first} AND {span.last}"
        return f"CASE WHEN {inside} THEN {column} + {self.offset(table)} ELSE {column} END"

    def _expression(self, model, table, name, field):
        column = f'original."{name}"'
        if name == "id":
            return self.moved_id(table, column)
        if (table, name) in TEXTS:
            return self._text(model, TEXTS[table, name], column)
        if field.type == "many2one":
            return self.moved_id(self.env[field.comodel_name]._table, column)
        if field.type == "many2one_reference":
            return self._generic_reference(column, f'original."{field.model_field}"')
        if field.type == "date":
            return f"{column} - copy.days"
        if field.type == "datetime":
            return f"{column} - make_interval(days => copy.days)"
        return column

    def _text(self, model, template, column):
        def moved(name):
            if name not in model._fields:
                return "NULL"
            comodel = self.env[model._fields[name].comodel_name]
            return self.moved_id(comodel._table, f"original.{name}")

        return template.format(
            column=column,
            case_id=moved("case_id"),
            partner_id=moved("partner_id"),
            res_id=self._generic_reference("original.res_id", "original.res_model"),
            partial_offset=self.offset("account_partial_reconcile"),
            full_offset=self.offset("account_full_reconcile"),
        )

    def _generic_reference(self, column, model_column):
        cases = " ".join(
            f"WHEN {model_column} = '{name}' THEN {self.moved_id(self.env[name]._table, column)}"
            for name in sorted(self.env.registry.models)
            if self.env[name]._table in self.footprint
        )
        return f"CASE {cases} ELSE {column} END"
