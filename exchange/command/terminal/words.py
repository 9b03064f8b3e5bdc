"""Words of a list that options take, without what scripts and copied text leave around them unseen."""

from exchange.runtime.printed import printed
from verification.characters import in_one_line, without_shape


def read_word(text: str) -> str:
    r"""Return the word as it is seen: without a Windows file's return (`police\r`), blanks around it, marks.

    What would control a terminal is written out, so that a message shows why it is no such word.
    """
    return printed(in_one_line(without_shape(text)))
