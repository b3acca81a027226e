"""What an enterprise has one of its people do (domain/model/people.py)."""

from kaigong.contract.routes import Group
from kaigong.domain.model.people import PersonRights
from kaigong.portal.access import Caller
from kaigong.store import people


def of(caller: Caller) -> PersonRights:
    """The caller's rights. Who acts for the city has no enterprise that could bound them."""
    return people.rights(caller.uscc or "", caller.account) if Group.APPLICANT in caller.groups else PersonRights.ALL
