"""What a learner works in: JupyterLab, the copies in ``work/``, how far one has come, and what is wrong with a set-up.

Nothing is imported here, because `failures` has to load before any foreign module can get in the way.
"""
