"""The words of a page: head and marks, group headings, method, provenance."""

import datetime as dt

import pandas as pd
import pytest

from cchc import findings, methods, sentences
from cchc.settings import CONVENTION
from standins import STAGE, dataset, stage_ranking, year_ranking


def text(prose):
    return prose._repr_mimebundle_()["text/plain"]


@pytest.fixture(autouse=True)
def no_breaks(monkeypatch):
    nothing = pd.DataFrame(columns=["group", "year", "kind", "code", "name_vi"])
    monkeypatch.setattr(methods, "rubric_breaks", lambda *_: nothing)
    monkeypatch.setattr(findings, "rubric_breaks", lambda *_: nothing)


def published(*years):
    return {"published": [{"year": year, "unit_id": "a"} for year in years]}


def test_prose_is_escaped():
    prose = sentences.title(dataset(title="Chỉ số <script>"), year=2024)
    assert "<script>" not in prose.html
    assert prose.html.startswith('<header class="prose page-head">')
    assert "<h1>Chỉ số &lt;script&gt;: xếp hạng năm 2024</h1>" in prose.html


def marks_of(data, **period):
    return [block.css for block in sentences.title(data, **period).blocks if block.css.startswith("mark")]


def test_a_year_is_a_draft_until_it_is_announced():
    assert marks_of(dataset(published(2023)), year=2024) == ["mark draft"]
    assert marks_of(dataset(published(2024)), year=2024) == []
    assert "BẢN DỰ THẢO" in text(sentences.title(dataset(), year=2024))


def test_illustrative_data_are_marked():
    data = dataset(published(2024), illustrative="không phải số thật")
    assert marks_of(data, year=2024) == ["mark illustrative"]
    assert "DỮ LIỆU MINH HỌA: không phải số thật" in text(sentences.title(data, year=2024))


def test_a_stage_is_to_date_until_its_last_year_is_announced():
    data = dataset(published(2021, 2022))
    assert marks_of(data, stage=(2021, 2023)) == ["mark to-date"]
    assert "TÍNH ĐẾN NĂM 2022" in text(sentences.title(data, stage=(2021, 2023)))
    assert marks_of(dataset(published(2021, 2022, 2023)), stage=(2021, 2023)) == []


def test_a_stage_with_a_year_that_is_not_announced_is_a_draft_too():
    scores = [{"year": 2023, "group": "so", "unit_id": "a", "code": "1"}]
    data = dataset({**published(2021, 2022), "scores": scores})
    assert marks_of(data, stage=(2021, 2023)) == ["mark draft", "mark to-date"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"decision": "QĐ 1", "decision_date": dt.date(2025, 1, 20)}, "Quyết định: QĐ 1, ngày 20/01/2025"),
        ({"decision_date": dt.date(2025, 1, 20)}, "Công bố ngày 20/01/2025"),
        ({"as_of": dt.date(2024, 12, 31)}, "Chưa công bố; số liệu đến ngày 31/12/2024"),
        ({}, "Ngày công bố: chưa công bố"),
    ],
)
def test_the_date_is_the_decisions_else_the_scoring_day(settings, line):
    head = sentences.title(dataset(years=[{"year": 2024, **settings}]), year=2024)
    assert [block.text for block in head.blocks if block.css == "decision"] == [line]


def test_findings_are_a_list_or_a_sentence_that_there_are_none():
    components = pd.DataFrame(columns=["year", "group", "code", "name_vi", "index_score"])
    quiet = sentences.findings(dataset(), year_ranking({"unit_id": "a", "rank": 1, "index_score": 80}), [], components)
    assert [block.tag for block in quiet.blocks] == ["p"]
    tied = [{"unit_id": unit, "rank": 1, "is_tied": True, "index_score": 80} for unit in "ab"]
    found = sentences.findings(dataset(), year_ranking(*tied), [], components)
    assert [(block.tag, len(block.lines)) for block in found.blocks] == [("ul", 1)]


def test_a_group_says_how_many_are_ranked_and_who_leads():
    ranking = year_ranking({"unit_id": "a", "rank": 1, "index_score": 86.13}, {"unit_id": "b", "reason": "no_scores"})
    prose = sentences.group_heading(dataset(), ranking, "so")
    assert prose.blocks[0].tag == "h2"
    assert prose.blocks[1].text == "Xếp hạng 1/2 đơn vị. Dẫn đầu: a, chỉ số 86,13."
    tied = [{"unit_id": unit, "rank": 1, "index_score": 80} for unit in "ab"]
    assert "Đồng hạng nhất: a, b, chỉ số 80,00." in text(sentences.group_heading(dataset(), year_ranking(*tied), "so"))


def test_a_group_that_lacks_units_says_so():
    rows = [{"unit_id": "a", "rank": 1, "index_score": 80}, {"unit_id": "b", "reason": "no_scores"}]
    ranking = year_ranking(*({**row, "group": "huyen"} for row in rows))
    assert "chưa đủ đơn vị: xếp hạng trong 1/2 đơn vị có số liệu" in text(
        sentences.group_heading(dataset(), ranking, "huyen")
    )


def test_a_group_without_ranked_units_has_a_heading_all_the_same():
    ranking = year_ranking({"unit_id": "a", "rank": 1, "index_score": 80})
    assert text(sentences.group_heading(dataset(), ranking, "huyen")).endswith(
        "Không có đơn vị nào của nhóm được xếp hạng năm 2024."
    )


def test_movement_counts_units():
    rows = [
        {"unit_id": str(at), "rank": at, "rank_change_common": change}
        for at, change in enumerate((1, 1, -2, 0), start=1)
    ]
    assert text(sentences.movement(dataset(), year_ranking(*rows))) == (
        "So với năm 2023, trong các đơn vị có hạng cả hai năm: 2 tăng hạng, 1 giảm hạng, 1 giữ nguyên."
    )
    assert "Chưa có hai năm" in text(sentences.movement(dataset(), year_ranking({"unit_id": "a", "rank": 1})))


def test_movement_of_a_stage_counts_from_the_first_year_to_the_last():
    cells = [("a", 2021, 1), ("b", 2021, 2), ("a", 2023, 2), ("b", 2023, 1)]
    values = pd.DataFrame(cells, columns=["unit_id", "year", "rank"]).assign(group="so", index_score=80.0, n_ranked=2)
    values = values.astype({"rank": "Int64", "n_ranked": "Int64"})
    ranking = stage_ranking({"unit_id": "a", "rank": 1}, {"unit_id": "b", "rank": 2})
    said = text(sentences.movement(dataset(published(2021, 2023)), ranking, values=values))
    assert said.startswith("Từ năm đầu đến năm cuối có số liệu của nhóm")
    assert said.endswith("1 tăng hạng, 1 giảm hạng, 0 giữ nguyên.")


@pytest.mark.parametrize(
    ("basis", "said"),
    [(CONVENTION, "là quy ước tính toán, chưa có văn bản quy định"), ("QĐ 9", "Căn cứ của cách tính giai đoạn: QĐ 9.")],
)
def test_a_rule_without_document_is_named_a_convention(basis, said):
    data = dataset(published(2021), stages=[{**STAGE, "basis": basis}])
    assert said in text(sentences.method(data, stage=(2021, 2023)))


def test_method_says_which_lineage_policy():
    data = dataset(published(2021))
    assert "Đơn vị mới kế thừa" in text(sentences.method(data, stage=(2021, 2023)))
    separate = dataset(published(2021), stages=[{**STAGE, "lineage": "separate"}])
    assert "tính riêng từ năm thành lập" in text(sentences.method(separate, stage=(2021, 2023)))
    assert "Đơn vị mới" not in text(sentences.method(data, year=2021))


def test_method_says_which_rubric_where_it_is_an_earlier_one():
    rows = [{"year": 2024, "rubric_year": 2022, "group": "so", "code": "1", "is_leaf": True}]
    said = text(sentences.method(dataset({"rubric": rows}), year=2024))
    assert "Bộ tiêu chí của nhóm Sở: 2024 (dùng bộ tiêu chí năm 2022)." in said
    own = [{**rows[0], "rubric_year": 2024}]
    assert "Bộ tiêu chí của nhóm Sở: 2024." in text(sentences.method(dataset({"rubric": own}), year=2024))


def test_method_names_groups_of_one_rubric_together_and_each_document_once():
    rows = [
        {"year": 2024, "rubric_year": 2024, "group": group, "code": "1", "basis": "QĐ 7"} for group in ("huyen", "so")
    ]
    said = text(sentences.method(dataset({"rubric": rows}), year=2024))
    assert "Bộ tiêu chí của nhóm Sở, Huyện: 2024." in said
    assert said.count("QĐ 7") == 1


def test_method_says_rounding_classes_and_documents():
    said = text(sentences.method(dataset(basis=["KH 52"], decimals=3, rank_on="exact"), year=2024))
    assert "đến 3 chữ số thập phân" in said
    assert "theo chỉ số chưa làm tròn" in said
    assert "Tốt từ 80 trở lên; Khá từ 65 trở lên" in said
    assert "Căn cứ: KH 52." in said


def test_method_names_what_changed_in_the_rubric(monkeypatch):
    changed = pd.DataFrame({"group": ["so"], "year": [2024], "kind": ["maximum"], "name_vi": ["Thể chế"]})
    monkeypatch.setattr(methods, "rubric_breaks", lambda *_: changed)
    assert "từ năm 2024, nhóm Sở: điểm tối đa: Thể chế." in text(sentences.method(dataset(), year=2024))


def test_glossary_pairs_terms_with_meanings():
    assert "<dt>Hạng 3/18</dt><dd>hạng 3 trong 18" in sentences.glossary().html


SCORES = [{"year": year, "group": "so", "unit_id": "a", "code": "1", "points_units": 80} for year in (2022, 2023, 2024)]


def test_provenance_has_neither_path_nor_clock():
    said = text(sentences.provenance(dataset({"scores": SCORES}), {"year": 2024}))
    assert "scheme = thu; year = 2024; lang = vi" in said
    assert "/" not in said
    assert said == text(sentences.provenance(dataset({"scores": SCORES}), {"year": 2024}))


def test_the_fingerprint_is_of_the_rows_used_in_any_order():
    whole = sentences.fingerprint(dataset({"scores": SCORES}), [2023, 2024])
    assert whole == sentences.fingerprint(dataset({"scores": SCORES[::-1]}), [2023, 2024])
    assert whole == sentences.fingerprint(dataset({"scores": SCORES[1:]}), [2023, 2024])
    changed = [*SCORES[:2], {**SCORES[2], "points_units": 81}]
    assert whole != sentences.fingerprint(dataset({"scores": changed}), [2023, 2024])


def test_a_year_stands_on_the_year_before_too():
    def said(scores):
        return text(sentences.provenance(dataset({"scores": scores}), {"year": 2024}))

    assert said(SCORES) == said(SCORES[1:])
    assert said(SCORES) != said(SCORES[2:])


def test_a_unit_stands_on_the_years_that_are_given():
    def said(scores):
        return text(sentences.provenance(dataset({"scores": scores}), {"year": 2024}, years=[2022, 2023, 2024]))

    assert said(SCORES) != said(SCORES[1:])


def test_the_fingerprint_knows_which_row_a_note_of_several_lines_belongs_to():
    notes = ["x\ny", "x\nz"]
    one, other = (
        [{**row, "note": note} for row, note in zip(SCORES[1:], part, strict=True)] for part in (notes, notes[::-1])
    )
    years = [2023, 2024]
    assert sentences.fingerprint(dataset({"scores": one}), years) != sentences.fingerprint(
        dataset({"scores": other}), years
    )


def test_a_dissolved_group_is_named():
    row = {"unit_id": "a", "rank": 1, "index_score": 80, "is_group_dissolved": True}
    assert "Nhóm đã giải thể" in text(sentences.group_heading(dataset(published(2021)), stage_ranking(row), "so"))
