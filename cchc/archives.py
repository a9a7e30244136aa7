"""The archive of an edition: a zip that is the same bytes for the same content, and is believed only by its hash."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from cchc.dataset import Dataset, Edition
from cchc.digests import sha256_of
from cchc.edition_files import ARCHIVE, FOLDER, RECORD, TABLE, edition_name
from cchc.problems import InputError, Problem
from cchc.reading import read_dataset

INPUTS = "inputs/"
"""The folder of an archive that holds the scheme's files, as they were."""
MOST_BYTES = 4 * 2**30
"""More than that is no archive of a scheme."""
_TIME = (1980, 1, 1, 0, 0, 0)


def pack(target: Path, files: Mapping[str, bytes | Path]) -> None:
    """Write a zip of `files`, contents or paths by name; neither the clock nor the system leaves a trace in it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            content = files[name]
            archive.writestr(info, content.read_bytes() if isinstance(content, Path) else content)


def unpack_inputs(archive: Path, sha256: str, target: Path) -> None:
    """Write the scheme's files that an archive holds into `target`, an empty folder, and nothing outside it.

    Raises
    ------
    ValueError
        It is not the archive of that hash, or holds a name that leads elsewhere: nothing has been written then.
    OSError
        It is not there.
    """
    if sha256_of(archive) != sha256:
        raise ValueError("khác mã băm đã ghi khi công bố")
    try:
        with zipfile.ZipFile(archive) as content:
            members = [item for item in content.infolist() if item.filename.startswith(INPUTS) and not item.is_dir()]
            for item in members:
                if ".." in PurePosixPath(item.filename).parts or {"\\", ":", "\0"} & set(item.filename):
                    raise ValueError(f"có đường dẫn không hợp lệ: {item.filename!r}")
            if sum(item.file_size for item in members) > MOST_BYTES:
                raise ValueError("quá lớn")
            for item in members:
                # by its parts: after "inputs/" a second stroke would begin an address of its own
                path = target.joinpath(*PurePosixPath(item.filename).parts[1:])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read(item))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ValueError(str(error)) from None


def load_edition(data: Dataset, period: str, number: int) -> Dataset:
    """Return the scheme as it was when an edition of a period was announced.

    Raises
    ------
    InputError
        As `read_edition`.
    LookupError
        There is no such edition; the message names those that there are.
    """
    editions = data.editions_of(period)
    edition = next((item for item in editions if item.number == number), None)
    if edition is None:
        known = ", ".join(str(item.number) for item in editions) or "—"
        raise LookupError(f"Không có lần công bố {number} của {period} ({data.scheme.id}); đang có: {known}")
    with tempfile.TemporaryDirectory() as folder:
        return read_edition(data, edition, Path(folder))


def read_edition(data: Dataset, edition: Edition, folder: Path) -> Dataset:
    """Read the scheme as it was when `edition` was announced, with what it announced as the latest.

    Parameters
    ----------
    data : Dataset
        The scheme of today.
    edition : Edition
        One of its editions.
    folder : Path
        An empty folder, where its files are unpacked.

    Raises
    ------
    InputError
        The archive is not there, or is not the one that was written; what was frozen cannot be read.
    """
    published = data.scheme.folder / FOLDER
    name = edition_name(edition.period, edition.number, ARCHIVE)
    if not edition.archive_sha256:
        raise InputError([Problem("edition-typed", edition.file)])
    target = folder / data.scheme.id
    try:
        unpack_inputs(published / name, edition.archive_sha256, target)
    except (OSError, ValueError) as error:
        reason = error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
        raise InputError([Problem("edition-unpacked", f"{FOLDER}/{name}", details={"reason": reason})]) from None
    # the archive was made before the table and the record that name its hash
    (target / FOLDER).mkdir(exist_ok=True)
    for suffix in (TABLE, RECORD):
        name = edition_name(edition.period, edition.number, suffix)
        (target / FOLDER / name).write_bytes((published / name).read_bytes())
    found = read_dataset(target)
    return replace(found, scheme=found.scheme.model_copy(update={"folder": data.scheme.folder}))
