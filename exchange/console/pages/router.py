"""All pages, as a room of the console: who adds a screen adds its handlers here."""

from typing import Final

from litestar import Router

from exchange.console.pages.cases import (
    come_back,
    print_form,
    show_case,
    show_looks,
    show_unmasked,
    take_acknowledgement,
)
from exchange.console.pages.find import ask_what_to_find, find
from exchange.console.pages.queue import change_hands, show_queue
from exchange.console.pages.sending import draw_form, send_form
from exchange.console.pages.serving import DEPENDENCIES, PAGE_HANDLERS
from exchange.console.pages.sign_in import ask_to_sign_in, sign_out, take_code, take_sign_in
from exchange.console.pages.start import begin, find_nothing, give_file, prefer

PAGES: Final = Router(
    "/",
    route_handlers=[
        *(begin, prefer, give_file, find_nothing),
        *(ask_to_sign_in, take_sign_in, take_code, sign_out),
        *(show_queue, change_hands, ask_what_to_find, find),
        *(show_case, show_unmasked, come_back, print_form, show_looks, take_acknowledgement),
        *(draw_form, send_form),
    ],
    dependencies=DEPENDENCIES,
    exception_handlers=dict(PAGE_HANDLERS),
)
