"""A notebook's shell without a notebook around it.

Cells run as they do in a kernel, since it is IPython that runs them: magics bind names, a ``__future__`` import holds
for later cells, ``await`` may stand outside functions. Whatever talks to a screen, to a person or to other programs
does nothing.
"""

import asyncio
import functools
import os
import sys
import tempfile
import types

# Magics that are about the screen, or print about a name. They need what only a kernel has, and bind nothing.
SILENT = "matplotlib config gui pinfo pinfo2 pdoc psource pfile page load_ext reload_ext debug edit".split()
# Cells for another program.
FOR_OTHERS = "script bash sh cmd perl ruby python python2 python3 pypy html javascript js latex markdown svg".split()


@functools.cache
def start():
    """The shell of this process; made at the first call, since loading IPython takes a while."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.text import SList
    from traitlets.config import Config

    class Hook(DisplayHook):
        """Remembers what a cell ended with, as ``_`` and ``Out``, and shows nothing."""

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
            if magic_name in FOR_OTHERS:
                return None
            if self.find_cell_magic(magic_name) is None:  # of an extension that is not here: run what is below it
                return self.run_cell(cell)
            return super().run_cell_magic(magic_name, line, cell)

        def init_virtualenv(self):
            pass

    os.environ["MPLBACKEND"] = "agg"
    config = Config()
    config.HistoryManager.enabled = False
    with tempfile.TemporaryDirectory() as folder:  # IPython wants one to start, and with these settings not later
        shell = Shell.instance(config=config, ipython_dir=folder)
    shell.db = {}
    return shell


class Namespace:
    """The names of one notebook.

    Attributes
    ----------
    names : dict
    """

    def __init__(self, shell):
        self._shell, self._module = shell, types.ModuleType("__main__")
        self.names = self._module.__dict__
        self.enter()
        shell.init_user_ns()

    def enter(self):
        """Let the shell's cells run in here from now on."""
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
            Whatever the cell raised.
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

    def pass_over(self):
        """Count a cell that is not run, so that ``Out[3]`` stays where it was."""
        self._shell.history_manager.store_inputs(self._shell.execution_count, "")
        self._shell.execution_count += 1


def in_a_loop(main):
    """Run a coroutine as a kernel runs cells: within an event loop, where ``asyncio.create_task`` works."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(main)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
