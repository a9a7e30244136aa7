"""explore.ipynb in a real JupyterLab in Chromium: run all, choose another group, see the figure change."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bootstrap import COMMANDS
from tests.pages import ROOT, program, script_environment

pytestmark = pytest.mark.browser
TOKEN = "thu"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a JupyterLab of its own, as `make lab` does, on a copy of the notebooks; give its address."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    program_name, *words = COMMANDS["lab"]
    options = ["--no-browser", f"--port={port}", "--port-retries=0", f"--IdentityProvider.token={TOKEN}"]
    command = [program(program_name), *words, *options, *(["--allow-root"] if os.geteuid() == 0 else [])]
    address = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log:
        environment = script_environment(**own, CCHC_RAW="", CCHC_PROCESSED="")
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            wait_for(address, server, folder / "log")
            yield address
        finally:
            stop(address, server)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def stop(address: str, server: subprocess.Popen[bytes]) -> None:
    """End kernels and server as its menu does: nothing of it may go on running."""
    headers = {"Authorization": f"token {TOKEN}"}
    request = urllib.request.Request(f"{address}/api/shutdown", method="POST", headers=headers)
    try:
        urllib.request.urlopen(request, timeout=20).close()
        server.wait(30)
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def page(lab: str) -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        # tall: JupyterLab makes only those cells that are in view
        opened = browser.new_page(viewport={"width": 1500, "height": 2600})
        opened.set_default_timeout(60_000)
        opened.goto(f"{lab}/lab/tree/explore.ipynb?token={TOKEN}")
        yield opened
        browser.close()


expect.set_options(timeout=60_000)


def run_all(page: Page) -> None:
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def test_run_all_and_choose_another_group(page: Page) -> None:
    run_all(page)
    view = page.locator(".cchc-view").first
    figure = view.locator("svg").first
    expect(figure).to_contain_text("Văn phòng UBND tỉnh")
    group = page.get_by_label("Nhóm", exact=True)
    before = figure.text_content()

    group.select_option(label="Sự nghiệp")
    expect(figure).to_contain_text("Bệnh viện")
    expect(figure).not_to_contain_text("Văn phòng UBND tỉnh")
    assert figure.text_content() != before

    page.get_by_role("tab", name="Nếu như").click()
    page.get_by_label("Loại điểm").select_option(label="Điểm tối đa riêng")
    value = page.get_by_label("Giá trị giả định")
    value.fill("99")
    value.press("Enter")
    expect(page.locator(".cchc-view", has_text="thứ hạng nếu như")).to_contain_text("▼ giảm")
    value.fill("0")
    value.press("Enter")
    expect(page.locator(".cchc-view .error").last).to_contain_text("Điểm tối đa “0” không hợp lệ")

    # no cell ended in an error, and the last one shows what was loaded
    for kind in ("error", "stderr"):
        assert page.locator(f"[data-mime-type='application/vnd.jupyter.{kind}']").count() == 0
    expect(page.locator(".jp-OutputArea-output", has_text="bộ chỉ số soc-trang").last).to_be_visible()
