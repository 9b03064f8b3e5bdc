"""The policy of the demo's city: the one in use, with the window as `sample.yaml` has it."""

from pathlib import Path
from typing import Final

import yaml

from exchange.runtime.city import City, city_in
from exchange.runtime.home import Home

MATTERS: Final = "matters.yaml"


def sample_folder(place: Home) -> Path:
    """Return where a demo keeps that policy: with its home, for whoever goes on using it."""
    return place.root / "sample-policy"


def keep_sample_policy(city: City, place: Home) -> City:
    """Write the policy into the home; return the city of it, or the given one if the sample has no other.

    Raises:
        ExchangeError: a file of the given city says something wrong.
    """
    if city.sample.window is None:
        return city
    texts = dict(city.texts)
    matters = yaml.safe_load(texts[MATTERS])
    matters["window"] = {**matters.get("window", {}), **city.sample.window.model_dump(mode="json")}
    texts[MATTERS] = yaml.safe_dump(matters, allow_unicode=True, sort_keys=False)
    folder = sample_folder(place)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return city_in(folder)
