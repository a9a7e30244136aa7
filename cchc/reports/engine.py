"""How a notebook's cells run: papermill's contract, with an engine of our own beside its stock one.

papermill loads the entry points of engines while it is being imported, so this module imports it in functions only.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from nbformat import NotebookNode

Parameter = str | int | float | bool
EngineName = Literal["cchc", "nbclient"]


class ParameterError(Exception):
    """A notebook is called with a parameter of another type than its parameters cell declares."""


class Engine:
    """papermill's engine ``cchc``: an IPython in this process instead of a kernel.

    Use it as ``papermill --engine cchc notebooks/annual_ranking.ipynb out.ipynb -p year 2024``.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        cell_file: Path | None = None,
        **_: Any,
    ) -> NotebookNode:
        """Run every cell up to the first that fails; papermill calls this.

        Parameters
        ----------
        nb : NotebookNode
            With its parameters injected.
        cell_file : Path, optional
            File that always holds the number (from 1) of the cell that is running, for whoever finds this process dead.
        kernel_name, output_path, progress_bar, log_output, autosave_cell_every
            As papermill gives them.

        Raises
        ------
        ParameterError
            An injected parameter is not of the declared type: papermill's command line turns ``01`` into 1.
        """
        from papermill.engines import NotebookExecutionManager

        check_injected(nb)
        manager = NotebookExecutionManager(nb, output_path, log_output, progress_bar, autosave_cell_every)
        manager.notebook_start()
        try:
            _run_cells(manager, cell_file)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        done: NotebookNode = manager.nb
        return done

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel that the notebook names; papermill asks."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the notebook's language; papermill asks."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))


def _run_cells(manager: Any, cell_file: Path | None) -> None:
    # IPython is heavy, and papermill's command line imports this module for any engine
    from cchc.reports.shell import NotebookShell

    shell = NotebookShell.instance()
    try:
        for index, cell in enumerate(manager.nb.cells):
            manager.cell_start(cell, index)
            went_well = True
            if cell.cell_type == "code" and cell.source.strip():
                if cell_file:
                    cell_file.write_text(str(index + 1))
                went_well = shell.run(cell.source)
                cell.outputs, cell.execution_count = shell.outputs, shell.execution_count - 1
            if not went_well:
                manager.cell_exception(cell, index)
            manager.cell_complete(cell, index)  # of a text too: the progress bar counts every cell
            if not went_well and not has_tag(cell, "raises-exception"):
                return
    finally:
        NotebookShell.clear_instance()


def execute(
    source: NotebookNode, parameters: Mapping[str, Parameter], engine: EngineName, cell_file: Path | None = None
) -> NotebookNode:
    """Run a notebook by papermill and return it with outputs that depend on its inputs alone.

    Raises
    ------
    PapermillExecutionError
        A cell raised.
    DeadKernelError
        The kernel died (``nbclient`` only).
    """
    import papermill

    options = {"cell_file": cell_file} if engine == "cchc" else {}
    # A node, not its path: papermill formats paths, and one with braces in it would fail. No cwd: it would be changed
    # for the whole process.
    notebook = papermill.execute_notebook(
        source,
        None,
        dict(parameters),
        engine_name=engine,
        progress_bar=False,
        request_save_on_cell_execute=False,
        **options,
    )
    return tidy(notebook)


def check_injected(notebook: NotebookNode) -> None:
    """Raise ParameterError where an injected parameter is not of the type of the one that it overrides."""
    declared = _assigned(notebook, "parameters")
    for name, value in _assigned(notebook, "injected-parameters").items():
        expected = type(declared.get(name, value))
        if type(value) is not expected:
            raise ParameterError(
                f"Tham số “{name}” phải là {expected.__name__}, đang là {value!r}; với lệnh papermill, "
                f"-r {name} … giữ nguyên giá trị dạng chữ"
            )


def _assigned(notebook: NotebookNode, tag: str) -> dict[str, Any]:
    """Return the literals that the cells with a tag assign, by name."""
    values = {}
    for cell in notebook.cells:
        if has_tag(cell, tag):
            for line in ast.parse(cell.source).body:
                match line:
                    case ast.AnnAssign(ast.Name(name), _, ast.Constant(value)):
                        values[name] = value
                    case ast.Assign([ast.Name(name)], ast.Constant(value)):
                        values[name] = value
    return values


def has_tag(cell: NotebookNode, tag: str) -> bool:
    """Return whether a cell has a tag."""
    return tag in cell.metadata.get("tags", [])


def exited_at(notebook: NotebookNode) -> int | None:
    """Return the number of the cell that ended the run by sys.exit(), which papermill takes for success."""
    codes = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if all(cell.execution_count is not None for cell in codes):
        return None
    last = [cell for cell in codes if cell.execution_count is not None][-1]
    in_file = [cell for cell in notebook.cells if not has_tag(cell, "injected-parameters")]
    return in_file.index(last) + 1


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Drop from an executed notebook what differs between two equal runs: times, random ids, addresses in reprs."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if has_tag(cell, "injected-parameters"):
            cell.id = "injected-parameters"
        for output in cell.get("outputs", []):
            # "<cchc.charts.Chart at 0x7f…>" stands beside every figure
            if len(output.get("data", {})) > 1:
                output.data.pop("text/plain", None)
    return notebook
