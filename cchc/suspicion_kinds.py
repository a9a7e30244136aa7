"""Kinds of findings that are no mistake by any rule, and still worth a look before a ranking is signed.

`suspicions` finds them; texts as in `kinds`.
"""

from __future__ import annotations

from cchc.kinds import Kind

KINDS: dict[str, Kind] = {
    "self-equals-appraised": Kind(
        "warning",
        "{value}: điểm tự chấm bằng điểm thẩm định ở cả {number} tiêu chí có hai điểm.",
        "Kiểm tra điểm thẩm định có phải chép từ điểm tự chấm không.",
    ),
    "jump": Kind(
        "warning",
        "{value}: chỉ số {change} điểm so với năm {previous}, khác thường so với các đơn vị cùng nhóm "
        "hoặc các năm trước của chính nó.",
        "Kiểm tra điểm của hai năm.",
    ),
    "same-scores": Kind(
        "warning",
        "{value} có cùng điểm thẩm định và điều tra với {other} ở cả {number} tiêu chí.",
        "Kiểm tra có phải một đơn vị bị nhập hai lần không.",
    ),
    "maximum-differs": Kind(
        "warning",
        "Điểm tối đa {value} của mã {code} khác bộ tiêu chí ({maximum}).",
        "Kiểm tra điểm tối đa riêng này có căn cứ.",
    ),
    "survey-missing": Kind(
        "warning",
        "{value} không có điểm điều tra nào, trong khi {number} đơn vị khác của nhóm {group} đều có.",
        "Nhập kết quả điều tra, hoặc ghi KAD.",
    ),
    "no-discrimination": Kind(
        "warning",
        "Lĩnh vực {value} không phân biệt được {number} đơn vị của nhóm {group}: cao nhất và thấp nhất bằng nhau, "
        "hoặc cách nhau không quá một bước điểm ({step}).",
        "Kiểm tra điểm của lĩnh vực này, hoặc xem lại tiêu chí.",
    ),
    "class-by-rounding": Kind(
        "warning",
        "{value}: xếp loại “{grade}” là do làm tròn chỉ số.",
        "Kiểm tra quy tắc làm tròn trước khi công bố xếp loại.",
    ),
}
