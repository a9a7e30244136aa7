"""The chain from cell to place in words: what `cchc why` prints, a line a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from cchc.chain import Chain
from cchc.locale import NOTHING, date, number, place
from cchc.workbooks import FIELD_LABELS

FIELDS = {**{field: label for label, field in FIELD_LABELS.items()}, "max_points": "điểm tối đa riêng"}
REASONS = {
    "incomplete": "chưa nhập đủ tiêu chí",
    "no_scores": "không có số liệu",
    "not_applicable": "không có tiêu chí nào áp dụng",
    "not_announced": "không có trong bảng công bố",
    "few_years": "chưa đủ số năm",
    "merged": "đã nhập vào đơn vị khác",
    "split": "đã chia tách",
    "abolished": "đã giải thể",
}
KINDS = {"own": "", "inherited": "kế thừa", "incomplete": "thiếu số liệu", "missing": "không có"}
LONGEST_NAME = 60
_SUMMED = ("points", "bonus", "penalty", "max_points")


def chain_lines(chain: Chain) -> list[str]:
    """Return a chain from `cchc.chain` as lines of text."""
    lines = [f"{chain['name']} ({chain['unit_id']}) · {chain['group_name']} · {_period(chain)}", ""]
    lines += _stage_lines(chain) if "years" in chain else _year_lines(chain)
    return [*lines, "", *_place_lines(chain)]


def _period(chain: Chain) -> str:
    return f"giai đoạn {chain['period']}" if "years" in chain else f"năm {chain['period']}"


# ----------------------------------------------------------------------------------------------------------- a year


def _year_lines(chain: Chain) -> Iterator[str]:
    if not chain["rubric"]:
        yield "Không có điểm chi tiết của năm này."
        return
    yield "Điểm, từ ô của tệp gốc:"
    rows = [line for item in chain["rubric"] for line in _rubric_rows(item)]
    rows += [line for item in chain["adjustments"] for line in _adjustment_rows(item)]
    yield from _aligned(rows)
    yield ""
    if chain["is_weighted"]:
        yield "Chỉ số = trung bình có trọng số của các chỉ số thành phần chưa làm tròn + điểm cộng − điểm trừ."
    else:
        yield "Chỉ số = 100 × (tổng điểm + điểm cộng − điểm trừ) / tổng điểm tối đa áp dụng."
        if chain["index_exact"] is not None:
            points, bonus, penalty, most = (_number(chain[name]) for name in _SUMMED)
            yield f"       = 100 × ({points} + {bonus} − {penalty}) / {most}"
    if chain["index_exact"] is None:
        missing = f": {chain['missing']}" if chain["missing"] else ""
        yield f"Không có chỉ số: chưa nhập {chain['n_missing']} tiêu chí{missing}."
    else:
        yield _index_line(chain)


def _rubric_rows(item: Chain) -> Iterator[Sequence[str]]:
    indent = "  " * item["code"].count(".")
    if not item["is_applicable"]:
        value = "không áp dụng (KAD)"
    elif item["points"] is None:
        value = "chưa nhập đủ"
    else:
        value = f"{_number(item['points'])} / {_number(item['max_points'])} điểm"
    notes = [f"chỉ số thành phần {_number(item['index_score'])}"] if item["index_score"] is not None else []
    notes += [f"trọng số {_number(item['weight'])}"] if item["weight"] is not None else []
    yield f"{indent}{item['code']}. {_short(item['name'])}", value, "; ".join(notes)
    for cell in item["cells"]:
        yield f"{indent}    {FIELDS[cell['field']]}", f"“{cell['text']}”", _where(cell)


def _adjustment_rows(item: Chain) -> Iterator[Sequence[str]]:
    yield FIELDS[item["field"]].capitalize(), f"{_number(item['points'])} điểm", ""
    for cell in item["cells"]:
        yield f"    {FIELDS[cell['field']]}", f"“{cell['text']}”", _where(cell)


def _where(cell: Mapping[str, str]) -> str:
    return " · ".join(part for part in (cell["file"], cell["sheet"], cell["cell"]) if part)


# ---------------------------------------------------------------------------------------------------------- a stage


def _stage_lines(chain: Chain) -> Iterator[str]:
    yield "Chỉ số chính thức từng năm:"
    yield from _aligned([row for item in chain["years"] for row in _year_rows(chain, item, 0)])
    yield ""
    needed = f"cần ít nhất {chain['min_years']} năm"
    if chain["is_to_date"]:
        needed += ", khi giai đoạn chưa kết thúc thì không quá số năm đã có"
    policy = {"inherit": "đơn vị mới kế thừa chỉ số của đơn vị tiền thân", "separate": "đơn vị mới tính riêng"}
    basis = chain["basis"] or "quy ước tính toán, chưa có văn bản quy định"
    yield f"Chỉ số giai đoạn = trung bình cộng {chain['n_years_counted']} năm có chỉ số ({needed}; {basis})."
    yield f"Sáp nhập, chia tách: {policy[chain['lineage']]}."
    if chain["index_exact"] is not None:
        yield _index_line(chain)


def _year_rows(chain: Chain, item: Chain, depth: int) -> Iterator[Sequence[str]]:
    indent = "    " * depth
    head = f"{indent}{item['year']}" if depth == 0 else f"{indent}từ {_short(item['name'])} ({item['unit_id']})"
    exact = _exact(item["index_exact"]) if item["kind"] == "inherited" else ""
    notes = [
        f"tỷ lệ {item['share']}" if "share" in item else "",
        KINDS[item["kind"]],
        f"chính xác {exact}" if exact else "",
        f"hạng {place(item['rank'], item['n_ranked'])}" if item["rank"] is not None else "",
    ]
    yield head, _shown(chain, item["index_score"]), "; ".join(filter(None, notes))
    for source in item["from"]:
        yield from _year_rows(chain, source, depth + 1)


# -------------------------------------------------------------------------------------------------------- the place


def _index_line(chain: Chain) -> str:
    exact = _exact(chain["index_exact"])
    rounded = _shown(chain, chain["index_recomputed"])
    return f"Chính xác: {exact}; làm tròn một lần, nửa đơn vị làm tròn lên: {rounded}."


def _place_lines(chain: Chain) -> Iterator[str]:
    announced = chain["announced"]
    if announced:
        yield _announced_line(chain, announced)
        if chain["has_difference"] or (announced["rank"] and announced["rank"] != chain["rank_recomputed"]):
            recomputed = place(chain["rank_recomputed"], None)
            yield f"Tính lại: chỉ số {_shown(chain, chain['index_recomputed'])}, hạng {recomputed}, khác bản công bố."
    else:
        yield "Chưa công bố: số tính từ điểm chi tiết."
    on = "đã làm tròn" if chain["rank_on"] == "rounded" else "chưa làm tròn"
    yield f"Xếp hạng trong nhóm theo chỉ số {on}; bằng nhau thì đồng hạng (1, 2, 2, 4), không có quy tắc phân định."
    if chain["rank"] is None:
        yield f"Không xếp hạng: {REASONS.get(chain['reason'], chain['reason'])}."
        return
    marks = [text for text, flag in (("đồng hạng", "is_tied"), ("gần bằng nhau", "is_near_tied")) if chain[flag]]
    marked = f" ({', '.join(marks)})" if marks else ""
    grade = f", xếp loại {chain['grade']}" if chain["grade"] else ""
    own = f"{place(chain['rank'], chain['n_ranked'])}{marked}{grade}"
    head = "Hạng chính thức" if chain["is_published"] else "Hạng"
    yield f"{head}: {own}, chỉ số {_shown(chain, chain['index_score'])}."
    here = {"rank": chain["rank"], "name": chain["name"], "index_score": chain["index_score"]}
    # the unit itself stands between the one before and the one after it in the ranking
    above = [item for item in chain["neighbours"] if item["is_above"]]
    beside = [*above, here, *(item for item in chain["neighbours"] if not item["is_above"])]
    yield from _aligned(
        [
            (f"{'→ ' if item is here else '  '}hạng {item['rank']}", _shown(chain, item["index_score"]), item["name"])
            for item in beside
        ]
    )


def _announced_line(chain: Chain, announced: Chain) -> str:
    day = date(dt.date.fromisoformat(announced["date"])) if announced["date"] else ""
    by = ", ".join(filter(None, [announced["decision"], f"ngày {day}" if day else ""]))
    head = f"Công bố lần {announced['edition']}{f' ({by})' if by else ''}"
    if not announced["cell"]:
        return f"{head}: đơn vị không có trong bảng ({announced['file']})."
    figures = [
        f"chỉ số {_shown(chain, announced['index_score'])}" if announced["index_score"] is not None else "",
        f"hạng {announced['rank']}" if announced["rank"] is not None else "",
        f"xếp loại {announced['grade']}" if announced["grade"] else "",
    ]
    return f"{head}: {', '.join(filter(None, figures))} ({announced['file']} · {announced['cell']})."


# ------------------------------------------------------------------------------------------------------------ texts


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay rows out in columns."""
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(2)]
    for row in rows:
        yield f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]}".rstrip()


def _number(text: str | None) -> str:
    """Return a decimal text as it is written here, with the decimals that it has."""
    if text is None:
        return NOTHING
    if "/" in text:
        return text
    value = Decimal(text).normalize()
    return number(value, max(0, -int(value.as_tuple().exponent)))


def _shown(chain: Chain, text: str | None) -> str:
    """Return an index with the scheme's decimals, or more where it has more."""
    if text is None:
        return NOTHING
    return number(Decimal(text), max(chain["decimals"], len(text.partition(".")[2])))


def _exact(text: str) -> str:
    """Return an exact index: as a decimal where it is one, else as a ratio with its first decimals."""
    value = Fraction(text)
    denominator = value.denominator
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator //= factor
    if denominator == 1:
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
        if Fraction(decimal) == value:
            return _number(f"{decimal:f}")
    return f"{value.numerator}/{value.denominator}"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
