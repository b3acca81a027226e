"""Photos of inspections: one item for each that was examined, beside the supervision records; put once."""

from collections.abc import Iterable

from kaigong.domain.model.supervision import MOST_PHOTOS, Photo
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, all_of, dump, fields, from_attributes, put_first, to_attributes

_READ = 40 * MOST_PHOTOS  # those of a packet's forty matters


def put(photo: Photo) -> None:
    """Keep what was found in a photo; the same one again changes nothing."""
    values = dump(photo)
    put_first(_key(photo.packet, photo.matter, values.pop("id")) | values)


def of(packet: str, matter: str = "") -> list[Photo]:
    """The photos of a packet's inspections, or of one matter's."""
    bound = {":pk": keys.photos_pk(packet)} | ({":matter": keys.photo_sk(matter, "")} if matter else {})
    found = client("dynamodb").query(
        TableName=settings().table_name,
        KeyConditionExpression="pk = :pk" + (" AND begins_with(sk, :matter)" if matter else ""),
        ExpressionAttributeValues=to_attributes(bound),
        Limit=_READ,
    )
    return [
        Photo.model_validate({**fields(item), "id": keys.name_in(from_attributes(item)["sk"])}, extra=LATER)
        for item in found["Items"]
    ]


def seen(places: Iterable[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Those of these photos, by packet, matter and id, that were examined; a hundred at most are asked about."""
    wanted = {
        (keys.photos_pk(packet), keys.photo_sk(matter, id_)): (packet, matter, id_) for packet, matter, id_ in places
    }
    found = all_of(to_attributes({"pk": pk, "sk": sk}) for pk, sk in wanted)
    return {wanted[item["pk"]["S"], item["sk"]["S"]] for item in found}


def _key(packet: str, matter: str, id_: str) -> dict[str, str]:
    return {"pk": keys.photos_pk(packet), "sk": keys.photo_sk(matter, id_)}
