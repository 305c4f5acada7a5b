"""The tables of a run as pandas frames, read when they are first looked at."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import ValidationError

from seoaudit.classify import frames
from seoaudit.classify.chains import build_chains
from seoaudit.classify.url_columns import Scope
from seoaudit.store.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.store.folder import RunFolder, RunInfo


class Run:
    """One run of an audit; `info` is what run.json says, and docs/data.md tells the columns of each frame.

    Text is pandas `str`, whole numbers `Int64`, fractions `Float64`, flags `boolean`, times UTC; missing is NA. A frame is
    read when it is first asked for, and then kept. Raises FileNotFoundError where the folder holds no run, or not the table.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        try:
            self.info: RunInfo = folder.read_info()
        except (OSError, ValidationError) as error:
            raise FileNotFoundError(f"{folder.path} is no run folder: it has no run.json that can be read") from error

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row a URL requested."""
        return self._read("responses")

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row a mention of a URL; on a large site by far the largest frame."""
        return self._read("links")

    @cached_property
    def chains(self) -> pd.DataFrame:
        """One row a requested URL that redirects."""
        return self._read("chains")

    @cached_property
    def hops(self) -> pd.DataFrame:
        """One row a redirect of each chain, in order: `requested_url`, `position` from 0, and what `url` answered."""
        return build_chains(self.responses, Scope.of(self.info))[1]

    @cached_property
    def hosts(self) -> pd.DataFrame:
        """One row a host, with its HSTS policy."""
        return self._read("hosts")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row a breach of a rule."""
        return self._read("findings")

    @cached_property
    def fixes(self) -> pd.DataFrame:
        """One row a link to edit."""
        return self._read("fixes")

    @cached_property
    def entry_points(self) -> pd.DataFrame:
        """One row the home page of a host under one scheme."""
        return self._read("entry_points")

    @cached_property
    def forms(self) -> pd.DataFrame:
        """One row a form, however many pages have it."""
        return self._read("forms")

    @cached_property
    def standing(self) -> pd.DataFrame:
        """One row a temporary redirect that has stood long, or whose targets rotate."""
        return self._read("standing")

    @cached_property
    def rewalks(self) -> pd.DataFrame:
        """One row a chain that was walked again with cookies."""
        return self._read("rewalks")

    @cached_property
    def variants(self) -> pd.DataFrame:
        """variants.parquet."""
        return self._read("variants")

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """One row a URL with an entry in `[[expected]]`, and one an entry without any."""
        return self._read("contracts")

    @cached_property
    def changes(self) -> pd.DataFrame:
        """One row a finding that is not as it was in the run before."""
        return self._read("changes")

    def _read(self, name: str) -> pd.DataFrame:
        file = self._folder.table(name)
        if not file.exists():
            raise FileNotFoundError(f"{self._folder.path} has no {file.name}: its audit has not come that far")
        return frames.read_table(file, TABLES[name])
