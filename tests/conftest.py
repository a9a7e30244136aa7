"""What several tests share: a scheme's folder written from texts, real data beside the checkout, no skip in CI."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

import hypothesis
import pytest

# A busy machine must not fail a property by its clock; in CI hypothesis loads its own profile, without a deadline too.
hypothesis.settings.register_profile("cchc", deadline=None)
if "CI" not in os.environ:
    hypothesis.settings.load_profile("cchc")

MakeScheme = Callable[..., Path]


@pytest.fixture
def make_scheme(tmp_path: Path) -> MakeScheme:
    """Return a function that writes a scheme's folder: ``make_scheme({"units.csv": "..."}, name="thu") -> Path``.

    Values are texts (written as UTF-8, as they are) or bytes; keys are paths inside the folder.
    """

    def write(files: Mapping[str, str | bytes], name: str = "thu") -> Path:
        folder = tmp_path / "raw" / name
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the checkout; without it the test is skipped, in CI it fails."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data absent: {folder}")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skip is a failure, unless the test is marked `may_skip`: a test that did not run must not look passed."""
    report = yield
    expected = item.get_closest_marker("may_skip") is not None or hasattr(report, "wasxfail")
    if "CI" in os.environ and report.skipped and not expected:
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself while it is collected."""
    report = yield
    if "CI" in os.environ and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report
