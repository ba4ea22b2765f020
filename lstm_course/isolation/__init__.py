"""Running what a learner wrote in a process apart, shut in as far as the machine allows, and taking home arrays only.

`sandbox` is what the judge uses. On the other side of its sockets `fork_server` (Linux) or `fresh` (everywhere) runs
`runner`; `confine`, with `kernel`, `landlock`, `system_calls` and `readable`, shuts it in. That side knows how answers
are called (`lstm_course.probes`) and never what they should return.
"""
