"""The contracts of seoaudit.toml alone: their URLs asked as a list, and each answer held against its entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seoaudit.config import Arguments, ConfigError
from seoaudit.run.apart import apart
from seoaudit.run.opening import new_run
from seoaudit.run.stages import crawled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy.settings import Settings

    from seoaudit.config import Config
    from seoaudit.crawl.progress import Watcher
    from seoaudit.records import ContractState
    from seoaudit.store.folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One contract at one URL, `url` None where an entry has none; `entry` is its number in seoaudit.toml, 0 where a URL has none."""

    entry: int
    source: str
    url: str | None
    state: ContractState
    detail: str


def check(
    given: Mapping[str, str], urls: Sequence[str], settings: Settings, watcher: Watcher
) -> tuple[RunFolder, list[Checked]]:
    """Ask the URLs of the entries that are plain URLs, and `urls`, in a run folder of their own, and judge their contracts.

    `given` are arguments of an audit; `config` has the entries. Raises ConfigError where there is nothing to check, or a
    value cannot be used, before anything is asked; else as `stages.audit`.
    """
    arguments = _arguments(given, urls)
    folder, info = new_run(arguments)
    with crawled(arguments, folder, info, settings, watcher):
        return folder, apart(_checked, folder, arguments.config, arguments.urls)


def _arguments(given: Mapping[str, str], urls: Sequence[str]) -> Arguments:
    wanted = {"start": urls[0], **given} if urls else {"start": "http://localhost/", **given}
    config = Arguments.read(wanted).config  # the first look is for what seoaudit.toml says
    if not config.expected:
        raise ConfigError(
            "config: no [[expected]] entry says which redirects are meant; add one to seoaudit.toml, see the README"
        )
    listed = dict.fromkeys([*(entry.plain_url for entry in config.expected if entry.plain_url), *urls])
    if not listed:
        raise ConfigError(
            "config: no [[expected]] entry is a plain URL; name URLs that the patterns match, or give --urls FILE"
        )
    every = tuple(listed)
    return replace(Arguments.read({"start": every[0], **given}), urls=every)


def _checked(folder: RunFolder, config: Config, listed: Sequence[str]) -> list[Checked]:
    import pyarrow as pa  # noqa: PLC0415 - the crawl's process has no room for these

    from seoaudit.classify import frames  # noqa: PLC0415
    from seoaudit.classify.contracts import check_contracts  # noqa: PLC0415
    from seoaudit.store.schema import CONTRACTS, RESPONSES  # noqa: PLC0415
    from seoaudit.store.tables import write_crawl_tables, write_table  # noqa: PLC0415

    write_crawl_tables(folder)
    responses = frames.read_table(folder.table("responses"), RESPONSES)
    asked = responses[responses["url"].isin([*listed])].reset_index(drop=True)  # not where they lead, nor robots.txt
    contracts = check_contracts(asked, config.expected, folder.read_info())
    write_table(folder.table("contracts"), pa.Table.from_pandas(contracts, schema=CONTRACTS, preserve_index=False))
    columns = (contracts[name].astype(object).where(contracts[name].notna(), None) for name in _COLUMNS)
    found = [Checked(**dict(zip(_COLUMNS, row, strict=True))) for row in zip(*columns, strict=True)]
    answered = list(asked["url"])
    return [*found, *_without_answer(listed, answered, config), *_without_entry(answered, found)]


_COLUMNS = ("entry", "source", "url", "state", "detail")


def _without_answer(listed: Sequence[str], answered: Sequence[str], config: Config) -> list[Checked]:
    """What was never asked, because the crawl ended before."""
    missing = []
    for url in (one for one in listed if one not in set(answered)):
        entry = next((n for n, one in enumerate(config.expected, 1) if one.target_of(url) is not None), 0)
        source = config.expected[entry - 1].source if entry else url
        missing.append(Checked(entry=entry, source=source, url=url, state="unchecked", detail="It was not asked."))
    return missing


def _without_entry(answered: Sequence[str], found: Sequence[Checked]) -> list[Checked]:
    known = {one.url for one in found}
    detail = "No [[expected]] entry matches it: add one, or leave the URL out."
    return [
        Checked(entry=0, source=url, url=url, state="unchecked", detail=detail) for url in answered if url not in known
    ]
