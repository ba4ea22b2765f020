"""A stand-in for a page that shows a widget: it records messages, sends messages, and keeps a state."""

import copy
import warnings


class FrontEnd:
    """The other end of a widget's comm."""

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
        """Send what the page sends when the user moves something."""
        self.state |= values
        message = {"content": {"data": {"method": "update", "state": values, "buffer_paths": []}}, "buffers": []}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ipywidgets warns about refused values; in a kernel it prints a traceback
            self._callback(message)
