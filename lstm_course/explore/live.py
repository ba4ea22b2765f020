"""What the live pieces have in common: one ES module each, which also runs where there is no kernel."""

import base64
import hashlib
import html
import json

import anywidget

from lstm_course import files

from .modules import JS, joined

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>:root {{ color-scheme: light dark; }} body {{ margin: 1rem auto; padding: 0 1rem; max-width: 1280px; }}</style>
</head>
<body>
{body}
</body>
</html>
"""


class Live(anywidget.AnyWidget):
    """A widget that is computed and drawn in the browser.

    A subclass has a `heading`, names its `module` and its `styles` in ``explore/js`` and the traits it keeps in sync
    (`names`), and has `picture` and `text`. In a notebook without its kernel, in exported HTML and on a plain page
    the same module runs by itself.
    """

    module = None
    heading = ""  # of a page of its own
    styles = ("live.css",)
    names = ()

    def __init_subclass__(cls, **options):
        if "module" in vars(cls):  # not in the class that anywidget makes of it for each widget
            cls._esm = joined(cls.module)
            cls._css = "\n".join((JS / name).read_text(encoding="utf-8") for name in cls.styles)
        super().__init_subclass__(**options)

    def state(self):
        """The values in sync with the page, as JSON can hold them."""
        return {name: getattr(self, name) for name in self.names}

    def fragment(self, picture=None):
        """A piece of HTML that runs by itself, offline; until it has started, and where scripts are not allowed,
        it is the picture.

        Parameters
        ----------
        picture : lstm_course.plots.Picture, optional
            Where it has been drawn already.

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
        # Nothing in a text may end the script, or begin a comment in which its end would not count.
        script = script.replace("</", "<\\/").replace("<!--", "\\u003c!--").replace("<script", "\\u003cscript")
        return (
            f'<div data-lstm-live="{name}">{image}</div>\n<style>{self._css}</style>\n'
            f'<script type="module">{script}</script>'
        )

    def save(self, path, title=None):
        """Store a page of its own, which any browser opens, offline.

        Parameters
        ----------
        path : path
            Such as ``"cell.html"``; a file of that name is replaced.
        title : str, optional
            The piece's own heading where not given.

        Raises
        ------
        ValueError, OSError
            If the title is no text, or the page cannot be written.
        """
        title = self.heading if title is None else title
        if not isinstance(title, str):
            raise ValueError(f"title: wanted text, got {title!r}")
        files.write(path, PAGE.format(title=html.escape(title), body=self.fragment()))

    def _repr_mimebundle_(self, **options):
        """The live view; for readers without a kernel the same as HTML; for those without scripts the picture."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        picture = self.picture()
        still, described = picture._repr_mimebundle_()
        page = {"text/html": self.fragment(picture), "text/plain": self.text()}
        return {**data, **still, **page}, {**metadata, **described}


def _base64(data):
    return base64.b64encode(data).decode("ascii")
