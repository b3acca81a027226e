"""What DynamoDB charges for a request: its units, from the sizes of the items that pass by.

The emulator is not asked: it is not what will send the bill. Rules: "DynamoDB item sizes and formats", "Read and write
operations" and "Using global secondary indexes" in the DynamoDB developer guide.

- A write costs a unit for each KB, of the larger of the old and the new item; twice as much in a transaction.
- A change of an entry of an index costs writes of its own: one where an entry comes or goes, two where its key
  changes, one where only what it shows changes. An entry of ours is below one KB.
- A consistent read costs a unit for each 4 KB of all that it read together, an eventually consistent one the half; of a
  batch each item counts alone.

A write that a condition stopped is charged like one that went through.
"""

import base64
import math
import re
from collections.abc import Iterator
from typing import Any

Item = dict[str, Any]  # in DynamoDB's notation
Units = tuple[float, float]  # write units, read units

INDEX_KEYS = (("gsi1pk", "gsi1sk"), ("gsi2pk", "gsi2sk"), ("gsi3pk", "gsi3sk"))
SHOWN = {"gsi2pk": ("round", "state", "due", "pauses", "until", "officer", "by", "gsi2about")}  # beside the keys
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheck"}


def item_size(item: Item) -> int:
    """Bytes that an item counts for: its attributes' names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return math.ceil(len(content.lstrip("-").replace(".", "")) / 2) + 1 + int(content.startswith("-"))
        case "B":
            return len(base64.b64decode(content))
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _value_size(v) for v in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(v) for name, v in content.items())
        case _:  # sets
            return sum(_value_size({kind[0]: v}) for v in content)


class Meter:
    """Knows the items of a table from the writes that it was shown, all from the first on."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def units(self, operation: str, request: dict[str, Any], answer: dict[str, Any], done: bool) -> Units:
        """What one request costs. `done`: it was not refused. Requests are shown in the order of their answers.

        Raises NotImplementedError for an operation that is not among the rules above.
        """
        match operation:
            case "PutItem" | "UpdateItem" | "DeleteItem":
                return self._write(operation, request, done), 0.0
            case "TransactWriteItems":
                parts = [part for entry in request["TransactItems"] for part in entry.items()]
                return sum(self._write(_WRITES[kind], part, done, factor=2) for kind, part in parts), 0.0
            case "GetItem":
                return 0.0, _read([answer["Item"]] if "Item" in answer else [], request)
            case "Query":
                return 0.0, _read(answer.get("Items", []), request)
            case "BatchGetItem":
                return 0.0, _read_apart(request, answer)
        raise NotImplementedError(f"the bench does not know what {operation} costs")

    def forget(self) -> None:
        """Another packet begins."""
        self._items.clear()

    def largest(self) -> list[tuple[str, int]]:
        """The items as they now are, by what they are and their size in bytes, the largest first."""
        sizes = [(sk, item_size(item)) for (_, sk), item in self._items.items()]
        return sorted(sizes, key=lambda entry: -entry[1])

    def _write(self, kind: str, request: dict[str, Any], done: bool, factor: int = 1) -> float:
        key = request.get("Key") or {name: request["Item"][name] for name in ("pk", "sk")}
        place = key["pk"]["S"], key["sk"]["S"]
        old = self._items.get(place, {})
        new = _after(kind, request, {**key, **old})
        base = factor * max(1, math.ceil(max(item_size(old), item_size(new)) / 1024))
        if not done:
            return base
        indexed = sum(_index_writes(old, new, keys) for keys in INDEX_KEYS)
        if new:
            self._items[place] = new
        else:
            self._items.pop(place, None)
        return base + indexed


def _read(items: list[Item], request: dict[str, Any]) -> float:
    units = max(1, math.ceil(sum(map(item_size, items)) / 4096))
    return units * (1.0 if request.get("ConsistentRead") else 0.5)


def _read_apart(request: dict[str, Any], answer: dict[str, Any]) -> float:
    """Of a batch each item counts alone, also one that is not there."""
    units = 0.0
    for table, asked in request["RequestItems"].items():
        items = answer.get("Responses", {}).get(table, [])
        missing = len(asked["Keys"]) - len(items)
        units += missing * _read([], asked) + sum(_read([item], asked) for item in items)
    return units


def _index_writes(old: Item, new: Item, keys: tuple[str, str]) -> int:
    before, after = ([item.get(name) for name in keys] for item in (old, new))
    if before == after:
        shown = SHOWN.get(keys[0], ())
        return int(None not in after and any(old.get(name) != new.get(name) for name in shown))
    return sum(None not in entry for entry in (before, after))


def _after(kind: str, request: dict[str, Any], old: Item) -> Item:
    match kind:
        case "PutItem":
            return dict(request["Item"])
        case "DeleteItem":
            return {}
        case "ConditionCheck":
            return old
    return _updated(request, old)


def _updated(request: dict[str, Any], item: Item) -> Item:
    """The item after the update expressions that the store uses: SET a = :a, REMOVE a, ADD a :a (a set, a number)."""
    values, names = request.get("ExpressionAttributeValues", {}), request.get("ExpressionAttributeNames", {})
    new = dict(item)
    for clause, part in _clauses(request["UpdateExpression"]):
        name, value = names.get(part[0], part[0]), values[part[-1]] if len(part) > 1 else None
        if clause == "REMOVE":
            new.pop(name, None)
        elif clause == "ADD" and value and name in new:
            ((kind, added),) = value.items()
            there = new[name][kind]
            new[name] = {kind: str(int(there) + int(added)) if kind == "N" else sorted({*there, *added})}
        elif value:
            new[name] = value
    return new


def _clauses(expression: str) -> Iterator[tuple[str, list[str]]]:
    found = re.split(r"\b(SET|REMOVE|ADD)\b", expression)[1:]
    for clause, body in zip(found[::2], found[1::2], strict=True):
        for part in body.split(","):
            yield clause, part.replace("=", " ").split()
