"""What an enterprise has one of its people do (domain/model/people.py)."""

from kaigong.contract.routes import Group
from kaigong.domain.model.people import PersonRights
from kaigong.portal.access import Caller
from kaigong.store import people

from .request import Request


def of(caller: Caller) -> PersonRights:
    """The caller's rights. Who acts for the city has no enterprise that could bound them."""
    return people.rights(caller.uscc or "", caller.account) if Group.APPLICANT in caller.groups else PersonRights.ALL


def of_request(request: Request) -> PersonRights:
    """The same, read once a request."""
    return request.has or of(request.caller)
