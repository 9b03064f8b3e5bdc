"""The pages of the console: values of the desk → HTML. Each screen is a module, its template and its labels.

A screen `queue` is `queue.py` (pure values for the template, and its handlers), `queue.j2`, and `queue.yaml`
with every word that it shows. Templates ask for words by file and label: `t("queue.title")`.
"""
