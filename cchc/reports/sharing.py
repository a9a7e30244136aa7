"""`cchc publish`: the finished sets, and only these, with index pages that list only what is shared.

A set is finished where its files have the hashes that its manifest says. Who may read the target is a matter of the
file share or server.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cchc.digests import sha256_of
from cchc.locale import LANGUAGES, SOURCE
from cchc.reports import publish, site
from cchc.reports.html import IndexSection
from cchc.reports.publish import Progress
from cchc.reports.sources import CallError
from cchc.reports.targets import Changes, Item, compare, open_target

PAGE = ".html"


@dataclass(frozen=True)
class Shared:
    """What came of it.

    Attributes
    ----------
    changes : Changes
        What was done, or would be.
    left_out : tuple of str
        A sentence for each set that is not finished.
    n_personal : int
        How many pages were left out because they name persons.
    """

    changes: Changes
    left_out: tuple[str, ...]
    n_personal: int


@dataclass
class _Content:
    """What is shared: the files of pages and of index pages; and what is not, and why."""

    pages: list[Item] = field(default_factory=list)
    indices: list[Item] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    n_personal: int = 0


def share(
    out: Path,
    schemes: Sequence[str],
    target: str,
    *,
    personal: bool = False,
    delete: bool = False,
    dry_run: bool = False,
    progress: Progress,
) -> Shared:
    """Copy what is finished and has changed: pages and workbooks first, then the schemes' indices, the index last.

    Parameters
    ----------
    out : Path
        Folder of the reports.
    schemes : sequence of str
        Whose pages; the target's index of all lists these.
    target : str
        A folder, a ``.zip``, or an address that fsspec knows.
    personal : bool
        Also pages that name persons.
    delete : bool
        Delete from the target what was shared there and is not any more; nothing else ever is.
    dry_run : bool
        Only say what would be done.
    progress : callable
        Called for each file.

    Raises
    ------
    CallError
        There is nothing to share, or the target cannot be one. Nothing has been written then.
    OSError
        The target could not be read or written; what is copied stays, and the next run does the rest.
    """
    with tempfile.TemporaryDirectory() as staging:
        content = _content(out, schemes, personal, Path(staging))
        if not content.pages:
            reasons = "; ".join(content.left_out) or f"{out} chưa có trang nào; lập bằng: cchc report"
            raise CallError(f"Không có trang nào để chia sẻ: {reasons}")
        place = open_target(target, out)
        known = place.known()
        items = [*content.pages, *content.indices]
        changes = compare(items, known, content.kept, delete)
        if (changes.copy or changes.delete) and not dry_run:
            place.apply(items, changes, known, progress)
    return Shared(changes, tuple(content.left_out), content.n_personal)


def _content(out: Path, schemes: Sequence[str], personal: bool, staging: Path) -> _Content:
    """Find what is shared, and make its index pages in `staging`."""
    content = _Content()
    langs = [
        lang for lang in LANGUAGES for scheme in schemes if _add_scheme(content, out, scheme, lang, personal, staging)
    ]
    for lang in dict.fromkeys(langs):
        site.write_index(staging, schemes, lang)
    # an index of a folder above comes later: at no time does one link what is not there
    found = sorted(staging.rglob(f"*{PAGE}"), key=lambda path: (-len(path.parts), path))
    content.indices += [Item(path.relative_to(staging).as_posix(), path, sha256_of(path)) for path in found]
    return content


def _add_scheme(content: _Content, out: Path, scheme: str, lang: str, personal: bool, staging: Path) -> bool:
    """Add the pages of a scheme in a language, and their index; return whether there are any."""
    folder = out / scheme
    listing = site.read_listing(out, scheme, lang)
    listed = dict.fromkeys(_pages(listing.sections)) if listing else {}
    shared = set()
    for page in dict.fromkeys((*listed, *publish.pages_in(folder, lang))):
        manifest = publish.read_manifest(folder, page)
        if manifest and manifest.get("personal") and not personal:
            content.n_personal += 1
        elif manifest is None or page not in listed or not publish.is_whole(folder, manifest):
            reason = "tệp không khớp bản kê" if page in listed else "không có trong mục lục"
            command = f"cchc report {scheme}" + (" --units" if page.startswith("units/") else "")
            command += f" --lang {lang}" if lang != SOURCE else ""
            content.left_out.append(f"{scheme}/{page}: để lại, vì {reason}; lập lại bằng: {command}")
            content.kept |= {f"{scheme}/{page}{suffix}" for suffix in (".xlsx", ".docx", PAGE, ".json")}
        else:
            shared.add(page)
            hashes = {**manifest["files"], f"{page}.json": sha256_of(folder / f"{page}.json")}
            content.pages += [Item(f"{scheme}/{name}", folder / name, sha256) for name, sha256 in hashes.items()]
    if listing and shared:
        sections = tuple(_only(section, shared) for section in listing.sections if section.kind)
        site.write_scheme_index(staging, scheme, replace(listing, sections=sections), lang)
    return bool(shared)


def _pages(sections: Sequence[IndexSection]) -> Iterator[str]:
    """Give the pages that an index lists; failures, what is not built and the check are in sections without a kind."""
    for section in sections:
        if section.kind:
            yield from _entries(section)


def _entries(section: IndexSection) -> Iterator[str]:
    for entry in section.entries:
        yield entry.href.removesuffix(PAGE)
    for part in section.parts:
        yield from _entries(part)


def _only(section: IndexSection, pages: Collection[str]) -> IndexSection:
    """Return a section with the lines of some pages, and without parts that have none."""
    parts = [_only(part, pages) for part in section.parts]
    entries = tuple(entry for entry in section.entries if entry.href.removesuffix(PAGE) in pages)
    return replace(section, entries=entries, parts=tuple(part for part in parts if part.entries or part.parts))
