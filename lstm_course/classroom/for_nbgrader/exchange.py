"""Collecting from nbgrader's exchange only what belongs to the student whose name it bears.

nbgrader believes the name in a submission's own name, which anybody can choose, and collects the latest submission of
each name, following links as the teacher. So a student could replace another's work, or hand in a link to another's
notebook and read it in the feedback.
"""

import os
import pwd
import shutil
import stat
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns


class CollectFromOwners(ExchangeCollect):
    """nbgrader's *Collect*, which passes over what belongs to somebody else than it claims.

    For a class in which each student has an account of the same name on the machine. In ``nbgrader_config.py``::

        c.ExchangeFactory.collect = "lstm_course.classroom.for_nbgrader.exchange.CollectFromOwners"
    """

    def init_src(self):
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def do_copy(self, src, dest, log=None):
        """Copy the submission's own files, but no link and nothing that a link leads to."""
        owner, most = os.lstat(src).st_uid, 1000 * self.coursedir.max_dir_size
        if self.get_size(src) > most:
            self.log.error("%s is larger than %d bytes, and is not collected.", src, most)
            return
        rules = self.coursedir
        ignored = ignore_patterns(exclude=rules.ignore, include=rules.include, max_file_size=rules.max_file_size)

        def left_out(folder, names):
            return {*ignored(folder, names), *(name for name in names if Path(folder, name).is_symlink())}

        def copy(source, target):
            try:
                # The student can still change the folder while it is copied, so the opened file is what is examined.
                with open(os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                    found = os.fstat(file.fileno())
                    if found.st_uid != owner or not stat.S_ISREG(found.st_mode):
                        raise PermissionError("it is not a file of the student's")
                    with open(target, "xb") as copied:
                        shutil.copyfileobj(file, copied)
            except OSError as problem:
                self.log.warning("%s is not collected: %s.", source, problem)

        shutil.copytree(src, dest, ignore=left_out, copy_function=copy)

    def _path_to_record(self, path):
        """What nbgrader reads from a submission's name, but without the student's name if it is another's."""
        record, owner = super()._path_to_record(path), _owner(path)
        if record["username"] != owner:
            self.log.warning("%s was handed in by %s, and is not collected.", path, owner or "nobody known")
            record["username"] = ""
        return record


def _owner(path):
    """The name of the account that a submission belongs to; empty if there is none, or if it is a link."""
    found = os.lstat(path)
    try:
        return pwd.getpwuid(found.st_uid).pw_name if stat.S_ISDIR(found.st_mode) else ""
    except KeyError:
        return ""
