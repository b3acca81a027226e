"""Every environment variable that a function reads, in one model, read on first use."""

import os
import re
from datetime import time, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kaigong.domain.model.clock import TIME_ZONE, Office
from kaigong.domain.model.codes import CREDIT_CODE
from kaigong.domain.model.text import BUILT_LATER

CLAIMS = {  # OpenID Connect Core 5.1 where it has a name for it
    "user": "preferred_username",
    "name": "name",
    "groups": "groups",
    "uscc": "uscc",
    "department": "department",
}
_DROPPER = rf"([A-Za-z0-9]+|\*)=({CREDIT_CODE}|\*)"
DROPPERS_PATTERN = rf"^({_DROPPER}(,{_DROPPER})*)?$"  # the template's parameter says it too


class City(BaseModel):
    """Whose portal it is: the host, where it is found, and its filings with the ministries."""

    model_config = ConfigDict(frozen=True, **BUILT_LATER)

    host: str
    address: str
    telephone: str
    icp: str
    police: str


class Settings(BaseModel):
    """What the template tells a function. Names are those of the environment, in lower case."""

    model_config = ConfigDict(frozen=True, **BUILT_LATER)

    table_name: str
    bucket_name: str
    stack_name: str
    queue_url_base: str  # a queue's URL is this plus its short name
    notices_topic_arn: str
    gap_working_days: int = Field(default=20, ge=1)  # choice: cap on a promised gap; the city's report is silent
    gap_reminder_days: str = "5,1"  # choice: working days before the date on which the applicant is reminded
    correction_notice_working_days: int = Field(default=2, ge=1, le=5)  # choice, within the five days of the law
    correction_working_days: int = Field(default=20, ge=1)  # choice: a correction that does not come lapses after these
    visit_report_working_days: int = Field(default=2, ge=1)  # choice: a joint site visit ends so long after its day
    breach_repair_days: int = Field(default=90, ge=0)  # choice: calendar days until a repair can be applied for
    trust_list_key: str = ""  # where the certificates lie by which it is known who signed; empty: nobody is known
    droppers: str = ""  # whose manifests count beside the portal's: <principal>=<credit code>, with commas between them
    portal_principal: str = ""  # the unique id of the portal's role, as S3's events name it
    quiet_seconds: float = Field(default=300, ge=0, le=900)  # choice: nothing came for so long, and a folder is judged
    credit_platform_url: str = ""  # the credit platform's address; empty: it is never asked, records come by message
    credit_platform_secret_arn: str = ""  # the secret that holds its bearer token
    credit_platform_seconds: float = Field(default=2.0, gt=0)  # choice: all the time that asking may take
    credit_platform_failures: int = Field(default=5, ge=1)  # choice: so many in a row, and nobody asks for a while
    credit_platform_rest_seconds: float = Field(default=60, gt=0)  # choice: for how long
    credit_max_age_hours: float = Field(default=24, ge=0)  # choice: an older word of the platform is asked for again
    # How long a call to AWS may take, and how often it is tried. A function is redelivered its event when a call fails,
    # so a short wait and few retries beat hanging until its timeout; whoever waits for a page waits less.
    call_seconds: float = Field(default=20, gt=0)
    call_attempts: int = Field(default=3, ge=1)
    audit_log: str = ""  # the log group that the portal keeps its audit log in; empty: none is kept
    anchor_bucket: str = ""  # where anchors of the ledgers are kept, write-once
    events_bucket: str = ""  # where what happened is kept for analysis
    anchor_key: str = ""  # what signs them: a key of KMS, by ARN or alias
    identity_issuer: str = ""  # who says who people are, as its tokens name it
    identity_metadata_url: str = ""  # where its metadata lie; empty: at its name
    identity_client_id: str = ""  # what it calls the portal
    identity_client_secret_arn: str = (
        ""  # the secret by which the portal shows that it is that client; empty: it has none
    )
    identity_scopes: str = "openid profile"  # what is asked for at sign-in, with blanks between
    identity_claims: str = ""  # what its tokens call things, where that differs from `CLAIMS`: <ours>=<claim>,…
    identity_groups: str = ""  # what it calls groups: <its name>=<ours>,…; by itself as we do
    identity_departments: str = ""  # likewise, departments
    identity_officer_factors: str = ""  # of which an officer's sign-in must show one, as `acr` or `amr`; empty: none
    identity_audiences: str = ""  # whose tokens the API takes beside the portal's own
    identity_programs: str = ""  # departments' systems: <subject of their tokens>=<department>,…
    session_idle_minutes: float = Field(default=30, gt=0)  # choice; 等保 2.0 level 3 asks for an end, not for a number
    session_hours: float = Field(default=12, gt=0)  # choice: then everybody signs in anew (OWASP ASVS 3.3.2)
    rate_limits: bool = True  # whether callers are limited in how often they do what costs much (contract/limits.py)
    not_found_seconds: float = Field(default=0, ge=0)  # how long "not there, or not yours" takes, whichever it is
    public_url: str = ""  # the portal's whole address, in QR codes; {api} stands for the API's id. Empty: API Gateway's
    api_id: str = ""  # what {api} in it stands for, where no request says it
    seal_key_id: str = ""  # of the seal's key in KMS; `document` alone may use it
    seal_key_spec: str = "ECC_NIST_P256"
    seal_certificate: str = ""  # the parameter in Parameter Store that holds the certificate and those above it, PEM
    timestamp_url: str = ""  # the authority's for time stamps (RFC 3161)
    timestamp_seconds: float = Field(default=10, gt=0)  # choice: how long it may take
    # Whose portal it is, as the foot of every page says it; what is empty is not shown.
    portal_host: str = ""
    portal_address: str = ""
    portal_telephone: str = ""
    portal_icp: str = ""  # ICP 备案号
    portal_police: str = ""  # 公安备案号
    upload_megabytes: int = Field(default=500, ge=1)  # choice: size of one file; a scanned set of drawings fits
    office_opens: time = time(9, 0)  # choice: business hours of the hall, local time
    office_closes: time = time(17, 30)
    time_zone: str = TIME_ZONE

    def queue_url(self, short_name: str) -> str:
        return f"{self.queue_url_base}{short_name}"

    @field_validator("gap_reminder_days")
    @classmethod
    def _are_days(cls, value: str) -> str:
        if not re.fullmatch("([0-9]{1,3}(,[0-9]{1,3})*)?", value):
            raise ValueError("needs working days with commas between them, for example 5,1")
        return value

    @field_validator("droppers")
    @classmethod
    def _are_droppers(cls, value: str) -> str:
        if not re.fullmatch(DROPPERS_PATTERN, value):
            raise ValueError("needs principals with credit codes: AROAEXAMPLE=91411402MA0KG0002N,…")
        return value

    @property
    def speaking_for(self) -> dict[str, str]:
        """By principal: the enterprise that it speaks for, by its credit code."""
        return _pairs(self.droppers)

    @field_validator("identity_claims", "identity_groups", "identity_departments", "identity_programs")
    @classmethod
    def _are_pairs(cls, value: str) -> str:
        if not re.fullmatch(r"([^=,\s]+=[^=,\s]+(,[^=,\s]+=[^=,\s]+)*)?", value):
            raise ValueError("needs pairs with commas between them: theirs=ours,…")
        return value

    @property
    def claims(self) -> dict[str, str]:
        """What the issuer's tokens call what we ask of them."""
        return CLAIMS | _pairs(self.identity_claims)

    @property
    def groups(self) -> dict[str, str]:
        """By the issuer's name of a group: ours."""
        return _pairs(self.identity_groups)

    @property
    def departments(self) -> dict[str, str]:
        """By the issuer's name of a department: ours."""
        return _pairs(self.identity_departments)

    @property
    def programs(self) -> dict[str, str]:
        """By the subject of a program's tokens: the department that it speaks for."""
        return _pairs(self.identity_programs)

    @property
    def officer_factors(self) -> frozenset[str]:
        return frozenset(filter(None, self.identity_officer_factors.split(",")))

    @property
    def audiences(self) -> frozenset[str]:
        """Whom tokens are for that the API takes."""
        return frozenset(filter(None, (self.identity_client_id, *self.identity_audiences.split(","))))

    @property
    def session_idle(self) -> timedelta:
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_lasts(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def gap_reminders(self) -> tuple[int, ...]:
        return tuple(int(days) for days in self.gap_reminder_days.split(",") if days)

    @property
    def quiet(self) -> timedelta:
        return timedelta(seconds=self.quiet_seconds)

    @property
    def portal(self) -> str:
        """The portal's whole address, as links need it that stand elsewhere; empty where a function is not told."""
        return self.public_url.replace("{api}", self.api_id)

    @property
    def credit_by_call(self) -> bool:
        """Whether the credit platform can be asked: its address and its secret are both given."""
        return bool(self.credit_platform_url and self.credit_platform_secret_arn)

    @property
    def credit_max_age(self) -> timedelta:
        return timedelta(hours=self.credit_max_age_hours)

    @property
    def city(self) -> City:
        return City(
            host=self.portal_host,
            address=self.portal_address,
            telephone=self.portal_telephone,
            icp=self.portal_icp,
            police=self.portal_police,
        )

    @property
    def office(self) -> Office:
        return Office(opens=self.office_opens, closes=self.office_closes, time_zone=self.time_zone)


def _pairs(listed: str) -> dict[str, str]:
    pairs = (each.split("=") for each in listed.split(",") if each)
    return {one: other for one, other in pairs}  # noqa: C416 - mypy reads dict() of lists as too wide


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises pydantic.ValidationError naming every missing variable at once.
    """
    names = Settings.model_fields
    return Settings.model_validate({name: os.environ[name.upper()] for name in names if name.upper() in os.environ})
