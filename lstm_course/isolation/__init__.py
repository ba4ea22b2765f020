"""Running a learner's code in a separate, confined process that sends back nothing but arrays.

The judge uses `sandbox`. On the other side of its sockets, `fork_server` (Linux) or `fresh` (everywhere) runs `runner`,
and `confine` restricts the process with the help of `kernel`, `landlock`, `system_calls` and `readable`. That side
knows how answers are called (`lstm_course.probes`) but never what they should return.
"""
