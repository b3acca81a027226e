"""An OFD document (GB/T 33190), the national fixed-layout format, by a reader of our own in a limited child.

It is an archive of XML parts that name each other. Writers differ in namespaces, spelling of paths and encodings, so
parts are looked up as loosely as the usual readers do, and read as strictly as safety asks: sizes are bounded, no part
declares a document type, no part stands twice, nothing is written anywhere.
"""

import hashlib
import hmac
import posixpath
import re
import zipfile
from base64 import b64decode
from binascii import Error as NotBase64
from collections import ChainMap, deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, Self
from xml.parsers import expat

from kaigong.domain.model.features import PAGES_NAMED, SEALS, Active, Found, Limit, Opens, Sealed, SealState, normalise

from .child import Emit
from .limits import Limits, OverLimit, Unreadable
from .places import Places
from .sm2 import signature_holds

_ENTRIES = 2000
_UNPACKED = 200 * 1024 * 1024  # bytes altogether
_PART = 16 * 1024 * 1024  # bytes of one XML part
_RATIO, _RATIO_FROM = 100, 1024 * 1024  # packed parts of ours grow tenfold
_ELEMENTS, _DEPTH = 300_000, 200
TEMPLATES = 20  # that one page may draw
_ACTIVE = {"Sound": Active.RICH_MEDIA, "Movie": Active.RICH_MEDIA}
_DIGESTS = {"1.2.156.10197.1.401": "sm3", "sm3": "sm3", "sha256": "sha256", "sha1": "sha1", "md5": "md5"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class NotOfd(Unreadable):
    """The archive is not a document that can be read."""


@dataclass
class Node:
    """An element, by its local name: writers use several namespaces for the same."""

    name: str
    attributes: dict[str, str]
    children: list[Self] = field(default_factory=list)
    text: str = ""

    def first(self, name: str) -> Self | None:
        return next((child for child in self.children if child.name == name), None)

    def said(self, name: str) -> str:
        """The text of a child; empty where there is none."""
        child = self.first(name)
        return child.text.strip() if child else ""

    def walk(self) -> Iterator[Self]:
        waiting = deque([self])
        while waiting:
            node = waiting.popleft()
            yield node
            waiting.extendleft(reversed(node.children))


def read_ofd(stream: BinaryIO, emit: Emit, limits: Limits) -> None:
    """Report what the document is made of, the gravest first: whatever ends this, what was reported stays."""
    try:
        _Document(stream, emit, limits).report()
    except OverLimit as over:
        emit(opens=Opens.NO, limits=[over.limit])
    except Locked:
        emit(opens=Opens.LOCKED, encrypted=True)
    except (NotOfd, zipfile.BadZipFile, expat.ExpatError, UnicodeError, LookupError, ValueError, NotImplementedError):
        emit(opens=Opens.NO, damaged=True)


class Locked(Unreadable):
    """Its parts are encrypted."""


class Archive:
    """The parts of the file, by name, within the bounds. Raises NotOfd, OverLimit, Locked."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream)
        found = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if len(found) > _ENTRIES:
            raise OverLimit(Limit.OBJECTS)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in found:
            name = _tidy(_named(entry))
            if name in self._entries:
                raise NotOfd
            self._entries[name] = entry
        self._left = _UNPACKED
        if any(entry.flag_bits & 1 for entry in found):
            raise Locked

    def names(self) -> list[str]:
        return list(self._entries)

    def find(self, path: str, beside: str = "") -> str | None:
        """The part that a path names, which is seen from another part's folder or from the top."""
        path = path.strip().replace("\\", "/")
        tries = [path.lstrip("/")]
        if not path.startswith("/"):
            tries.insert(0, posixpath.join(posixpath.dirname(beside), path))
        return next((name for name in map(_tidy, tries) if name in self._entries), None)

    def data(self, name: str, most: int = _UNPACKED) -> bytes:
        """The bytes of a part. Sizes that an archive states may lie: one byte more than allowed is asked for."""
        entry = self._entries[name]
        most = min(most, self._left)
        with self._zip.open(entry) as part:
            data = part.read(most + 1)
        if len(data) > most or (len(data) > _RATIO_FROM and len(data) > _RATIO * max(1, entry.compress_size)):
            raise OverLimit(Limit.SYNTAX)
        self._left -= len(data)
        return data

    def xml(self, name: str | None) -> Node:
        """A part's root element. Raises NotOfd where there is no such part."""
        if name is None:
            raise NotOfd
        return parsed(self.data(name, _PART))


def _named(entry: zipfile.ZipInfo) -> str:
    """A part's name. Without the flag for UTF-8 it is GBK, whatever zip says."""
    if entry.flag_bits & 0x800:
        return entry.filename
    with suppress(UnicodeError):
        return entry.filename.encode("cp437").decode("utf-8")
    with suppress(UnicodeError):
        return entry.filename.encode("cp437").decode("gbk")
    return entry.filename


def _tidy(path: str) -> str:
    """A path as parts are found by: without detours, blanks at its ends, and difference in case."""
    return posixpath.normpath(path.replace("\\", "/").strip()).lstrip("/").casefold()


def parsed(data: bytes) -> Node:
    """Raises NotOfd for a document type, OverLimit for too much, ExpatError, UnicodeError."""
    text = _decoded(data)
    parser = expat.ParserCreate(namespace_separator=" ")
    top = Node("", {})
    open_ = [top]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _ELEMENTS or len(open_) > _DEPTH:
            raise OverLimit(Limit.SYNTAX)
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        open_[-1].children.append(node)
        open_.append(node)

    def end(_: str) -> None:
        open_.pop()

    def characters(words: str) -> None:
        open_[-1].text += words

    def forbidden(*_: Any) -> None:
        raise NotOfd

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = forbidden
    parser.buffer_text = True
    parser.Parse(text, True)
    return top.children[0]


def _local(name: str) -> str:
    return name.rpartition(" ")[2].rpartition(":")[2]


def _decoded(data: bytes) -> str:
    """As text, so that expat need know no encoding but its own; what declares the encoding goes."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None:
        declared = _DECLARED.match(data)
        encoding = declared.group(1).decode() if declared else "utf-8"
        encoding = "gb18030" if encoding.lower().startswith("gb") else encoding
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode(encoding))


class Resources(NamedTuple):
    """What pages draw by name: parts of pictures, and graphics, without which several files look textless."""

    media: Mapping[str, str]
    composites: Mapping[str, Node]


class Layout:
    """Where the pages of a document lie, and what they are made of. Raises NotOfd, Locked."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        top = archive.xml(archive.find("OFD.xml"))
        body = top.first("DocBody")
        if body is None:
            raise NotOfd
        if archive.find("Encryptions.xml") is not None or top.first("Encryptions") is not None:
            raise Locked
        self.body = body
        # By part: many pages draw them, and each is read once.
        self._templates: dict[str, Node] = {}
        self._named: dict[str, tuple[dict[str, str], dict[str, Node]]] = {}

    @cached_property
    def where(self) -> str:
        """The part that lists the pages."""
        found = self._archive.find(self.body.said("DocRoot"))
        if found is None:
            raise NotOfd
        return found

    @cached_property
    def root(self) -> Node:
        return self._archive.xml(self.where)

    @cached_property
    def common(self) -> Node:
        return self.root.first("CommonData") or Node("", {})

    @cached_property
    def listed(self) -> list[Node]:
        pages = self.root.first("Pages")
        return [child for child in pages.children if child.name == "Page"] if pages else []

    def place(self, page: Node) -> str | None:
        """The part with a page's content."""
        return self._archive.find(page.attributes.get("BaseLoc", ""), self.where)

    def with_templates(self, content: Node) -> list[Node]:
        """What is drawn of a page, with the templates below and above it."""
        known = {
            t.attributes.get("ID", ""): t.attributes.get("BaseLoc", "")
            for t in self.common.children
            if t.name == "TemplatePage"
        }
        parts = [content]
        for node in [child for child in content.children if child.name == "Template"][:TEMPLATES]:
            template = self._archive.find(known.get(node.attributes.get("TemplateID", ""), ""), self.where)
            if template is not None:
                if template not in self._templates:
                    self._templates[template] = self._archive.xml(template)
                parts.insert(0, self._templates[template])
        return parts

    def resources(self, content: Node, place: str) -> Resources:
        """What a page may draw by name."""
        media: ChainMap[str, str] = ChainMap()
        composites: ChainMap[str, Node] = ChainMap()
        for node in (*self.common.children, *content.children):
            if node.name in ("PublicRes", "DocumentRes", "PageRes"):
                part = self._archive.find(node.text, self.where) or self._archive.find(node.text, place)
                if part is not None:
                    named = self._resources(part)
                    media, composites = media.new_child(named[0]), composites.new_child(named[1])  # the last one counts
        return Resources(media, composites)

    def _resources(self, part: str) -> tuple[dict[str, str], dict[str, Node]]:
        if part not in self._named:
            root = self._archive.xml(part)
            folder = root.attributes.get("BaseLoc", "").strip()
            media: dict[str, str] = {}
            composites: dict[str, Node] = {}
            for node in root.walk():
                name = node.attributes.get("ID", "")
                if node.name == "MultiMedia" and (file := self._file(node.said("MediaFile"), folder, part)):
                    media[name] = file
                elif node.name == "CompositeGraphicUnit":
                    composites[name] = node
            self._named[part] = media, composites
        return self._named[part]

    def _file(self, name: str, folder: str, beside: str) -> str | None:
        within = self._archive.find(f"{folder}/{name}", beside) if folder else None
        return within or self._archive.find(name, beside)


class _Document:
    """One document. Its parts are read as they are asked for."""

    def __init__(self, stream: BinaryIO, emit: Emit, limits: Limits) -> None:
        self._archive = Archive(stream)
        self._emit = emit
        self._limits = limits
        self._places = Places(emit)
        self._active: set[Active] = set()

    def report(self) -> None:
        layout = Layout(self._archive)
        self._emit(seals=[seal._asdict() for seal in islice(self._seals(layout.body.said("Signatures")), SEALS)])
        self._attachments(layout.root, layout.where)
        self._note_actions(layout.root)
        if len(layout.listed) > self._limits.pages:
            raise OverLimit(Limit.PAGES)
        if not layout.listed:
            self._emit(opens=Opens.NO, pages=0)
            return
        self._emit(opens=Opens.YES, pages=len(layout.listed))
        words, shows = self._page(layout.listed[0], layout)
        text = normalise(words)[: self._limits.text]
        self._emit(text=text, all_pages_blank=not shows and len(layout.listed) == 1)
        missing = [number for number, page in enumerate(layout.listed, 1) if layout.place(page) is None]
        if missing:
            self._emit(damaged=True, unreadable_pages=len(missing))
            for number in missing[:PAGES_NAMED]:
                self._places.note(Found.UNREADABLE_PAGES, number)

    def _page(self, page: Node, layout: Layout) -> tuple[str, bool]:
        """What stands on a page, with the templates below and above it; and whether it shows anything at all."""
        place = layout.place(page)
        if place is None:
            return "", False
        content = self._archive.xml(place)
        self._note_actions(content, 1)
        composites = layout.resources(content, place).composites
        words, shows = "", False
        for part in layout.with_templates(content):
            for node in part.walk():
                drawn = [node]
                if node.name == "CompositeObject":
                    drawn = list(composites.get(node.attributes.get("ResourceID", ""), Node("", {})).walk())
                for item in drawn:
                    if item.name == "TextCode":
                        words += item.text
                    shows = shows or item.name in ("TextCode", "PathObject", "ImageObject")
        return words, shows

    def _attachments(self, root: Node, where: str) -> None:
        place = self._archive.find(root.said("Attachments"), where) if root.said("Attachments") else None
        if place is not None and any(node.name == "Attachment" for node in self._archive.xml(place).walk()):
            self._emit(embedded_files=True)

    def _note_actions(self, part: Node, page: int = 0) -> None:
        """What it does beside being read, on a page or as a whole: the standard has no scripts."""
        before = len(self._active)
        for node in part.walk():
            if node.name in _ACTIVE or (node.name == "GotoA"):
                self._active.add(_ACTIVE.get(node.name, Active.EMBEDDED))
            elif node.name == "Action" and node.attributes.get("Event") == "DO" and node.first("URI"):
                self._active.add(Active.ADDRESS_UNASKED)
        if page and len(self._active) > before:
            self._places.note(Found.ACTIVE, page)
        if self._active:
            self._emit(active=sorted(self._active))

    def _seals(self, listed: str) -> Iterator[Sealed]:
        """Seals and signatures, each with whether what they cover is as it was."""
        where = self._archive.find(listed) if listed else None
        if where is None:
            return
        for node in self._archive.xml(where).walk():
            if node.name != "Signature":
                continue
            place = self._archive.find(node.attributes.get("BaseLoc", ""), where)
            if place is None:
                yield Sealed(state=SealState.UNKNOWN)
            else:
                yield self._seal(place, node.attributes.get("Type", "Seal"))

    def _seal(self, place: str, kind: str) -> Sealed:
        raw = self._archive.data(place, _PART)
        info = parsed(raw).first("SignedInfo")
        references = info.first("References") if info else None
        if info is None or references is None:
            return Sealed(state=SealState.UNKNOWN)
        digests = self._covered(references, place)
        if digests is SealState.CHANGED:
            return Sealed(state=digests)
        value = self._archive.find(parsed(raw).said("SignedValue"), place)
        if kind != "Seal" or value is None or digests is SealState.UNKNOWN:
            return Sealed(state=SealState.UNKNOWN)
        return signature_holds(self._archive.data(value, _PART), raw)

    def _covered(self, references: Node, place: str) -> SealState:
        """Whether the parts that a seal covers are still what was sealed."""
        method = _DIGESTS.get(references.attributes.get("CheckMethod", "md5").strip().lower())
        states = set()
        for node in references.children:
            if node.name != "Reference":
                continue
            part = self._archive.find(node.attributes.get("FileRef", ""), place)
            try:
                wanted = b64decode(node.said("CheckValue"))
            except NotBase64:
                wanted = b""
            if part is None:
                states.add(SealState.CHANGED)
            elif method is None or not wanted:
                states.add(SealState.UNKNOWN)
            else:
                holds = hmac.compare_digest(hashlib.new(method, self._archive.data(part)).digest(), wanted)
                states.add(SealState.VALID if holds else SealState.CHANGED)
        for state in (SealState.CHANGED, SealState.UNKNOWN):
            if state in states:
                return state
        return SealState.VALID if states else SealState.UNKNOWN
