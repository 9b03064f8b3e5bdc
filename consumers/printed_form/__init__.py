"""The form of annex 1 on paper: laid out as the plan prints it, as a PDF or to be edited by hand."""
