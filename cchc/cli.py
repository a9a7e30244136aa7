"""The commands. Rooms are imported inside them: a help text or an unchanged run needs no pandas."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from cchc import manual
from cchc.calls import clear_errors, load_scheme, period_of, raw_folder, stop, translator_of
from cchc.console import (
    difference_line,
    print_json,
    print_problems,
    print_shared,
    print_summary,
    problem_as_dict,
    progress_on_stderr,
)
from cchc.locale import LANGUAGES, SOURCE, translator
from cchc.phrases import msgid
from cchc.reports.engine import EngineName

app = typer.Typer(help=manual.ABOUT, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False)  # fmt: skip

Names = Annotated[list[str] | None, typer.Argument(metavar="SCHEME", help="Tên bộ chỉ số; bỏ trống: tất cả.")]
Name = Annotated[str, typer.Argument(metavar="SCHEME", help="Tên bộ chỉ số.")]
Raw = Annotated[Path | None, typer.Option(envvar="CCHC_RAW", help="Thư mục chứa các bộ chỉ số (data/raw).")]
Processed = Annotated[Path | None, typer.Option("--processed", envvar="CCHC_PROCESSED", help="Thư mục bảng đã xử lý.")]
Out = Annotated[Path | None, typer.Option(envvar="CCHC_OUT", help="Thư mục báo cáo (reports).")]
Year = Annotated[int | None, typer.Option(min=1000, max=2999, help="Năm.")]
StageOption = Annotated[str | None, typer.Option("--stage", help="Giai đoạn, dạng 2021-2025.")]
Lang = Annotated[str, typer.Option(help=f"Ngôn ngữ: {', '.join(LANGUAGES)}.")]
Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON ra stdout.")]


@app.command(help=manual.NEW)
def new(scheme: Name, raw: Raw = None) -> None:
    """Make a commented scheme folder."""
    from cchc.scaffold import new_scheme

    with clear_errors():
        folder = raw_folder(raw) / scheme
        try:
            new_scheme(raw_folder(raw), scheme)
        except FileExistsError:
            stop(f"{folder} đã có, và được giữ nguyên; hãy chọn tên khác")
    typer.echo(f"Đã tạo {folder}. Sửa các tệp trong đó rồi chạy: cchc check {scheme}")


@app.command(help=manual.CHECK)
def check(schemes: Names = None, lang: Lang = SOURCE, raw: Raw = None, out: Out = None, as_json: Json = False) -> None:
    """Print every problem of the input, and leave a page of it; exit 2 if any is an error."""
    from cchc.reports.checkup import find_problems, write_check
    from cchc.reports.selection import choose_schemes

    _ = translator_of(lang)
    with clear_errors(lang):
        folder = raw_folder(raw)
        found = {name: find_problems(folder / name) for name in choose_schemes(folder, schemes or [])}
    if as_json:
        print_json({name: [problem_as_dict(item, lang) for item in items] for name, items in found.items()})
    else:
        print_problems(found, lang)
    with clear_errors(lang), progress_on_stderr(quiet=False) as progress:
        for name, items in found.items():
            page = write_check(folder / name, out or _out(folder), items, lang, progress)
            typer.echo(_("Trang kiểm tra: {path}").format(path=page), err=True)
    raise typer.Exit(2 if any(item.is_error for items in found.values() for item in items) else 0)


@app.command(help=manual.TEMPLATE)
def template(
    scheme: Name,
    year: Annotated[int, typer.Option(min=1000, max=2999, help="Năm chấm điểm.")],
    raw: Raw = None,
) -> None:
    """Write the wide form of a year."""
    from cchc.form import write_form
    from cchc.reports.selection import choose_schemes

    with clear_errors():
        folder = raw_folder(raw)
        try:
            path = write_form(folder / choose_schemes(folder, [scheme])[0], year)
        except FileExistsError as error:
            stop(f"{error} đã có, và được giữ nguyên; hãy đổi tên hoặc chuyển tệp đó đi rồi chạy lại")
    typer.echo(f"Đã tạo {path}. Nhập điểm, lưu lại rồi chạy: cchc check {scheme}")


@app.command(help=manual.REPORT)
def report(
    schemes: Names = None,
    year: Annotated[list[int] | None, typer.Option(help="Chỉ năm này (lặp lại được).")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Chỉ giai đoạn này, dạng 2021-2025 (lặp lại được).")] = None,
    lang: Lang = SOURCE,
    units: Annotated[
        bool, typer.Option("--units", help="Cả phiếu của từng đơn vị (năm mới nhất, hoặc --year).")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Số báo cáo lập cùng lúc; mặc định: số nhân CPU.")] = None,
    cluster: Annotated[str, typer.Option(help="Địa chỉ cụm máy Dask, dạng tcp://host:8786.")] = "",
    engine: Annotated[str, typer.Option(help="cchc (nhanh) hoặc nbclient (của papermill).")] = "cchc",
    force: Annotated[bool, typer.Option("--force", help="Lập lại cả những báo cáo không thay đổi.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ nêu sẽ lập gì và vì sao.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Không hiện tiến độ; lỗi vẫn được in.")] = False,
    as_json: Json = False,
    raw: Raw = None,
    processed_: Processed = None,
    out: Out = None,
) -> None:
    """Build whatever is out of date."""
    from cchc.reports import runner

    translator_of(lang)
    with clear_errors(lang), progress_on_stderr(quiet) as progress:
        folder = raw_folder(raw, processed_)
        summary = runner.report(
            folder,
            out or _out(folder),
            schemes=schemes or [],
            years=year or [],
            stages=stage or [],
            lang=lang,
            units=units,
            jobs=jobs or os.cpu_count() or 1,
            engine=_engine(engine, lang),
            cluster_address=cluster,
            force=force,
            dry_run=dry_run,
            progress=progress,
        )
    print_summary(summary, dry_run, quiet, as_json)
    raise typer.Exit(summary.exit_code)


@app.command(help=manual.VERIFY)
def verify(
    scheme: Name,
    year: Annotated[int | None, typer.Option(help="Chỉ năm này; mặc định: mọi năm đã công bố.")] = None,
    raw: Raw = None,
    processed_: Processed = None,
) -> None:
    """Compare what was announced with the recomputation."""
    from cchc.editions import compare

    reproduces = []
    with clear_errors():
        data = load_scheme(scheme, raw, processed_)
        # what was announced and cannot be read is nothing that reproduces
        data.require(*([year] if year else data.broken_years), stages=() if year else data.broken_stages)
        found = data.editions["period"].unique().tolist()
        wanted = [period for period in found if not year or period == str(year)]
        if not wanted:
            of_year, known = f" năm {year}" if year else "", ", ".join(found) or "—"
            stop(f"{scheme}: chưa có bảng công bố{of_year} để so; đã công bố: {known}")
        for period in wanted:
            table = compare(data, data.editions_of(period)[-1], stages=None)
            announced = table[table["status"] != "not_announced"]
            same = int((announced["status"] == "same").sum())
            for line in table[table["status"] != "same"].to_dict("records"):
                typer.echo(difference_line(line, data.scheme.group(line["group"]).short, data.scheme.decimals))
            typer.echo(f"{period}: {same}/{len(announced)} đơn vị tái lập")
            reproduces.append(same == len(table))
    raise typer.Exit(0 if all(reproduces) else 1)


@app.command(help=manual.FREEZE)
def freeze(
    scheme: Name,
    decision: Annotated[str, typer.Option(help="Số quyết định công bố; bắt buộc.")] = "",
    date: Annotated[str, typer.Option(help="Ngày quyết định, 2025-01-20 hoặc 20/01/2025; bắt buộc.")] = "",
    year: Year = None,
    stage: StageOption = None,
    raw: Raw = None,
    processed_: Processed = None,
    out: Out = None,
) -> None:
    """Announce the figures of a year or a stage."""
    from cchc.reports.freezing import freeze as announce

    with clear_errors(), progress_on_stderr(quiet=False) as progress:
        folder = raw_folder(raw, processed_)
        frozen = announce(
            folder, out or _out(folder), scheme,
            period=period_of(year, stage), decision=decision, day=date, progress=progress,
        )  # fmt: skip
    period = period_of(year, stage)
    announced = f"công bố lần {frozen.edition} ({frozen.decision})"
    if frozen.is_new:
        typer.echo(f"Đã chốt {period}: {announced}. Lập lại trang bằng: {frozen.command}")
    else:
        typer.echo(f"Không có gì thay đổi: {period} đã chốt với đúng các số này, {announced}.")


@app.command(help=manual.WHY)
def why(
    scheme: Name,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="Mã hoặc tên đơn vị.")],
    year: Year = None,
    stage: StageOption = None,
    edition: Annotated[int | None, typer.Option(min=1, help="Lần công bố; mặc định: dữ liệu hiện nay.")] = None,
    as_json: Json = False,
    raw: Raw = None,
    processed_: Processed = None,
) -> None:
    """Print the chain from cell to place."""
    from cchc.archives import load_edition
    from cchc.award_lines import unit_award_lines
    from cchc.chain import chain_of
    from cchc.why import chain_lines

    with clear_errors():
        period = period_of(year, stage)
        data = load_scheme(scheme, raw, processed_)
        try:
            data = data if edition is None else load_edition(data, period, edition)
            chain = chain_of(data, unit, period)
        except (LookupError, ValueError) as error:
            stop(str(error))
    if as_json:
        print_json(chain)
    else:
        typer.echo("\n".join([*chain_lines(chain), *unit_award_lines(data.scheme, chain["awards"])]))


@app.command(help=manual.AWARDS)
def awards(
    scheme: Name,
    year: Year = None,
    stage: StageOption = None,
    raw: Raw = None,
    processed_: Processed = None,
) -> None:
    """Print the award proposal of a year or a stage."""
    from cchc.award_lines import award_lines
    from cchc.awards import propose_awards_of

    with clear_errors():
        period = period_of(year, stage)
        data = load_scheme(scheme, raw, processed_)
        try:
            proposal = propose_awards_of(data, period)
        except (LookupError, ValueError) as error:
            stop(str(error))
    typer.echo("\n".join(award_lines(data, proposal, period)))


@app.command(help=manual.PUBLISH)
def publish(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Thư mục, tệp .zip, hoặc địa chỉ như s3://kho/cchc.")],
    schemes: Names = None,
    personal: Annotated[bool, typer.Option("--personal", help="Cả trang có tên cá nhân.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="Xóa ở nơi đến những tệp đã chép trước đây mà nay không còn.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ nêu sẽ chép, xóa gì.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Không hiện tiến độ; lỗi vẫn được in.")] = False,
    raw: Raw = None,
    out: Out = None,
) -> None:
    """Copy the finished pages to where others read them."""
    from cchc.reports.selection import choose_schemes
    from cchc.reports.sharing import share

    with clear_errors(), progress_on_stderr(quiet) as progress:
        folder = raw_folder(raw)
        shared = share(
            out or _out(folder), choose_schemes(folder, schemes or []), target,
            personal=personal, delete=delete, dry_run=dry_run, progress=progress,
        )  # fmt: skip
    print_shared(shared, target, dry_run, quiet)
    raise typer.Exit(1 if shared.left_out else 0)


def main() -> None:
    """Run the command line: the entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        # a Windows console or a cron job may have another encoding, which cannot write Vietnamese
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


def _engine(name: str, lang: str) -> EngineName:
    if name not in get_args(EngineName):
        text = translator(lang)(msgid("Không có engine “{name}”; có: {known}"))
        stop(text.format(name=name, known=", ".join(get_args(EngineName))))
    return cast("EngineName", name)


def _out(raw: Path) -> Path:
    """Return the default folder of the reports: beside data/, else in the working folder."""
    return (raw.parents[1] if raw.parts[-2:] == ("data", "raw") else Path.cwd()) / "reports"
