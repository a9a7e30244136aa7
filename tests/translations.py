"""The message ids of the program, found where they stand; as a script it brings the catalogues up to date with them.

``python tests/translations.py`` adds to each ``cchc/locale/<lang>/LC_MESSAGES/cchc.po`` what is new, without a
translation, and takes out what nothing uses any more.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
DROPPED = {"analyst", "parameters"}
KEYWORDS: dict[str, Any] = {"_": None, "msgid": None, "Phrase": None, "Kind": (2, 3)}
"""Whose first argument is a message id; a `Kind` holds two."""
TEMPLATES = {"**/*.j2": {"encoding": "utf-8"}, "**/*.jinja": {"encoding": "utf-8"}}
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {lang}\\n"\n\n'


def markdown_cells(file: Any, keywords: Any, tags: Any, options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Extract the markdown cells that readers of the page see: each is one message (a Babel extraction method)."""
    notebook = json.load(file)
    if "cchc" in notebook["metadata"]:
        if title := notebook["metadata"]["cchc"].get("title"):
            yield 1, "_", title, []
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown" and not DROPPED & set(cell["metadata"].get("tags", [])):
                yield 1, "_", "".join(cell["source"]), []


def message_ids(root: Path = ROOT) -> dict[str, list[str]]:
    """Return every message id of the program, in the order of the files, with the files that use it."""
    found: dict[str, list[str]] = {}
    methods: Any = [("**.py", "python"), *((pattern, "jinja2.ext:babel_extract") for pattern in TEMPLATES)]
    for folder, method_map in (("cchc", methods), ("notebooks", [("**.ipynb", markdown_cells)])):
        for name, _line, message, *_rest in extract_from_dir(root / folder, method_map, TEMPLATES, KEYWORDS):
            texts = (message,) if isinstance(message, str) else message
            for text in texts:
                files = found.setdefault(text, [])
                if f"{folder}/{name}" not in files:
                    files.append(f"{folder}/{name}")
    return found


def placeholders(text: str) -> list[str]:
    """Return the names in braces of a ``str.format`` text, sorted."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def fragments(text: str) -> list[str]:
    """Return the constant parts of a ``str.format`` text that have a Vietnamese letter."""
    parts = [part.strip() for part, *_ in string.Formatter().parse(text)]
    return [part for part in parts if VIETNAMESE.search(part)]


VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def update(path: Path, lang: str) -> None:
    """Rewrite a catalogue with the message ids of the program, keeping what is translated."""
    old = {}
    if path.exists():
        with path.open("rb") as file:
            old = {str(message.id): str(message.string) for message in read_po(file, locale=lang) if message.id}
    catalogue = Catalog(locale=lang)
    for text, files in message_ids().items():
        catalogue.add(text, old.get(text, ""), locations=[(name, 0) for name in files])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(lang=lang).encode())
        write_po(file, catalogue, width=110, omit_header=True, include_lineno=False)


if __name__ == "__main__":
    for folder in sorted((ROOT / "cchc" / "locale").glob("*/LC_MESSAGES")):
        update(folder / "cchc.po", folder.parent.name)
