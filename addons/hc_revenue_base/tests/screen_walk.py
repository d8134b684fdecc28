# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Walks forms, lists, buttons and wizards as one user, as the web client would offer them."""

import re

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval  # tidy: allow safe-eval - as the client reads views

_BUTTONS = ".//button[@type='object' or @type='action']"
# What decides on buttons: their own attributes and those of what is around them.
_AROUND_BUTTONS = f"({_BUTTONS})/ancestor-or-self::*/@*[contains(name(), 'invisible')]"
_CONTEXTS = f"({_BUTTONS})/@context"
_SENTENCE = "The guarantor asked for it on the phone."
_RELATIONS = ("many2one", "many2many")


def _evaluate(text, names):
    """What an expression of a view or an action comes to; what is no text is it already."""
    if not isinstance(text, str):
        return text
    return safe_eval(text, dict(names))  # tidy: allow safe-eval - as the client reads views


class _Back(Exception):
    """Leaves a savepoint, so that nothing of what was pressed stays."""


class _Parent:
    """What the expressions of a line see of the record above it."""

    def __init__(self, values):
        self.__dict__.update(values)


class ScreenWalk:
    """What one user is offered on records, and what comes of taking every offer.

    A button that is shown must not be denied afterwards, and a wizard that opens must be one that
    can be filled in and has something to press. What is pressed is rolled back.

    :ivar problems: sentences about what was offered and then denied, or could not be filled in
    :ivar opened: names of the wizards that were opened
    :ivar worked: ``(model, button)`` of what was pressed and done
    :ivar refused: ``{(model, button): message}`` of what was not possible in that state
    """

    def __init__(self, env, user):
        self.env = env(user=user.id)
        self.name = user.login
        self.problems, self.opened, self.worked, self.refused = [], set(), set(), {}
        self._pressed, self._views = set(), {}
        self._read_before, self._deciding = set(), {}

    def walk(self, record):
        """Open a record's form and list, and press each button and action that is shown there."""
        record = record.with_env(self.env)
        if not record.has_access("read"):
            return
        for kind, (arch, actions) in self._get_views(record.browse()).items():
            self._walk_view(record, arch)
            for action in actions if kind == "form" else ():
                self._press_once(record, f"action {action['id']}", self._run_bound, action)

    def choose(self, menus):
        """Choose those of the entries of the main menu that the user sees."""
        shown = self.env["ir.ui.menu"]._visible_menu_ids()
        for menu in menus.filtered(lambda menu: menu.id in shown and menu.action):
            action = menu.sudo().action
            model = self.env[("res_model" in action and action.res_model) or menu._name]
            key = (menu._name, menu.complete_name)
            self._try(key, menu.name, self._run_bound, model.browse(), {"id": action.id})

    def _get_views(self, model):
        if model._name not in self._views:
            shipped = self.env["ir.ui.view"].sudo().search([("model", "=", model._name)])
            kinds = sorted({"form", "list"} & set(shipped.mapped("type")))
            result = model.get_views([(False, kind) for kind in kinds], {"toolbar": True})
            self._views[model._name] = {
                kind: (etree.fromstring(view["arch"]), view["toolbar"].get("action", []))
                for kind, view in result["views"].items()
            }
        return self._views[model._name]

    def _walk_view(self, record, arch, parent=None):
        own = f"[count(ancestor::field) = {int(arch.xpath('count(ancestor::field)'))}]"
        deciding = self._get_deciding(arch)
        is_known = (arch, record.id) in self._read_before
        if is_known and deciding is None:
            return
        self._read_before.add((arch, record.id))
        names = {node.get("name") for node in arch.xpath(f".//field{own}")}
        # Whether all of it opens is asked once; in other states, what decides on the buttons.
        names &= set(record._fields) & (deciding if is_known else names)
        values = self._read(record, names)
        if values is None:
            return
        values["parent"] = parent
        for button in arch.xpath(f"({_BUTTONS}){own}"):
            if not self._is_hidden(button, arch, values):
                self._press_once(record, button.get("name"), self._press, (button, values))
        for node in arch.xpath(f".//field{own}[./list or ./kanban]"):
            if is_known and self._get_deciding(node) is None:
                continue
            if node.get("name") in record._fields and not self._is_hidden(node, arch, values):
                for line in record[node.get("name")][:5]:
                    self._walk_view(line, node[0], _Parent(values))

    def _get_deciding(self, arch):
        """Names that decide which buttons of a view are shown; None: it has no button."""
        if arch not in self._deciding:
            expressions = arch.xpath(_AROUND_BUTTONS) + arch.xpath(_CONTEXTS)
            found = set(re.findall(r"\w+", " ".join(expressions)))
            self._deciding[arch] = found if arch.xpath(_BUTTONS) else None
        return self._deciding[arch]

    def _read(self, record, names):
        try:
            [values] = record.web_read({name: {} for name in names})
        except AccessError as error:
            self.problems.append(f"{self.name}: {record._name} does not open: {error}")
            return None
        return values

    def _is_hidden(self, node, arch, values):
        names = {"context": {}, "uid": self.env.uid, "active_id": values["id"], **values}
        return self._is_hidden_for(node, names, arch)

    def _is_hidden_for(self, node, names, top=None):
        while node is not None and node is not top:
            for attribute in ("invisible", "column_invisible"):
                if _evaluate(node.get(attribute) or "False", names):
                    return True
            node = node.getparent()
        return False

    def _press_once(self, record, name, press, argument):
        if (record._name, record.id, name) not in self._pressed and self._try(
            (record._name, name), f"{record._name} > {name}", press, record, argument
        ):
            self._pressed.add((record._name, record.id, name))

    def _try(self, key, where, press, *arguments):
        """Press, roll back; whether it needs no other try in another state."""
        try:
            with self.env.cr.savepoint():
                press(*arguments)
                raise _Back
        except _Back:
            self.worked.add(key)
        except AccessError as error:
            self.problems.append(f"{self.name}: {where} is offered and denied: {error}")
        except (UserError, AssertionError) as error:
            self.refused[key] = str(error)
            return False
        finally:
            self.env.invalidate_all()
        return True

    def _press(self, record, offer):
        node, values = offer
        names = {**values, "active_id": record.id, "uid": self.env.uid}
        context = _evaluate(node.get("context") or "{}", names)
        if node.get("type") == "action":
            return self._run_bound(record, {"id": int(node.get("name"))})
        result = getattr(record.with_context(**context), node.get("name"))()
        return self._run(result, record) if isinstance(result, dict) else None

    def _run_bound(self, record, entry):
        """Choose an entry of the action menu, as the client loads it."""
        base = self.env["ir.actions.actions"].sudo().browse(entry["id"])
        action = self.env[base.type].sudo().browse(entry["id"])._get_action_dict()
        if action["type"] == "ir.actions.server":
            ids = {"active_id": record.id, "active_ids": record.ids, "active_model": record._name}
            action = self.env["ir.actions.server"].browse(entry["id"]).with_context(**ids).run()
        self._run(action or {}, record)

    def _run(self, action, record):
        """Open what a button or an entry of the action menu answers."""
        if action.get("type") != "ir.actions.act_window":
            return
        ids = {"active_id": record.id, "active_ids": record.ids, "uid": self.env.uid}
        ids["allowed_company_ids"] = self.env.companies.ids
        context, domain = action.get("context") or {}, action.get("domain") or []
        context, domain = _evaluate(context, ids), _evaluate(domain, ids)
        context = {**context, **ids, "active_model": record._name}
        context.pop("uid")
        context.pop("allowed_company_ids")
        model = self.env[action["res_model"]].with_context(**context)
        opened = model.browse(action.get("res_id") or ())
        views = action.get("views") or [(False, action.get("view_mode", "form").split(",")[0])]
        if model._transient:
            self._walk_wizard(
                lambda: Form(opened, view=views[0][0] or None), f"{record._name} > {model._name}"
            )
        elif opened:
            opened.web_read({"display_name": {}})
        elif views[0][1] == "form":
            Form(model, view=views[0][0] or None)
        else:
            model.web_search_read(domain, {"display_name": {}}, limit=1)

    def _walk_wizard(self, open_form, where):
        form = open_form()
        self.opened.add(form._record._name)
        self._fill(form, where)
        # A button of a line belongs to the line.
        buttons = form._view["tree"].xpath(f"({_BUTTONS})[not(ancestor::field)]")
        shown = [
            node for node in buttons if not self._is_hidden_for(node, form._get_eval_context())
        ]
        if buttons and not shown:
            self.problems.append(f"{self.name}: {where} has nothing to press")
        for node in shown:
            key = (form._record._name, node.get("name"))
            self._try(key, f"{where} > {key[1]}", self._fill_and_press, open_form, where, key[1])

    def _fill_and_press(self, open_form, where, name):
        form = open_form()
        self._fill(form, where)
        getattr(form.save(), name)()

    def _fill(self, form, where):
        """Fill in what a person could; complain of what is needed and nobody could enter."""
        for name, info in form._view["fields"].items():
            if name == "id" or info["type"] in ("one2many", "integer"):
                continue
            is_needed, is_closed, is_hidden = (
                form._get_modifier(name, modifier)
                for modifier in ("required", "readonly", "invisible")
            )
            if is_closed or is_hidden:
                if is_needed and not form._values[name]:
                    self.problems.append(f"{self.name}: {where} needs {name}: nobody can enter it")
            elif info["type"] in _RELATIONS:
                self._choose(form, name, info, where, is_needed)
            elif not form._values[name] and (is_needed or info["type"] != "date"):
                setattr(form, name, self._get_sample(info))

    def _choose(self, form, name, info, where, is_needed):
        node = form._view["tree"].xpath(f".//field[@name='{name}']")[0]
        domain = node.get("domain") or info.get("domain") or []
        names = {"allowed_company_ids": self.env.companies.ids, **form._get_eval_context()}
        domain = _evaluate(domain, names)
        target = self.env[info["relation"]]
        try:
            found = target.name_search("", domain, limit=1)
        except AccessError as error:
            self.problems.append(f"{self.name}: {where} cannot choose {name}: {error}")
            return
        if not found or form._values[name]:
            if is_needed and not form._values[name]:
                self.problems.append(f"{self.name}: {where} needs {name}: there is none")
        elif info["type"] == "many2one":
            setattr(form, name, target.browse(found[0][0]))
        elif is_needed:
            getattr(form, name).add(target.browse(found[0][0]))

    def _get_sample(self, info):
        now = self.env.cr.now().replace(microsecond=0)
        samples = {
            "boolean": True,
            "selection": info["type"] == "selection" and info["selection"][0][0],
            "date": now.date(),
            "datetime": now,
            "binary": "YQ==",
            "monetary": 1.0,
            "float": 1.0,
        }
        return samples.get(info["type"], _SENTENCE)
