"""Names as they occur: surnames as often as people bear them, given names of all decades. All made up."""

import random
from typing import Final

from verification.names.surnames import compound_surnames, single_surnames

COMMONEST: Final = list(single_surnames())[:100]
SURNAMES: Final = [*single_surnames(), *sorted(compound_surnames())]
# [assumed] from 7 % for the first falling to 0.2 % for the hundredth, as the census counts them.
_WEIGHTS: Final = [7.0 / (1 + place * 0.35) for place in range(len(SURNAMES))]
_GIVEN: Final = """
秀英 桂英 秀兰 玉兰 桂兰 玉英 秀珍 凤英 玉珍 淑珍 桂珍 淑兰 桂花 玉梅 凤兰 素珍 建国 建华 国强 志强
志明 永强 卫东 红军 文革 建军 建平 德明 德福 有才 天保 长生 根生 福来 万福 丽华 丽娟 艳 敏 静 丽 强
磊 洋 勇 军 杰 涛 超 明 平 刚 伟 芳 娜 霞 燕 玲 桂芳 春梅 小红 海燕 雪梅 晓燕 婷婷 倩倩 莹莹 佳佳
丹丹 媛媛 欣怡 梓涵 子轩 浩然 宇轩 诗涵 俊杰 一诺 思远 彦 斌 鹏 辉 波 宁 颖 英 雪 维 翠华 喜娃 拴柱
满仓 银花 引弟 招弟 改改 麦香 兰兰 存义 尚义 守信 维新 维汉 世荣 世昌 克勤 克俭 明德 文焕 文炳 廷玉
廷栋
"""
GIVEN: Final = _GIVEN.split()


def names(chance: random.Random, count: int) -> list[str]:
    """So many names, each by chance."""
    surnames = chance.choices(SURNAMES, _WEIGHTS, k=count)
    return [surname + chance.choice(GIVEN) for surname in surnames]
