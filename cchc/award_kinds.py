"""Kinds of findings about nominations, initiatives and tasks; texts as in `kinds`.

None of them repeats a person's name: names stand in the pages of awards only.
"""

from __future__ import annotations

from cchc.kinds import Kind

KINDS: dict[str, Kind] = {
    "period-not-used": Kind(
        "warning",
        "Kỳ {value} không có trong scheme.toml nên tệp không được đọc.",
        "Đổi tên tệp theo năm hoặc giai đoạn; đang có: {allowed}.",
    ),
    "unknown-award": Kind("error", "Không có khen thưởng “{value}” trong scheme.toml.", "Cho phép: {allowed}."),
    "award-other-period": Kind(
        "error", "Khen thưởng “{value}” không xét cho kỳ {period}.", "Sửa mã; xét cho kỳ này: {allowed}."
    ),
    "unknown-kind": Kind("error", "Không có loại đối tượng “{value}”.", "Cho phép: {allowed}."),
    "kind-mismatch": Kind(
        "error", "Khen thưởng {award} không dành cho đối tượng “{value}”.", "Sửa cột kind hoặc cột award."
    ),
    "nominee-unit": Kind(
        "error",
        "Cột name là đơn vị {unit}, cột unit lại là “{value}”.",
        "Để trống cột unit, hoặc ghi đúng tên tập thể.",
    ),
    "nominee-like-unit": Kind(
        "warning",
        "Tên tập thể “{value}” gần giống tên đơn vị {unit} ở cột unit.",
        "Nếu đối tượng chính là đơn vị này thì ghi đúng tên đơn vị; nếu là tập thể khác thì không cần sửa.",
    ),
    "nominee-twice": Kind(
        "error",
        "Đối tượng này đã được đề nghị cùng khen thưởng (xem {other}).",
        "Chỉ giữ một dòng; nếu là hai người trùng họ tên thì ghi chức vụ của từng người ở cột position.",
    ),
    "unknown-initiative": Kind(
        "error", "Không có sáng kiến “{value}” trong các năm của kỳ này.", "Sửa mã theo cột id của initiatives/."
    ),
    "unknown-content": Kind("error", "Không có nội dung “{value}” trong scheme.toml.", "Gần nhất: {allowed}."),
    "content-component": Kind(
        "warning", "Không có lĩnh vực “{value}” trong bộ tiêu chí nào.", "Sửa mã; gần nhất: {allowed}."
    ),
    "initiative-twice": Kind(
        "error", "Sáng kiến “{value}” đã có (xem {other}); mỗi sáng kiến chỉ tính một lần.", "Chỉ giữ một dòng."
    ),
    "initiative-unrecognised": Kind(
        "warning",
        "Sáng kiến “{value}” không được tính: thiếu {missing} của việc công nhận.",
        "Ghi cấp công nhận, số, ngày quyết định và cơ quan công nhận.",
    ),
    "initiative-other-year": Kind(
        "warning",
        "Sáng kiến “{value}” không được tính: được công nhận ngày {day}, không thuộc năm {year}.",
        "Chuyển sang tệp của năm được công nhận, hoặc sửa ngày.",
    ),
    "task-twice": Kind("error", "Nhiệm vụ “{value}” của đơn vị này đã có (xem {other}).", "Chỉ giữ một dòng."),
    "task-without-evidence": Kind(
        "warning",
        "Nhiệm vụ “{value}” ghi đã hoàn thành nhưng không có tài liệu kiểm chứng.",
        "Ghi số văn bản hoặc tài liệu chứng minh.",
    ),
}
