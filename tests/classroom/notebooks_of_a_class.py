"""Small notebooks for the tests of finding submissions, and the folders and zips that hold them."""

import json
import os
import zipfile

GATES, SCRATCH = "04_gates", "05_lstm_from_scratch"


def notebook(exercise=None, grade_id=None, text=""):
    """The bytes of a notebook that says of itself what is asked for, and nothing else."""
    cell = {"cell_type": "markdown", "source": text, "metadata": {"nbgrader": {"grade_id": grade_id}}}
    metadata = {"lstm_course": {"exercise": exercise}} if exercise else {}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]}).encode()


def folder_of(root, files):
    """Write files by their path below `root`; the later in the list, the later they were changed."""
    for k, (name, content) in enumerate(files.items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1_800_000_000 + k, 1_800_000_000 + k))
    return root


def zip_of(path, files, **options):
    """Write a zip of files by name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, **options)
    return path


def pairs(submissions):
    return [(found.student, found.assignment) for found in submissions]
