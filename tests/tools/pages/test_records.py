"""The reference page of records tells everything the schemas say."""

from avro_schemas.catalogue import event_names, record_types, schema
from tools.pages.records import render


def test_the_page_names_every_record_event_and_field() -> None:
    """A department finds each field it may send, with its Chinese term."""
    page = render()
    for name in (*record_types(), *event_names()):
        assert f"### `{name}` " in page
        assert all(f"`{field['name']}`" in page for field in schema(name)["fields"])
    assert "| `death_time` | 死亡时间 | event time | **required** |" in page
    assert "| `social_card.bank_routing_no` | 银行行号 |" in page


def test_the_page_is_the_same_each_time() -> None:
    """A stale page is found by comparing."""
    assert render() == render()
    assert render().endswith("\n")
