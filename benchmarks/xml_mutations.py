"""Ways to damage a file: its bytes, and what stands in the XML of a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from bases import members_of, zipped

# ----------------------------------------------------------------------------------------------------------- bytes


def _flip(content: bytes, random: Random) -> bytes:
    made = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5))):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


def _replace(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + random.choice(_BYTES) + content[at + random.choice((0, 1, 1, 2)) :]


def _cut(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + content[at + random.choice((1, 1, 2, 8, 64, 512)) :]


def _truncate(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content))]


def _double(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    part = content[at : at + random.choice((1, 4, 16, 64, 256))]
    return content[:at] + part + content[at:]


def _swap(content: bytes, random: Random) -> bytes:
    first, second = sorted(random.randrange(len(content)) for _ in range(2))
    size = min(random.choice((1, 2, 8)), second - first)
    left, right = content[first : first + size], content[second : second + size]
    return content[:first] + right + content[first + size : second] + left + content[second + size :]


_BYTES = (
    b"\0", b"\xff", b"\xfe\xff", b'"', b",", b";", b"\n", b"\r", b"\t", b"-", b"%", b"e", b"9", b"0", b".", b" ",
    b"<", b">", b"&", b"&#0;", b"&#10;", b"\xc2\xa0", b"\xe2\x80\x8b", b"\x1a", b"99999999999999999999", b"'", b"=",
)  # fmt: skip
RAW: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "flip bits": _flip, "replace bytes": _replace, "cut bytes": _cut, "truncate": _truncate, "double bytes": _double,
    "swap bytes": _swap,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- zip


def _in_member(change: Callable[[bytes, Random], bytes]) -> Callable[[bytes, Random], bytes]:
    def mutate(content: bytes, random: Random) -> bytes:
        members = members_of(content)
        inner = [name for name in members if members[name] and re.search(r"sheet|shared|styles|workbook|content", name)]
        name = random.choice([*inner, *(name for name in inner if "sheet" in name or "content" in name), *members])
        return zipped({**members, name: change(members[name], random)})

    return mutate


_TOKEN = re.compile(rb"<[^>]*>|[^<]+")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_TEXTS = (
    b"0", b"-1", b"1e3", b"1E+2", b"1e400", b"NaN", b"inf", b"-0", b"007", b"1.10", b"99999999999999999999", b"", b" ",
    b"0x10", b"1_000", b"4.0000000000000001", b"1048577", b"16385", b"2147483648", b"\xef\xbc\x97", b"1,5", b"true",
)  # fmt: skip


def _xml_number(content: bytes, random: Random) -> bytes:
    found = random.choice(list(_NUMBER.finditer(content)))
    return content[: found.start()] + random.choice(_TEXTS) + content[found.end() :]


def _xml_attribute(content: bytes, random: Random) -> bytes:
    found = random.choice(list(re.finditer(rb'(?: [\w:-]+)="([^"]*)"', content)))
    other = random.choice([*re.findall(rb'="([^"]*)"', content), *_TEXTS])
    if random.random() < 0.2:
        return content[: found.start()] + content[found.end() :]
    return content[: found.start(1)] + other + content[found.end(1) :]


def _xml_element(content: bytes, random: Random) -> bytes:
    """Take a whole element away, double it, or put it in another's place."""
    found = list(re.finditer(rb"<([\w:-]+)(?: [^>]*)?(?:/>|>(?:[^<]*|<[vft][ >/][^<]*(?:</[vft]>)?)*</\1>)", content))
    one, other = random.choice(found), random.choice(found)
    what = random.choice(("drop", "double", "copy"))
    if what == "drop":
        return content[: one.start()] + content[one.end() :]
    if what == "double":
        return content[: one.end()] + one.group() + content[one.end() :]
    return content[: one.start()] + other.group() + content[one.end() :]


def _xml_tokens(content: bytes, random: Random) -> bytes:
    tokens = _TOKEN.findall(content)
    at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    if random.random() < 0.5:
        tokens[at], tokens[other] = tokens[other], tokens[at]
    else:
        tokens[at] = tokens[other]
    return b"".join(tokens)


def _member_gone(content: bytes, random: Random) -> bytes:
    members = members_of(content)
    gone = random.choice(list(members))
    if random.random() < 0.5:
        return zipped({name: data for name, data in members.items() if name != gone})
    return zipped({**members, gone: members[random.choice(list(members))]})


def formula_without_value(content: bytes, random: Random) -> bytes:
    """Make a number of a sheet the stored value of a formula, or of none."""
    members = members_of(content)
    name = random.choice([name for name in members if "worksheets/sheet" in name])
    found = random.choice(list(re.finditer(rb"<v>[^<]*</v>|<v/>", members[name])))
    made = random.choice((b"<f>SUM(A1:A2)</f>%b", b"<f>1+1</f><v></v>", b"<f>1+1</f><v/>", b"<f>1+1</f>", b"<f/>%b",
                          b'<f t="shared" si="0"/>%b', b"%b<f>2*3</f>", b"<v>7</v>%b", b"%b<v>7</v>",
                          b"<is><t>7</t></is>%b"))  # fmt: skip
    made = made.replace(b"%b", found.group())
    return zipped({**members, name: members[name][: found.start()] + made + members[name][found.end() :]})


ZIP: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "xml bytes": _in_member(lambda content, random: random.choice([*RAW.values()])(content, random)),
    "xml number": _in_member(_xml_number), "xml attribute": _in_member(_xml_attribute),
    "xml element": _in_member(_xml_element), "xml tokens": _in_member(_xml_tokens), "member": _member_gone,
}  # fmt: skip
