"""A city other than the shipped one: the same files in its own words, other limits, and one matter fewer."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from avro_schemas.catalogue import Document, schema
from exchange.folding.case_ids import CaseIds
from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Outputs
from exchange.folding.partitions import partition_of
from exchange.folding.step import Step
from exchange.runtime.city import City, city_files, city_in
from exchange.runtime.registry.serde import Decoder, Encoder
from producers.sample.city import sample_city
from producers.sample.clerk import SampleLine
from tests.made_log import CASE_PARTS, Log, Message, report
from topics.catalogue import MOVES
from verification.acceptance import Accepted, accept
from verification.records import partition_key

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REMOVED = 12
CODES = {
    "data_bureau": "digital_office",
    "service_centre": "citizens_hall",
    "health": "wellbeing",
    "police": "constabulary",
    "civil_affairs": "community",
    "human_resources": "labour",
    "medical_insurance": "care_fund",
    "provident_fund": "home_savings",
    "justice": "law_office",
    "market_regulation": "trade_office",
    "financial_regulation": "bank_watch",
    "counties": "townships",
}
"""Shipped code → its own; two of them are also record types, so not every such word is a department."""
NAMES = {
    "市大数据中心": ("数字办", "Digital Office"),
    "市政务服务中心": ("便民大厅", "Citizens' Hall"),
    "市卫生健康委": ("州健康署", "Wellbeing Authority"),
    "市公安局": ("州警务署", "Constabulary"),
    "市民政局": ("州民生署", "Community Authority"),
    "市人社局": ("州劳动署", "Labour Authority"),
    "市医保局": ("州医疗基金", "Care Fund"),
    "市公积金中心": ("州住房基金", "Home Savings"),
    "市司法局": ("州法务署", "Law Office"),
    "市市场监管局": ("州商事署", "Trade Authority"),
    "天水金融监管分局": ("州金融署", "Bank Watch"),
    "各县区政府": ("各乡区", "Townships"),
}
PLACES = {
    "天水": "青河",
    "Tianshui": "Qinghe",
    "甘肃": "海岳",
    "天政办电〔2025〕7号": "青政发〔2026〕1号",
    "申请表（附件1）": "便民表（样式A）",
    "附件 1": "样式 A",
    "附件2": "清单B",
    "annex 2": "list B",
    "个人身后“一件事”申请表": "身后事项便民表",
    "拨打12345": "拨打88110",
    "综合受理窗口": "便民柜台",
    "秦州": "东岭",
    "麦积": "西桥",
    "清水": "北塘",
    "秦安": "安丰",
    "甘谷": "谷阳",
    "武山": "石屏",
    "张家川": "白桦川",
    "玉泉": "柳泉",
    "兰州银行": "云州银行",
    "天公（刑）": "青警（刑）",
    "甘0502民特": "海0101民特",
    "甘天证字": "海青证字",
    "天办结": "青办结",
}
"""Words of the shipped city → its own; the first of a pair is nowhere where the second city speaks."""


def second_city(folder: Path) -> City:
    """Write the city's files into a new folder, and return it."""
    folder.mkdir()
    for name in city_files():
        (folder / name).write_text(_translated(name), encoding="utf-8")
    return city_in(folder)


def our_words() -> set[str]:
    """What departments, places and papers are called here."""
    departments = City().catalogue.departments.values()
    return {word for one in departments for word in (one.name_zh, one.name_en)} | PLACES.keys()


def _translated(name: str) -> str:
    text = City().path_of(name).read_text(encoding="utf-8")
    for department in City().catalogue.departments.values():
        zh, en = NAMES[department.name_zh]
        text = text.replace(f"name_zh: {department.name_zh}", f"name_zh: {zh}")
        text = text.replace(f"name_en: {department.name_en}", f"name_en: {en}")
    for shipped, own in PLACES.items():
        text = text.replace(shipped, own)
    if name == "matters.yaml":
        text = text[: text.index(f"  - matter: {REMOVED}\n")].replace(
            "limit_working_days: 15", "limit_working_days: 7"
        )
    if name == "guide.yaml":
        text = re.sub(rf"  - matter: {REMOVED}\n.*?(?=^source)", "", text, flags=re.DOTALL | re.MULTILINE)
        text = text.replace('telephone: "12345"', 'telephone: "88110"')
    text = text.replace('audience: "12345"', 'audience: "88110"').replace("term: 12345", "term: 88110")
    text = text.replace(" and 12345 explain", " and 88110 explain").replace('"6205', '"4599')
    return re.sub("|".join(map(_as_a_department, CODES)), lambda found: CODES[found[0]], text)


def _as_a_department(code: str) -> str:
    """A pattern of the places where a code of the catalogue is a department's."""
    if code not in {"medical_insurance", "provident_fund"}:
        return rf"\b{code}\b(?!\.)"
    return "|".join(
        (
            rf"(?<=decides: ){code}\b",
            rf"(?<=department: ){code}\b",
            rf"(?<=owed_by: \[){code}\b",
            rf"(?<=    {code}: ){code}\b",
            rf"\b{code}(?=: +{{name_zh)",
        )
    )


@dataclass
class CityInMemory:
    """The made-up city's records through the rules of one city, and all that came of them."""

    city: City
    lines: tuple[SampleLine, ...] = ()
    cases: dict[str, Document] = field(default_factory=dict)
    told: list[Document] = field(default_factory=list)
    tasks: list[Document] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    showcase: str = ""

    def __post_init__(self) -> None:
        topics = [topic for topic in self.city.catalogue.topics if topic.schema]
        schemas = {number: schema(str(topic.schema)) for number, topic in enumerate(topics, 1)}
        self._encoders = {topic.name: Encoder(schemas[n], n).encode for n, topic in enumerate(topics, 1)}
        self._decoders = {topic.name: Decoder(schemas[n], schemas.get) for n, topic in enumerate(topics, 1)}
        self._log, self._states, self._ids = Log(), MemoryStates(), CaseIds(b"k" * 32)
        self._step = Step(
            self.city.policy,
            self.city.catalogue,
            self._ids,
            lambda topic, value: self._decoders[topic].decode(value or b""),
            Outputs(self._encoders, CASE_PARTS),
            report,
        )

    def live(self, people: int) -> "CityInMemory":
        """Publish what that many people leave, line by line."""
        made = sample_city(self.city.sample, self.city.policy, people)
        self.lines, self.showcase = made.lines, self._ids.of_key(made.showcase.number or "")
        for line in made.lines:
            self._publish(line)
        return self

    def _publish(self, line: SampleLine) -> None:
        catalogue, record = self.city.catalogue, line["record"]
        if line["type"] not in catalogue.owners:
            return
        owner = catalogue.owner_of(line["type"]) or record["department"]
        found = accept(line["type"], record, owner=owner, rules=self.city.policy.acceptance, taken_at=NOW)
        if not isinstance(found, Accepted):
            self.refused.append(json.dumps([reason.code for reason in found.reasons]))
            return
        topic = catalogue.record_topic(line["type"], owner)
        key = partition_key(found.record)
        place = partition_of(key, topic.partitions)
        value = self._encoders[topic.name](found.avro)
        self._take(self._log.append(topic.name, place, key.encode(), value, int(NOW.timestamp() * 1000)))

    def _take(self, message: Message) -> None:
        batch = self._step.run([message], self._states)
        self._states.apply(batch)
        for output in batch.outputs:
            if output.topic == MOVES:
                at_ms = int(NOW.timestamp() * 1000)
                self._take(self._log.append(MOVES, output.partition, output.key, output.value, at_ms))
            elif output.topic in self._decoders and output.value:
                self._keep(output.topic, self._decoders[output.topic].decode(output.value))

    def _keep(self, topic: str, document: Document) -> None:
        if topic == "cases":
            self.cases[document["case_id"]] = document
        elif topic == "tasks":
            self.tasks.append(document)
        elif topic.startswith("matters."):
            self.told.append(document)
