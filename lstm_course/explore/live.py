"""The base class of the live widgets, each of which is one ES module that also runs without a kernel."""

import base64
import hashlib
import html
import json

import anywidget

from lstm_course import files, plots

from .modules import JS, joined

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }} body {{ margin: 1rem auto; padding: 0 1rem; max-width: 1280px; }}
body:has(.projector) {{ max-width: 1900px; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


class Live(anywidget.AnyWidget):
    """A widget that is computed and drawn in the browser.

    In a notebook without a kernel, in exported HTML and on a plain page the same module runs by itself.

    Attributes
    ----------
    module : str
        The entry file in ``explore/js``; set by the subclass, as are the following.
    heading : str
        Title of the page that `save` writes.
    styles : tuple of str
        Style sheets in ``explore/js``.
    names : tuple of str
        The traits that are in sync with the page.
    alt : str
        A property: alternative text for `picture`.
    """

    module = None
    heading = ""
    styles = ("live.css",)
    names = ()
    alt = ""

    def __init_subclass__(cls, **options):
        if "module" in vars(cls):  # false for the subclass that anywidget makes for each widget
            cls._esm = joined(cls.module)
            cls._css = "\n".join((JS / name).read_text(encoding="utf-8") for name in cls.styles)
        super().__init_subclass__(**options)

    def state(self):
        """The values in sync with the page, in a form that JSON can represent."""
        return {name: getattr(self, name) for name in self.names}

    def figure(self):
        """What the page shows now, as a figure of matplotlib. Every subclass has its own."""
        raise NotImplementedError

    def picture(self):
        """A picture of the current state for readers without a front end.

        Returns
        -------
        lstm_course.plots.Picture
        """
        return plots.Picture(plots.png(self.figure()), self.alt)

    def text(self):
        """The current state as lines of text, for readers without pictures."""
        return f"{type(self).__name__}. {self.alt}"

    def __str__(self):
        return self.text()

    def fragment(self, picture=None):
        """HTML that runs the widget without a kernel or a network connection.

        It shows the picture until the script has started, or for good where scripts are not allowed.

        Parameters
        ----------
        picture : lstm_course.plots.Picture, optional
            The result of `picture`, if it has been drawn already.

        Returns
        -------
        str
        """
        picture = picture or self.picture()
        state = json.dumps(self.state(), ensure_ascii=False, allow_nan=False)
        name = hashlib.sha256(f"{type(self).__name__}{state}".encode()).hexdigest()[:12]
        image = f'<img alt="{html.escape(picture.alt)}" src="data:image/png;base64,{_base64(picture.image)}">'
        script = joined(self.module).replace("export default", "const widget =")
        script += "\n" + joined("stand_in.js").replace("export ", "")
        script += f'\nstart(widget, "{name}", {state});'
        # No text in the state may end the script element or open a comment that hides the end.
        script = script.replace("</", "<\\/").replace("<!--", "\\u003c!--").replace("<script", "\\u003cscript")
        return (
            f'<div data-lstm-live="{name}">{image}</div>\n<style>{self._css}</style>\n'
            f'<script type="module">{script}</script>'
        )

    def save(self, path, title=None):
        """Save the widget as a page that any browser opens, also offline.

        Parameters
        ----------
        path : path
            For example ``"cell.html"``; an existing file is replaced.
        title : str, optional
            Title of the page; by default the widget's own.

        Raises
        ------
        ValueError, OSError
            If the title is not text, or the page cannot be written.
        """
        title = self.heading if title is None else title
        if not isinstance(title, str):
            raise ValueError(f"title: wanted text, got {title!r}")
        files.write(path, PAGE.format(title=html.escape(title), body=self.fragment()))

    def _repr_mimebundle_(self, **options):
        """The live view, the same as HTML for readers without a kernel, and the picture for those without scripts."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        picture = self.picture()
        picture_data, picture_metadata = picture._repr_mimebundle_()
        page = {"text/html": self.fragment(picture), "text/plain": self.text()}
        return {**data, **picture_data, **page}, {**metadata, **picture_metadata}


def _base64(data):
    return base64.b64encode(data).decode("ascii")
