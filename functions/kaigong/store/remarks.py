"""Notes to colleagues and records of calls, among what no rule and no applicant reads."""

from kaigong.domain.model.remark import Remark

from . import keys
from .items import LATER, dump, fields, put_once, queried


def put(packet: str, remark: Remark) -> None:
    """Keep a remark, once. It is shown once its act is on record."""
    put_once(packet, keys.remark_sk(remark.mark), dump(remark))


def of(packet: str) -> list[Remark]:
    """The remarks on a packet, oldest first. Consistent."""
    bound = {":pk": keys.packet_pk(packet), ":remarks": keys.remark_sk("")}
    found = queried("pk = :pk AND begins_with(sk, :remarks)", bound)
    return sorted((Remark.model_validate(fields(item), extra=LATER) for item in found), key=lambda remark: remark.at)
