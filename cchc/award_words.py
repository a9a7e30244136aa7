"""The award proposal in words: what each code of it means, the figures it rests on, the rule, what is to be decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from cchc.award_settings import Award
from cchc.facts import joined
from cchc.locale import date, is_missing, number, place, translator
from cchc.scheme import Scheme
from cchc.settings import CONVENTION

STATUSES = ("proposed", "open", "conditional", "below", "excluded", "not_eligible")
"""In the order in which a proposal is read."""


def status_name(status: str, lang: str) -> str:
    """Return a status in words."""
    _ = translator(lang)
    return {
        "proposed": _("đề nghị"),
        "open": _("Hội đồng quyết định"),
        "conditional": _("đề nghị có điều kiện"),
        "below": _("ngoài chỉ tiêu"),
        "excluded": _("loại trừ"),
        "not_eligible": _("không đủ điều kiện"),
    }[status]


def reason(scheme: Scheme, row: Any, lang: str) -> str:
    """Say why a row of a proposal has its status, and how many the council chooses where it has to."""
    choice = _choice(row, lang)
    words = _reason(scheme, row, lang)
    return f"{words}: {choice}" if choice else words


def _reason(scheme: Scheme, row: Any, lang: str) -> str:
    _ = translator(lang)
    awards = _award_names(scheme, row.reason_awards, lang)
    words = {
        "within_seats": _("trong chỉ tiêu"),
        "tie": _("bằng nhau ở chỉ tiêu cuối"),
        "other_leader": _("cách tính kế thừa và cách tính riêng cho đơn vị dẫn đầu khác nhau"),
        "group_dissolved": _("đơn vị không còn vào cuối giai đoạn"),
        "unallocated_seat": _("số dư khi chia theo nhóm bằng nhau, chưa xác định được chỉ tiêu còn lại thuộc nhóm nào"),
        "nominee_without_place": _("không phải đơn vị được xếp hạng, xét riêng theo hồ sơ đề nghị"),
        "if_not_award": _if_not(awards, _),
        "if_seat_freed": _("nếu bên xếp trên nhận {awards} và để lại chỉ tiêu").format(awards=awards)
        if awards
        else _("nếu bên xếp trên để lại chỉ tiêu"),
        "no_seat_left": _("hết chỉ tiêu"),
        "holds_either": _("trường hợp nào cũng nhận {awards}").format(awards=awards),
        "holds_award": _("đã được đề nghị {awards}").format(awards=awards),
        "coverage": _("mới có chỉ số {coverage} năm, cần {needed}"),
        "no_index": _("chỉ có thứ hạng, không có chỉ số để so giữa các nhóm"),
        "incomplete": _("chưa nhập đủ tiêu chí"),
        "no_scores": _("không có số liệu"),
        "not_applicable": _("không có tiêu chí nào áp dụng"),
        "not_announced": _("không có trong bảng công bố"),
        "few_years": _("chưa đủ số năm"),
        "merged": _("đã nhập vào đơn vị khác"),
        "split": _("đã chia tách"),
        "abolished": _("đã giải thể"),
    }[row.reason]
    if row.reason == "coverage":
        needed = scheme.award(row.award).require.min_coverage
        return words.format(coverage=row.n_years + row.n_inherited, needed=needed)
    if row.reason == "nominee_without_place" and awards:
        return f"{words}, {_if_not(awards, _)}"
    return words


def _if_not(awards: str, _: Callable[[str], str]) -> str:
    return _("nếu không nhận {awards}").format(awards=awards)


def _award_names(scheme: Scheme, ids: str, lang: str) -> str:
    _ = translator(lang)
    return _(" hoặc ").join(scheme.award(name).name.get(lang) for name in ids.split())


def _choice(row: Any, lang: str) -> str:
    """Say how many the council chooses of how many; "" where there is no choice among several."""
    _ = translator(lang)
    if row.choose_of < 2:
        return ""
    if row.choose == row.choose_most:
        return _("chọn {k} trong {m}").format(k=row.choose, m=row.choose_of)
    text = _("chọn {k} đến {most} trong {m}, tùy quyết định về chỉ tiêu khác")
    return text.format(k=row.choose, most=row.choose_most, m=row.choose_of)


def doubts(row: Any, lang: str) -> list[str]:
    """Return the facts that stand beside a row of a proposal and are not its reason already, a text each."""
    words = _doubts(translator(lang))
    texts = [words[name] for name in row.doubts.split() if name != row.reason]
    if is_missing(row.n_years):
        return texts
    figures = {"own": row.n_years + row.n_inherited, "inherited": row.n_inherited, "expected": row.n_years_expected}
    return [text.format(**figures) for text in texts]


def _doubts(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "tie": _("đồng hạng"),
        "near_tie": _("chỉ số gần bằng đơn vị liền kề"),
        "coverage": _("có chỉ số {own}/{expected} năm"),
        "inheritance": _("kế thừa chỉ số {inherited} năm của đơn vị tiền thân"),
        "difference": _("tính lại khác số đã công bố"),
        "group_dissolved": _("nhóm không còn vào cuối giai đoạn"),
        "other_leader": _("chỉ dẫn đầu nhóm theo một trong hai cách tính kế thừa, tính riêng"),
        "no_tasks": _("không có nhiệm vụ nào được giao trong tệp"),
        "predecessor_tasks": _("đơn vị tiền thân có nhiệm vụ, không cộng vào đơn vị này"),
        "predecessor_initiatives": _("đơn vị tiền thân có sáng kiến được công nhận, không cộng vào đơn vị này"),
        "same_name": _("trùng họ tên với người khác được đề nghị, cần xác nhận có phải một người"),
        "initiative_other_owner": _(
            "tệp sáng kiến không ghi sáng kiến này là của đối tượng được đề nghị nên không tính"
        ),
        "initiative_author_unsure": _("tên trong tệp sáng kiến ghi khác cách, cần xác nhận tác giả; chưa tính"),
        "initiative_other_unit": _("trùng tên tác giả nhưng tệp sáng kiến ghi đơn vị khác, cần xác nhận; chưa tính"),
        "initiative_shared": _("sáng kiến có nhiều người cùng đề nghị nên không tính cho ai"),
        "initiative_unrecognised": _("sáng kiến chưa được công nhận nên không tính"),
        "initiative_other_year": _("sáng kiến được công nhận ở năm khác nên không tính"),
        "seats_short": _("chỉ tiêu còn lại không đủ; chọn đối tượng này thì có đối tượng khác không còn chỉ tiêu"),
        "may_be_replaced": _("có thể bị thay ở hình thức khen kia; khi đó được xét ở đây"),
    }


def figures(scheme: Scheme, row: Any, lang: str) -> list[str]:
    """Return the figures that a row of a proposal is ordered by, and the place of a unit in the ranking."""
    _ = translator(lang)
    award = scheme.award(row.award)
    found = []
    for name in award.criteria:
        if name == "index_score" and not is_missing(row.rank):
            index = number(row.index_score, scheme.decimals, lang)
            # where the index alone orders, the place is the candidate's own
            text = _("chỉ số {index}") if len(award.criteria) == 1 else _("chỉ số {index} (hạng {place})")
            found.append(text.format(index=index, place=place(row.rank, row.n_ranked, lang)))
        elif name == "tasks" and not is_missing(row.n_tasks) and row.n_tasks:
            text = _("nhiệm vụ đúng hạn {done}/{n}")
            found.append(text.format(done=number(row.n_tasks_in_time, 0, lang), n=number(row.n_tasks, 0, lang)))
        elif name == "initiatives":
            found.append(_("sáng kiến được công nhận {n}").format(n=number(row.n_initiatives, 0, lang)))
        elif name == "score" and row.score is not None:
            found.append(_("điểm đề nghị {score}").format(score=_score(row.score, lang)))
        elif name == "nomination" and not is_missing(row.order):
            found.append(_("thứ tự đề nghị {n}").format(n=number(row.order, 0, lang)))
    return found


def _score(score: Any, lang: str) -> str:
    """Return a score as it was nominated, which was a decimal number."""
    decimals = 0
    while (score * 10**decimals).denominator > 1:
        decimals += 1
    return number(float(score), decimals, lang)


def rules(scheme: Scheme, award: Award, lang: str) -> list[str]:
    """Return the rules of an award, a sentence each, with the document of each or that it is a convention.

    Where candidates without tasks, score or order stand is a sentence of its own: no document of an award says it.
    """
    _ = translator(lang)
    number_text = _("Tối đa {n}") if award.seats_are == "ceiling" else _("Dự kiến {n}")
    planned = number_text.format(n=number(award.seats, 0, lang))
    to = _("tập thể") if award.to == "collective" else _("cá nhân")
    allocation = {
        "per_group": _("đều cho các nhóm"),
        "proportional": _("theo số đơn vị được xếp hạng của từng nhóm (số dư lớn nhất)"),
        "place": _("theo thứ hạng trong nhóm, gộp các nhóm"),
        "none": _("không theo nhóm"),
    }[award.allocation]
    criteria = {
        "index_score": _("thứ hạng theo chỉ số") if award.allocation != "none" else _("chỉ số"),
        "tasks": _("tỷ lệ nhiệm vụ đúng hạn"),
        "initiatives": _("số sáng kiến được công nhận"),
        "score": _("điểm ghi trong đề nghị"),
        "nomination": _("thứ tự ghi trong đề nghị"),
    }
    order = ", ".join(criteria[name] for name in award.criteria)
    own = _("{seats} {to} ({basis}).").format(seats=planned, to=to, basis=named_basis(award.basis, lang))
    parts = [
        _("phân bổ {allocation}").format(allocation=allocation),
        _("thứ tự xét: {order}").format(order=order),
    ]
    if award.require.min_coverage is not None:
        text = _("cần chỉ số của ít nhất {n} năm, kể cả năm kế thừa")
        parts.append(text.format(n=number(award.require.min_coverage, 0, lang)))
    if award.not_with:
        parts.append(_("không cùng với {awards}").format(awards=_award_names(scheme, " ".join(award.not_with), lang)))
    rule = _("Quy tắc: {rules} ({basis}).").format(rules="; ".join(parts), basis=named_basis(award.rule_basis, lang))
    behind = {
        "tasks": _(
            "Xét nhiệm vụ: đơn vị không có nhiệm vụ nào trong tệp xếp sau các đơn vị có nhiệm vụ, kể cả đơn vị có tỷ "
            "lệ đúng hạn bằng 0 ({basis})."
        ),
        "score": _("Xét điểm: cá nhân không có điểm trong đề nghị xếp sau các cá nhân có điểm ({basis})."),
        "nomination": _("Xét thứ tự đề nghị: cá nhân không ghi thứ tự xếp sau các cá nhân có thứ tự ({basis})."),
    }
    lacking = [behind[name].format(basis=named_basis(CONVENTION, lang)) for name in award.criteria if name in behind]
    return [own, rule, *lacking]


def named_basis(basis: str, lang: str) -> str:
    """Return the document of a rule, or that there is none."""
    _ = translator(lang)
    return _("quy ước, chưa có văn bản quy định") if basis == CONVENTION else basis


def seats(scheme: Scheme, rows: pd.DataFrame, lang: str) -> str:
    """Return the seats of each group, ``Sở ngành 4, Sự nghiệp 2``; "" where they are not shared over groups.

    `rows` is the part of a proposal that is about one award, as in `open_points`.
    """
    _ = translator(lang)
    if scheme.award(str(rows["award"].iloc[0])).allocation not in ("per_group", "proportional"):
        return ""
    texts = []
    row: Any
    for row in rows[rows["is_unit"]].drop_duplicates("group").itertuples():
        text = _("{group} {n}") if row.seats == row.seats_most else _("{group} {n} hoặc {most}")
        group = scheme.group(row.group).label(lang)
        texts.append(text.format(group=group, n=number(row.seats, 0, lang), most=number(row.seats_most, 0, lang)))
    return ", ".join(texts)


def open_points(scheme: Scheme, rows: pd.DataFrame, lang: str) -> list[str]:
    """Return what the council has to decide about one award, a sentence each; `rows` is its part of a proposal.

    What is proposed on a condition hangs on another decision, and is none.
    """
    _ = translator(lang)
    found = []
    row: Any  # pandas-stubs cannot know the columns
    for _decision, members in rows[rows["decision"] != ""].groupby("decision", sort=False):
        rows_: list[Any] = list(members.itertuples())
        row = next((row for row in rows_ if row.status == "open"), rows_[0])
        choice, reason_ = _choice(row, lang), _reason(scheme, row, lang)
        reasons = [_reason(scheme, row, lang) for row in rows_]
        names = [
            name if own == reason_ else f"{name} ({own})"  # it is in this choice on a condition of its own
            for name, own in zip([_called(row, lang) for row in rows_], reasons, strict=True)
        ]
        text = _("{choice}: {names} ({reason}).")
        text = text.format(choice=choice[:1].upper() + choice[1:], names=joined(names, lang), reason=reason_)
        found.append(text)
    replaceable = rows[rows["doubts"].str.split().map(lambda names: "may_be_replaced" in names)]
    for awards, members in replaceable.groupby("reason_awards", sort=False):
        text = _(
            "Nếu {awards} trao cho đối tượng đề nghị khác, {names} có thể được xét ở đây, danh sách thay đổi theo."
        )
        which = {"awards": _award_names(scheme, str(awards), lang), "names": joined(members[f"name_{lang}"], lang)}
        found.append(text.format(**which))
    is_alone = (rows["decision"] == "") & (rows["status"] == "open") & (rows["reason"] != "unallocated_seat")
    for row in rows[is_alone].itertuples():
        name, words = _called(row, lang), _reason(scheme, row, lang)
        if "seats_short" in row.doubts.split():
            words = f"{words}; {_doubts(_)['seats_short']}"
        found.append(_("{name}: {reason}.").format(name=name, reason=words))
    return [*found, *_unallocated(scheme, rows, lang)]


def _called(row: Any, lang: str) -> str:
    """Return the name of a candidate, with what tells it from another one of the same name."""
    name = str(getattr(row, f"name_{lang}"))
    apart = (
        ", ".join(filter(None, (row.position, getattr(row, f"unit_{lang}"))))
        if "same_name" in row.doubts.split()
        else ""
    )
    return f"{name} ({apart})" if apart else name


def _unallocated(scheme: Scheme, rows: pd.DataFrame, lang: str) -> Sequence[str]:
    """Say which seats no rule shares out, and between which groups."""
    _ = translator(lang)
    award = scheme.award(str(rows["award"].iloc[0]))
    lists = rows[rows["is_unit"]].drop_duplicates("group")
    contenders = lists[lists["seats_most"] > lists["seats"]]
    if award.allocation != "proportional" or contenders.empty:
        return ()
    left = award.seats - int(lists["seats"].sum())
    names = ", ".join(scheme.group(group).name.get(lang) for group in contenders["group"])
    text = _("{n} chỉ tiêu chưa chia được, số dư bằng nhau giữa: {groups}.")
    return (text.format(n=number(left, 0, lang), groups=names),)


def day(value: Any, lang: str) -> str:
    """Return a day of a table; "" where it has none."""
    return "" if is_missing(value) else date(value, lang)


def why_not_counted(row: Any, lang: str) -> str:
    """Say why a row of `evidence.initiatives_of` does not count."""
    _ = translator(lang)
    if row.reason == "other_year":
        text = _("được công nhận ngày {day}, không thuộc năm {year}")
        return text.format(day=day(row.date, lang), year=row.year)
    parts = {"level": _("cấp công nhận"), "number": _("số văn bản"), "date": _("ngày"), "authority": _("cơ quan")}
    missing = [text for name, text in parts.items() if is_missing(value := getattr(row, name)) or value == ""]
    return _("chưa được công nhận: không ghi {missing}").format(missing=", ".join(missing))
