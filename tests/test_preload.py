"""What every page's process begins with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import script_environment

SCRIPT = """
import json, os, sys
from cchc.reports import preload
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import font_manager
from pathlib import Path
print(json.dumps({
    "threads": [preload.THREADS, len(list(Path("/proc/self/task").iterdir()))],
    "is_own": preload.LOADED_BY == os.getpid(),
    "modules": sorted({"cchc.charts", "cchc.unit", "nbconvert", "papermill", "pandas"} & set(sys.modules)),
    "has_shell": InteractiveShell.initialized(),
    "environment": [os.environ[name] for name in ("JE_ARROW_MALLOC_CONF", "OPENBLAS_NUM_THREADS", "MPLBACKEND")],
}))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("preload")
    environment = script_environment(IPYTHONDIR=str(folder / "ipython"), HOME=str(folder), MPLCONFIGDIR=_fonts())
    for name in ("JE_ARROW_MALLOC_CONF", "OPENBLAS_NUM_THREADS", "MPLBACKEND"):
        environment.pop(name, None)
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert list(folder.rglob("*.sqlite")) == [], "no history of IPython's"
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _fonts() -> str:
    """Return where matplotlib keeps its list of fonts: making it anew takes seconds."""
    from matplotlib import get_cachedir

    return str(Path(get_cachedir()))


@pytest.mark.slow
def test_one_thread_so_that_a_fork_cannot_hang(loaded: dict[str, object]) -> None:
    assert loaded["threads"] == [1, 1]


@pytest.mark.slow
def test_everything_a_page_needs_is_imported(loaded: dict[str, object]) -> None:
    assert loaded["modules"] == ["cchc.charts", "cchc.unit", "nbconvert", "pandas", "papermill"]
    assert loaded["is_own"] is True


@pytest.mark.slow
def test_no_shell_is_left_for_the_pages(loaded: dict[str, object]) -> None:
    assert loaded["has_shell"] is False


@pytest.mark.slow
def test_environment_is_set_before_any_import(loaded: dict[str, object]) -> None:
    inline = "module://matplotlib_inline.backend_inline"
    assert loaded["environment"] == ["background_thread:false", "1", inline]
