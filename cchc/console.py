"""What the commands print: progress, problems, what came of a run, the lines of a comparison."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from cchc.locale import SOURCE, is_missing, number, signed, translator
from cchc.phrases import Translate
from cchc.problems import Problem

if TYPE_CHECKING:
    from cchc.reports.publish import Progress
    from cchc.reports.sharing import Shared
    from cchc.reports.summary import Summary


@contextmanager
def progress_on_stderr(quiet: bool) -> Iterator[Progress]:
    """Show progress on stderr: a bar on a terminal, else a line a page, with the time of the machine (a log's)."""
    if quiet:
        yield lambda done, total, text: None
    elif not sys.stderr.isatty():
        yield lambda done, total, text: log(text) if text else None
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

        with Progress(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True)) as bar:
            task = bar.add_task("", visible=False)

            def show(done: int, total: int, text: str) -> None:
                bar.update(task, completed=done, total=total, visible=total > 0)
                if text:
                    bar.console.print(text, markup=False, highlight=False)

            yield show


def log(text: str) -> None:
    """Print a line on stderr; where that is no terminal but a scheduler's log, behind date, time and zone."""
    now = "" if sys.stderr.isatty() else dt.datetime.now().astimezone().isoformat(timespec="seconds") + " "
    typer.echo(now + text, err=True)


def print_summary(summary: Summary, dry_run: bool, quiet: bool, as_json: bool) -> None:
    """Print what came of a run: nothing where nothing happened and nobody looks on."""
    from cchc.reports.summary import describe

    _ = translator(summary.lang)
    results = [result for run in summary.schemes for result in run.results]
    if as_json:
        print_json(summary.as_dict())
    elif dry_run:
        planned = [describe(result) for result in results if result.status in ("planned", "stopped")]
        typer.echo("\n".join(planned) or _("Không có gì phải lập."))
    for run in summary.schemes:
        for problem in run.problems:
            if problem.is_error:
                log(problem_line(problem, run.id, summary.lang))
    built = sum(result.status == "built" for result in results)
    for result in results:
        if (result.status == "stopped" and not dry_run) or (result.status == "failed" and quiet):
            log(describe(result))
    if summary.index and not quiet and (built or sys.stderr.isatty()):
        text = _("Đã lập {n} báo cáo. Mục lục: {path}") if built else _("Không lập báo cáo nào. Mục lục: {path}")
        log(text.format(n=built, path=summary.index))


def print_shared(shared: Shared, target: str, dry_run: bool, quiet: bool) -> None:
    """Print what came of sharing; what was left out is said even when quiet."""
    changes = shared.changes
    if dry_run:
        lines = [f"sẽ chép: {item.path}" for item in changes.copy] + [f"sẽ xóa: {path}" for path in changes.delete]
        typer.echo("\n".join(lines) or "Không có gì phải chép.")
    for line in shared.left_out:
        log(line)
    if quiet:
        return
    if shared.n_personal:
        log(f"{shared.n_personal} trang có tên cá nhân được để lại; muốn chép cả những trang này: --personal")
    if changes.lingering:
        log(f"{target} còn {changes.lingering} tệp đã chép trước đây mà nay không còn công bố; muốn xóa: --delete")
    if not dry_run and (changes.copy or changes.delete or sys.stderr.isatty()):
        log(f"Đã chép {len(changes.copy)} tệp, xóa {len(changes.delete)}, giữ nguyên {changes.unchanged}: {target}")


def print_problems(found: Mapping[str, Sequence[Problem]], lang: str) -> None:
    """Print problems as a table on a terminal, else a line each: a table in a log is folded beyond reading."""
    _ = translator(lang)
    items = [(name, problem) for name, problems in found.items() for problem in problems]
    if items and sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        heads = (_("Mức"), _("Mã"), _("Vị trí"), _("Giá trị"), _("Vấn đề"), _("Cách xử lý"))
        table = Table(*heads, show_lines=True)
        for name, item in items:
            shown = item.in_words(_)
            place = f"{name} · {shown.place}"
            cells = (_severity(item, _), item.code, place, shown.value, item.what(_), item.remedy(_))
            table.add_row(*map(Text, cells), style="red" if item.is_error else None)
        Console().print(table)
    else:
        for name, item in items:
            typer.echo(problem_line(item, name, lang))
    for name, problems in found.items():
        n_errors = sum(item.is_error for item in problems)
        text = _("{scheme}: {errors} lỗi, {warnings} cảnh báo")
        typer.echo(text.format(scheme=name, errors=n_errors, warnings=len(problems) - n_errors))


def _severity(problem: Problem, _: Translate) -> str:
    return _("LỖI") if problem.is_error else _("cảnh báo")


def problem_line(problem: Problem, scheme: str = "", lang: str = SOURCE) -> str:
    """Return a problem as one line: severity, code, place, value, what is wrong, what to do."""
    _ = translator(lang)
    what, shown = problem.what(_), problem.in_words(_)
    value = f" “{shown.value}”" if shown.value and shown.value not in what else ""
    place = f"{scheme} · {shown.place}" if scheme else shown.place
    return f"{_severity(problem, _)} [{problem.code}] {place}{value}: {what} {problem.remedy(_)}"


def problem_as_dict(problem: Problem, lang: str) -> dict[str, Any]:
    """Return a problem as plain values; its words in `lang`."""
    _ = translator(lang)
    shown = problem.in_words(_)
    place = {name: getattr(shown, name) for name in ("severity", "code", "file", "sheet", "cell", "value", "years")}
    return {**place, "what": problem.what(_), "remedy": problem.remedy(_)}


def difference_line(line: dict[Any, Any], group: str, decimals: int) -> str:
    """Return one line of the comparison that is not the same, in words."""
    head = f"{line['period']} · {group} · {line['name_vi']}: "
    if line["status"] == "not_scored":
        return head + "có trong bảng công bố nhưng không tính lại được (không có hoặc thiếu điểm)"
    if line["status"] == "not_announced":
        return head + "có điểm nhưng không có trong bảng công bố"
    # a table may have been announced with more decimals than the scheme rounds to
    announced, difference = line["published_index_score"], line["index_difference"]
    decimals = max(decimals, 0 if is_missing(announced) else len(str(announced).partition(".")[2]))
    figures = (
        ("chỉ số", number(announced, decimals), number(line["index_score"], decimals)),
        ("hạng", number(line["published_rank"]), number(line["rank"])),
        ("xếp loại", line["published_grade"] or "—", line["grade"] or "—"),
    )
    parts = [f"{what} công bố {old}, tính lại {new}" for what, old, new in figures if old not in ("—", new)]
    if not parts:
        parts = ["khớp, nhưng thứ hạng theo các số công bố khác thứ hạng tính lại"]
    if not is_missing(difference) and difference:
        parts[0] += f" (chênh {signed(difference, decimals)})"
    stage = "đổi thứ hạng của giai đoạn" if line["changes_stage_place"] else "không đổi thứ hạng của giai đoạn"
    if "-" in line["period"]:
        return f"{head}{'; '.join(parts)}; {stage}"
    year = "đổi thứ hạng của năm" if line["changes_place"] else "không đổi thứ hạng của năm"
    return f"{head}{'; '.join(parts)}; {year}, {stage}"


def print_json(content: Any) -> None:
    """Print plain values as JSON on stdout."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
