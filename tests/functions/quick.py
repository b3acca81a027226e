"""Moto and boto3 with less of a processor's time. What they answer stays the same; most of the time of the tests of the
handlers is theirs.
"""

import base64
import json
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.config import Config
from botocore.model import OperationModel
from botocore.parsers import BaseJSONParser
from moto.backend_index import backend_url_patterns
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID, models, serialize
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import HTTPException, ServiceException
from moto.core.models import botocore_stubber
from moto.core.request import normalize_request
from moto.dynamodb import responses as dynamodb
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.responses import DynamoHandler, DynamoResult

ACCESS_KEY = "testing"
MOST_OF_AN_ITEM = 405_000  # bytes; where moto puts DynamoDB's limit of 400 KB


@cache
def speed_up() -> None:
    """Once a process, for good."""
    _hand_on_what_is_read()
    _copy_and_weigh_less()
    _find_names_once()
    BotocoreStubber.process_request = _answered
    for name in ("client", "resource"):
        setattr(boto3, name, _shared(getattr(boto3, name)))


def _hand_on_what_is_read() -> None:
    """DynamoDB's reads are in wire form already: walking through every attribute again takes most of the time."""
    original, parse = serialize.ResponseSerializer._serialize, BaseJSONParser._handle_structure

    def serialized_as_it_is(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if key in ("Items", "Item", "Attributes") and self.operation_model.service_model.service_name == "dynamodb":
            serialized[key] = _wire(value)
        else:
            original(self, serialized, value, shape, key)

    serialize.ResponseSerializer._serialize = serialized_as_it_is
    BaseJSONParser._handle_structure = lambda self, shape, value: (
        _from_wire(value) if shape.name == "AttributeValue" else parse(self, shape, value)
    )


def _copy_and_weigh_less() -> None:
    # It copies items before it gives them out, and the table for each item of a transaction: these are the copies
    # that it makes, without asking every value whether it was copied before.
    DynamoType.__deepcopy__ = lambda self, _: _copied(self)
    Item.__deepcopy__ = lambda self, _: _copied_item(self)
    Table.__deepcopy__ = lambda self, _: _copied_table(self)
    # It weighs an item again for each of its attributes, and twice for each query: one sum has the same limit.
    DynamoType.size = _size
    Item.size = _weight
    Item.__init__ = _weighed_once
    # It compares keys by asking each for all the kinds that it might be, and sorts the whole table for a query.
    DynamoType.cast_value = property(_cast)
    Table.all_items = _sorted
    DynamoDBBackend.transact_write_items = _transaction(DynamoDBBackend.transact_write_items)
    # It asks each node of an expression for what a traverser does with every kind of node.
    DepthFirstTraverser.traverse_node_recursively = _traversed


def _find_names_once() -> None:
    """It looks through all that a class has for the method of each request, and spells each name anew."""
    dynamodb.dynamo_to_dict = _plain
    for module in [module for name, module in sys.modules.items() if name.startswith("moto.")]:
        for name in ("method_names_from_class", "camelcase_to_underscores"):
            if hasattr(module, name):
                setattr(module, name, _cached(getattr(module, name)))
    # Whoever asks by `requests` asks storage, by addresses that were signed; every start of moto takes up all others.
    storage = [(service, pattern) for service, pattern in backend_url_patterns if service == "s3"]
    models.backend_index = SimpleNamespace(backend_url_patterns=storage)


_cached = cache(cache)  # one for each function


_answered_by_moto = BotocoreStubber.process_request
_methods: dict[str, list[tuple[re.Pattern[str], Callable[..., Any]]]] = {}  # by host
_changes: int | None = 0  # how many requests may have changed items; None while one is at it
_READS = {"GetItem", "BatchGetItem", "Query", "Scan"}


def _answered(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """It tries the addresses of all services in turn: here those of one, that it found for the host before."""
    address = request.url.partition("?")[0]
    host = address.split("/")[2]
    if not host.endswith(".amazonaws.com"):
        return _answered_by_moto(stubber, request)
    if host not in _methods:
        _methods[host] = _of_service(address)
    method = next((method for pattern, method in _methods[host] if pattern.match(address)), None)
    if method is None:
        return _answered_by_moto(stubber, request)
    with _weighed_anew(_operation(request.headers)):
        try:
            asked = normalize_request(request)
            return method(asked, asked.raw_url, asked.headers)
        except HTTPException as error:
            return error.code, error.get_headers(), error.get_body()


def _operation(headers: Mapping[str, Any]) -> str:
    target = headers.get("X-Amz-Target", "")
    return (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]


@contextmanager
def _weighed_anew(operation: str) -> Iterator[None]:
    """An operation that may change items."""
    global _changes
    if operation in _READS:
        yield
        return
    before, _changes = _changes, None
    try:
        yield
    finally:
        _changes = (before or 0) + 1


def _of_service(address: str) -> list[tuple[re.Pattern[str], Callable[..., Any]]]:
    """What answers addresses of the first service that has one like it."""
    for service, pattern in backend_url_patterns:
        if pattern.match(address):
            backends = get_backend(service)[DEFAULT_ACCOUNT_ID]
            backend = backends["us-east-1"] if "us-east-1" in backends else backends["aws"]
            return [(re.compile(url), method) for url, method in backend.urls.items()]
    return []


_DIRECTLY = {*_READS, "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


@dataclass(frozen=True)
class _Answer:
    """As much of an HTTP response as botocore looks at."""

    status_code: int = 200


def _asked_directly(
    model: OperationModel, params: dict[str, Any], context: dict[str, Any], **_: Any
) -> tuple[_Answer, dict[str, Any]] | None:
    """What a table answers, without a request and a response in between. What ends in an error is asked once more by
    a request: it has changed nothing.
    """
    if not botocore_stubber.enabled or model.name not in _DIRECTLY:
        return None
    handler = DynamoHandler()
    handler.region, handler.current_account = context["client_region"], DEFAULT_ACCOUNT_ID
    handler.body = handler.params = json.loads(params["body"], object_hook=_with_bytes)
    with _weighed_anew(model.name):
        try:
            result = getattr(handler, xform_name(model.name))()
        except (ServiceException, HTTPException):
            return None
    told = result.result if isinstance(result, DynamoResult) else _plain(result.result)
    known = {name: value for name, value in told.items() if name in model.output_shape.members and value is not None}
    return _Answer(), known | {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}}


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    if len(value) == 1 and isinstance(inner := value.get("B"), str):
        return {"B": base64.b64decode(inner)}
    return value


def _plain(value: Any) -> Any:
    """What moto's `dynamo_to_dict` makes of items, without asking for the type of each thing that JSON knows."""
    if isinstance(value, DynamoType):
        if value.type == "B":
            return {"B": _bytes(value.value)}
        if value.type == "BS":
            return {"BS": [_bytes(part) for part in value.value]}
        return {value.type: _plain(value.value)}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | set | tuple):
        return [_plain(part) for part in value]
    return _plain(value.to_json()) if hasattr(value, "to_json") else value


def _bytes(value: str | bytes) -> bytes:
    return base64.b64decode(value) if isinstance(value, str) else value


def _weight(item: Item) -> int:
    """In bytes; the same until something is written."""
    if _changes is not None and item.__dict__.get("weighed", ())[:1] == (_changes,):
        return item.weighed[1]
    weight = sum(len(name.encode()) + _size(value) for name, value in item.attrs.items())
    item.weighed = (_changes, weight)
    return weight


def _copied(value: DynamoType) -> DynamoType:
    same, inner = object.__new__(DynamoType), value.value
    if isinstance(inner, dict):
        inner = {name: _copied(part) for name, part in inner.items()}
    elif isinstance(inner, list):
        inner = [_copied(part) if isinstance(part, DynamoType) else part for part in inner]
    same.type, same.value = value.type, inner
    return same


def _copied_item(item: Item) -> Item:
    same, attributes = object.__new__(Item), LimitedSizeDict()
    for name, value in item.attrs.items():
        dict.__setitem__(attributes, name, _copied(value))  # its own weighs every attribute for each one that is added
    same.hash_key, same.range_key, same.attrs = item.hash_key, item.range_key, attributes
    return same


def _copied_table(table: Table) -> Table:
    """A transaction's way back: it changes what it names and no other item, and moto copies before it begins."""
    same = object.__new__(Table)
    same.__dict__.update(table.__dict__)
    same.items = defaultdict(dict)
    for key, items in table.items.items():
        same.items[key] = {
            sort: _copied_item(item) if _touched is None or (key, sort) in _touched else item
            for sort, item in items.items()
        }
    return same


_touched: set[tuple[DynamoType, DynamoType]] | None = None  # the keys of the transaction that is going on


def _transaction(write: Callable[..., None]) -> Callable[..., None]:
    def written(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        global _touched
        operations = [next(iter(item.values())) for item in transact_items]
        keys = [operation.get("Key") or operation["Item"] for operation in operations]
        _touched = {(DynamoType(key["pk"]), DynamoType(key["sk"])) for key in keys}
        try:
            write(self, transact_items)
        finally:
            _touched = None

    return written


_cast_by_moto = DynamoType.cast_value.fget


def _cast(value: DynamoType) -> Any:
    return value.value if value.type in ("S", "B", "BOOL") else _cast_by_moto(value)


def _sorted(table: Table) -> list[Item]:
    items = [item for items in table.items.values() for item in items.values()]
    return sorted(items, key=lambda item: (item.hash_key.cast_value, item.range_key.cast_value))


def _size(value: DynamoType) -> int:
    kind, inner = value.type, value.value
    if kind == "N":
        return len(str(inner))
    if kind in ("SS", "NS", "BS"):
        return sum(len(part if isinstance(part, bytes) else str(part).encode()) for part in inner)
    if kind == "L":
        return sum(map(_size, inner))
    if kind == "M":
        return sum(len(name.encode()) + _size(part) for name, part in inner.items())
    if isinstance(inner, bool):
        return 1
    return len(inner if isinstance(inner, bytes) else inner.encode())


def _weighed_once(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    for name, value in attrs.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    if item.size() > MOST_OF_AN_ITEM:
        raise ItemSizeTooLarge


def _traversed(self: DepthFirstTraverser, node: Any, child_id: int = -1) -> Any:
    if not _is_a(type(node), Node):
        return node
    parent = node.parent
    for place, child in enumerate(node.children or ()):
        self.pre_processing_of_child(node, place)
        _traversed(self, child, place)
    if any(_is_a(type(node), kind) for kind in _processed(type(self), self)):
        node = self.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


_is_a = cache(issubclass)
_kinds: dict[type, tuple[type, ...]] = {}


def _processed(kind: type[DepthFirstTraverser], traverser: DepthFirstTraverser) -> tuple[type, ...]:
    """The kinds of nodes that a kind of traverser does something with."""
    if kind not in _kinds:
        _kinds[kind] = traverser.nodes_to_be_processed()
    return _kinds[kind]


def _from_wire(value: dict[str, Any]) -> dict[str, Any]:
    """One attribute as boto3 gives it."""
    ((kind, inner),) = value.items()
    if kind == "M":
        inner = {name: _from_wire(part) for name, part in inner.items()}
    elif kind == "L":
        inner = [_from_wire(part) for part in inner]
    elif kind == "B":
        inner = base64.b64decode(inner)
    return {kind: inner}


def _shared(make: Callable[..., Any]) -> Callable[..., Any]:
    """Makes each client once a run. That takes a tenth of a second, and a client knows nothing of the test it is for.
    Nobody looks at signatures, and at what a client says of itself: it need not work these out for each request.

    Who names an address or a region, as tests of the stack in the same process do, gets a client of their own.
    """
    made: dict[str, Any] = {}
    lock = threading.Lock()  # boto3 makes one client at a time

    def shared(service: str, config: Config | None = None, **own: Any) -> Any:
        if own:
            return make(service, config=config, **own)
        known = f"{service} {sorted(vars(config).items()) if config else ()}"
        with lock:
            if known not in made:
                made[known] = make(service, config=(config or Config()).merge(Config(user_agent="tests")))
                if service != "s3":  # there a signature says how the body is to be read
                    _sign_alike(made[known] if make.__name__ == "client" else made[known].meta.client)
            return made[known]

    return shared


def _sign_alike(client: Any) -> None:
    signer, event = client._request_signer, f"request-created.{client.meta.service_model.service_id.hyphenize()}"

    def signed(request: AWSRequest, **_: Any) -> None:
        scope = f"{ACCESS_KEY}/20260306/{client.meta.region_name}/{signer.signing_name}/aws4_request"
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"

    client.meta.events.unregister(event, signer.handler)
    client.meta.events.register(event, signed)
    client.meta.events.register("before-call.dynamodb", _asked_directly)


def _wire(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _wire(part) for name, part in value.items()}
    if isinstance(value, list | set | tuple):
        return [_wire(part) for part in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
