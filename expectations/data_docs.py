"""Data Docs: the static pages of the latest validations, and how many of them are kept.

Put here where pages and the results behind them lie. Do not put here the running of checks
(validation.py). Every run is also in ops.data_quality_results, which keeps them all.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

SITE = "chairside"
FOLDER = "data_docs"
KEPT_RUNS = 12
RESULTS_STORE = "validation_results_store"
# Pictures that tell their server, by a time in the address, that somebody opened a page.
_CALLS_HOME = re.compile(r"https://great-expectations-web-assets[^\"')\s]*")


def context_config(data_docs: Path) -> Any:
    """Return the configuration of a context that keeps results and pages in a folder.

    The results lie beside the pages, since the index lists the pages whose result is there.
    """
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    config.stores[RESULTS_STORE] = {
        "class_name": "ValidationResultsStore",
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(_results(data_docs)),
            "suppress_store_backend_id": True,
        },
    }
    config.data_docs_sites = {
        SITE: {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(data_docs / "site"),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "site_section_builders": {"expectations": "None", "profiling": "None"},
        }
    }
    return config


def build_pages(context: EphemeralDataContext, data_docs: Path, run_id: Any) -> Path:
    """Write the pages of one run, drop those of runs beyond the newest 12; return the index."""
    _prune(data_docs)
    results: list[Any] = list(context.validation_results_store.list_keys())
    context.build_data_docs(
        site_names=[SITE],
        resource_identifiers=[key for key in results if key.run_id == run_id],
    )
    site = data_docs / "site"
    written = [site / "index.html", *site.glob(f"validations/*/*/{run_id.run_name}/*/*.html")]
    for page in written:
        text = page.read_text(encoding="utf-8")
        page.write_text(_CALLS_HOME.sub("", text), encoding="utf-8")
    return written[0]


def _prune(data_docs: Path) -> None:
    # A run lies in <schema>/<table>/<run name>; names begin with the time, so they sort by it.
    runs: dict[str, list[Path]] = {}
    for kept in (_results(data_docs), data_docs / "site" / "validations"):
        for folder in kept.glob("*/*/*"):
            runs.setdefault(folder.name, []).append(folder)
    for name in sorted(runs, reverse=True)[KEPT_RUNS:]:
        for folder in runs[name]:
            shutil.rmtree(folder)


def _results(data_docs: Path) -> Path:
    return data_docs / "results"
