"""A page that shows a widget, as Python sees it: what is sent to it, what it says, and what it has."""

import copy
import warnings


class FrontEnd:
    """Stands at the other end of a widget's comm."""

    comm_id = "front-end"

    def __init__(self, widget):
        self.state = copy.deepcopy(widget.state())
        self.heard = []  # the method and the values of each message
        widget.comm = self

    def send(self, data=None, metadata=None, buffers=None):
        values = copy.deepcopy(data["state"])
        self.heard.append((data["method"], values))
        self.state |= values

    def on_msg(self, callback):
        self._callback = callback

    def close(self, *arguments, **options):
        pass

    def say(self, **values):
        """What the page sends when a hand has moved something."""
        self.state |= values
        message = {"content": {"data": {"method": "update", "state": values, "buffer_paths": []}}, "buffers": []}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ipywidgets, about what was refused; in a kernel it is a traceback
            self._callback(message)
