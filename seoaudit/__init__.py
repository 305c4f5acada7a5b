"""seoaudit crawls a site, records every redirect hop and says which redirects to mend and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from seoaudit.classify.notebook import Run

__all__ = ["load_run"]


def load_run(folder: str | os.PathLike[str]) -> Run:
    """The tables of a finished run as pandas frames: `load_run("runs/example.com/20261120T103000Z").chains`.

    Gives `info`, `responses`, `links`, `chains`, `hops`, `findings`, `fixes`, `rewalks`, `variants`, `contracts` and `changes`
    (docs/data.md). Raises FileNotFoundError, with a line that says why, for a folder that holds no run.
    """
    from pathlib import Path  # noqa: PLC0415 - a crawl imports this package and must stay free of pandas

    from seoaudit.classify.notebook import Run  # noqa: PLC0415
    from seoaudit.store.folder import RunFolder  # noqa: PLC0415

    return Run(RunFolder(Path(folder)))
