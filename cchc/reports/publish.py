"""How finished pages get to their place: staged beside it, moved file by file, the manifest last.

At any moment each file is whole, old or new. A set (workbook, further files, page, manifest) is trusted only where the
hashes in its manifest are those of its files; the next run builds the others again.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from cchc.digests import sha256_of
from cchc.locale import language_of, translator
from cchc.phrases import translated
from cchc.reports import html
from cchc.reports.child import KINDS, Failure, files_of
from cchc.reports.plan import Job

STAGING = ".staging"
RETIRED = ".old"
FAILURE = ".failure.html"
Progress = Callable[[int, int, str], None]
"""Called with the number of pages done, of pages to do, and a line of text."""
RETRIES = 5
"""How often a file that another program holds open is tried again, a second apart."""


def staging_folder(out: Path, scheme: str) -> Path:
    """Return where the pages of a scheme are made: on the filesystem of `out`, so that moving them is atomic."""
    return out / STAGING / scheme


@contextmanager
def locked(out: Path, name: str, lang: str, progress: Progress) -> Iterator[None]:
    """Hold a lock, of a scheme or of the index of all, and its staging folder, which is empty before and gone after.

    Another run that has the lock is waited for.
    """
    staging = staging_folder(out, name)
    staging.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(staging.parent / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _ = translator(lang)
        progress(0, 0, _("{name}: đang chờ một lần chạy khác kết thúc").format(name=name))
        lock.acquire()
    try:
        # what a killed run left, also where this one finds nothing to build
        shutil.rmtree(staging, ignore_errors=True)
        yield
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        lock.release()


def read_manifest(folder: Path, page: str) -> dict[str, Any] | None:
    """Return the manifest of a page in its scheme's folder; None where there is none or it cannot be read."""
    try:
        content = json.loads((folder / f"{page}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("page") == page else None


def is_whole(folder: Path, manifest: Mapping[str, Any] | None) -> bool:
    """Whether every file of a set is there with the hash that its manifest says."""
    if manifest is None:
        return False
    return all(_sha256(folder / name) == sha256 for name, sha256 in manifest["files"].items())


def publish(job: Job, staged: Path, folder: Path, inputs: Mapping[str, str], commit: str) -> None:
    """Move a finished set from `staged` to its scheme's `folder`: workbook, page, then the manifest.

    The workbook comes first because it is the file that somebody may hold open: then nothing has been replaced.

    Parameters
    ----------
    inputs : mapping
        SHA-256 of each file of the scheme, by its path in the scheme's folder.
    commit : str
        Of the program, "" where it is not known.

    Raises
    ------
    OSError
        A file could not be replaced; the manifest has not been, so the next run builds the set again.
    """
    names = files_of(job.page, job.suffixes)
    manifest = {
        "page": job.page,
        "per": job.per,
        "title": job.title,
        "scheme": job.scheme,
        "lang": job.lang,
        "notebook": job.notebook.name,
        "parameters": dict(job.parameters),
        "unit": job.unit,
        "group": job.group,
        "personal": job.is_personal,
        "files": {name: sha256_of(staged / name) for name in names},
        "inputs": {name: sha256 for name, sha256 in sorted(inputs.items()) if _is_used(name, job)},
        "commit": commit,
        "key": job.key,
        "parts": dict(job.parts),
    }
    (folder / job.page).parent.mkdir(parents=True, exist_ok=True)
    for name in names:
        replace_file(staged / name, folder / name)
    # before the manifest: a run killed between the two would leave a good set with a failure page for ever
    (folder / f"{job.page}{FAILURE}").unlink(missing_ok=True)
    write(folder / f"{job.page}.json", as_json(manifest), staged)


def commit_of(checkout: Path) -> str:
    """Return the commit of the program, "" where it is not a checkout."""
    if not (checkout / ".git").exists():
        return ""
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True)
    return answer.stdout.strip()


def _is_used(name: str, job: Job) -> bool:
    """Whether a file may matter to a page: a file of another year or stage does not, nor does an archive."""
    found = re.match(r"(scores|published|nominations|initiatives|tasks)/(\d{4}(?:-\d{4})?)\b", name)
    if name.startswith("published/") and name.endswith(".zip"):
        return False
    if found is None:
        return True
    kind, period = found.groups()
    if kind == "nominations":  # those of other periods with the same years may name the same initiatives
        return "awards" in job.data and period[:4] <= job.period[-4:] and job.period[:4] <= period[-4:]
    if kind in ("initiatives", "tasks") and not {"awards", "contents"} & set(job.data):
        return False
    return int(period) in job.years if "-" not in period else (job.per, job.period) == ("stage", period)


def write_failure(job: Job, failure: Failure, folder: Path, staging: Path) -> None:
    """Write the failure page of a job beside the last good page, which stays as it is."""
    _ = translator(job.lang)
    cell = _("Ô số {number} của {notebook}").format(number=failure.cell, notebook=job.notebook.name)
    source = f"{cell}:\n\n{failure.source}" if failure.cell else job.notebook.name
    details = f"{_(KINDS[failure.kind])}: {translated(failure.message, _)}\n\n{failure.details}"
    page = html.failure_page(job.title, source, details, job.parameters, job.command, job.lang)
    path = folder / f"{job.page}{FAILURE}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, page, staging)


def pages_in(folder: Path, lang: str) -> list[str]:
    """Return the pages in `lang` that have a manifest, by name: ``annual-2024``, ``units/so-y-te-2024``."""
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in _files(folder, ".json")]
    return sorted(name for name in names if language_of(name) == lang and read_manifest(folder, name))


def _files(folder: Path, suffix: str) -> list[Path]:
    """Return the files of a scheme's folder and its subfolders, but not what was retired."""
    return [path for path in folder.glob(f"**/*{suffix}") if RETIRED not in path.parts]


def retire(folder: Path, planned: Collection[str], lang: str) -> list[str]:
    """Move the sets and failure pages in `lang` that are no longer planned to `.old/`; return their pages' names.

    One whose workbook is held open stays as it is, in no index, until a later run.
    """
    failures = {path.relative_to(folder).as_posix().removesuffix(FAILURE) for path in _files(folder, FAILURE)}
    failures = {page for page in failures if language_of(page) == lang}
    gone = []
    for page in sorted({*pages_in(folder, lang), *failures} - set(planned)):
        try:
            (folder / RETIRED / page).parent.mkdir(parents=True, exist_ok=True)
            # Not as a manifest lists them, which may be damaged: a page of awards once left its document behind.
            beside = [path for path in (folder / page).parent.glob("*.*") if path.stem == (folder / page).name]
            found = sorted(path.relative_to(folder).as_posix() for path in beside if path.suffix != ".json")
            # the manifest last: it is what the next run finds the rest by, wherever this is interrupted
            for name in (*found, f"{page}{FAILURE}", f"{page}.json"):
                if (folder / name).exists():
                    (folder / name).replace(folder / RETIRED / name)
        except OSError:
            continue
        gone.append(page)
    return gone


def write(path: Path, text: str, staging: Path) -> None:
    """Write a text file through `staging`, so that it is whole at any moment; not at all where nothing changes."""
    staging.mkdir(parents=True, exist_ok=True)
    staged = staging / f"{path.name}.new"
    staged.write_text(text, "utf-8", newline="\n")
    replace_file(staged, path)


def replace_file(source: Path, target: Path) -> None:
    """Move `source` to `target`, leaving a target of the same bytes alone; retried while another program holds it."""
    if _sha256(source) == _sha256(target):
        source.unlink()
        return
    for attempt in range(RETRIES + 1):
        try:
            source.replace(target)
            return
        except PermissionError:  # Windows, while Excel has it open
            if attempt == RETRIES:
                raise
            time.sleep(1)


def _sha256(path: Path) -> str | None:
    """Return the hash of a file, None where there is none."""
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None


def as_json(content: Mapping[str, Any]) -> str:
    """Return plain values as the text of a file."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
