# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import subprocess
import sys

import claims
import pytest
from tree import assert_none, sample_tree


@pytest.mark.parametrize(
    "check", [claims.check_modules, claims.check_variables, claims.check_reachable]
)
def test_documents_tell_the_truth(tree, check):
    assert_none(check(tree))


def test_logins_of_the_readme_work(tree):
    assert claims.demo_logins(tree), "the demo has users whose logins the README names"
    assert_none(claims.check_logins(tree))


def test_commands_of_the_documents_exist(tree):
    command = [sys.executable, str(tree.root / "hc"), "help"]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert_none(claims.check_commands(tree, result.stdout))


def messages(findings):
    return [finding.message for finding in findings]


def test_wrong_state_of_a_module_is_found(tmp_path):
    table = "| `hc_a` | x | planned |\n| `hc_b` | x | available |\n| `hc_c` | x | available |\n"
    files = {
        "README.md": table,
        "addons/hc_a/__manifest__.py": "{}",
        "addons/hc_c/__manifest__.py": "{}",
        "addons/hc_d/__manifest__.py": "{}",
        "addons/test_hc_e/__manifest__.py": "{}",
    }
    assert messages(claims.check_modules(sample_tree(tmp_path, files))) == [
        "the table does not list hc_d",
        "hc_a is available, not planned",
        "hc_b is planned, not available",
    ]


def test_wrong_login_is_found(tmp_path):
    user = '<record id="demo_user_{0}" model="res.users"><field name="login">{0}</field></record>'
    files = {
        "README.md": "| Admin | `admin` | x |\n| Clerk | `clerk` | x |\n| Gone | `gone` | x |\n",
        "addons/hc_a/demo/a.xml": f"<odoo>{user.format('clerk')}{user.format('coder')}</odoo>",
    }
    assert messages(claims.check_logins(sample_tree(tmp_path, files))) == [
        "the login coder is not in the table",
        "the login gone is no user of the demo",
    ]


def test_unknown_command_is_found(tmp_path):
    files = {"a.md": "`./hc up` and `./hc fly`", "b.yml": "entry: ./hc lint --all"}
    text = "commands:\n    up          start\n    lint        judge\n"
    assert messages(claims.check_commands(sample_tree(tmp_path, files), text)) == [
        "the tool has no command fly"
    ]


def test_unread_variable_is_found(tmp_path):
    files = {"a.md": "HC_PORT HC_KEY HC_NOTHING", "a.py": "'HC_PORT'", "b.yml": "HC_KEY_FILE: x"}
    assert messages(claims.check_variables(sample_tree(tmp_path, files))) == [
        "no program reads HC_NOTHING"
    ]


def test_unreachable_index_is_found(tmp_path):
    assert messages(claims.check_reachable(sample_tree(tmp_path / "a", {"README.md": "# A"})))
    files = {"README.md": "# A\n[i](docs/index.md)"}
    assert not messages(claims.check_reachable(sample_tree(tmp_path / "b", files)))
