"""One TrueType font, embedded with the glyphs that are shown and no others (ISO 32000-2 §9.7.4, §9.9)."""

import zlib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from struct import pack, unpack_from

Objects = list[tuple[int, bytes]]
"""Numbered objects, ready to be written."""

_KEPT = (b"head", b"hhea", b"hmtx", b"maxp", b"loca", b"glyf")
_REPLACEMENT = 0xFFFD
_MORE_COMPONENTS, _LONG_ARGUMENTS, _SCALE, _TWO_SCALES, _MATRIX = 0x20, 0x01, 0x08, 0x40, 0x80
_CHECKSUM_MAGIC = 0xB1B0AFBA


class Font:
    """An unhinted TrueType font with a Unicode cmap of format 4 and short offsets: ours."""

    def __init__(self, data: bytes) -> None:
        self._tables = {
            data[at : at + 4]: data[offset : offset + length]
            for at in range(12, 12 + 16 * unpack_from(">H", data, 4)[0], 16)
            for offset, length in [unpack_from(">II", data, at + 8)]
        }
        self.units = unpack_from(">H", self._tables[b"head"], 18)[0]
        self.box = unpack_from(">4h", self._tables[b"head"], 36)
        self.ascent, self.descent = unpack_from(">2h", self._tables[b"hhea"], 4)
        self._glyphs: int = unpack_from(">H", self._tables[b"maxp"], 4)[0]
        measured = unpack_from(">H", self._tables[b"hhea"], 34)[0]
        advances = unpack_from(">" + "Hh" * measured, self._tables[b"hmtx"])[::2]
        self._advances = (*advances, *(advances[-1:] * (self._glyphs - measured)))
        self._offsets = [2 * half for half in unpack_from(f">{self._glyphs + 1}H", self._tables[b"loca"])]
        self._map = _characters(self._tables[b"cmap"])

    def glyph(self, character: str) -> int:
        return self._map.get(ord(character)) or self._map[_REPLACEMENT]

    def missing(self, text: str) -> str:
        """The characters of a text that would not be seen, each once."""
        return "".join(sorted({character for character in text if not self._map.get(ord(character))}))

    def width(self, text: str) -> float:
        """How wide a text is, in parts of the font size."""
        return float(sum(self._advances[self.glyph(character)] for character in text) / self.units)

    def show(self, text: str) -> bytes:
        """The operand of `Tj`."""
        return b"<" + b"".join([b"%04X" % self.glyph(character) for character in text]) + b">"

    @lru_cache(maxsize=64)  # noqa: B019  fonts live as long as the process
    def subset(self, shown: frozenset[str]) -> bytes:
        """The font file, deflated, in which every other glyph is empty; numbers stay."""
        kept = self._closure({0, *map(self.glyph, shown)})
        outlines, offsets, metrics = bytearray(), [0], bytearray()
        for glyph in range(self._glyphs):
            if glyph in kept:
                outlines += self._outline(glyph)
                outlines += bytes(-len(outlines) % 4)
            offsets.append(len(outlines) // 2)
            metrics += pack(">Hh", self._advances[glyph], self._bearing(glyph)) if glyph in kept else bytes(4)
        header = bytearray(self._tables[b"head"])
        header[8:12] = bytes(4)
        header[50:52] = bytes(2)  # indexToLocFormat: short
        tables = {
            **self._tables,
            b"head": bytes(header),
            b"hhea": self._tables[b"hhea"][:34] + pack(">H", self._glyphs),
            b"hmtx": bytes(metrics),
            b"loca": pack(f">{len(offsets)}H", *offsets),
            b"glyf": bytes(outlines),
        }
        return zlib.compress(_file({tag: tables[tag] for tag in sorted(_KEPT)}), 9)

    def _outline(self, glyph: int) -> bytes:
        return self._tables[b"glyf"][self._offsets[glyph] : self._offsets[glyph + 1]]

    def _bearing(self, glyph: int) -> int:
        measured = unpack_from(">H", self._tables[b"hhea"], 34)[0]
        at = 4 * glyph + 2 if glyph < measured else 4 * measured + 2 * (glyph - measured)
        return int(unpack_from(">h", self._tables[b"hmtx"], at)[0])

    def _closure(self, glyphs: set[int]) -> set[int]:
        """With the parts of which composed glyphs are made."""
        wanted, known = list(glyphs), set[int]()
        while wanted:
            glyph = wanted.pop()
            if glyph not in known:
                known.add(glyph)
                wanted += _components(self._outline(glyph))
        return known

    def embed(self, text: str, allocate: Callable[[], int]) -> tuple[int, Objects]:
        """The objects that let a page show `text`; the number of the font comes first."""
        shown = frozenset(text)
        font, descendant, descriptor, program, unicode, numbers = (allocate() for _ in range(6))
        file, mapping = (
            self.subset(shown),
            _to_unicode({self.glyph(character): character for character in sorted(shown)}),
        )
        name = b"/%b+DejaVuSans" % _tag(file)
        scale = 1000 / self.units
        widths = b" ".join(
            b"%d[%d]" % (glyph, round(self._advances[glyph] * scale)) for glyph in sorted({*map(self.glyph, shown)})
        )
        box = b" ".join(b"%d" % round(edge * scale) for edge in self.box)
        rise = (round(self.ascent * scale), round(self.descent * scale))
        return font, [
            (
                font,
                b"<</Type/Font/Subtype/Type0/BaseFont%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
                % (name, descendant, unicode),
            ),
            (
                descendant,
                b"<</Type/Font/Subtype/CIDFontType2/BaseFont%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
                b"/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 0/W[%b]>>" % (name, descriptor, widths),
            ),
            (
                descriptor,
                b"<</Type/FontDescriptor/FontName%b/Flags 4/FontBBox[%b]/ItalicAngle 0/Ascent %d/Descent %d"
                b"/CapHeight 729/StemV 80/FontFile2 %d 0 R/CIDSet %d 0 R>>" % (name, box, *rise, program, numbers),
            ),
            (program, stream(file, b"/Filter/FlateDecode/Length1 %d" % len(zlib.decompress(file)))),
            (unicode, stream(mapping)),
            (numbers, stream(self._all())),
        ]

    def _all(self) -> bytes:
        """A bit for each glyph, as PDF/A-1 wants (ISO 19005-1 §6.3.5): in a subset, none is missing, most are empty."""
        full, rest = divmod(self._glyphs, 8)
        return bytes([0xFF] * full + [0xFF00 >> rest & 0xFF] * bool(rest))


@cache
def default() -> Font:
    """DejaVu Sans, reduced to the European alphabets; see `fonts/README.md`."""
    return Font(files("paraph.formats.pdf").joinpath("fonts/DejaVuSans.ttf").read_bytes())


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's bytes."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def _characters(cmap: bytes) -> dict[int, int]:
    """Unicode to glyph (OpenType 1.9, cmap format 4)."""
    offsets = [unpack_from(">HHI", cmap, 4 + 8 * index) for index in range(unpack_from(">H", cmap, 2)[0])]
    table = cmap[next(offset for platform, encoding, offset in offsets if (platform, encoding) == (3, 1)) :]
    segments = unpack_from(">H", table, 6)[0] // 2
    ends = unpack_from(f">{segments}H", table, 14)
    starts = unpack_from(f">{segments}H", table, 16 + 2 * segments)
    deltas = unpack_from(f">{segments}H", table, 16 + 4 * segments)
    ranges_at = 16 + 6 * segments
    found: dict[int, int] = {}
    for index, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        at = ranges_at + 2 * index
        range_offset = unpack_from(">H", table, at)[0]
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = unpack_from(">H", table, at + range_offset + 2 * (code - start))[0] if range_offset else code
            found[code] = (glyph + delta) & 0xFFFF if glyph or not range_offset else 0
    return found


def _components(outline: bytes) -> list[int]:
    """The glyphs that a composed glyph refers to (OpenType 1.9, glyf)."""
    if not outline or unpack_from(">h", outline)[0] >= 0:
        return []
    found, at, flags = [], 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        flags, glyph = unpack_from(">HH", outline, at)
        found.append(glyph)
        at += 8 if flags & _LONG_ARGUMENTS else 6
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
    return found


def _file(tables: dict[bytes, bytes]) -> bytes:
    """A TrueType file from its tables, sorted by tag."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = pack(">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    body, offset, head = bytearray(), 12 + 16 * count, 0
    for tag, table in tables.items():
        if tag == b"head":
            head = offset + len(body)
        padded = table + bytes(-len(table) % 4)
        directory += tag + pack(">III", _checksum(padded), offset + len(body), len(table))
        body += padded
    file = bytearray(directory + body)
    file[head + 8 : head + 12] = pack(">I", (_CHECKSUM_MAGIC - _checksum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)


def _checksum(data: bytes) -> int:
    return int(sum(unpack_from(f">{len(data) // 4}I", data))) & 0xFFFFFFFF


def _tag(file: bytes) -> bytes:
    """The six letters that tell subsets of one font apart (§9.9.2)."""
    number = zlib.crc32(file)
    return bytes(ord("A") + number // 26**place % 26 for place in range(6))


def _to_unicode(characters: dict[int, str]) -> bytes:
    """So that the text can be searched and read aloud (§9.10.3)."""
    items = sorted(characters.items())
    blocks = [
        b"%d beginbfchar\n%b\nendbfchar"
        % (
            len(part),
            b"\n".join(b"<%04X><%b>" % (glyph, text.encode("utf-16-be").hex().encode()) for glyph, text in part),
        )
        for part in (items[at : at + 100] for at in range(0, len(items), 100))
    ]
    return (
        b"/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n"
        b"/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n%b\n"
        b"endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend" % b"\n".join(blocks)
    )
