"""What a decision needs besides the packet, as this stack is configured and at this moment."""

import secrets
from datetime import datetime

from kaigong import catalog
from kaigong.domain.flow.step import Surroundings
from kaigong.domain.flow.supervision import Around
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.standing import ProjectStanding, Standing
from kaigong.settings import settings


def of_supervision(now: datetime) -> Around:
    """What a step of supervision needs; its terms are today's."""
    return Around(now=now, office=catalog.with_calendar(settings().office), terms=catalog.load().supervision)


_UNKNOWN, _UNHEARD = Standing(), ProjectStanding()


def surroundings(
    now: datetime,
    standing: Standing = _UNKNOWN,
    project: ProjectStanding = _UNHEARD,
    catalogue: Catalogue | None = None,
) -> Surroundings:
    """By default nothing is known of enterprise and project, and the catalogue is that of today."""
    return Surroundings(
        catalogue=catalogue or catalog.load(),
        standing=standing,
        project=project,
        now=now,
        office=catalog.with_calendar(settings().office),
        gap_working_days=settings().gap_working_days,
        gap_reminders=settings().gap_reminders,
        correction_notice_working_days=settings().correction_notice_working_days,
        correction_working_days=settings().correction_working_days,
        visit_report_working_days=settings().visit_report_working_days,
        breach_repair_days=settings().breach_repair_days,
        quiet=settings().quiet,
        new_token=lambda: secrets.token_urlsafe(32),
    )
