"""What a document would do when opened, and what it carries: found by walking its objects.

pdfium and the usual readers look only where they act themselves, and miss scripts and attachments in hundreds of real
files. So every place where ISO 32000-2 lets an action or a file stand is visited: the catalogue, names, pages,
annotations, form fields, outlines, 3-D views.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from kaigong.domain.model.facts import Limit

from .content import get, name_of
from .limits import Limits, OverLimit

# Every event that may carry an action: annotations, pages, fields, the document (ISO 32000-2, tables 197 to 200).
_ON_ANNOTATION = ("/E", "/X", "/D", "/U", "/Fo", "/Bl", "/PO", "/PC", "/PV", "/PI")
_TRIGGERS = (*_ON_ANNOTATION, "/O", "/C", "/K", "/F", "/V", "/WC", "/WS", "/DS", "/WP", "/DP")


class Walk:
    """Visits actions, fields and name trees; each indirect object once. Raises OverLimit for too many objects."""

    def __init__(self, limits: Limits, found: Callable[[str], None]) -> None:
        """`found` is told "javascript", "launch", "embedded_files" as they are met."""
        self._seen: set[tuple[str, tuple[int, int]]] = set()
        self._left = limits.objects
        self._found = found
        self.signatures = 0

    def catalogue(self, root: Any) -> None:
        """Everything that hangs on the document as a whole."""
        self._actions(get(root, "/OpenAction"))
        self._triggers(root)
        names = get(root, "/Names")
        for value in self._leaves(get(names, "/JavaScript")):
            if _is_dictionary(value):
                self._found("javascript")
            self._actions(value)
        if any(_is_dictionary(value) for value in self._leaves(get(names, "/EmbeddedFiles"))):
            self._found("embedded_files")
        self._associated(root)
        self._fields(get(get(root, "/AcroForm"), "/Fields"))
        self._outlines(get(root, "/Outlines"))

    def page(self, page: Any) -> None:
        """Everything that hangs on one page."""
        self._triggers(page)
        self._associated(page)
        for annotation in self._array(get(page, "/Annots")):
            self._actions(get(annotation, "/A"))
            self._triggers(annotation)
            if name_of(annotation, "/Subtype") == "/FileAttachment" and _carries_file(get(annotation, "/FS")):
                self._found("embedded_files")
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

    def _actions(self, action: Any) -> None:
        """An action and those chained after it (ISO 32000-2, 12.6.2)."""
        waiting = [action]
        while waiting:
            item = waiting.pop()
            if not self._visit("action", item):
                continue
            kind = name_of(item, "/S")
            if kind == "/JavaScript" or get(item, "/JS") is not None:
                self._found("javascript")
            elif kind == "/Launch":
                self._found("launch")
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
                self._actions(get(triggers, key))

    def _associated(self, holder: Any) -> None:
        """Associated files (14.13): the newer way to attach."""
        files = get(holder, "/AF")
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
            self._actions(get(field, "/A"))
            self._triggers(field)
            kind = name_of(field, "/FT") or kind
            if kind == "/Sig" and _is_signature(get(field, "/V")):
                self.signatures += 1
            waiting.extend((kid, kind) for kid in self._array(get(field, "/Kids")))

    def _outlines(self, outlines: Any) -> None:
        waiting = [get(outlines, "/First")]
        while waiting:
            item = waiting.pop()
            if not self._visit("outline", item):
                continue
            self._actions(get(item, "/A"))
            waiting.extend((get(item, "/Next"), get(item, "/First")))

    def _three_d(self, drawing: Any) -> None:
        """A 3-D model may run a script when it is shown (13.6.3)."""
        if get(drawing, "/OnInstantiate") is not None or get(get(drawing, "/3DD"), "/OnInstantiate") is not None:
            self._found("javascript")


def _is_dictionary(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary | pikepdf.Stream)


def _carries_file(specification: Any) -> bool:
    """Whether a file specification brings the file along, rather than point at one elsewhere (7.11.4)."""
    return _is_dictionary(get(specification, "/EF"))


def _is_signature(value: Any) -> bool:
    """Whether a signature field's value holds a signature, not merely the room that was kept for one."""
    contents = get(value, "/Contents")
    return isinstance(contents, pikepdf.String) and any(bytes(contents))
