"""Characters that nobody sees, or sees as a blank or a line's end, and names in which there is none."""

# One of every range of the list, its ends and its middle among them.
SHAPELESS = tuple(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180d\u180e\u180f\u200b\u200c\u200d\u200e\u200f"
    "\u2060\u2061\u2064\u206a\u206f\u3164\ufe00\ufe07\ufe0e\ufe0f\ufeff\uffa0\ufff0"
    "\U0001bca0\U0001d173\U000e0001\U000e0041\U000e0100\U000e01ef\U000e0fff"
)
TURNING = tuple("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BLANKS = tuple("\t \u00a0\u1680\u2000\u2003\u2007\u2009\u200a\u202f\u205f\u2800\u3000")
LINE_BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029")
GOOD_NAMES = (
    *(
        "王桂芳",
        "李秀兰",
        "买买提·艾力",
        "阿卜杜热合曼·买买提吐尔逊",
        "欧阳娜娜",
        "司马懿",
        "㐀𠮷",
        "䶮",
        "龑",
    ),
    *(
        "丽·娜",
        "佐々木",
        "𠀀𪚥",
        "尉迟 敬德",
        "John Smith",
        "O'Brien",
        "José",
        "Zoë",
        "김철수",
        "ئەلى",
        "ᠪᠠᠲᠤ",
        "བསོད་ནམས",
    ),
)
