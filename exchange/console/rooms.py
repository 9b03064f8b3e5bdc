"""The rooms of the console: whoever adds a file with handlers has added a room, and need not list it."""

import pkgutil
from importlib import import_module

from litestar.handlers import HTTPRouteHandler


def handlers_under(package: str) -> tuple[HTTPRouteHandler, ...]:
    """Return the handlers of all modules under a package, in the order of the modules' names."""
    modules = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
    return tuple(
        found
        for module in modules
        for found in vars(import_module(module.name)).values()
        if isinstance(found, HTTPRouteHandler) and found.fn.__module__ == module.name
    )
