"""What a document would do when opened, and what it carries: found by walking its objects.

pdfium and the usual readers look only where they act themselves, and miss scripts and attachments in hundreds of real
files. So every place where ISO 32000-2 lets an action or a file stand is visited: the catalogue, names, pages,
annotations, form fields, outlines, 3-D views.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pikepdf

from kaigong.domain.model.features import Active, Found, Limit, Unseen, normalise

from .child import Emit
from .content import Undecodable, as_written, decoded, entries, get, items, name_of
from .limits import Limits, OverLimit
from .marks import LEAVES_MARK
from .places import Places

# Every event that may carry an action: annotations, pages, fields, the document (ISO 32000-2, tables 197 to 200).
_ON_ANNOTATION = ("/E", "/X", "/D", "/U", "/Fo", "/Bl", "/PO", "/PC", "/PV", "/PI")
_TRIGGERS = (*_ON_ANNOTATION, "/O", "/C", "/K", "/F", "/V", "/WC", "/WS", "/DS", "/WP", "/DP")
_PRESSES = ("/U", "/D", "/K", "/F", "/V", "/C")  # somebody presses, types or fills in
_ACTS = {"/SubmitForm": Active.SUBMIT, "/ImportData": Active.IMPORT, "/GoToE": Active.EMBEDDED}
_FIELD_FUNCTIONS = re.compile(
    r"\s*(?:AF(?:Number|Date|Time|Percent|Special|Range|Simple|Merge|Make|Exact|Extract|Parse)\w*"
    r"\s*\((?:[^()\"']|\"[^\"]*\"|'[^']*'|\([^()]*\))*\)\s*;?\s*)+"
)
_FEW_HAVE = frozenset(("/AA", "/AF", "/3DD"))  # of annotations
# Documents have tens of thousands of links. One in which none of these names stands, nor a reference to where one may
# stand, does nothing that is told here, and shows nothing.
_TELLING = re.compile(
    rb"/(?:(?:A|S|Subtype) \d|(?:AA|AF|3DD|JS|JavaScript|Launch|Next|SubmitForm|ImportData|GoToE|GoToR|FS|RichMedia|"
    rb"FileAttachment|" + "|".join(name.removeprefix("/") for name in LEAVES_MARK).encode() + rb")\b)"
)
_ACTION_APART = re.compile(rb"/A \d+ \d+ R")
_SCRIPT_MOST = 64 * 1024
_XFA_SCRIPT = re.compile(rb"<(?:[A-Za-z]\w*:)?script[\s>]")
_XFA_PARTS, _XFA_MOST = 20, 4 * 1024 * 1024


class Walk:
    """Visits actions, fields and name trees; each indirect object once. Raises OverLimit for too many objects."""

    def __init__(self, limits: Limits, emit: Emit, places: Places | None = None) -> None:
        """`emit` is told each kind of active content once, as it is met; `places` on which pages it was."""
        self._seen: set[tuple[str, tuple[int, int]]] = set()
        self._left = limits.objects
        self._most = limits.text
        self._emit = emit
        self._places = places or Places(emit)
        self._page = 0  # that is being looked at; 0: what hangs on the document
        self._field: tuple[int, int] | None = None  # that is being looked at, of a form
        self._in_fields: dict[tuple[int, int], set[Found]] = {}  # until the page comes on which the field stands
        self._told: set[str] = set()
        self._active: set[Active] = set()
        self.signatures = 0
        self.covered = 0  # up to which byte a signature says it reaches
        self.bare: set[int] = set()  # pages without a note, a field or a stamp: all that hangs on them is links
        self.notes = ""  # what stands in filled fields, and in stamps and notes on the first page

    def catalogue(self, root: Any) -> None:
        """Everything that hangs on the document as a whole."""
        self._unseen(root)
        self._actions(get(root, "/OpenAction"), pressed=False)
        self._triggers(root)
        names = get(root, "/Names")
        for value in self._leaves(get(names, "/JavaScript")):
            self._actions(value, pressed=False, script=True)
        if any(_is_dictionary(value) for value in self._leaves(get(names, "/EmbeddedFiles"))):
            self._found("embedded_files")
        self._associated(root)
        form = get(root, "/AcroForm")
        self._fields(get(form, "/Fields"))
        self._emit(signed=self.signatures > 0, signatures=self.signatures, covered=self.covered)
        self._xfa(get(form, "/XFA"))
        self._outlines(get(root, "/Outlines"))

    def page(self, page: Any, number: int) -> None:
        """Everything that hangs on one page; of the first, also what is written in its notes."""
        self._page = number
        self._triggers(page)
        self._associated(page)
        self.bare.add(number)
        for annotation in self._array(get(page, "/Annots")):
            if number > 1 and not self._in_fields and _is_quiet(annotation):
                continue
            self.bare.discard(number)
            kind = name_of(annotation, "/Subtype")
            for what in self._in_fields.get(annotation.objgen, ()) if _is_dictionary(annotation) else ():
                self._places.note(what, number)
            self._actions(get(annotation, "/A"))
            if kind == "/FileAttachment" and _carries_file(get(annotation, "/FS")):
                self._found("embedded_files")
            elif kind == "/RichMedia":
                self._acts(Active.RICH_MEDIA)
            if number == 1 and kind != "/Link":
                self._note(get(annotation, "/Contents"))
            if _FEW_HAVE.isdisjoint(entries(annotation)):  # documents have tens of thousands of links
                continue
            self._triggers(annotation)
            self._associated(annotation)
            self._three_d(get(annotation, "/3DD"))

    def _visit(self, purpose: str, item: Any) -> bool:
        """Count a visit; False where this object was visited for the same purpose before."""
        self._left -= 1
        if self._left < 0:
            raise OverLimit(Limit.OBJECTS)
        if not _is_dictionary(item):
            return False
        if item.is_indirect:
            key = (purpose, item.objgen)
            if key in self._seen:
                return False
            self._seen.add(key)
        return True

    def _array(self, array: Any) -> Iterator[Any]:
        if isinstance(array, pikepdf.Array):
            for item in array:
                self._left -= 1
                if self._left < 0:
                    raise OverLimit(Limit.OBJECTS)
                yield item

    def _found(self, what: str) -> None:
        self._where(Found(what))
        if what not in self._told:
            self._told.add(what)
            self._emit(**{what: True})

    def _where(self, what: Found) -> None:
        if self._page:
            self._places.note(what, self._page)
        elif self._field is not None:
            self._in_fields.setdefault(self._field, set()).add(what)

    def _acts(self, what: Active) -> None:
        self._where(Found.ACTIVE)
        if what not in self._active:
            self._active.add(what)
            self._emit(active=sorted(self._active))

    def _note(self, words: Any) -> None:
        if isinstance(words, pikepdf.String) and len(self.notes) < self._most:
            self.notes = (self.notes + normalise(str(words)))[: self._most]

    def _actions(self, action: Any, *, pressed: bool = True, script: bool = False) -> None:
        """An action and those chained after it (ISO 32000-2, 12.6.2).

        `pressed`: it waits for somebody to press something. `script`: it stands where only scripts do.
        """
        waiting = [action]
        while waiting:
            item = waiting.pop()
            if not self._visit("action" if pressed else "unasked action", item):
                continue
            kind, code = name_of(item, "/S"), get(item, "/JS")
            if kind == "/JavaScript" or code is not None or script:
                self._found("javascript")
                if not _is_field_function(code):
                    self._found("scripts")
            if kind == "/Launch":
                self._found("launch")
                if not pressed:
                    self._found("launch_unasked")
            elif kind in _ACTS:
                self._acts(_ACTS[kind])
            elif kind == "/GoToR" and _is_on_a_share(get(item, "/F")):
                self._acts(Active.SHARE)
            elif kind == "/URI" and not pressed:
                self._acts(Active.ADDRESS_UNASKED)
            following = get(item, "/Next")
            if isinstance(following, pikepdf.Array):
                waiting.extend(self._array(following))
            else:
                waiting.append(following)

    def _triggers(self, holder: Any) -> None:
        """The additional actions of a catalogue, page, annotation or field (12.6.3)."""
        triggers = get(holder, "/AA")
        if triggers is not None:
            for key in _TRIGGERS:
                self._actions(get(triggers, key), pressed=key in _PRESSES)

    def _unseen(self, root: Any) -> None:
        """Documents whose pages are a cover or a placeholder: the paper itself is elsewhere in the file."""
        files = self._array(get(root, "/AF"))
        if any(name_of(item, "/AFRelationship") == "/EncryptedPayload" for item in files):  # ISO 32000-2, 7.6.7
            self._emit(unseen=Unseen.RIGHTS)
        elif _is_dictionary(get(root, "/Collection")):
            self._emit(unseen=Unseen.PORTFOLIO)
        elif get(root, "/NeedsRendering") is True:
            self._emit(unseen=Unseen.FORM)

    def _xfa(self, form: Any) -> None:
        """A form of the XFA kind, which only some readers show; it may have scripts of its own."""
        if form is None:
            return
        self._emit(xfa=True)
        parts = list(self._array(form))[1::2] if isinstance(form, pikepdf.Array) else [form]
        for part in parts[:_XFA_PARTS]:
            if isinstance(part, pikepdf.Stream):
                with suppress(Undecodable):
                    if _XFA_SCRIPT.search(decoded(part, _XFA_MOST)):
                        self._acts(Active.FORM_SCRIPT)

    def _associated(self, holder: Any) -> None:
        """Associated files (14.13): the newer way to attach."""
        files = get(holder, "/AF")
        if files is None:
            return
        listed = self._array(files) if isinstance(files, pikepdf.Array) else iter((files,))
        if any(_carries_file(item) for item in listed):
            self._found("embedded_files")

    def _leaves(self, tree: Any) -> Iterator[Any]:
        """The values of a name tree (7.9.6)."""
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            if not self._visit("names", node):
                continue
            yield from list(self._array(get(node, "/Names")))[1::2]
            waiting.extend(self._array(get(node, "/Kids")))

    def _fields(self, fields: Any) -> None:
        """Form fields with their scripts; a signature is a signature field with a signed value (12.8.1)."""
        waiting = [(field, "") for field in self._array(fields)]
        while waiting:
            field, kind = waiting.pop()
            if not self._visit("field", field):
                continue
            self._field = field.objgen if field.is_indirect else None
            self._actions(get(field, "/A"))
            self._triggers(field)
            kind = name_of(field, "/FT") or kind
            if kind == "/Sig" and _is_signature(get(field, "/V")):
                self.signatures += 1
                self.covered = max(self.covered, _end_of_range(get(field, "/V")))
            if kind in ("/Tx", "/Ch"):
                self._note(get(field, "/V"))
            waiting.extend((kid, kind) for kid in self._array(get(field, "/Kids")))
        self._field = None

    def _outlines(self, outlines: Any) -> None:
        waiting = [get(outlines, "/First")]
        while waiting:
            item = waiting.pop()
            if not self._visit("outline", item):
                continue
            if not _is_quiet(item):
                self._actions(get(item, "/A"))
            waiting.extend((get(item, "/Next"), get(item, "/First")))

    def _three_d(self, drawing: Any) -> None:
        """A 3-D model may run a script when it is shown (13.6.3)."""
        if get(drawing, "/OnInstantiate") is not None or get(get(drawing, "/3DD"), "/OnInstantiate") is not None:
            self._found("javascript")
            self._found("scripts")


def _is_quiet(item: Any) -> bool:
    """Whether an annotation or bookmark shows nothing, and does nothing that is told; its action may be elsewhere."""
    written = as_written(item)
    if not _TELLING.search(written):
        return bool(written)
    if not _ACTION_APART.search(written) or _TELLING.search(_ACTION_APART.sub(b"", written, count=1)):
        return False
    action = as_written(get(item, "/A"))
    return bool(action) and not _TELLING.search(action)


def _is_field_function(code: Any) -> bool:
    """Whether a script is nothing but Acrobat's own functions for form fields: formats, checks and sums."""
    if isinstance(code, pikepdf.Stream):
        try:
            code = decoded(code, _SCRIPT_MOST).decode("latin-1")
        except Undecodable:
            return False
    return isinstance(code, str | pikepdf.String) and _FIELD_FUNCTIONS.fullmatch(str(code)) is not None


def _is_on_a_share(file: Any) -> bool:
    """Whether a file to be opened lies on another machine: Windows tells that machine who opens it."""
    for name in (file, get(file, "/F"), get(file, "/UF")):
        if isinstance(name, pikepdf.String) and str(name).replace("\\", "/").startswith(("//", "file://", "smb:")):
            return True
    return False


def _is_dictionary(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary | pikepdf.Stream)


def _carries_file(specification: Any) -> bool:
    """Whether a file specification brings the file along, rather than point at one elsewhere (7.11.4)."""
    return _is_dictionary(get(specification, "/EF"))


def _end_of_range(signature: Any) -> int:
    """Where the bytes end that a signature covers (12.8.1); 0 where it does not say."""
    *_, start, length = [0, 0, *items(get(signature, "/ByteRange"))]
    return start + length if isinstance(start, int) and isinstance(length, int) and start >= 0 <= length else 0


def _is_signature(value: Any) -> bool:
    """Whether a signature field's value holds a signature, not merely the room that was kept for one."""
    contents = get(value, "/Contents")
    return isinstance(contents, pikepdf.String) and any(bytes(contents))
