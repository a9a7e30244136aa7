"""cchc/scaffold.py: the folder that `cchc new` writes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cchc.award_settings import Award
from cchc.problems import InputError
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.scaffold import TEMPLATE, new_scheme
from cchc.scheme import read_scheme
from cchc.stage import rank_stage


def test_writes_the_whole_template_and_leaves_nothing_else(tmp_path: Path) -> None:
    written = new_scheme(tmp_path / "raw", "so-gddt")
    assert written == sorted(path for path in (tmp_path / "raw").rglob("*") if path.is_file())
    names = {str(path.relative_to(tmp_path / "raw" / "so-gddt").as_posix()) for path in written}
    assert names == {"README.md", "scheme.toml", "units.csv", "rubric.csv", "scores/2025.csv"}
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["so-gddt"]


def test_loads_and_ranks_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mau"
    new_scheme(tmp_path, "mau")
    data = read_dataset(folder)
    assert data.problems == ()
    assert data.scheme.illustrative
    ranking = rank_year(data, 2025)
    first = ranking.loc[ranking["rank"] == 1, ["group", "unit_id", "index_score"]].to_numpy().tolist()
    # (18.5 + 9 + 27.5 + 17.25 + 17 + 1) of 100; (17 + 8.75 + 26.5 + 17.9 + 17.5) of 100
    assert first == [["so-nganh", "so-vi-du-1", 90.25], ["cap-xa", "phuong-vi-du", 87.65]]
    kad = ranking.set_index("unit_id").loc["so-vi-du-2"]
    assert (kad["max_points"], kad["index_score"]) == (50, 83.5)  # 41.75 of 50
    assert rank_stage(data, 2021, 2025)["rank"].notna().all()


def test_every_example_score_is_marked_illustrative() -> None:
    lines = (TEMPLATE / "scores" / "2025.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert all("minh họa" in line for line in lines)


def test_explains_every_key_and_column() -> None:
    settings = (TEMPLATE / "scheme.toml").read_text(encoding="utf-8")
    for key in set(tomllib.loads(settings)) - {"groups", "years", "stages", "classes", "title"}:
        line = next(line for line in settings.splitlines() if line.startswith(f"{key} ="))
        assert "#" in line or settings.split(line)[0].rstrip().splitlines()[-1].startswith("#"), key
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    for name in ("units.csv", "rubric.csv", "scores/2025.csv"):
        columns = (TEMPLATE / name).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert [column for column in columns if f"`{column}`" not in readme] == []


def test_the_award_that_is_commented_out_can_be_used(tmp_path: Path) -> None:
    new_scheme(tmp_path, "mau")
    path = tmp_path / "mau" / "scheme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^#(?! )", "", text, flags=re.MULTILINE), encoding="utf-8")
    scheme = read_scheme(path.parent)
    assert [award.id for award in scheme.awards_of("2025")] == ["bang-khen-tap-the"]
    given = {field.alias or name for name, field in Award.model_fields.items()}
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))["awards"][0]) == given - {"require"}
    assert len(scheme.contents) == 1


@pytest.mark.parametrize("name", ["Sóc Trăng", "soc_trang", "-a", "SO", "a.b", "a/b", "../esc", "a\n", ""])
def test_refuses_a_bad_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="chữ thường không dấu"):
        new_scheme(tmp_path / "raw", name)
    assert list(tmp_path.iterdir()) == []


def test_refuses_an_existing_folder_and_leaves_it_alone(tmp_path: Path) -> None:
    (tmp_path / "mau").mkdir()  # empty: a plain rename would replace it in silence
    with pytest.raises(FileExistsError):
        new_scheme(tmp_path, "mau")
    assert list(tmp_path.rglob("*")) == [tmp_path / "mau"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Path, data: bytes) -> int:
        if self.name == "units.csv":
            raise OSError("disk full")
        return len(data)

    monkeypatch.setattr(Path, "write_bytes", broken)
    with pytest.raises(OSError, match="disk full"):
        new_scheme(tmp_path, "mau")
    assert list(tmp_path.iterdir()) == []
