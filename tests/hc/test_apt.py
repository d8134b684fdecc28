# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from pathlib import Path

from hc_tool import apt

TARGETS = """\
https://packages.example.org/linux/debian bookworm
https://mirror.example.org/debian bookworm
https://mirror.example.org/debian bookworm-updates
https://mirror.example.org/debian-security bookworm-security
https://mirror.example.org/debian bookworm
"""


def test_the_mirror_is_one_that_the_machine_uses():
    assert apt.candidate_sites(TARGETS, "bookworm") == [
        "https://packages.example.org/linux/debian",
        "https://mirror.example.org/debian",
    ]
    assert apt.candidate_sites("", "bookworm") == []
    assert apt.candidate_sites("https://a.example.org/ubuntu noble\n", "bookworm") == []


def test_another_suppliers_repository_comes_last():
    targets = "https://tools.example.org/apt stable\nhttps://mirror.example.org/debian trixie\n"
    assert apt.candidate_sites(targets, "trixie")[0] == "https://mirror.example.org/debian"


def test_the_sources_list_demands_the_archives_signature():
    text = apt.sources_list("https://m.example.org/debian", ["unstable", "trixie"], "/keys.gpg")
    assert text.splitlines() == [
        "deb [signed-by=/keys.gpg] https://m.example.org/debian unstable main",
        "deb [signed-by=/keys.gpg] https://m.example.org/debian trixie main",
    ]


def test_the_state_of_the_system_is_not_touched():
    for as_root in (True, False):
        options = apt.apt_options(Path("/own"), as_root)
        assert "-oDir::Etc::SourceList=/own/sources.list" in options
        assert "-oDir::Etc::SourceParts=/dev/null" in options
        assert "-oDir::State::Lists=/own/lists" in options
        assert "-oDir::Cache=/own/cache" in options
        assert not any("AllowUnauthenticated" in option for option in options)


def test_root_keeps_its_rights_and_others_need_no_lock():
    assert "-oAPT::Sandbox::User=root" in apt.apt_options(Path("/own"), as_root=True)
    assert "-oDebug::NoLocking=1" not in apt.apt_options(Path("/own"), as_root=True)
    assert "-oDebug::NoLocking=1" in apt.apt_options(Path("/own"), as_root=False)


def test_the_archive_is_used_only_where_it_can_be_verified(tmp_path, monkeypatch):
    monkeypatch.setattr(apt.shutil, "which", lambda name: f"/usr/bin/{name}")
    keyring = tmp_path / "keys.gpg"
    keyring.touch()
    debian = {"ID": "debian", "VERSION_CODENAME": "trixie"}
    log = tmp_path / "log"
    archive = apt.find_archive(tmp_path, log, debian, [str(keyring)])
    assert archive == apt.DebianArchive(tmp_path, "trixie", str(keyring), log)
    assert apt.find_archive(tmp_path, log, debian, ["/nowhere.gpg"]) is None
    ubuntu = {"ID": "ubuntu", "VERSION_CODENAME": "noble"}
    assert apt.find_archive(tmp_path, log, ubuntu, [str(keyring)]) is None
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    assert apt.find_archive(tmp_path, log, debian, [str(keyring)]) is None


def test_os_release_is_read_with_and_without_quotes():
    text = "ID=debian\nVERSION_ID=\"13\"\n\n# comment\nVERSION_CODENAME='trixie'\n"
    assert apt.parse_os_release(text) == {
        "ID": "debian",
        "VERSION_ID": "13",
        "VERSION_CODENAME": "trixie",
    }
