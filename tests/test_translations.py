"""The catalogues are complete: every message id of the program is translated, as it must be, and nothing else is."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cchc.locale import CATALOGUES, LANGUAGES, language_of, named, translator
from cchc.phrases import Phrase, place_in, translated
from tests import translations
from tests.translations import KEYWORDS, ROOT, VIETNAMESE, message_ids, placeholders

AGAIN = "run: python tests/translations.py"
UNTRANSLATED = {
    "cli.py": "the command's help is Vietnamese or bilingual; `new`, `template` and `verify` speak Vietnamese",
    "calls.py": "a period that a call names wrongly, told by commands that speak Vietnamese",
    "manual.py": "the help texts",
    "console.py": "the lines of `verify` and `publish`",
    "archives.py": "why an archive cannot be used, told to whoever calls `why`, which speaks Vietnamese",
    "edition_files.py": "`freeze`, which speaks Vietnamese; what a record says is a Phrase",
    "editions.py": "why nothing can be frozen, told by `freeze`",
    "freezing.py": "`freeze`",
    "sharing.py": "`publish`, which speaks Vietnamese",
    "targets.py": "`publish`",
    "why.py": "`why`",
    "award_lines.py": "`awards` and `why`",
    "award_inputs.py": "words that the column kind of nominations/ holds",
    "nominees.py": "forms of address before the names that nominations/ holds",
    "awards.py": "a call that is wrong, told to whoever calls `awards`",
    "processed.py": "a table that has changed, told to the analyst",
    "yearly.py": "a call that is wrong, told to the analyst",
    "components.py": "a call that is wrong, told to the analyst",
    "weights.py": "a call that is wrong, told to the analyst",
    "form.py": "the form that the province fills in",
    "phrases.py": "the grammar of places",
    "fonts.py": "letters",
    "names.py": "names of units as they are spelled",
    "encodings.py": "syllables",
    "workbooks.py": "heads of the input's sheets",
    "unit_sheets.py": "heads of the input's sheets",
    "__init__.py": "the refusal of a language that there is none of",
    "verification.py": "a call that is wrong, told to the analyst",
    "ranking.py": "a call that is wrong, told to the analyst",
    "stage.py": "a call that is wrong, told to the analyst",
    "contributions.py": "a call that is wrong, told to the analyst",
    "dataset.py": "what a notebook shows of the data that it has loaded",
    "lookups.py": "a call that is wrong, told to the analyst",
    "tracing.py": "a call that is wrong, told to the analyst",
    "whatif.py": "a call that is wrong, told to the analyst; the mark of what is supposed, in both languages",
    "unit.py": "a call that is wrong, told to the analyst",
    "sources.py": "a notebook that is wrong, told to whoever wrote it",
    "engine.py": "a notebook that is wrong, told to whoever wrote it",
}
PLACE_WORDS = re.compile(r"thứ|dòng|,? ?cột|dòng 1(?:, cột thứ)?")
"""What places are built of; `place_in` knows their grammar."""


def catalogue(lang: str) -> dict[str, str]:
    with CATALOGUES[lang].open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=lang) if message.id}


@pytest.fixture(scope="module")
def ids() -> dict[str, list[str]]:
    return message_ids()


def test_there_is_english() -> None:
    assert LANGUAGES == ("vi", "en")


@pytest.mark.parametrize("lang", CATALOGUES)
def test_every_message_is_translated(lang: str, ids: dict[str, list[str]]) -> None:
    texts = catalogue(lang)
    assert [(text, files) for text, files in ids.items() if not texts.get(text)] == [], AGAIN


@pytest.mark.parametrize("lang", CATALOGUES)
def test_nothing_is_translated_that_nothing_uses(lang: str, ids: dict[str, list[str]]) -> None:
    assert sorted(catalogue(lang).keys() - ids.keys()) == [], AGAIN


@pytest.mark.parametrize("lang", CATALOGUES)
def test_translations_keep_placeholders_headings_and_the_space_around(lang: str) -> None:
    for text, other in catalogue(lang).items():
        assert placeholders(text) == placeholders(other), text
        for pattern in (r"^#* *", r"\s*$"):
            assert re.search(pattern, text)[0] == re.search(pattern, other)[0], text  # type: ignore[index]


@pytest.mark.parametrize("lang", CATALOGUES)
def test_translations_are_in_their_language(lang: str) -> None:
    # what is quoted are words that the input's forms are read by
    quoted = re.compile(r"“[^”]*”|tự chấm|thẩm định|điều tra")
    assert [text for text in catalogue(lang).values() if VIETNAMESE.search(quoted.sub("", text))] == []


def texts_of(path: Path) -> list[str]:
    """Return the Vietnamese texts of a room that no marker finds: no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: set[ast.AST] = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            inside |= {*node.args}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in found if node not in inside and VIETNAMESE.search(node.value)]


ROOMS = [path for path in sorted((ROOT / "cchc").rglob("*.py")) if path.name not in UNTRANSLATED]


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_escapes_the_translators(path: Path) -> None:
    found = [text for text in texts_of(path) if not PLACE_WORDS.fullmatch(text.strip())]
    # the convention is compared with, and printed in other words
    assert set(found) <= {"quy ước tính toán, chưa có văn bản quy định"}


def test_messages_are_found_wherever_they_stand(ids: dict[str, list[str]]) -> None:
    for text, file in {
        "Điểm {value} vượt điểm tối đa {maximum}.": "cchc/score_kinds.py",
        "Kiểm tra điểm và điểm tối đa.": "cchc/score_kinds.py",
        "Notebook chạy quá thời hạn": "cchc/reports/child.py",
        "bắt buộc phải có": "cchc/explanations.py",
        "Đến nội dung chính": "cchc/reports/template/layout.html.j2",
        "## Giải thích từ ngữ": "notebooks/annual_ranking.ipynb",
    }.items():
        assert file in ids[text]
    assert not [text for text in ids if "sửa tham số" in text], "cells of the analyst are on no page"


def test_update_keeps_translations_adds_and_takes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cchc.po"
    monkeypatch.setattr(translations, "message_ids", lambda: {"Hạng": ["a.py"], "Nhóm": ["b.py"]})
    translations.update(path, "en")
    path.write_text(path.read_text("utf-8").replace('msgid "Hạng"\nmsgstr ""', 'msgid "Hạng"\nmsgstr "Rank"'), "utf-8")
    monkeypatch.setattr(translations, "message_ids", lambda: {"Hạng": ["a.py"], "Tên": ["b.py"]})
    translations.update(path, "en")
    monkeypatch.setitem(CATALOGUES, "en", path)
    assert catalogue("en") == {"Hạng": "Rank", "Tên": ""}


@pytest.mark.parametrize("lang", CATALOGUES)
def test_catalogue_is_as_the_script_writes_it(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "cchc.po"
    path.write_bytes(CATALOGUES[lang].read_bytes())
    translations.update(path, lang)
    assert path.read_text("utf-8") == CATALOGUES[lang].read_text("utf-8"), AGAIN


# Phrases, places, names of files


def test_a_phrase_is_text_and_translatable_with_what_it_names() -> None:
    words = {"từ {low} trở lên": "from {low} up", "một giá trị": "a value"}.__getitem__
    phrase = Phrase("từ {low} trở lên", low=Phrase("một giá trị"))
    assert phrase == "từ một giá trị trở lên"
    assert json.dumps(phrase, ensure_ascii=False) == '"từ một giá trị trở lên"'
    for other in (phrase, copy.deepcopy(phrase), pickle.loads(pickle.dumps(phrase))):
        assert translated(other, words) == "from a value up"
    assert translated("một giá trị", words) == "một giá trị", "data stay as they are"


@pytest.mark.parametrize(
    ("place", "english"),
    [
        ("dòng 5", "row 5"),
        ("dòng 5, cột appraised", "row 5, column appraised"),
        ("dòng 1, cột thứ 3", "row 1, column no. 3"),
        ("dòng 5, 7, 9, …", "row 5, 7, 9, …"),
        ("cột AB", "column AB"),
        ("2024.csv · dòng 5, cột unit", "2024.csv · row 5, column unit"),
        ("2024.xlsx · Sở ngành · D7", "2024.xlsx · Sở ngành · D7"),
        ("stages[0].lineage", "stages[0].lineage"),
        ("", ""),
    ],
)
def test_places_are_translated(place: str, english: str) -> None:
    assert place_in(place, translator("en")) == english
    assert place_in(place, str) == place


def test_names_of_files_say_their_language() -> None:
    assert named("annual-2024", "vi") == "annual-2024"
    assert named("annual-2024", "en") == "annual-2024.en"
    assert [language_of(stem) for stem in ("annual-2024", "annual-2024.en", "so.noi.vu")] == ["vi", "en", "vi"]
