"""A run's tables judged, and both reports written."""

from __future__ import annotations

import gc
import logging
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa

from seoaudit.classify.entry_points import write_entry_points
from seoaudit.classify.facts import build_facts, write_chains, write_contracts, write_fixes
from seoaudit.classify.forms import write_forms
from seoaudit.classify.hsts import write_hosts
from seoaudit.classify.standing import write_standing
from seoaudit.http.preload import PreloadList
from seoaudit.records import Limit
from seoaudit.render.excel import write_workbook
from seoaudit.render.html import write_html
from seoaudit.render.view import ReportView, build_view
from seoaudit.rules import judge
from seoaudit.run.comparing import write_changes
from seoaudit.store.chronicle import Chronicle, chronicle
from seoaudit.store.history import first_sightings
from seoaudit.store.ledger import Ledger
from seoaudit.store.schema import FINDINGS
from seoaudit.store.summaries import summary_of
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.config import Config
    from seoaudit.store.folder import RunFolder, RunInfo

logger = logging.getLogger(__name__)

HISTORY = "history"
"""The limit under which the report says what is wrong with the runs before."""


def judge_and_render(folder: RunFolder, config: Config, hsts_list: Path | None = None) -> ReportView:
    """Judge the run's tables and write both reports again; needs no network.

    `hsts_list`: the file with the HSTS preload list that counts instead of our own. Raises ConfigError where it is none.
    """
    preload_list = PreloadList(hsts_list)
    gc.freeze()  # the modules are many objects, and will not be garbage: each collection would look at all of them
    try:
        _judge(folder, config, preload_list)
        write_changes(folder)
        view = build_view(folder)
        write_html(view, folder)
        write_workbook(view, folder)
    finally:
        gc.unfreeze()
    return view


def _judge(folder: RunFolder, config: Config, preload_list: PreloadList) -> None:
    """Write chains, hosts, fixes, entry points, forms and findings; the reports read what they need from the tables, and the facts are gone by then."""
    info = folder.read_info()
    site = site_history(folder, info)
    limits = [
        *(limit for limit in info.limits if limit.name != HISTORY),
        *(Limit(HISTORY, 0, note) for note in site.notes),
    ]
    info = info.model_copy(update={"limits": limits})
    facts = build_facts(
        folder, info, config.thresholds, preload_list=preload_list, expected=config.expected, ledger=site.ledger
    )
    del site
    write_chains(folder, facts)
    write_hosts(folder, facts)
    write_fixes(folder, facts)
    write_standing(folder, facts)
    write_entry_points(folder, facts)
    write_forms(folder, facts)
    write_contracts(folder, facts)
    findings, failed = judge(facts, first_sightings(folder))
    write_table(folder.table("findings"), pa.Table.from_pandas(findings, schema=FINDINGS, preserve_index=False))
    summary = summary_of(Counter(findings["severity"]), len(facts.redirects))
    folder.write_info(info.model_copy(update={"failed_rules": failed, "summary": summary}))


def site_history(folder: RunFolder, info: RunInfo) -> Chronicle:
    """The ledger of the run's site, this run folded in; a run that lies outside its site's folder has no history."""
    site = folder.path.resolve().parent
    if site.name != info.site:
        return Chronicle(Ledger(), [])
    told = chronicle(site, patient=True)
    for note in told.notes:
        logger.warning("%s", note)
    return told
