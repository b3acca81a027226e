"""Whose project it is: which enterprises are on it, and what of it counts for one that is not.

Anybody can name a project's code. What others promised or hold for it, and what the city put on record of it, is
theirs: an enterprise that is not on the project neither gets it nor bars it, and the window is told to look
(`identity.doubts`). Who is on it: `on_project` in model/standing.py. Sources: mission 2 and 3 (privileges), 6 (joint
acceptance); 政府投资条例 and 企业投资项目核准和备案管理条例 §13 (the project's unit files it and answers for it).
"""

from kaigong.domain.model.standing import ProjectStanding


def is_foreign(uscc: str, project: ProjectStanding) -> bool:
    """Whether a project is others', and this enterprise is not on it."""
    return bool(project.enterprises) and uscc not in project.enterprises


def counted_for(uscc: str, project: ProjectStanding) -> ProjectStanding:
    """What of a project counts for one enterprise: gaps of those who are on it and its own; of what is on record all
    where it is on the project, else only what is against it.
    """
    gaps = tuple(gap for gap in project.open_gaps if gap.uscc == uscc or not is_foreign(gap.uscc, project))
    if not is_foreign(uscc, project):
        return project.changed(open_gaps=gaps)
    unserviced = False if project.serviced_site is False else None
    return project.changed(open_gaps=gaps, key_project=False, serviced_site=unserviced, approvals=())


def may_let_in(uscc: str, project: ProjectStanding) -> bool:
    """Whether this enterprise is the one that lets others in: the first, where the window put nobody on record."""
    return not project.by_window and project.enterprises[:1] == (uscc,)
