"""A new scheme: the commented folder that `cchc new` writes, which loads and reports as it is."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from cchc.problems import InputError, Problem
from cchc.scheme import ID_PATTERN

TEMPLATE = Path(__file__).with_name("scaffold_template")


def new_scheme(folder: Path) -> list[Path]:
    """Write a commented scheme with example scores to `folder`, whole or not at all.

    Parameters
    ----------
    folder : Path
        The scheme's folder, not there yet; its name becomes the scheme's id. Missing parents are made.

    Returns
    -------
    list of Path
        The files written, sorted.

    Raises
    ------
    InputError
        The name is not a scheme id (lower-case letters, digits, hyphens).
    FileExistsError
        `folder` is there already; nothing in it is touched.
    """
    folder = Path(folder)
    if not re.fullmatch(ID_PATTERN, folder.name):
        details = {
            "reason": "không dùng làm tên bộ chỉ số được",
            "allowed": "chữ thường không dấu, chữ số và dấu gạch nối",
        }
        raise InputError([Problem("scheme-key", folder.name, value=folder.name, details=details)])
    if folder.exists():
        raise FileExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    sources = sorted(path for path in TEMPLATE.rglob("*") if path.is_file())
    # beside its place, so that the rename stays on one file system and nobody ever sees half a scheme
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        made = Path(temporary) / folder.name
        for source in sources:
            target = made / source.relative_to(TEMPLATE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        made.rename(folder)
    return [folder / source.relative_to(TEMPLATE) for source in sources]
