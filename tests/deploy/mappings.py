"""The head of a mapping of reports; what their data hold comes behind it."""

REPORTS = """
source = "boston"
time_zone = "UTC"
[[event]]
kind = "report.submitted"
id = "{id}"
when = "at"
[event.data]
"""
