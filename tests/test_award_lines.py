"""The proposal and the awards of one unit as lines, and every code in words in both languages."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from cchc import award_words
from cchc.award_lines import award_lines, unit_award_lines
from cchc.awards import award_chain, propose_awards
from cchc.dataset import Dataset
from tests.small import small_dataset

TABLES = """
[[awards]]
id = "co"
name = { vi = "Cờ", en = "Flag" }
when = "year"
to = "collective"
seats = 1
seats_are = "planned"
allocation = "place"
basis = "KH 52"
[[awards]]
id = "bk"
name = { vi = "Bằng khen", en = "Certificate" }
when = "year"
to = "collective"
seats = 3
seats_are = "ceiling"
allocation = "proportional"
order = ["index_score", "tasks"]
not_with = ["co"]
[[awards]]
id = "cn"
name = { vi = "Bằng khen cá nhân", en = "Certificate for individuals" }
when = "year"
to = "individual"
seats = 1
seats_are = "ceiling"
order = ["score", "nomination"]
"""
NOMINATIONS = """award,kind,name,unit,order,score,position
cn,cá nhân,Người A,a1,1,"9,50",PGĐ
cn,cá nhân,Người B,b1,1,9.5,
bk,tập thể,Tổ Một cửa,a1,,,
"""
CONVENTION = "(quy ước, chưa có văn bản quy định)."
NO_TASKS = (
    "Xét nhiệm vụ: đơn vị không có nhiệm vụ nào trong tệp xếp sau các đơn vị có nhiệm vụ, kể cả đơn vị có tỷ lệ đúng "
    f"hạn bằng 0 {CONVENTION}"
)
NO_SCORE = f"Xét điểm: cá nhân không có điểm trong đề nghị xếp sau các cá nhân có điểm {CONVENTION}"
NO_ORDER = f"Xét thứ tự đề nghị: cá nhân không ghi thứ tự xếp sau các cá nhân có thứ tự {CONVENTION}"


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    cells = {name: {"1": points} for name, points in {"a1": "90", "a2": "80", "b1": "70", "b2": "60", "b3": ""}.items()}
    units = "\n".join(f"{unit},{unit[0]},," for unit in cells)
    tasks = "unit,task,due,done\na2,t1,2024-01-31,2024-01-31\na2,t2,2024-01-31,\n"
    files = {"nominations/2024.csv": NOMINATIONS, "tasks/2024.csv": tasks}
    return small_dataset(tmp_path, {2024: cells}, units=units, tables=TABLES, rewritten=files)


def test_lines(data: Dataset) -> None:
    assert list(award_lines(data, propose_awards(data, year=2024), "2024")) == [
        "Dự kiến đề nghị khen thưởng · Thử · năm 2024",
        "BẢN DỰ THẢO: kết quả của kỳ này chưa công bố.",
        "",
        "Cờ",
        "  Dự kiến 1 tập thể (KH 52).",
        "  Quy tắc: phân bổ theo thứ hạng trong nhóm, gộp các nhóm; thứ tự xét: thứ hạng theo chỉ số "
        "(quy ước, chưa có văn bản quy định).",
        "  Đề nghị 0/1; 2 đối tượng chờ Hội đồng quyết định; 0 đối tượng có điều kiện.",
        "  Hội đồng quyết định:",
        "    1/2 a1 [a]: bằng nhau ở chỉ tiêu cuối: chọn 1 trong 2; chỉ số 90,00",
        "    1/2 b1 [b]: bằng nhau ở chỉ tiêu cuối: chọn 1 trong 2; chỉ số 70,00",
        "  Ngoài chỉ tiêu:",
        "    2/2 a2 [a]: hết chỉ tiêu; chỉ số 80,00",
        "    2/2 b2 [b]: hết chỉ tiêu; chỉ số 60,00",
        "  Không đủ điều kiện:",
        "    — b3 [b]: không có số liệu",
        "  Việc Hội đồng quyết định:",
        "    - Chọn 1 trong 2: a1, b1 (bằng nhau ở chỉ tiêu cuối).",
        "",
        "Bằng khen",
        "  Tối đa 3 tập thể (quy ước, chưa có văn bản quy định).",
        "  Quy tắc: phân bổ theo số đơn vị được xếp hạng của từng nhóm (số dư lớn nhất); thứ tự xét: thứ hạng theo "
        "chỉ số, tỷ lệ nhiệm vụ đúng hạn; không cùng với Cờ (quy ước, chưa có văn bản quy định).",
        f"  {NO_TASKS}",
        "  Chỉ tiêu theo nhóm: a 1 hoặc 2, b 1 hoặc 2.",
        "  Đề nghị 0/3; 3 đối tượng chờ Hội đồng quyết định; 2 đối tượng có điều kiện.",
        "  Hội đồng quyết định:",
        "    2/2 a2 [a]: số dư khi chia theo nhóm bằng nhau, chưa xác định được chỉ tiêu còn lại thuộc nhóm nào; "
        "chỉ số 80,00 (hạng 2/2); nhiệm vụ đúng hạn 1/2",
        "    2/2 b2 [b]: số dư khi chia theo nhóm bằng nhau, chưa xác định được chỉ tiêu còn lại thuộc nhóm nào; "
        "chỉ số 60,00 (hạng 2/2); không có nhiệm vụ nào được giao trong tệp",
        "    — Tổ Một cửa, a1 [a]: không phải đơn vị được xếp hạng, xét riêng theo hồ sơ đề nghị",
        "  Đề nghị có điều kiện:",
        "    1/2 a1 [a]: nếu không nhận Cờ; chỉ số 90,00 (hạng 1/2); không có nhiệm vụ nào được giao trong tệp",
        "    1/2 b1 [b]: nếu không nhận Cờ; chỉ số 70,00 (hạng 1/2); không có nhiệm vụ nào được giao trong tệp",
        "  Không đủ điều kiện:",
        "    — b3 [b]: không có số liệu",
        "  Việc Hội đồng quyết định:",
        "    - Tổ Một cửa: không phải đơn vị được xếp hạng, xét riêng theo hồ sơ đề nghị.",
        "    - 1 chỉ tiêu chưa chia được, số dư bằng nhau giữa: Nhóm a, Nhóm b.",
        "",
        "Bằng khen cá nhân",
        "  Tối đa 1 cá nhân (quy ước, chưa có văn bản quy định).",
        "  Quy tắc: phân bổ không theo nhóm; thứ tự xét: điểm ghi trong đề nghị, thứ tự ghi trong đề nghị "
        "(quy ước, chưa có văn bản quy định).",
        f"  {NO_SCORE}",
        f"  {NO_ORDER}",
        "  Đề nghị 0/1; 2 đối tượng chờ Hội đồng quyết định; 0 đối tượng có điều kiện.",
        "  Hội đồng quyết định:",
        "    1/2 Người A, PGĐ, a1 [a]: bằng nhau ở chỉ tiêu cuối: chọn 1 trong 2; điểm đề nghị 9,5; thứ tự đề nghị 1",
        "    1/2 Người B, b1 [b]: bằng nhau ở chỉ tiêu cuối: chọn 1 trong 2; điểm đề nghị 9,5; thứ tự đề nghị 1",
        "  Việc Hội đồng quyết định:",
        "    - Chọn 1 trong 2: Người A, Người B (bằng nhau ở chỉ tiêu cuối).",
    ]


def test_where_those_who_lack_something_stand_is_a_convention_whatever_the_document(data: Dataset) -> None:
    flag, certificate, person = (award.model_copy(update={"rule_basis": "KH 52"}) for award in data.scheme.awards)
    assert [award_words.rules(data.scheme, award, "vi")[2:] for award in (flag, certificate, person)] == [
        [], [NO_TASKS], [NO_SCORE, NO_ORDER],
    ]  # fmt: skip
    english = award_words.rules(data.scheme, certificate, "en")[2]
    assert english.endswith("(a convention, no document says so).")


def test_lines_of_one_unit(data: Dataset) -> None:
    assert list(unit_award_lines(data.scheme, award_chain(data, "a2", "2024")))[1:5] == [
        "Khen thưởng:",
        "  Cờ: ngoài chỉ tiêu (hết chỉ tiêu).",
        "    thứ 2/2; chỉ tiêu 1; chỉ số 80,00.",
        "  " + "  Dự kiến 1 tập thể (KH 52).",
    ]
    assert list(unit_award_lines(data.scheme, [])) == []
    assert award_chain(data, "a2", "2023-2024") == []


def test_a_chain_repeats_no_free_words_of_a_nomination(tmp_path: Path) -> None:
    nominations = """award,kind,name,unit,position,initiative_id,achievement,proposed_by
bk,tập thể,a1,,Ông Bí,Ông Bí,Do ông Bí phụ trách,Ông Bí
"""
    initiatives = "id,unit,title\nÔng Bí,a1,Một\n"
    files = {"nominations/2024.csv": nominations, "initiatives/2024.csv": initiatives}
    data = small_dataset(tmp_path, {2024: {"a1": {"1": "9"}}}, units="a1,a,,", tables=TABLES, rewritten=files)
    assert "Bí" in propose_awards(data, year=2024).to_csv()
    chain = award_chain(data, "a1", "2024") or []
    assert [(item["award"], item["is_nominated"]) for item in chain] == [("co", False), ("bk", True)]
    assert "Bí" not in str(chain)
    assert "Bí" not in "\n".join(unit_award_lines(data.scheme, chain))


def test_nobody_stands_for_an_award(data: Dataset) -> None:
    nothing = propose_awards(data, year=2024).iloc[:0]
    assert "  Không có đối tượng nào: chưa có đề nghị cho kỳ này." in list(award_lines(data, nothing, "2024"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_code_has_words(data: Dataset, lang: str) -> None:
    row = {"award": "bk", "reason_awards": "co", "choose_of": 0, "n_years": 3, "n_inherited": 1, "n_years_expected": 5}
    reasons = (
        "within_seats tie other_leader group_dissolved unallocated_seat nominee_without_place if_not_award "
        "if_seat_freed no_seat_left holds_award holds_either coverage no_index incomplete no_scores not_applicable "
        "not_announced few_years merged split abolished"
    )
    texts = [award_words.reason(data.scheme, SimpleNamespace(**row, reason=code), lang) for code in reasons.split()]
    codes = (
        "tie near_tie coverage inheritance difference group_dissolved other_leader no_tasks same_name "
        "predecessor_tasks predecessor_initiatives "
        "initiative_other_owner initiative_shared initiative_author_unsure initiative_other_unit "
        "initiative_unrecognised initiative_other_year seats_short may_be_replaced"
    )
    doubts = award_words.doubts(SimpleNamespace(**row, reason="", doubts=codes), lang)
    statuses = [award_words.status_name(status, lang) for status in award_words.STATUSES]
    assert len({*texts, *doubts, *statuses}) == len(texts) + len(doubts) + len(statuses)
    assert all(text and "{" not in text for text in (*texts, *doubts))


def test_a_choice_that_hangs_on_another_decision(data: Dataset) -> None:
    row = {"award": "bk", "reason_awards": "", "reason": "tie", "choose": 1, "choose_most": 2, "choose_of": 3}
    assert award_words.reason(data.scheme, SimpleNamespace(**row), "vi").endswith(
        "chọn 1 đến 2 trong 3, tùy quyết định về chỉ tiêu khác"
    )
