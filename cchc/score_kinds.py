"""Kinds of findings about the points: what a form, a row or a cell of scores/ has wrong; texts as in `kinds`."""

from __future__ import annotations

from cchc.kinds import Kind

KINDS: dict[str, Kind] = {
    "unknown-sheet": Kind(
        "error", "Trang tính “{value}” không phải tên ngắn của nhóm nào.", "Nhóm gần nhất: {allowed}."
    ),
    "sheet-twice": Kind(
        "error",
        "Trang tính “{value}” và một trang tính trước đó cùng là của nhóm {group}; trang này không được đọc.",
        "Chỉ giữ một trang tính cho mỗi nhóm trong một tệp.",
    ),
    "more-of-a-kind": Kind(
        "error", "Còn {number} chỗ nữa có cùng vấn đề này (mã {value}).", "Sửa những chỗ đã nêu rồi kiểm tra lại."
    ),
    "code-not-text": Kind(
        "error",
        "Mã tiêu chí là số hoặc ngày ({value}), không phải chữ; có thể là: {allowed}.",
        "Định dạng ô là Text và gõ lại mã: 3.10 gõ dạng số đã thành 3.1.",
    ),
    "head-without-code": Kind(
        "error", "Cột có điểm nhưng không có mã tiêu chí.", "Ghi mã ở dòng 1 của cột, không gộp ô."
    ),
    "head-without-field": Kind(
        "error", "Cột của mã “{value}” không ghi loại điểm.", "Ghi tự chấm, thẩm định hoặc điều tra ở dòng 3."
    ),
    "unknown-field": Kind("error", "Không có loại điểm “{value}”.", "Cho phép: {allowed}."),
    "head-maximum": Kind(
        "warning", "Điểm tối đa {value} ở đầu cột khác bộ tiêu chí (mã {code}).", "Kiểm tra mẫu này có đúng năm không."
    ),
    "error-cell": Kind("error", "Ô báo lỗi {value}.", "Sửa công thức hoặc ghi giá trị."),
    "formula-without-value": Kind("error", "Công thức chưa có giá trị.", "Mở tệp bằng Excel, tính lại và lưu."),
    "percent-cell": Kind(
        "error", "Ô ghi phần trăm {value}: không rõ là bao nhiêu điểm.", "Đổi định dạng ô sang số và ghi số điểm."
    ),
    "percent-read": Kind(
        "warning",
        "{value} được đọc là {number}: cách hiểu khác vượt điểm tối đa.",
        "Đổi định dạng ô sang số và ghi số điểm.",
    ),
    "code-read-as": Kind(
        "warning", "Ô mã chứa {value} (số hoặc ngày), được đọc là mã {code}.", "Định dạng ô là Text và ghi mã {code}."
    ),
    "result-mismatch": Kind(
        "error",
        "Thẩm định sau khi trừ là {value}, khác thẩm định {appraised} trừ {deducted}.",
        "Sửa một trong ba ô cho khớp.",
    ),
    "result-missing": Kind(
        "error", "Bị trừ {value} nhưng không có điểm thẩm định sau khi trừ.", "Ghi điểm thẩm định sau khi trừ."
    ),
    "subtotals-not-read": Kind(
        "warning",
        "Điểm ở các mã có mục con ({value}) không được đọc: chỉ đọc điểm của các mục con.",
        "Không cần làm gì nếu đây là dòng tổng.",
    ),
    "sheet-of-other-unit": Kind(
        "error",
        "Trang tính mang tên một đơn vị, tiêu đề lại ghi “{value}”.",
        "Sửa tên trang tính, hoặc ghi “Đơn vị: …” phía trên bảng.",
    ),
    "unit-read-as": Kind(
        "warning", "Tên trang tính “{value}” bị cắt, được đọc là {name}.", "Ghi “Đơn vị: {name}” phía trên bảng."
    ),
    "blank-unit": Kind("error", "Dòng có điểm nhưng không có đơn vị.", "Ghi mã hoặc tên đơn vị."),
    "unit-not-valid": Kind(
        "error", "Đơn vị “{value}” không có hiệu lực vào ngày chấm điểm của năm.", "Bỏ dòng này hoặc sửa ngày hiệu lực."
    ),
    "unit-mismatch": Kind(
        "error", "Tên “{value}” là của đơn vị khác với mã ở cột A (tên này có mã {unit}).", "Sửa mã hoặc tên cho khớp."
    ),
    "unit-in-wrong-sheet": Kind(
        "error", "Đơn vị “{value}” không thuộc nhóm của trang tính này.", "Chuyển sang đúng trang tính."
    ),
    "unknown-code": Kind("error", "Bộ tiêu chí của năm không có mã “{value}”.", "Sửa mã; gần nhất: {allowed}."),
    "not-a-leaf": Kind("error", "Mã {value} có mục con nên không chấm điểm trực tiếp.", "Ghi điểm ở các mục con."),
    "points-without-code": Kind(
        "error", "Có điểm {value} nhưng không có mã tiêu chí.", "Ghi mã tiêu chí của điểm này."
    ),
    "adjustment-with-code": Kind(
        "error", "Điểm cộng, điểm trừ {value} đứng ở dòng của mã {code}.", "Ghi ở dòng riêng, để trống mã."
    ),
    "too-many-decimals": Kind(
        "error",
        "{value} có nhiều hơn {most} chữ số thập phân.",
        "Làm tròn, hoặc tăng point_decimals trong scheme.toml.",
    ),
    "number-too-big": Kind("error", "Số {value} quá lớn.", "Kiểm tra lại số này."),
    "duplicate-row": Kind(
        "error", "Đơn vị “{value}” có hai dòng cho cùng một mã “{code}” (dòng trước: {other}).", "Chỉ giữ một dòng."
    ),
    "overlap": Kind("error", "Giá trị {value} đã có ở {other} ({other_value}).", "Chỉ giữ một trong hai."),
    "kad-with-points": Kind(
        "error", "Mã ghi KAD (không áp dụng) nhưng vẫn có điểm.", "Bỏ KAD hoặc bỏ điểm ở các ô của mã này."
    ),
    "kad-in-self": Kind(
        "warning",
        "{value} chỉ có ở điểm tự chấm, chưa có thẩm định: mã này coi như chưa nhập.",
        "Ghi KAD hoặc điểm ở loại điểm mà mã này lấy (by = {by}).",
    ),
    "below-zero": Kind("error", "Giá trị {value} nhỏ hơn 0.", "Ghi số từ 0 trở lên; điểm trừ cũng ghi số dương."),
    "field-not-named": Kind(
        "error", "Giá trị {value} nằm ở loại điểm mà mã này không lấy (by = {by}).", "Chuyển sang đúng cột hoặc sửa by."
    ),
    "above-maximum": Kind("error", "Điểm {value} vượt điểm tối đa {maximum}.", "Kiểm tra điểm và điểm tối đa."),
    "above-maximum-together": Kind(
        "error",
        "Điểm điều tra {value} cộng điểm thẩm định vượt điểm tối đa {maximum}.",
        "Kiểm tra hai điểm và điểm tối đa.",
    ),
    "adjustment-not-provided": Kind(
        "error",
        "Có giá trị {value} nhưng scheme.toml không có {key}.",
        "Bỏ giá trị này hoặc thêm: {key} = {{ max = … }}",
    ),
    "adjustment-above-maximum": Kind(
        "error", "Giá trị {value} vượt mức {key} tối đa {maximum}.", "Kiểm tra giá trị và mức tối đa trong scheme.toml."
    ),
    "incomplete": Kind(
        "warning",
        "{value}: chưa nhập {missing}/{total} tiêu chí, sẽ không được xếp hạng.",
        "Nhập đủ điểm hoặc ghi KAD.",
    ),
    # what is supposed (`whatif`)
    "supposed": Kind("warning", "Giả định {value}.", "Chỉ để thử: không dùng kết quả này để công bố."),
    "announced-set-aside": Kind(
        "warning",
        "Bảng đã công bố ({value}) được để riêng: thứ hạng ở đây tính lại từ điểm.",
        "Xem kết quả đã công bố ở số liệu gốc.",
    ),
}
