"""What a call of the command line gives: folders, scheme, period; and what is wrong with it, as a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from cchc import processed
from cchc.console import problem_line
from cchc.locale import SOURCE, translator
from cchc.phrases import Translate, translated
from cchc.problems import InputError

if TYPE_CHECKING:
    from cchc.dataset import Dataset


def raw_folder(raw: Path | None, processed_folder: Path | None = None) -> Path:
    """Return the folder of the schemes; the folders given hold for everything that this process starts."""
    if processed_folder:
        os.environ["CCHC_PROCESSED"] = str(processed_folder.absolute())
    if raw:
        os.environ["CCHC_RAW"] = str(raw.absolute())
    return processed.raw_folder()


def load_scheme(scheme: str, raw: Path | None, processed_folder: Path | None) -> Dataset:
    """Return the data of the scheme that a call names."""
    from cchc.reports.selection import choose_schemes

    folder = raw_folder(raw, processed_folder)
    return processed.load(folder / choose_schemes(folder, [scheme])[0])


def period_of(year: int | None, stage: str | None) -> str:
    """Return the one period that the options name."""
    if (year is None) == (stage is None):
        stop("Cần đúng một trong hai: --year 2024 hoặc --stage 2021-2025")
    period = str(year) if stage is None else stage
    if not re.fullmatch(r"[12][0-9]{3}" if stage is None else r"[12][0-9]{3}-[12][0-9]{3}", period):
        stop(f"“{period}” không phải là giai đoạn; ghi như 2021-2025")
    return period


def translator_of(lang: str) -> Translate:
    """Return the function that translates to the language of a call."""
    try:
        return translator(lang)
    except LookupError as error:
        stop(str(error.args[0]))


@contextmanager
def clear_errors(lang: str = SOURCE) -> Iterator[None]:
    """Turn what is wrong with the call or the input into sentences and exit code 2."""
    from cchc.reports.cluster import ClusterError
    from cchc.reports.sources import CallError

    _ = translator(lang)
    try:
        yield
    except InputError as error:
        for problem in error.problems:
            typer.echo(problem_line(problem, lang=lang), err=True)
        raise typer.Exit(2) from None
    except (CallError, ClusterError) as error:
        stop(translated(error.args[0], _))
    except OSError as error:
        typer.echo(_("Không đọc hoặc ghi được: {error}").format(error=error), err=True)
        raise typer.Exit(1) from None


def stop(sentence: str) -> NoReturn:
    """End the command with a sentence and exit code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
