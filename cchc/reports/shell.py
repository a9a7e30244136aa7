"""An IPython in this process that runs a notebook's cells and keeps what they put out, as nbformat.

No kernel and no sockets: starting those is most of what a page costs with papermill's stock engine.
"""

from __future__ import annotations

import io
import os
from base64 import b64encode
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from traitlets import Type
from traitlets.config import Config


class _Stream(io.TextIOBase):
    """A standard stream that adds what is written to the outputs of the cell that runs."""

    encoding = "utf-8"

    def __init__(self, name: str, shell: NotebookShell) -> None:
        self._name, self._shell = name, shell

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._shell.write(self._name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    """What `display` calls."""

    def publish(
        self, data: Any, metadata: Any = None, *_: Any, transient: Any = None, update: bool = False, **__: Any
    ) -> None:
        shell: Any = self.shell
        output = new_output("display_data", data=_as_text(data), metadata=metadata or {})
        name = (transient or {}).get("display_id")
        named = shell.named.setdefault(name, []) if name is not None else []
        for earlier in named:  # they change too, wherever they stand
            earlier.update(data=output.data, metadata=output.metadata)
        if not update:
            named.append(output)
            shell.add(output)

    def clear_output(self, wait: bool = False) -> None:
        shell: Any = self.shell
        shell.clear(wait)


class _Hook(DisplayHook):
    """What the value of a cell's last expression goes to."""

    def write_output_prompt(self) -> None:
        """Write nothing: there is no terminal."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        if format_dict:
            shell: Any = self.shell
            data, count = _as_text(format_dict), self.prompt_count
            shell.add(new_output("execute_result", data=data, metadata=md_dict or {}, execution_count=count))


def _as_text(data: Any) -> dict[str, Any]:
    """Return a bundle of types as a notebook holds it: an image's bytes as base64."""
    return {
        name: b64encode(value).decode() if isinstance(value, bytes) else value for name, value in dict(data).items()
    }


class NotebookShell(InteractiveShell):
    """An IPython without terminal, history or its user's configuration, that records outputs.

    Attributes
    ----------
    outputs : list of NotebookNode
        Of the cell that ran last.
    named : dict
        Outputs by their display id, which later cells may update.
    """

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **_: Any) -> None:
        self.outputs: list[Any] = []
        self.named: dict[str, list[Any]] = {}
        self._clears_next = False
        # for the whole notebook, as in a kernel: a logger keeps the stream that was there when it was set up
        self._streams = _Stream("stdout", self), _Stream("stderr", self)
        # as in a kernel: what is drawn by pyplot becomes an output
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        # history would open a database in the user's home, and a thread
        quiet = Config({"HistoryManager": {"enabled": False}})
        super().__init__(colors="NoColor", config=quiet)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: ``%matplotlib inline`` asks for it."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.add(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb))

    def add(self, output: Any) -> None:
        """Add an output to those of the cell."""
        if self._clears_next:
            self.clear()
        self.outputs.append(output)

    def write(self, stream: str, text: str) -> None:
        """Add text to the outputs of the cell, to the last of them where that is of the same stream."""
        last = self.outputs[-1] if self.outputs and not self._clears_next else None
        if last is not None and last.output_type == "stream" and last.name == stream:
            last.text += text
        else:
            self.add(new_output("stream", name=stream, text=text))

    def clear(self, wait: bool = False) -> None:
        """Take the outputs of the cell away, now or when the next one comes."""
        self._clears_next = wait
        if not wait:
            self.outputs.clear()

    def run(self, source: str) -> bool:
        """Run one cell, its outputs to `outputs`, and return whether it went well."""
        self.outputs, self._clears_next = [], False
        with redirect_stdout(self._streams[0]), redirect_stderr(self._streams[1]):
            result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            return bool(result.success)
