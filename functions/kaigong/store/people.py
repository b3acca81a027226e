"""The people of an enterprise: what each chose, and apart what each may do: neither is written over with the other."""

from datetime import timedelta

from kaigong.domain.model.people import Granted, Person, PersonRights
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, item_at, queried, to_attributes

KNOWN_FOR = timedelta(days=400)  # choice: who was not here for so long is neither listed nor written to


def of(uscc: str) -> tuple[list[Person], dict[str, PersonRights]]:
    """Who was here lately, and the rights of whoever has not all of them, by account; in one Query. Consistent."""
    people: list[Person] = []
    rights: dict[str, PersonRights] = {}
    for item in queried("pk = :pk", {":pk": keys.people_pk(uscc)}):
        if keys.kind_of(item["sk"]["S"]) == keys.PERSON:
            people.append(Person.model_validate(fields(item), extra=LATER))
        else:
            granted = Granted.model_validate(fields(item), extra=LATER)
            rights[granted.account] = granted.rights
    return sorted(people, key=lambda person: (person.called, person.account)), rights


def rights(uscc: str, account: str) -> PersonRights:
    """What somebody may do; all, unless it was said otherwise. Consistent: what was taken away is gone."""
    item = item_at(to_attributes(keys.granted_key(uscc, account)))
    return Granted.model_validate(fields(item), extra=LATER).rights if item else PersonRights.ALL


def put(uscc: str, person: Person) -> None:
    ends = {"expires_at": int((person.seen_at + KNOWN_FOR).timestamp())}
    _put(keys.person_key(uscc, person.account) | dump(person) | ends)


def grant(uscc: str, granted: Granted) -> None:
    _put(keys.granted_key(uscc, granted.account) | granted.model_dump(mode="json"))


def _put(item: dict[str, object]) -> None:
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))
