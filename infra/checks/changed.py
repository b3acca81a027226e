"""A mypy plugin: what a change of a value may name, and of what types, is what the value itself has.

A method's `**fields` are fields of what it returns. So `packet.changed(gaps=…)` takes any field of `Packet`, none of
them required, each with its own type: a field that there is not, or a value of another type, is an error of mypy.
Pydantic's `model_copy(update=…)` takes any dictionary unchecked, and mypy knows such signatures for dataclasses alone.
A dictionary spread into a change would be as unchecked: only a change that hands on its own `**fields` may spread them.
"""

from collections.abc import Callable

from mypy.expandtype import expand_type_by_instance
from mypy.nodes import ARG_NAMED_OPT, ARG_STAR2, CallExpr, Context, NameExpr, Var
from mypy.plugin import MethodSigContext, Plugin
from mypy.types import FunctionLike, Instance, Type, get_proper_type

MODEL = "kaigong.domain.model.text.Model"


class Changes(Plugin):
    """Signatures of changes."""

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return _typed if fullname.startswith("kaigong.") else None


def _typed(context: MethodSigContext) -> FunctionLike:
    """The signature with the fields of what is returned in the place of `**fields`."""
    signature = context.default_signature
    if not (signature.arg_kinds and signature.arg_kinds[-1] == ARG_STAR2 and signature.arg_names[-1] == "fields"):
        return signature
    value = get_proper_type(signature.ret_type)
    if not isinstance(value, Instance) or not value.type.has_base(MODEL):
        return signature
    if _spreads(context.context):
        context.api.fail("A change names its fields: what ** spreads is not checked", context.context)
    fields = _fields(value)
    return signature.copy_modified(
        arg_types=[*signature.arg_types[:-1], *fields.values()],
        arg_kinds=[*signature.arg_kinds[:-1], *[ARG_NAMED_OPT] * len(fields)],
        arg_names=[*signature.arg_names[:-1], *fields],
    )


def _spreads(call: Context) -> bool:
    """Whether a call spreads something else than the `**fields` of the change that it stands in."""
    given = zip(call.args, call.arg_kinds, strict=True) if isinstance(call, CallExpr) else ()
    return any(k is ARG_STAR2 and not (isinstance(arg, NameExpr) and arg.name == "fields") for arg, k in given)


def _fields(value: Instance) -> dict[str, Type]:
    """A model's fields as pydantic's own plugin found them, with their types."""
    found: dict[str, Type] = {}
    for name in value.type.metadata.get("pydantic-mypy-metadata", {}).get("fields", {}):
        symbol = value.type.get(name)
        if symbol and isinstance(symbol.node, Var) and symbol.node.type:
            found[name] = expand_type_by_instance(symbol.node.type, value)
    return found


def plugin(_version: str) -> type[Plugin]:
    """Where mypy enters."""
    return Changes
