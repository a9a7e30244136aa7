"""A new scheme: the commented folder that `cchc new` writes, which loads and reports as it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cchc.problems import InputError
from cchc.scheme import check_id

TEMPLATE = Path(__file__).with_name("scaffold_template")


def new_scheme(raw: Path, scheme: str) -> list[Path]:
    """Write a commented scheme with example scores to a new folder `scheme` under `raw`, whole or not at all.

    Parameters
    ----------
    raw : Path
        The folder of the schemes; made where it is missing.
    scheme : str
        The new scheme's id, the name of its folder: no path, which could lead out of `raw`.

    Returns
    -------
    list of Path
        The files written, sorted.

    Raises
    ------
    InputError
        `scheme` is no id (lower-case letters, digits, hyphens).
    FileExistsError
        The folder is there already; nothing in it is touched.
    """
    problems = check_id(scheme)
    if problems:
        raise InputError(problems)
    folder = Path(raw) / scheme
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
