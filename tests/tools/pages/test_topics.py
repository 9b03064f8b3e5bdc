"""The reference page of topics tells everything the catalogue says."""

from tools.pages.topics import render
from topics.catalogue import load_catalogue


def test_the_page_names_every_topic_and_department() -> None:
    """An operator finds each topic with its writer and readers."""
    page = render()
    assert all(f"| `{topic.name}` |" in page for topic in load_catalogue().topics)
    assert all(f"| `{code}` |" in page for code in load_catalogue().departments)
    assert page.endswith("\n")
