"""How the figures were counted, in words: each rule a note, a rule without a document named as a convention."""

from __future__ import annotations

from collections.abc import Sequence

from cchc.dataset import Dataset
from cchc.locale import number, translator
from cchc.scheme import Stage
from cchc.series import rubric_breaks
from cchc.settings import CONVENTION


def method_notes(data: Dataset, years: Sequence[int], stage: tuple[int, int] | None, lang: str) -> list[str]:
    """Return the notes of a page on `years`: counting, ranking, classes, stage, rubric, breaks and documents."""
    _ = translator(lang)
    notes = [*_counting(data, years, lang), *_ranking(data, lang), *_classes(data, lang), *_official(data, years, lang)]
    if stage:
        notes += _stage(data.scheme.stage(*stage), lang)
        if data.editions_of(f"{stage[0]}-{stage[1]}"):
            notes.append(_("Số chính thức của giai đoạn là số đã công bố; mọi sai lệch so với tính lại đều được nêu."))
    notes += [*_rubrics(data, years, lang), *_breaks(data, years, stage, lang)]
    notes.append(_("Căn cứ: {documents}.").format(documents="; ".join(data.scheme.basis) or _("chưa khai báo văn bản")))
    return notes


def _counting(data: Dataset, years: Sequence[int], lang: str) -> list[str]:
    _ = translator(lang)
    components = data.rubric[data.rubric["year"].isin(list(years)) & (data.rubric["parent"] == "")]
    index = _("Chỉ số = 100 × (tổng điểm + điểm cộng − điểm trừ) / tổng điểm tối đa áp dụng của đơn vị.")
    weighted = _(
        "Chỉ số = trung bình có trọng số của các chỉ số thành phần chưa làm tròn + điểm cộng − điểm trừ; "
        "trọng số chia lại cho các lĩnh vực áp dụng."
    )
    rounding = _(
        "Tính chính xác trên số thập phân, làm tròn một lần ở kết quả cuối đến {decimals} chữ số thập phân, "
        "nửa đơn vị làm tròn lên."
    )
    return [
        weighted if components["weight"].notna().any() else index,
        rounding.format(decimals=number(data.scheme.decimals, 0, lang)),
        _("Tiêu chí không áp dụng (KAD) không tính vào điểm tối đa của đơn vị."),
        _("Ô để trống là chưa nhập, không phải 0 điểm; đơn vị chưa đủ số liệu không được xếp hạng và nêu rõ lý do."),
        _("Điểm tự chấm chỉ để đối chiếu, không dùng để xếp hạng."),
    ]


def _ranking(data: Dataset, lang: str) -> list[str]:
    _ = translator(lang)
    rank_on = {
        "rounded": _("Xếp hạng trong từng nhóm theo chỉ số đã làm tròn; các đơn vị bằng nhau đồng hạng (1, 2, 2, 4)."),
        "exact": _("Xếp hạng trong từng nhóm theo chỉ số chưa làm tròn; các đơn vị bằng nhau đồng hạng (1, 2, 2, 4)."),
    }
    return [
        rank_on[data.scheme.rank_on],
        _("Hạng ghi k/n: hạng k trong n đơn vị được xếp hạng của nhóm."),
        _("Không có quy tắc phân định đồng hạng: đồng hạng ở vị trí có khen thưởng do Hội đồng quyết định."),
    ]


def _classes(data: Dataset, lang: str) -> list[str]:
    _ = translator(lang)
    cuts = "; ".join(
        _("{name} từ {cut} trở lên").format(
            name=grade.name.get(lang), cut=number(grade.from_, max(0, -int(grade.from_.as_tuple().exponent)), lang)
        )
        for grade in data.scheme.classes
    )
    return [_("Xếp loại theo chỉ số dùng để xếp hạng: {cuts}.").format(cuts=cuts)] if cuts else []


def _official(data: Dataset, years: Sequence[int], lang: str) -> list[str]:
    _ = translator(lang)
    announced = [str(year) for year in years if year in data.published_years]
    computed = [str(year) for year in years if year not in data.published_years]
    scored = set(data.scores["year"].unique().tolist())
    unscored = [str(year) for year in years if year not in scored]
    texts = (
        (announced, _("Số chính thức năm {years} là số đã công bố; mọi sai lệch so với tính lại đều được nêu.")),
        (computed, _("Số năm {years} là số tính từ điểm chi tiết, chưa công bố.")),
        (unscored, _("Năm {years} chỉ có bảng công bố, không có điểm chi tiết: không có số liệu theo lĩnh vực.")),
    )
    return [text.format(years=", ".join(of_years)) for of_years, text in texts if of_years]


def _stage(stage: Stage, lang: str) -> list[str]:
    _ = translator(lang)
    policy = {
        "inherit": _(
            "Đơn vị mới kế thừa chỉ số của các đơn vị tiền thân cùng nhóm: trung bình theo tỷ lệ, không làm tròn, "
            "có ghi “kế thừa” và không xếp hạng trong năm đó."
        ),
        "separate": _("Đơn vị mới được tính riêng từ năm thành lập, không kế thừa chỉ số của đơn vị tiền thân."),
    }
    basis = (
        _("Cách tính giai đoạn là quy ước tính toán, chưa có văn bản quy định.")
        if stage.basis == CONVENTION
        else _("Căn cứ của cách tính giai đoạn: {basis}.").format(basis=stage.basis)
    )
    return [
        _("Chỉ số giai đoạn là trung bình cộng chính xác của các chỉ số năm, làm tròn một lần."),
        _("Cần ít nhất {n} năm có chỉ số; khi giai đoạn chưa kết thúc, không quá số năm đã có.").format(
            n=stage.min_years
        ),
        policy[stage.lineage],
        basis,
    ]


def _rubrics(data: Dataset, years: Sequence[int], lang: str) -> list[str]:
    """Say which rubric each group's years stand on, and where it is an earlier year's."""
    _ = translator(lang)
    rubric = data.rubric[data.rubric["year"].isin(list(years))]
    groups_by_use: dict[str, list[str]] = {}
    for group in data.scheme.groups:
        used = rubric.loc[rubric["group"] == group.id, ["year", "rubric_year"]].drop_duplicates().sort_values("year")
        parts = [
            str(year)
            if year == earlier
            else _("{year} (dùng bộ tiêu chí năm {earlier})").format(year=year, earlier=earlier)
            for year, earlier in used.itertuples(index=False)
        ]
        if parts:
            groups_by_use.setdefault(", ".join(parts), []).append(group.label(lang))
    notes = [
        _("Bộ tiêu chí của nhóm {groups}: {years}.").format(groups=", ".join(groups), years=use)
        for use, groups in groups_by_use.items()
    ]
    documents = [text for text in rubric["basis"].unique() if text]
    if documents:
        notes.append(_("Văn bản của bộ tiêu chí: {documents}.").format(documents="; ".join(documents)))
    return notes


def _breaks(data: Dataset, years: Sequence[int], stage: tuple[int, int] | None, lang: str) -> list[str]:
    _ = translator(lang)
    if not years:
        return []
    words = {"component": _("lĩnh vực mới hoặc thôi dùng"), "maximum": _("điểm tối đa"), "criteria": _("tiêu chí")}
    changed = rubric_breaks(data, years[0] - (stage is None), years[-1])
    notes = []
    for group in data.scheme.groups:
        for year, rows in changed[changed["group"] == group.id].groupby("year"):
            kinds = rows.groupby("kind", sort=False)[f"name_{lang}"]
            items = "; ".join(f"{words[str(kind)]}: {', '.join(titles)}" for kind, titles in kinds)
            text = _("Thay đổi bộ tiêu chí từ năm {year}, nhóm {group}: {items}.")
            notes.append(text.format(year=year, group=group.label(lang), items=items))
    return notes
