"""The learner's workspace: JupyterLab, the copies in ``work/``, progress, and the doctor.

Nothing is imported here, because `failures` must be loaded before any foreign module can interfere.
"""
