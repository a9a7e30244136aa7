"""What pydantic says of a settings file, as problems that name key, value and what is allowed."""

from __future__ import annotations

import difflib
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cchc.phrases import Phrase, msgid
from cchc.problems import Problem

Model = type[BaseModel]


def explain(file: str, model: Model, settings: dict[str, Any], error: ValidationError) -> list[Problem]:
    """Return the problems of `file`, which holds `settings` and was checked by `model`."""
    # pydantic calls a list too short when its only item is wrong, which is said of the item already
    found = [item for item in error.errors() if not (item["type"] == "too_short" and item["input"])]
    return [_problem(file, model, settings, item) for item in found]


def _problem(file: str, model: Model, settings: dict[str, Any], item: Any) -> Problem:
    """Turn one of pydantic's errors into a problem that names key, value and what is allowed."""
    keys = tuple(key for key in item["loc"] if not (isinstance(key, str) and "-" in key and "[" in key))
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    if item["type"] == "extra_forbidden":
        known = _known_keys(model, keys[:-1])
        near = difflib.get_close_matches(str(keys[-1]), known, n=3, cutoff=0.5) or known
        return Problem(
            "scheme-unknown-key", file, cell=place, value=str(keys[-1]), details={"allowed": ", ".join(near)}
        )
    if item["type"] == "missing":
        value: str = Phrase("(không có)")
        reason: str = Phrase("bắt buộc phải có")
    else:
        value = str(_written(settings, keys, item["input"]))
        own = item["type"] == "value_error"
        reason = item["ctx"]["error"].args[0] if own else Phrase("không đúng kiểu hoặc ngoài phạm vi cho phép")
    return Problem("scheme-key", file, cell=place, value=value, details={"reason": reason, "allowed": _allowed(item)})


def _written(settings: Any, keys: tuple[int | str, ...], otherwise: object) -> object:
    """Return the value as it stands in the file: what pydantic names may have been converted by then."""
    try:
        for key in keys:
            settings = settings[key]
    except (KeyError, IndexError, TypeError):  # a text given where a table with `vi` is meant
        return otherwise
    return settings


def _allowed(item: Any) -> str:
    """Say what a key may hold, from pydantic's own constraint."""
    context = item.get("ctx", {})
    if "expected" in context:
        *others, last = str(context["expected"]).split(" or ")
        return Phrase("{values} hoặc {last}", values=" or ".join(others), last=last) if others else last
    for key, text in (
        ("pattern", msgid("khớp mẫu {limit}")),
        ("ge", msgid("từ {limit} trở lên")),
        ("le", msgid("đến {limit}")),
        ("max_length", msgid("nhiều nhất {limit} ký tự")),
        ("min_length", msgid("ít nhất {limit} mục")),
    ):
        if key in context:
            return Phrase(text, limit=str(context[key]))
    kinds = {
        "missing": msgid("một giá trị"),
        "int": msgid("số nguyên"),
        "date": msgid("ngày, dạng 2024-12-31 hoặc 31/12/2024"),
        "string": msgid("chữ"),
        "bool": msgid("true hoặc false"),
        "decimal": msgid("số"),
        "tuple": msgid("danh sách"),
        "model": msgid("bảng có các khóa như trong tài liệu"),
    }
    otherwise = msgid("xem docs và mẫu của cchc new")
    return Phrase(next((text for kind, text in kinds.items() if item["type"].startswith(kind)), otherwise))


def _known_keys(model: Model, keys: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at `keys` may hold."""
    for key in keys:
        if isinstance(key, str):
            field = next(item for name, item in model.model_fields.items() if (item.alias or name) == key)
            model = _model_of(field.annotation)
    return [item.alias or name for name, item in model.model_fields.items() if not item.exclude]


def _model_of(annotation: Any) -> Any:
    """Return the settings model inside an annotation such as ``tuple[Group, ...]`` or ``Limit | None``."""
    if get_origin(annotation) is None:
        return annotation
    inner = [_model_of(argument) for argument in get_args(annotation)]
    return next(item for item in inner if isinstance(item, type) and issubclass(item, BaseModel))
