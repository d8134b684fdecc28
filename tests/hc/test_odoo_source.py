# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pytest

from hc_tool import odoo_source
from hc_tool.errors import HcError

RELEASE = "RELEASE_LEVELS = [ALPHA, BETA]\nversion_info = ({}, FINAL, 0, '')\n"


def checkout(root, version="19, 0, 0"):
    (root / "odoo" / "addons").mkdir(parents=True)
    (root / "addons").mkdir()
    (root / "odoo" / "release.py").write_text(RELEASE.format(version))
    (root / "odoo-bin").touch()
    return root


def debian_root(root):
    package = root / "usr/lib/python3/dist-packages/odoo"
    (package / "addons").mkdir(parents=True)
    (package / "release.py").write_text(RELEASE.format("19, 0, 0"))
    (root / "usr/bin").mkdir()
    (root / "usr/bin/odoo").touch()
    return root


def test_a_source_checkout_is_recognised(tmp_path):
    source = odoo_source.describe(checkout(tmp_path), "here")
    assert source.version == "19.0"
    assert source.script == tmp_path / "odoo-bin"
    assert source.addons == (tmp_path / "odoo/addons", tmp_path / "addons")


def test_an_unpacked_package_is_recognised(tmp_path):
    source = odoo_source.describe(debian_root(tmp_path), "there")
    assert source.script == tmp_path / "usr/bin/odoo"
    assert source.addons == (source.package / "addons",)


@pytest.mark.parametrize("version", ["18, 0, 0", "19, 1, 0", "'saas~19', 0, 0"])
def test_another_version_is_not_taken(tmp_path, version):
    assert odoo_source.describe(checkout(tmp_path, version), "x") is None


def test_the_named_folder_comes_first_and_must_hold_odoo(home, tmp_path):
    debian_root(home.odoo)
    named = checkout(tmp_path / "named")
    found = odoo_source.locate(home, {"HC_ODOO_HOME": str(named)})
    assert found.origin == "HC_ODOO_HOME"
    with pytest.raises(HcError, match=r"HC_ODOO_HOME: .* holds no Odoo 19\.0"):
        odoo_source.locate(home, {"HC_ODOO_HOME": str(tmp_path)})


def test_an_installed_odoo_comes_before_a_download(home, tmp_path, monkeypatch):
    debian_root(home.odoo)
    installed = odoo_source.describe(debian_root(tmp_path / "system"), "installed package")
    monkeypatch.setattr(odoo_source, "from_system", lambda: installed)
    assert odoo_source.locate(home, {}) is installed
    monkeypatch.setattr(odoo_source, "from_system", lambda: None)
    assert odoo_source.locate(home, {}).origin == "downloaded"


def test_the_archive_is_asked_before_git(home, monkeypatch):
    asked = []
    monkeypatch.setattr(odoo_source.apt, "find_archive", lambda *_: "archive")
    monkeypatch.setattr(odoo_source, "_from_debian", lambda *_: asked.append("debian"))
    monkeypatch.setattr(odoo_source, "_from_git", lambda *_: asked.append("git"))
    odoo_source.fetch(home)
    monkeypatch.setattr(odoo_source.apt, "find_archive", lambda *_: None)
    odoo_source.fetch(home)
    assert asked == ["debian", "git"]


def test_git_is_tried_where_the_archive_fails_and_the_network_works(home, monkeypatch):
    asked = []

    def broken(*_):
        raise HcError("Debian archive", "it is down", "Wait")

    monkeypatch.setattr(odoo_source.apt, "find_archive", lambda *_: "archive")
    monkeypatch.setattr(odoo_source, "_from_debian", broken)
    monkeypatch.setattr(odoo_source, "_from_git", lambda *_: asked.append("git"))
    monkeypatch.setattr(odoo_source, "output_of", lambda *_: "hash refs/heads/19.0")
    odoo_source.fetch(home)
    assert asked == ["git"]
    monkeypatch.setattr(odoo_source, "output_of", lambda *_: None)
    with pytest.raises(HcError, match="it is down"):
        odoo_source.fetch(home)


def test_a_download_with_a_dangling_link_is_refused(tmp_path):
    root = debian_root(tmp_path)
    odoo_source._verify(root)
    link = root / "usr/lib/python3/dist-packages/odoo/font.ttf"
    link.symlink_to("../nowhere/font.ttf")
    with pytest.raises(HcError, match=r"font\.ttf leads nowhere"):
        odoo_source._verify(root)


def test_absolute_links_are_followed_inside_the_unpacked_root(tmp_path):
    (tmp_path / "usr/share/unlikely-name").mkdir(parents=True)
    (tmp_path / "usr/share/unlikely-name/real").write_text("content")
    link = tmp_path / "usr/link"
    link.symlink_to("/usr/share/unlikely-name/real")
    odoo_source._relink(tmp_path)
    assert link.read_text() == "content"
    assert odoo_source.dangling_links(tmp_path) == []


def test_only_the_package_itself_is_put_on_the_import_path(home, tmp_path):
    for name in ("one", "two"):
        source = odoo_source.describe(debian_root(tmp_path / name), name)
        odoo_source.link(home, source)
        odoo_source.link(home, source)
        assert (home.odoo_link / "odoo").resolve() == source.package
    assert [path.name for path in home.odoo_link.iterdir()] == ["odoo"]


def test_a_script_that_debian_leaves_out_is_empty_not_missing(tmp_path):
    present = tmp_path / "mail" / "static" / "lib"
    present.mkdir(parents=True)
    odoo_source.fill_gaps(tmp_path)
    script = tmp_path / odoo_source.LEFT_OUT_FILES[0]
    assert script.read_text().startswith("//")
    script.write_text("real")
    odoo_source.fill_gaps(tmp_path)
    assert script.read_text() == "real"
