"""The family's view: one page of progress over all matters, for the applicant and for the 12345 hotline."""
