"""What is written for Java is what Java reads."""

import re

from hypothesis import given
from hypothesis import strategies as st

from exchange.runtime.home import Home
from exchange.runtime.principals import OWN
from exchange.runtime.stack.brokers import broker_ports, brokers_of
from exchange.runtime.stack.kafka import java_command, properties
from exchange.runtime.stack.properties import as_properties

ODD = "家目录, a\\b #%=!:'\"{x}"
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \t\f\r\n\\=:#!u家")), max_size=12)


def read(text: str) -> dict[str, str]:
    """Read as java.util.Properties does: a model of its `load`, for lines that end in LF alone."""
    found = {}
    for line in re.findall(r"(?:[^\\\n]|\\[\s\S])+", text):
        name, _, value = re.fullmatch(
            r"[ \t\f]*((?:[^\\ \t\f=:]|\\.)*)([ \t\f]*[=:]?[ \t\f]*)(.*)", line, re.S
        ).groups()
        found[_plain(name)] = _plain(value)
    return found


def _plain(text: str) -> str:
    units = re.sub(
        r"\\(u[0-9a-f]{4}|.)",
        lambda m: (
            chr(int(m[1][1:], 16))
            if len(m[1]) > 1
            else {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}.get(m[1], m[1])
        ),
        text,
        flags=re.S,
    )
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=4))
def test_every_name_and_value_is_read_as_it_was_written(settings: dict[str, str]) -> None:
    """Whatever stands in a path or an address: no character means more than itself."""
    text = as_properties(settings)
    assert text.isascii()
    assert read(text) == settings


def test_plain_settings_stay_plain() -> None:
    """An operator also reads this file."""
    told = {"node.id": 1, "listeners": "PLAINTEXT://127.0.0.1:9092", "log.dirs": "data/kafka"}
    assert as_properties(told) == "node.id=1\nlisteners=PLAINTEXT://127.0.0.1:9092\nlog.dirs=data/kafka\n"


def test_a_broker_is_told_nothing_of_where_its_home_is(tmp_path: object) -> None:
    """Kafka splits `log.dirs` at commas, and would make a second folder beside the home."""
    home = Home(tmp_path / ODD)  # type: ignore[operator]
    ports = dict.fromkeys(broker_ports(3), 1)
    brokers = brokers_of(home, 3, ports)
    for broker in brokers:
        told = properties(broker, brokers, dict.fromkeys(OWN, "0f"))
        assert f"log.dirs=data/{broker.name}\n" in told
        assert ODD not in told
    assert not any(ODD in word for word in java_command((), "-Xmx1m"))
