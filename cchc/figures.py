"""How figures look, how large their labels make them, and how one becomes an SVG of stable bytes.

A `Sheet` is a figure of one Axes whose data units are those of the SVG, y downwards: every label is measured before
it is placed, so margins fit the longest name, nothing overlaps, and each figure is laid out and drawn once.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from contextlib import ContextDecorator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from matplotlib import colors, style
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.ticker import MaxNLocator

from cchc.locale import number
from cchc.table import Table

INK, GREY, PALE, RULE, WHITE = "#0B0C0C", "#6F777B", "#8A9095", "#DADEE1", "#FFFFFF"
FOCUS, FALL = "#12436D", "#801650"
LINES = ("#12436D", "#28A197", "#801650", "#F46A25", "#A285D1")
SEQUENTIAL = ("#E9F2FB", "#6BACE6", "#2073BC", "#12436D")
FONT = "DejaVu Sans"
WIDTH = 720.0
SIZE, SMALL = 11.5, 10.0
LEADING = 1.2  # of the size, from line to line
ROW = 21.0

# parse_math: a "$" in a unit's name is no formula
STYLE: dict[str, Any] = {"font.family": FONT, "svg.fonttype": "none", "text.parse_math": False, "hatch.linewidth": 0.7}
# Verdana has nearly the widths of DejaVu Sans, for a notebook on a machine that lacks the latter
ROOT_STYLE = (
    f"max-width:{{width:g}}px;font-family:'{FONT}',Verdana,sans-serif;stroke-linejoin:round;stroke-linecap:butt"
)
METADATA = ("Date", "Creator", "Format", "Type")  # that an SVG of Matplotlib has, and ours has not
SCALE_UP = 1.25  # widest that a page shows a figure, times its own width

Point = tuple[float, float]
Align = Literal["left", "center", "right"]
Weight = Literal["normal", "bold"]


@dataclass(frozen=True)
class Chart:
    """A figure with what it says.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    title : str
        The finding.
    subtitle : str
        What is shown, in which unit, and the marks that the figures stand under (draft, illustrative).
    alt : str
        Text alternative: who leads, the range, how many, what the marks mean.
    table : Table
        The figures that are drawn.
    """

    figure: Figure
    title: str
    subtitle: str
    alt: str
    table: Table

    @property
    def svg(self) -> str:
        """The figure as an ``<svg>`` element: real text, scalable, ids of its own, the same bytes every time."""
        return to_svg(self.figure, salt=repr((self.title, self.subtitle, self.alt, self.table.id)))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        texts = {"title": self.title, "subtitle": self.subtitle, "alt": self.alt, "table": self.table.html}
        return {"image/svg+xml": self.svg, "text/plain": self.title}, {"image/svg+xml": texts}


def styled() -> ContextDecorator:
    """Return a decorator that draws in the house style, whatever the notebook's rcParams are."""
    return style.context(("default", STYLE))


class _Renderer(RendererSVG):
    """Draws texts unmeasured: an SVG's text has its anchor, and its reader lays it out (a fifth of all drawing)."""

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        return 0.0, 0.0, 0.0


def to_svg(figure: Figure, salt: str) -> str:
    """Draw `figure` as an SVG element whose ids are hashed with `salt`: unique on a page, the same in every run."""
    buffer = io.StringIO()
    with style.context(("default", {**STYLE, "svg.hashsalt": hashlib.sha256(salt.encode()).hexdigest()})):
        width, height = figure.get_size_inches() * 72
        renderer: Any = _Renderer(width, height, buffer, metadata=dict.fromkeys(METADATA))  # type: ignore[no-untyped-call]
        figure.draw(renderer)
        renderer.finalize()
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg ") :].rstrip()  # no prolog and no doctype inside a page, no style for all of it
    svg = re.sub(r" <defs>\s*<style.*?</style>\s*</defs>\n", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # "axes_1", "text_1": repeated by every figure
    svg = re.sub(r'(<text style="[^"]*?); font-family: [^;"]*', r"\1", svg)
    svg = re.sub(r' transform="rotate\(-?0 [^"]*\)"', "", svg)
    root = ROOT_STYLE.format(width=figure.get_figwidth() * 72 * SCALE_UP)
    return re.sub(r' width="[^"]*" height="[^"]*"', f' style="{root}"', svg, count=1)


@cache
def _advance(character: str, weight: Weight) -> float:
    """Return how far a character moves the pen, in widths of an em (the layout of a whole text took 1 ms)."""
    font = get_font(findfont(FontProperties(family=FONT, weight=weight)))
    font.set_size(100, 72)
    return font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def text_width(text: str, size: float = SIZE, weight: Weight = "normal") -> float:
    """Return the width of one line of text in SVG units, unkerned, and a little more for browsers' own ways."""
    return sum(_advance(character, weight) for character in text) * size * 1.02


def widest(texts: Iterable[str], size: float = SIZE, weight: Weight = "normal") -> float:
    """Return the width of the widest of `texts`; 0 where there is none."""
    return max((text_width(text, size, weight) for text in texts), default=0.0)


def wrap(text: str, width: float, size: float = SIZE, weight: Weight = "normal") -> list[str]:
    """Break `text` between words into lines of at most `width`; a longer word stands on a line of its own, uncut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def sequential(n: int) -> list[str]:
    """Return `n` colours from pale to dark."""
    colourmap = colors.LinearSegmentedColormap.from_list("sequential", SEQUENTIAL)
    return [colors.to_hex(colourmap(at / max(n - 1, 1))) for at in range(n)]


def ink_on(background: Any) -> str:
    """Return black or white, whichever contrasts more with `background`: always at least 4.58 to 1 (WCAG AA)."""
    return max(("#000000", WHITE), key=lambda ink: contrast(ink, background))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of two colours by WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Any) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colors.to_rgb(colour)]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def round_values(low: float, high: float, most: int) -> list[float]:
    """Return round, evenly spaced values that enclose `low` and `high`, in about `most` steps."""
    return [round(float(value), 10) for value in MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]


def tick_texts(ticks: Sequence[float], lang: str) -> list[str]:
    """Return round values as text, with no more decimals than they need."""
    decimals = max((len(f"{tick:.10f}".rstrip("0").split(".")[1]) for tick in ticks), default=0)
    return [number(tick, decimals, lang) for tick in ticks]


@dataclass(frozen=True)
class Scale:
    """A linear scale: values from `low` to `high` lie between `start` and `end` on the sheet."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> Scale:
        """Span `values` with a little room at both ends."""
        low, high = min(values), max(values)
        room = (high - low) * 0.05 or 1.0
        return cls(low - room, high + room, start, end)

    def __call__(self, value: float) -> float:
        """Return where `value` lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Return about `most` round values within the scale."""
        return [value for value in round_values(self.low, self.high, most) if self.low <= value <= self.high]


class Sheet:
    """A figure in SVG units: (0, 0) is its top left corner.

    Attributes
    ----------
    figure, axes
        The figure, and its only Axes.
    """

    def __init__(self, width: float = WIDTH) -> None:
        self.width = width
        self.figure = Figure(dpi=72)
        self.axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)

    def finish(self, height: float) -> Figure:
        """Give the figure its height, when that is known, and return it."""
        self.figure.set_size_inches(self.width / 72, height / 72)
        self.axes.set(xlim=(0, self.width), ylim=(height, 0))
        return self.figure

    def text(self, x: float, y: float, text: str | Sequence[str], *, size: float = SIZE, align: Align = "left",
             weight: Weight = "normal", color: Any = INK) -> None:  # fmt: skip
        """Write lines of text whose block is centred on `y`, a text element a line: a browser then aligns each."""
        lines = [text] if isinstance(text, str) else text
        # 0.36 of the size from the middle of a line down to its base: half the height of a capital
        base = y + size * (0.36 - LEADING * (len(lines) - 1) / 2)
        for at, line in enumerate(lines):  # the figure's texts, above all marks; an Axes would clip each one
            y = base + at * size * LEADING
            self.figure.text(x, y, line, size=size, ha=align, weight=weight, color=color, transform=self.axes.transData)

    def lines(self, lines: Sequence[Sequence[Point]], color: Any, width: float = 1.0, **style: Any) -> None:
        """Draw lines, each through its points."""
        if lines:
            drawn = LineCollection(lines, colors=color, linewidths=width, clip_on=False, **style)
            self.axes.add_collection(drawn, autolim=False)

    def dots(self, points: Sequence[Point], *, fill: Any, edge: Any = None, size: float = 8.0,
             marker: str = "o", layer: float = 3.0) -> None:  # fmt: skip
        """Draw one kind of mark at each of `points`."""
        if points:
            x, y = zip(*points, strict=True)
            self.axes.plot(x, y, marker, ms=size, mfc=fill, mec=edge or fill, mew=1.3, clip_on=False, zorder=layer)

    def axis(self, scale: Scale, top: float, bottom: float, lang: str) -> None:
        """Draw a horizontal scale above the rows, with a pale line down at each tick."""
        ticks = scale.ticks(5)
        self.lines([[(scale(tick), top), (scale(tick), bottom)] for tick in ticks], RULE, 0.8)
        for tick, text in zip(ticks, tick_texts(ticks, lang), strict=True):
            self.text(scale(tick), top - 9, text, size=SMALL, align="center", color=GREY)

    def legend(self, entries: Sequence[tuple[dict[str, Any], str]], y: float) -> float:
        """Write a legend from left to right and return the y below it; an entry is a mark's style and its meaning."""
        x = 0.0
        for mark, text in entries:
            sign = 18.0 if mark else 0.0
            if x and x + sign + text_width(text, SMALL) > self.width:
                x, y = 0.0, y + 17
            if "line" in mark:
                self.lines(
                    [[(x, y), (x + 13, y)]], mark["line"], mark.get("width", 1.5), linestyles=mark.get("style", "-")
                )
            elif mark:
                self.dots([(x + 6, y)], **mark)
            self.text(x + sign, y, text, size=SMALL, color="#3D3D3D")
            x += sign + text_width(text, SMALL) + 18
        return y + 14


class Rows:
    """Rows of a chart: places and names down the left side, each row as high as its name needs when it is wrapped.

    Attributes
    ----------
    right : float
        Where the widest name ends.
    """

    def __init__(self, places: Sequence[str], names: Sequence[str], bold: Sequence[bool], limit: float = 250.0) -> None:
        self._places = places
        self._weights: list[Weight] = ["bold" if strong else "normal" for strong in bold]
        self._lines = [wrap(name, limit, weight=weight) for name, weight in zip(names, self._weights, strict=True)]
        self._indent = widest(places, weight="bold") + 7 if any(places) else 0.0
        widths = [widest(lines, weight=weight) for lines, weight in zip(self._lines, self._weights, strict=True)]
        self.right = self._indent + max(widths)

    def draw(self, sheet: Sheet, top: float) -> tuple[list[float], list[float]]:
        """Write the rows from `top` down, and return their middles and the edges between them."""
        edges = [top]
        for lines in self._lines:
            edges.append(edges[-1] + ROW + (len(lines) - 1) * SIZE * LEADING)
        middles = [(upper + lower) / 2 for upper, lower in pairwise(edges)]
        for y, place, lines, weight in zip(middles, self._places, self._lines, self._weights, strict=True):
            sheet.text(self._indent - 7, y, place, align="right", weight=weight)
            sheet.text(self._indent, y, lines, weight=weight)
        return middles, edges
