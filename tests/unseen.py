"""What nobody sees, as the Unicode standard has it: said here anew, so that the program is not measured by itself."""

import sys
import unicodedata

ENCLOSING = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Formatting characters that enclose a number, and so can be seen (Prepended_Concatenation_Mark)."""
IGNORABLE = (
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)),
    *(*range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
)
"""Default_Ignorable_Code_Point."""

_HIDDEN = {
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in {"Cc", "Cf", "Zl", "Zp"}
}
UNSEEN = frozenset((_HIDDEN | set(map(chr, IGNORABLE))) - ENCLOSING - set("\t\n"))
"""Every character that no reader sees, or that a terminal obeys, but for tab and line feed."""
SEVERAL = (
    "\u202e\u2066\u2069\u200b\u200c\u200d\u200e\u2060\ufeff\u00ad\x1b\x08\r\x9b\u2028\u2029\U000e0001\U000e0041\ufe0f"
)
"""One of each kind, for what is short."""
STORED = "".join(sorted(sign for sign in UNSEEN if sign != "\0" and not "\U000e0080" <= sign <= "\U000e0fff"))
"""Those of them that a database can hold, without most of a long range of them that has no meaning."""
