"""The people of an enterprise as the API takes and shows them."""

from pydantic import ConfigDict, Field

from kaigong.domain.model.people import Person, PersonRights, Wanted
from kaigong.domain.model.text import Lang, Model


class MessagesRequest(Model):
    """Which messages the caller wants by the city's gateway, and in which language."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    wants: Wanted
    language: Lang | None = Field(default=None, description="Left out: that of the packet.")


class RightsRequest(Model):
    """What a person of the enterprise may do from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    rights: PersonRights


class PersonShown(Model):
    """A person of the enterprise."""

    account: str = Field(repr=False)
    called: str = Field(repr=False)
    me: bool
    manages: bool = Field(description="Whether the person may say what others may do.")
    rights: PersonRights
    wants: Wanted
    language: Lang | None = None


class People(Model):
    """Who of the enterprise was here lately."""

    people: tuple[PersonShown, ...]
    manages: bool = Field(description="Whether the caller may say what others may do.")


def shown(person: Person, rights: PersonRights, me: str) -> PersonShown:
    return PersonShown(
        account=person.account,
        called=person.called,
        me=person.account == me,
        manages=person.manages,
        rights=rights,
        wants=person.wants,
        language=person.language,
    )
