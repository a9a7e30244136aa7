"""From a notebook's cells to the body of a page: nbconvert with a template of our own.

`TemplateExporter`, not `HTMLExporter`: the latter parses the whole page again with BeautifulSoup, which takes nearly
all of its time and lower-cases the attributes of SVG, and its templates load scripts from outside.
"""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from cchc.locale import translator

DROPPED_TAGS = {"analyst", "parameters", "injected-parameters"}
# One form of each output is printed, the first of these that it has.
PRIORITY = ["image/svg+xml", "text/html", "text/markdown", "text/plain"]


def body_exporter(templates: Path, lang: str) -> TemplateExporter:
    """Return the exporter that turns a notebook's markdown and outputs into the body of a page.

    Parameters
    ----------
    templates : Path
        Folder of ``notebook.html.j2``.
    lang : str
        Language that the markdown cells, Vietnamese in the notebook, are translated to.
    """
    config = Config(
        NbConvertBase={"display_data_priority": PRIORITY},
        TagRemovePreprocessor={"remove_cell_tags": DROPPED_TAGS},
    )
    exporter = TemplateExporter(
        config,
        template_paths=[str(templates)],
        template_file="notebook.html.j2",
        filters={"markdown": render_markdown, "inline_svg": inline_svg},
    )
    exporter.environment.globals["_"] = translator(lang)
    return exporter


def render_markdown(source: str) -> Markup:
    """Return markdown as HTML: HTML in it, which may come from data, is escaped, and headings get no "¶" link."""
    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer).render(source))


def inline_svg(svg: str, figure_id: str) -> Markup:
    """Return an SVG as an element of a page, named by the caption of its figure and described by its text."""
    names = f'role="img" aria-labelledby="{figure_id}-title" aria-describedby="{figure_id}-alt"'
    element = svg[svg.index("<svg") :]  # a whole SVG file has an XML head, which has no place inside a page
    return Markup(element.replace("<svg", f"<svg {names}", 1))
