"""Where pages are shared: a folder or any address that fsspec knows, file by file; or a zip, as a whole.

Each target holds a manifest of what was shared there, by hash. What it does not name was put there by somebody else,
and is left alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from cchc.archives import pack
from cchc.digests import sha256_of
from cchc.reports import publish
from cchc.reports.publish import Progress
from cchc.reports.sources import CallError

MANIFEST = ".cchc.json"
SAVE_EVERY = 2.0
"""Seconds after which the target's manifest is written again: what a killed run copied since then is copied again."""


ZIP_ERRORS = (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""The last three: a damaged zip, a method that zipfile does not know, a password."""


@dataclass(frozen=True)
class Item:
    """A file to share: its path in the target, where it is now, and its SHA-256."""

    path: str
    source: Path
    sha256: str


@dataclass(frozen=True)
class Changes:
    """What has to be done to a target: files to copy, in this order, then files to delete; and what else there is.

    Attributes
    ----------
    copy : tuple of Item
    delete : tuple of str
    unchanged : int
        How many files are there as they should be.
    lingering : int
        How many files were shared once, are not any more, and stay.
    """

    copy: tuple[Item, ...]
    delete: tuple[str, ...]
    unchanged: int
    lingering: int


def compare(items: Sequence[Item], known: Mapping[str, str], kept: Collection[str], delete: bool) -> Changes:
    """Say what has to be done.

    Parameters
    ----------
    items : sequence of Item
        Everything that the target is to hold, in the order of copying.
    known : mapping
        SHA-256 of each file that was shared there, by path.
    kept : collection of str
        Files that are not shared now but are not gone either.
    delete : bool
        Whether files that are no longer shared are deleted.
    """
    copy = tuple(item for item in items if known.get(item.path) != item.sha256)
    gone = tuple(sorted(set(known) - {item.path for item in items} - set(kept)))
    return Changes(copy, gone if delete else (), len(items) - len(copy), 0 if delete else len(gone))


def open_target(target: str, out: Path) -> Store | Zip:
    """Return the target of an address: ``D:/chung``, ``bao-cao.zip``, ``s3://kho/cchc``.

    Raises
    ------
    CallError
        It lies inside `out`, its protocol is not known, or the library for it is not installed.
    """
    is_zip = target.lower().endswith(".zip")
    if is_zip and "://" in target:
        raise CallError(f"{target}: tệp zip chỉ lập được trong một thư mục; lập ở đó rồi chép lên")
    try:
        files, root = url_to_fs(target)
    except ImportError as error:
        extra = "pip install 'cchc[publish]'" if target.startswith("s3") else str(error)
        raise CallError(f"{target}: máy này chưa có thư viện cho địa chỉ loại này; cài thêm: {extra}") from error
    except ValueError as error:
        raise CallError(f"{target}: không nhận ra địa chỉ; ghi như D:/chung, bao-cao.zip, s3://kho/cchc") from error
    if not isinstance(files, LocalFileSystem):
        return Store(files, root.rstrip("/"), target)
    if Path(root).resolve().is_relative_to(out.resolve()):
        raise CallError(f"{target} nằm trong thư mục báo cáo {out}; chọn một nơi khác")
    return Zip(Path(root), target) if is_zip else Store(files, root.rstrip("/"), target)


@dataclass(frozen=True)
class Store:
    """A folder, or a place on a server: files are written one by one, each read back and compared.

    Attributes
    ----------
    files : AbstractFileSystem
    root : str
        Its path there.
    name : str
        The address as it was given.
    """

    files: AbstractFileSystem
    root: str
    name: str

    def known(self) -> dict[str, str]:
        """Return the SHA-256 of each file that was shared here, by path."""
        with self._sentences():
            try:
                return _files_of(self.files.cat_file(f"{self.root}/{MANIFEST}"))
            except FileNotFoundError:
                return {}

    def apply(self, items: Sequence[Item], changes: Changes, known: Mapping[str, str], progress: Progress) -> None:
        """Copy and delete, and note in the manifest what is done; whatever ends it, the next run does the rest.

        Raises
        ------
        OSError
            A file could not be written, or was read back differently; the message names it. The manifest does not
            have it, so the next run copies it again. In a folder of this system the old file is still there then.
        """
        # what is about to change is not vouched for: a run killed after it wrote a file has not noted it yet
        done = {path: sha256 for path, sha256 in known.items() if path not in {item.path for item in changes.copy}}
        total, saved = len(changes.copy) + len(changes.delete), time.monotonic()
        self._save(done)
        progress(0, total, "")
        try:
            for number, item in enumerate(changes.copy, start=1):
                self._put(item)
                done[item.path] = item.sha256
                if time.monotonic() - saved >= SAVE_EVERY:
                    self._save(done)
                    saved = time.monotonic()
                progress(number, total, f"{item.path}: đã chép")
            for number, path in enumerate(changes.delete, start=len(changes.copy) + 1):
                with self._sentences(path), suppress(FileNotFoundError):
                    self.files.rm_file(f"{self.root}/{path}")
                del done[path]
                progress(number, total, f"{path}: đã xóa")
        except BaseException:
            with suppress(OSError):  # the first error is the one to tell
                self._save(done)
            raise
        self._save(done)

    def _save(self, files: Mapping[str, str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / MANIFEST
            source.write_bytes(_as_manifest(files))
            self._put(Item(MANIFEST, source, sha256_of(source)))

    def _put(self, item: Item) -> None:
        """Write a file and read it back."""
        path = f"{self.root}/{item.path}"
        if isinstance(self.files, LocalFileSystem):
            with self._sentences(item.path), _part(Path(path)) as part:
                shutil.copyfile(item.source, part)
                is_same = sha256_of(part) == item.sha256
                if is_same:
                    publish.replace_file(part, Path(path))
        else:
            with self._sentences(item.path):
                self.files.put_file(str(item.source), path)
                is_same = hashlib.sha256(self.files.cat_file(path)).hexdigest() == item.sha256
        if not is_same:
            raise OSError(
                f"{self.name}: {item.path}: đọc lại khác tệp gốc; chạy lại lệnh này, "
                "nếu vẫn vậy thì kiểm tra ổ đĩa, đường truyền"
            )

    def _sentences(self, path: str = "") -> AbstractContextManager[None]:
        # the errors of a server's library are its own: no credentials, no route, a wrong signature
        errors = (OSError,) if isinstance(self.files, LocalFileSystem) else (Exception,)
        return _sentences(f"{self.name}: {path}" if path else self.name, errors)


@dataclass(frozen=True)
class Zip:
    """A zip, of the same bytes for the same content; a new one takes the place of the old one when it is whole."""

    path: Path
    name: str

    def known(self) -> dict[str, str]:
        """Return the SHA-256 of each file that was shared here, by path."""
        with _sentences(self.name, ZIP_ERRORS):
            if not self.path.exists():
                return {}
            if not zipfile.is_zipfile(self.path):
                raise CallError(f"{self.name} không phải là tệp zip; chọn một tên khác")
            with zipfile.ZipFile(self.path) as archive:
                return _files_of(archive.read(MANIFEST)) if MANIFEST in archive.namelist() else {}

    def apply(self, items: Sequence[Item], changes: Changes, known: Mapping[str, str], progress: Progress) -> None:
        """Write the zip anew, with what others put into the old one.

        Raises
        ------
        OSError
            It could not be written, or was read back differently; the old one is still there.
        """
        total = len(changes.copy) + len(changes.delete)
        progress(0, total, "")
        wanted = {item.path: item.sha256 for item in items}
        dropped = {*wanted, *changes.delete, MANIFEST}
        manifest = {path: sha256 for path, sha256 in known.items() if path not in dropped} | wanted
        content: dict[str, bytes | Path] = {}
        with _sentences(self.name, ZIP_ERRORS), _part(self.path) as part:
            if self.path.exists():
                with zipfile.ZipFile(self.path) as old:
                    names = [info.filename for info in old.infolist() if not info.is_dir()]
                    content |= {name: old.read(name) for name in names if name not in dropped}
            content |= {item.path: item.source for item in items} | {MANIFEST: _as_manifest(manifest)}
            pack(part, content)
            with zipfile.ZipFile(part) as new:
                bad = [path for path in wanted if hashlib.sha256(new.read(path)).hexdigest() != wanted[path]]
            if not bad:
                publish.replace_file(part, self.path)
        if bad:
            raise OSError(f"{self.name}: {bad[0]}: đọc lại khác tệp gốc; chạy lại lệnh này")
        progress(total, total, f"{self.name}: đã ghi")


def _as_manifest(files: Mapping[str, str]) -> bytes:
    return publish.as_json({"files": dict(sorted(files.items()))}).encode()


def _files_of(manifest: bytes) -> dict[str, str]:
    """Return what a manifest names; nothing where it cannot be read, and no path that leads out of the target."""
    try:
        files = json.loads(manifest)["files"]
        return {str(path): str(sha256) for path, sha256 in files.items() if _is_inside(str(path))}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not {"/", ".."} & set(parts) and not {"\\", ":", "\0"} & set(path)


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Give a hidden name beside a file, to write to before it takes the file's place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.cchc-part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _sentences(name: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn what a file system says into a sentence: `errors` are what it may raise."""
    try:
        yield
    except PermissionError as error:
        raise OSError(
            f"{name}: không có quyền, hoặc tệp đang mở trong chương trình khác; hỏi người quản trị nơi đó ({error})"
        ) from error
    except FileNotFoundError as error:
        raise OSError(f"{name}: nơi này chưa có; tạo ổ đĩa, thư mục hoặc bucket đó trước ({error})") from error
    except errors as error:
        raise OSError(f"{name}: {error}; kiểm tra ổ đĩa, hoặc địa chỉ, khóa truy cập và đường truyền") from error
