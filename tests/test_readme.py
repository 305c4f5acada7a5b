"""What the README says of arguments, settings, files and commands is so."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from seoaudit.config import Arguments, Config, Mail
from seoaudit.config.sites import OWN, read_sites
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import TABLES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table whose header row begins with `heading`."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert found
    return [line.strip("|").split(" | ") for line in found[1].splitlines()]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_spider_argument_is_in_the_table_and_no_other() -> None:
    named = {name for row in table("argument") for name in quoted(row[0])}
    assert named == {argument.name for argument in fields(Arguments)} - {"given"}


def test_the_defaults_in_the_table_are_those_of_the_program() -> None:
    said = {name: quoted(row[1]) for row in table("argument") for name in quoted(row[0])}
    read = Arguments.read({"start": "https://example.com"})
    assert said["output"] == [str(read.output)]
    assert said["robots"] == [read.robots]
    assert said["external"] == [read.external]
    assert said["concurrency"] == [str(read.concurrency)]
    for flag in ("subdomains", "assets", "insecure"):
        assert said[flag] == [str(int(getattr(read, flag)))]
    for limit in ("max_urls", "max_depth"):
        assert getattr(read, limit) is None
        assert not said[limit]


def test_the_thresholds_shown_are_all_there_are_and_the_defaults() -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    shown = tomllib.loads(block[1])
    assert Config.model_validate(shown) == Config()
    assert list(shown["thresholds"]) == list(type(Config().thresholds).model_fields)


def test_every_mail_setting_is_in_the_table_with_its_default() -> None:
    fields = {field.alias or name: field.default for name, field in Mail.model_fields.items()}
    said = {quoted(row[0])[0]: row[1] for row in table("setting")}
    assert said.keys() == fields.keys()
    for name, cell in said.items():
        if quoted(cell):
            assert tomllib.loads(f"x = {quoted(cell)[0]}")["x"] == fields[name]


def test_the_example_of_mail_settings_can_be_used() -> None:
    block = re.search(r"```toml\n(\[mail\].*?)```", README, re.DOTALL)
    assert block
    assert len(Config.model_validate(tomllib.loads(block[1])).mail.to) == 2


def test_the_sites_shown_can_be_audited(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(\[schedule\].*?)```", README, re.DOTALL)
    assert block
    (tmp_path / "seoaudit.toml").write_text(block[1], encoding="utf-8")
    assert [site.name for site in read_sites(tmp_path / "seoaudit.toml").sites] == ["www.example.com", "shop"]


def test_the_keys_of_a_site_are_in_the_table_with_their_defaults(tmp_path: Path) -> None:
    (tmp_path / "seoaudit.toml").write_text("[[site]]\nstart = 'https://example.com'\n", encoding="utf-8")
    site = read_sites(tmp_path / "seoaudit.toml").sites[0]
    said = {quoted(row[0])[0]: (quoted(row[1]) or [None])[0] for row in table("key")}
    assert sorted(said) == sorted(OWN)
    assert said.pop("schedule") == "weekly"
    for key, default in said.items():
        value = getattr(site, key)
        assert default == (None if value is None else str(value).lower() if isinstance(value, bool) else str(value))


def test_the_files_of_a_run_are_those_that_it_leaves_behind(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    named = [name for row in table("file") for name in quoted(row[0])]
    letter = [folder.letter, folder.letter_sent]
    files = [folder.html, folder.workbook, *letter, *map(folder.table, TABLES), folder.info_file, folder.journal]
    assert sorted(named) == sorted(file.name for file in files)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!https?:)[^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("cell", [row[0] for row in table("room")])
def test_every_room_on_the_map_is_there(cell: str) -> None:
    for name in quoted(cell):
        assert (ROOT / name).exists() or (ROOT / "seoaudit" / name).exists()


def test_every_part_of_the_package_is_on_the_map() -> None:
    package = ROOT / "seoaudit"
    parts = {f"seoaudit/{part.name}/" for part in package.iterdir() if (part / "__init__.py").exists()}
    parts |= {part.name for part in package.glob("*.py") if not part.stem.startswith("__")}
    named = {name for row in table("room") for name in quoted(row[0])}
    assert parts <= {name.removeprefix("seoaudit/") if name.endswith(".py") else name for name in named}
