"""Prose as a value: headings, paragraphs and lists, escaped when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

Tag = Literal["h1", "h2", "h3", "p", "ul", "dl"]


@dataclass(frozen=True)
class Block:
    """One heading, paragraph or list.

    Attributes
    ----------
    tag : str
        The HTML element.
    lines : tuple of str
        One for a heading or a paragraph, one an item for "ul"; term and meaning by turns for "dl".
    css, id : str
        Class and id of the element; "" for none.
    """

    tag: Tag
    lines: tuple[str, ...]
    css: str = ""
    id: str = ""

    @property
    def html(self) -> Markup:
        """The block as HTML, everything escaped."""
        attributes = Markup("").join(
            Markup(' {}="{}"').format(name, value) for name, value in (("id", self.id), ("class", self.css)) if value
        )
        if self.tag == "dl":
            items = zip(self.lines[::2], self.lines[1::2], strict=True)
            inner = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*item) for item in items)
        elif self.tag == "ul":
            inner = Markup("").join(Markup("<li>{}</li>").format(line) for line in self.lines)
        else:
            inner = Markup("{}").format(self.lines[0])
        return Markup("<{0}{1}>{2}</{0}>").format(Markup(self.tag), attributes, inner)

    @property
    def text(self) -> str:
        """The block as plain text, a line an item."""
        if self.tag == "dl":
            return "\n".join(
                f"{term}: {meaning}" for term, meaning in zip(self.lines[::2], self.lines[1::2], strict=True)
            )
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Prose:
    """Blocks that belong together; `css` is the class of their common element, and `tag` its name."""

    blocks: tuple[Block, ...]
    css: str
    tag: Literal["div", "header"] = "div"

    @property
    def html(self) -> Markup:
        """The blocks as HTML, everything escaped."""
        inner = Markup("\n").join(block.html for block in self.blocks)
        return Markup('<{0} class="prose {1}">\n{2}\n</{0}>').format(Markup(self.tag), self.css, inner)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": str(self.html), "text/plain": "\n".join(block.text for block in self.blocks)}
