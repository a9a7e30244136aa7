"""Every kind of finding about the input: how grave it is, what is wrong and what to do.

The texts are Vietnamese, which is the source language of every string that users see; they are message ids of
the gettext catalogue, so that the same problem can be printed in English by passing a translate function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Kind:
    """What one code of problem means: its severity, what is wrong and what to do (Vietnamese, ``str.format`` texts)."""

    severity: Severity
    what: str
    remedy: str


KINDS: dict[str, Kind] = {
    # scheme.toml
    "scheme-missing": Kind(
        "error", "Không có thư mục hoặc tệp này.", "Kiểm tra tên bộ chỉ số, hoặc tạo mới bằng: cchc new {value}"
    ),
    "scheme-unknown": Kind("error", "Không có bộ chỉ số {value}.", "Đang có: {known}; tạo mới bằng: cchc new {value}"),
    "scheme-syntax": Kind("error", "Tệp không đúng cú pháp TOML: {reason}.", "Sửa tại dòng được nêu."),
    "scheme-key": Kind("error", "Giá trị {value} không hợp lệ: {reason}.", "Cho phép: {allowed}."),
    "scheme-unknown-key": Kind("error", "Khóa này không có trong scheme.toml.", "Các khóa gần nhất: {allowed}."),
    # files
    "file-missing": Kind("error", "Thiếu tệp này.", "Thêm tệp, hoặc xem mẫu bằng: cchc new"),
    "file-unused": Kind(
        "warning", "Tệp hoặc thư mục này không được đọc.", "Đổi tên hoặc bỏ ra khỏi thư mục; tên gần nhất: {allowed}."
    ),
    "file-unreadable": Kind("error", "Không đọc được: {reason}.", "Kiểm tra quyền đọc, và đây đúng là tệp cần đọc."),
    "link-outside": Kind(
        "error",
        "Đây là liên kết trỏ ra ngoài thư mục của bộ chỉ số nên không được đọc.",
        "Chép chính tệp hoặc thư mục đó vào đây, thay cho liên kết.",
    ),
    "file-empty": Kind("error", "Tệp trống.", "Lưu lại tệp, hoặc bỏ nếu không dùng."),
    "long-row": Kind(
        "error",
        "Dòng có {number} ô, nhiều hơn {most} cột của dòng đầu.",
        "Số thập phân viết với dấu phẩy phải nằm trong dấu ngoặc kép; bỏ ô thừa.",
    ),
    "open-quote": Kind("error", "Dấu ngoặc kép mở ở dòng này không có dấu đóng.", "Bỏ dấu ngoặc kép thừa."),
    "file-format": Kind(
        "error", "Dạng tệp này không đọc được.", "Lưu lại thành .csv (UTF-8); điểm có thể lưu thành .xlsx."
    ),
    "not-utf-8": Kind("error", "Tệp không phải UTF-8.", "Trong Excel, lưu lại dạng “CSV UTF-8”."),
    "csv-unreadable": Kind(
        "error", "Không đọc được tệp CSV: {reason}.", "Sửa dòng được nêu hoặc lưu lại tệp dạng CSV UTF-8."
    ),
    "workbook-unreadable": Kind(
        "error", "Không đọc được sổ tính: {reason}.", "Mở tệp bằng Excel và lưu lại dạng .xlsx."
    ),
    "workbook-too-big": Kind(
        "error",
        "Tệp quá lớn so với một bảng điểm, hoặc có ô nằm rất xa bảng.",
        "Xóa các dòng, cột và trang tính không dùng, hoặc lưu thành .csv (UTF-8).",
    ),
    "workbook-password": Kind("error", "Tệp có mật khẩu.", "Mở tệp bằng Excel, bỏ mật khẩu và lưu lại dạng .xlsx."),
    "formats-unknown": Kind(
        "warning",
        "Tệp .xls được đọc không kèm định dạng, công thức và ô báo lỗi (ô báo lỗi coi như ô trống).",
        "Kiểm tra ô phần trăm và ô lỗi, hoặc lưu lại dạng .xlsx.",
    ),
    "encoding-guessed": Kind(
        "warning", "Tệp không phải UTF-8, được đọc là {value}.", "Kiểm tra tên đơn vị; nên lưu lại dạng “CSV UTF-8”."
    ),
    "hidden-sheet": Kind("warning", "Trang tính bị ẩn “{value}” vẫn được đọc.", "Bỏ ẩn, hoặc xóa nếu không dùng."),
    "hidden-row": Kind("warning", "Dòng bị ẩn {value} vẫn được đọc.", "Bỏ ẩn, hoặc xóa nếu không dùng."),
    "hidden-column": Kind("warning", "Cột bị ẩn {value} vẫn được đọc.", "Bỏ ẩn, hoặc xóa nếu không dùng."),
    "row-not-read": Kind(
        "warning",
        "Dòng “{value}” không phải đơn vị hay tiêu chí (tổng hợp, tiêu đề hoặc ghi chú) nên không được đọc.",
        "Nếu đây là đơn vị hay tiêu chí, ghi đúng mã hoặc tên.",
    ),
    "column-not-read": Kind(
        "warning", "Cột tổng hợp “{value}” không được đọc.", "Nếu đây là điểm, ghi mã tiêu chí và loại điểm ở đầu cột."
    ),
    "wrong-delimiter": Kind(
        "error", "Các cột cách nhau bằng dấu {value}, không phải dấu phẩy hay chấm phẩy.", "Lưu lại tệp dạng CSV UTF-8."
    ),
    "short-row": Kind(
        "warning",
        "{number} dòng có ít ô hơn dòng đầu.",
        "Kiểm tra các dòng này có thiếu dấu phân cách hay bị cắt không.",
    ),
    "line-break": Kind(
        "error",
        "Ô có xuống dòng: “{value}”; có thể dấu ngoặc kép thừa đã nuốt các dòng sau.",
        "Bỏ xuống dòng trong ô, và bỏ dấu ngoặc kép thừa.",
    ),
    "line-break-in-text": Kind("warning", "Ô có xuống dòng: “{value}”.", "Kiểm tra không có dấu ngoặc kép thừa."),
    "control-character": Kind(
        "warning",
        "Ô có ký tự điều khiển không nhìn thấy được: “{value}”.",
        "Gõ lại nội dung ô này; tệp Word, Excel được lập sẽ không có ký tự đó.",
    ),
    "text-too-long": Kind(
        "error", "Ô dài hơn {most} ký tự: “{value}…”.", "Kiểm tra ô này: có thể cả một tệp đã bị dán vào một ô."
    ),
    "missing-column": Kind("error", "Thiếu cột {value}.", "Thêm cột này vào dòng đầu của tệp."),
    "unknown-column": Kind("error", "Không có cột nào tên “{value}”.", "Cột gần nhất: {allowed}."),
    "unknown-columns": Kind("error", "Còn {number} cột nữa không có trong mẫu.", "Bỏ các cột này."),
    "column-twice": Kind("error", "Cột {value} có hai lần.", "Chỉ giữ một cột."),
    # cells
    "blank-cell": Kind("error", "Cột {column} để trống.", "Điền giá trị vào ô này."),
    "not-a-number": Kind(
        "error", "“{value}” không phải là số.", "Ghi số như 85,19 hoặc 85.19, không kèm chữ hay dấu %."
    ),
    "not-a-date": Kind("error", "“{value}” không phải là ngày.", "Ghi 2024-12-31 hoặc 31/12/2024."),
    "not-a-year": Kind("error", "“{value}” không phải là năm.", "Ghi năm bằng bốn chữ số, ví dụ 2024."),
    "not-a-place": Kind(
        "error", "“{value}” không phải là số nguyên từ 1.", "Ghi thứ hạng hoặc số đơn vị bằng số nguyên."
    ),
    "not-a-share": Kind("error", "“{value}” không phải là tỷ lệ lớn hơn 0.", "Ghi số như 0,25 hoặc phân số như 1/4."),
    "bad-id": Kind(
        "error", "Mã “{value}” không hợp lệ.", "Chỉ dùng chữ thường không dấu, chữ số và gạch nối, ví dụ so-tai-chinh."
    ),
    "bad-code": Kind(
        "error", "Mã tiêu chí “{value}” không hợp lệ.", "Ghi các phần cách nhau bằng dấu chấm, ví dụ 3.2.1."
    ),
    "unknown-group": Kind("error", "Không có nhóm “{value}” trong scheme.toml.", "Nhóm gần nhất: {allowed}."),
    "unknown-unit": Kind(
        "error", "Không có đơn vị “{value}” trong units.csv.", "Sửa tên hoặc mã, hoặc thêm đơn vị; gần nhất: {allowed}."
    ),
    "ambiguous-unit": Kind(
        "error", "“{value}” có thể là nhiều đơn vị: {allowed}.", "Ghi mã, hoặc tên đầy đủ của đơn vị."
    ),
    "renamed-unit": Kind(
        "error",
        "“{value}” là tên cũ hoặc tên sau này của {unit}; trong năm này tên là “{name}”.",
        "Ghi tên này, hoặc mã {unit}.",
    ),
    # units.csv
    "validity-order": Kind("error", "valid_to {value} trước valid_from {start}.", "Sửa một trong hai ngày."),
    "unit-overlap": Kind(
        "error", "Đơn vị {value} có hai dòng cùng hiệu lực (xem {other}).", "Kết thúc dòng trước khi dòng sau bắt đầu."
    ),
    "name-overlap": Kind(
        "error",
        "Hai đơn vị cùng tên “{value}” trong cùng thời gian (xem {other}).",
        "Phân biệt tên hoặc sửa ngày hiệu lực.",
    ),
    # lineage.csv
    "lineage-kind": Kind("error", "Không có loại thay đổi “{value}”.", "Cho phép: {allowed}."),
    "lineage-no-successor": Kind(
        "error", "Sáp nhập hoặc chia tách phải có đơn vị kế thừa.", "Điền successor, hoặc ghi kind là abolish."
    ),
    "abolished-successor": Kind(
        "error",
        "Đơn vị giải thể không có đơn vị kế thừa ({value}).",
        "Để trống successor, hoặc ghi kind là merge hay split.",
    ),
    "lineage-twice": Kind("error", "Thay đổi này đã có ở dòng khác.", "Chỉ giữ một dòng."),
    "mixed-shares": Kind(
        "error",
        "Tỷ lệ kế thừa của {successor} chỗ ghi, chỗ để trống.",
        "Ghi đủ tỷ lệ, hoặc để trống tất cả (chia đều).",
    ),
    "predecessor-after": Kind(
        "error", "Đơn vị {value} còn hiệu lực sau ngày thay đổi {date}.", "Ghi valid_to của đơn vị này trong units.csv."
    ),
    "successor-before": Kind(
        "error",
        "Đơn vị kế thừa {value} có hiệu lực trước ngày thay đổi {date}.",
        "Dùng mã mới cho đơn vị kế thừa và ghi valid_from trong units.csv.",
    ),
    "valid-together": Kind(
        "error",
        "Đơn vị {value} và đơn vị kế thừa {successor} có ngày cùng hiệu lực.",
        "Ghi valid_to của {value} là ngày trước valid_from của {successor} trong units.csv.",
    ),
    "lineage-cycle": Kind("error", "Quan hệ kế thừa tạo thành vòng: {cycle}.", "Bỏ một dòng trong vòng này."),
    # rubric.csv
    "missing-rubric": Kind(
        "error",
        "Nhóm {value} có điểm năm {year} nhưng không có bộ tiêu chí.",
        "Thêm bộ tiêu chí của nhóm vào rubric.csv.",
    ),
    "bad-maximum": Kind(
        "error",
        "Điểm tối đa “{value}” không hợp lệ.",
        "Ghi số lớn hơn 0, không quá lớn, số chữ số thập phân không quá point_decimals.",
    ),
    "bad-weight": Kind("error", "Trọng số “{value}” không hợp lệ.", "Ghi số lớn hơn 0."),
    "unknown-by": Kind("error", "Không có cách chấm “{value}”.", "Cho phép: {allowed}."),
    "code-twice": Kind(
        "error", "Mã {value} có hai lần trong bộ tiêu chí năm {year} của nhóm {group}.", "Chỉ giữ một dòng cho mỗi mã."
    ),
    "no-parent": Kind("error", "Mã {value} không có dòng cấp trên {parent}.", "Thêm dòng {parent} hoặc sửa mã."),
    "sum-of-maxima": Kind(
        "error", "Điểm tối đa của {code} là {value} nhưng các mục con cộng lại là {total}.", "Sửa để hai số bằng nhau."
    ),
    "weight-not-component": Kind(
        "error", "Trọng số {value} không nằm ở lĩnh vực.", "Chỉ ghi trọng số ở mã không có dấu chấm."
    ),
    "weight-missing": Kind(
        "error", "Lĩnh vực này thiếu trọng số.", "Ghi trọng số cho mọi lĩnh vực hoặc không lĩnh vực nào."
    ),
    "sum-of-weights": Kind(
        "error", "Trọng số năm {year} của nhóm {group} cộng lại là {total}, không phải 100.", "Sửa để tổng bằng 100."
    ),
    "unknown-same-as": Kind(
        "error",
        "same_as “{value}” không có trong bộ tiêu chí trước đó của nhóm {group}.",
        "Ghi mã cũ, hoặc năm và mã cũ như 2021:3.",
    ),
    "series-twice": Kind(
        "error",
        "Lĩnh vực {code} và lĩnh vực {other} cùng nối tiếp một lĩnh vực trước đó của nhóm {group}.",
        "Chỉ một lĩnh vực được nối tiếp: bỏ hoặc sửa same_as.",
    ),
    # published
    "published-twice": Kind("error", "“{value}” có hai dòng.", "Chỉ giữ một dòng."),
    "published-blank": Kind(
        "error", "“{value}” không có chỉ số, thứ hạng hay xếp loại.", "Điền kết quả đã công bố hoặc bỏ dòng này."
    ),
    "published-nothing": Kind(
        "error", "Tệp không có kết quả nào.", "Điền chỉ số, thứ hạng hoặc xếp loại đã công bố, hoặc bỏ tệp này."
    ),
    "published-in-part": Kind(
        "warning", "Cột {column} để trống ở: {units}.", "Kiểm tra bảng đã công bố, hoặc bỏ trống cả cột."
    ),
    "edition-unfinished": Kind(
        "warning",
        "Lần công bố này chưa hoàn tất (thiếu {missing}) nên không được đọc.",
        "Chạy lại cchc freeze, hoặc xóa tệp.",
    ),
    "edition-missing": Kind(
        "warning", "Thiếu lần công bố {edition}, trong khi có lần sau.", "Khôi phục các tệp của lần công bố này."
    ),
    "edition-record": Kind(
        "error", "Không đọc được bản ghi của lần công bố: {reason}.", "Khôi phục tệp này; không sửa tay."
    ),
    "edition-changed": Kind(
        "error",
        "Bảng đã chốt bị thay đổi sau khi công bố (khác mã băm trong {record}).",
        "Khôi phục bảng (bản sao nằm trong tệp .zip cùng tên); muốn công bố lại thì chạy cchc freeze.",
    ),
    "edition-archive": Kind(
        "warning", "Tệp .zip của lần công bố bị thiếu hoặc bị thay đổi.", "Khôi phục tệp này từ bản sao lưu."
    ),
    "edition-typed": Kind(
        "error", "Lần công bố này do người nhập, không có dữ liệu kèm theo.", "Bỏ --edition để xem số hiện nay."
    ),
    "edition-unpacked": Kind(
        "error", "Không dùng được tệp .zip của lần công bố: {reason}.", "Khôi phục tệp này từ bản sao lưu."
    ),
    "published-without-group": Kind("warning", "Không có đơn vị nào của nhóm {value}.", "Thêm kết quả của nhóm này."),
    "unknown-class": Kind("error", "Không có mức xếp loại “{value}” trong scheme.toml.", "Cho phép: {allowed}."),
}
