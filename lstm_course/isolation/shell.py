"""An IPython shell without a notebook or a kernel around it.

IPython runs the cells as it does in a kernel: magics bind names, a ``__future__`` import applies to later cells, and
``await`` works outside functions. Whatever addresses a screen, a person or another program does nothing.
"""

import asyncio
import functools
import os
import sys
import tempfile
import types

# Magics that control the display or print information. They bind nothing, and some of them need a kernel.
SILENT = "matplotlib config gui pinfo pinfo2 pdoc psource pfile page load_ext reload_ext debug edit".split()
# Cell magics that hand the cell to another program.
FOREIGN = "script bash sh cmd perl ruby python python2 python3 pypy html javascript js latex markdown svg".split()


@functools.cache
def start():
    """Return this process's shell. The first call creates it, since loading IPython takes a while."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.text import SList
    from traitlets.config import Config

    class Hook(DisplayHook):
        """Stores the value of a cell's last expression, as ``_`` and in ``Out``, and shows nothing."""

        def __call__(self, result=None):
            self.check_for_underscore()
            if result is not None and not self.quiet():
                self.fill_exec_result(result)
                self.update_user_ns(result)

    class Publisher(DisplayPublisher):
        def publish(self, *args, **kwargs):
            pass

    class Shell(InteractiveShell):
        displayhook_class = Hook
        display_pub_class = Publisher

        def system(self, command):
            self.user_ns["_exit_code"] = 0

        system_piped = system_raw = system

        def getoutput(self, command, split=True, depth=0):
            return SList() if split else ""

        def showtraceback(self, *args, **kwargs):
            pass

        showsyntaxtraceback = showindentationerror = showtraceback

        def enable_gui(self, gui=None):
            pass

        def enable_matplotlib(self, gui=None):
            return None, "agg"

        def ask_exit(self):
            pass

        def run_line_magic(self, magic_name, line, _stack_depth=1):
            if magic_name in SILENT or self.find_line_magic(magic_name) is None:
                return None
            return super().run_line_magic(magic_name, line, _stack_depth + 1)

        def run_cell_magic(self, magic_name, line, cell):
            if magic_name in FOREIGN:
                return None
            if self.find_cell_magic(magic_name) is None:  # its extension is not installed: run the cell without it
                return self.run_cell(cell)
            return super().run_cell_magic(magic_name, line, cell)

        def init_virtualenv(self):
            pass

    os.environ["MPLBACKEND"] = "agg"
    config = Config()
    config.HistoryManager.enabled = False
    with tempfile.TemporaryDirectory() as folder:  # needed only while IPython starts, with these settings
        shell = Shell.instance(config=config, ipython_dir=folder)
    shell.db = {}
    return shell


class Namespace:
    """The namespace of one notebook.

    Attributes
    ----------
    names : dict
        The values of its variables.
    """

    def __init__(self, shell):
        self._shell, self._module = shell, types.ModuleType("__main__")
        self.names = self._module.__dict__
        self.enter()
        shell.init_user_ns()

    def enter(self):
        """Make the shell run its cells in this namespace from now on."""
        shell = self._shell
        shell.user_module, shell.user_ns = self._module, self.names
        sys.modules["__main__"] = self._module
        shell.history_manager.reset(new_session=False)
        shell.execution_count = 1

    async def run(self, source):
        """Run one cell.

        Raises
        ------
        BaseException
            The exception that the cell raised.
        """
        shell, transformed, problem = self._shell, source, None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            problem = sys.exc_info()
        result = await shell.run_cell_async(
            source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=problem
        )
        result.raise_error()

    def skip(self):
        """Count a cell without running it, so that the numbers in ``Out`` stay those of a kernel."""
        self._shell.history_manager.store_inputs(self._shell.execution_count, "")
        self._shell.execution_count += 1


def in_a_loop(main):
    """Run a coroutine in an event loop, as a kernel runs cells, so that ``asyncio.create_task`` works."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(main)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
