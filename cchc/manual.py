"""What `cchc --help` says: of each command what it does, its examples and its exit codes."""

from __future__ import annotations

CODES = """\b
Mã thoát (exit codes):
  0  xong, hoặc không có gì phải làm
  1  có báo cáo thất bại, hoặc kết quả không tái lập được
  2  dữ liệu đầu vào hoặc lệnh gọi sai"""

ABOUT = f"""Xếp hạng chỉ số cải cách hành chính: từ điểm số đến báo cáo HTML.

Rankings of an administrative-reform index, from scores to one-file HTML reports.

\b
Bắt đầu:
  cchc new tinh-toi          tạo một bộ chỉ số mẫu trong data/raw/tinh-toi
  cchc template tinh-toi --year 2026    mẫu nhập điểm của năm
  cchc check tinh-toi        mọi vấn đề của dữ liệu, kèm chỗ sai và cách sửa
  cchc report                lập mọi báo cáo đã cũ; mở reports/index.html
  cchc verify tinh-toi       tính lại và so với bảng đã công bố
  cchc freeze tinh-toi …     chốt kết quả theo quyết định công bố
  cchc why tinh-toi ĐƠN-VỊ … vì sao đơn vị có thứ hạng đó
  cchc awards tinh-toi …     dự kiến đề nghị khen thưởng
  cchc publish NƠI-ĐẾN       chép các trang đã xong đến thư mục dùng chung, tệp zip hoặc S3

{CODES}"""

NEW = f"""Tạo thư mục của một bộ chỉ số mới, có chú thích, chạy được ngay.

Make a commented scheme folder that loads and reports as it is.

\b
Ví dụ:
  cchc new tinh-toi          tạo data/raw/tinh-toi

{CODES}"""

CHECK = f"""Kiểm tra dữ liệu đầu vào và nêu mọi vấn đề cùng một lúc.

Show every problem of the input at once: place, value, what is wrong, what to do.

Kết quả còn ở reports/<bộ chỉ số>/check.html, check.xlsx và bản sao các sổ tính có ô được đánh dấu.

\b
Ví dụ:
  cchc check                 mọi bộ chỉ số
  cchc check soc-trang       một bộ chỉ số
  cchc check --json          cho chương trình khác đọc
  cchc check --lang en       bằng tiếng Anh (in English): check.en.html, check.en.xlsx

{CODES}"""

TEMPLATE = f"""Lập mẫu nhập điểm của một năm: scores/<năm>.xlsx, mọi ô điểm để trống.

Write the form to fill in for one year. A file that is there already is kept.

\b
Ví dụ:
  cchc template soc-trang --year 2026

{CODES}"""

REPORT = f"""Lập những báo cáo đã cũ; không có gì thay đổi thì không làm gì.

Build whatever is out of date. An error stops only the pages that depend on it; the rest is built.

\b
Ví dụ:
  cchc report                          mọi báo cáo đã cũ của mọi bộ chỉ số
  cchc report soc-trang --year 2024    chỉ báo cáo năm 2024
  cchc report soc-trang --stage 2021-2025
  cchc report --dry-run                xem sẽ lập gì và vì sao
  cchc report --force                  lập lại tất cả
  cchc report --units                  cả phiếu của từng đơn vị, năm mới nhất
  cchc report --lang en                trang tiếng Anh (in English): annual-2024.en.html, index.en.html

{CODES}"""

VERIFY = f"""Tính lại từ điểm số và so từng dòng với bảng đã công bố.

Compare published/ with the recomputation, line by line; say whether a difference would change a place.

\b
Ví dụ:
  cchc verify tay-ninh                 mọi năm đã công bố
  cchc verify tay-ninh --year 2023

{CODES}"""

FREEZE = f"""Chốt kết quả của một năm hoặc một giai đoạn: ghi thành một lần công bố, không ghi đè lần trước.

Announce the figures: published/<period>.csv with the decision, and a .zip of inputs, page and workbook. A second
freeze is edition 2 and keeps edition 1.

\b
Ví dụ:
  cchc report soc-trang --year 2025
  cchc freeze soc-trang --year 2025 --decision "12/QĐ-UBND" --date 20/01/2026
  cchc freeze soc-trang --stage 2021-2025 --decision "15/QĐ-UBND" --date 2026-02-01

{CODES}"""

WHY = f"""Vì sao một đơn vị có thứ hạng đó: từ ô của tệp gốc đến điểm, chỉ số, thứ hạng và quy tắc.

The chain: file, cell, points, index, rank, rule; of today's data, or of what an edition was made from.

\b
Ví dụ:
  cchc why soc-trang so-tai-chinh --year 2024
  cchc why soc-trang "Sở Y tế" --stage 2021-2025
  cchc why soc-trang so-y-te --year 2024 --edition 1 --json

{CODES}"""

AWARDS = f"""Dự kiến đề nghị khen thưởng của một kỳ: ai, theo quy tắc nào, hội đồng phải quyết định gì.

The award proposal: candidates, figures, rules and what the council has to decide. It prints names of persons.

\b
Ví dụ:
  cchc awards soc-trang --year 2024
  cchc awards soc-trang --stage 2021-2025

{CODES}"""

PUBLISH = f"""Chép các trang đã xong đến một thư mục, một tệp .zip hoặc một địa chỉ của fsspec (s3://…).

Copy the finished sets, changed files only, pages before the index; each is read back and compared by hash. It may be
interrupted and run again at any time.

Bộ tệp không khớp bản kê thì để lại, phần còn lại vẫn được chép, rồi thoát với mã 1. Trang có tên cá nhân chỉ được chép
khi có --personal. --delete chỉ xóa những tệp do lệnh này đã chép. Ai được xem là do quyền của thư mục hoặc máy chủ đó.

\b
Ví dụ:
  cchc publish /mnt/chung/cchc              thư mục dùng chung, ổ USB, thư mục của máy chủ web
  cchc publish bao-cao.zip soc-trang        một bộ chỉ số, để gửi thư
  cchc publish s3://kho/cchc --dry-run      xem sẽ chép gì (cần: pip install 'cchc[publish]')
  cchc publish /mnt/chung/cchc --delete     xóa cả trang đã chép mà nay không còn

{CODES}"""
