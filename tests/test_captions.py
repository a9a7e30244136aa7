"""Words that charts share."""

from types import SimpleNamespace

from cchc.captions import component_notes, component_text, group_name, names, subtitle
from standins import dataset, stage_ranking, year_ranking

ROW = {"unit_id": "a", "name_vi": "Sở Nội vụ", "name_en": "Home Affairs", "rank": 1}


def test_names_by_language():
    rows = list(year_ranking(ROW).itertuples())
    assert names(rows, "vi") == ["Sở Nội vụ"]
    assert names(rows, "en") == ["Home Affairs"]
    assert group_name(dataset(), "so", "vi") == "Sở, ban, ngành"


def test_subtitle_without_marks():
    published = year_ranking({**ROW, "is_published": True})
    assert subtitle(dataset(), published, "so", "Chỉ số", "vi") == "Chỉ số."


def test_subtitle_with_every_mark():
    data = dataset(illustrative="giả định")
    marked = subtitle(data, year_ranking({**ROW, "group": "huyen"}), "huyen", "Chỉ số", "vi")
    assert marked == "Chỉ số. Bản dự thảo. Danh sách đơn vị chưa đầy đủ. Dữ liệu minh họa."


def test_a_stage_is_no_draft():
    assert subtitle(dataset(), stage_ranking(ROW), "so", "Chỉ số", "vi") == "Chỉ số."


def test_a_component_without_index_does_not_apply_or_is_not_complete():
    def said(score, is_applicable):
        return component_text(SimpleNamespace(index_score=score, is_applicable=is_applicable), 2, "vi")

    nan = float("nan")
    assert [said(80.5, True), said(nan, True), said(nan, False)] == ["80,50", "…", "—"]
    assert component_notes(["80,50", "—", "—"], "vi") == [({}, "— không áp dụng")]
    assert component_notes(["80,50", "…"], "vi") == [({}, "… chưa đủ số liệu")]
