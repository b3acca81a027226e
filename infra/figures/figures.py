"""The city's figures, counted from its catalogue and from what the approval flow was before the reform.

Source: mission 1, 5, 6 and 10. The report gives totals only; which paper fell away in which matter is our choice and
stands in `conventional.json`. Nothing here is a figure of the report: every number is a count of entries.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from kaigong.domain.model.catalogue import Catalogue, Code, Matter, Source, Stage
from kaigong.domain.model.text import Model, Text
from pydantic import Field

BEFORE_CONSTRUCTION = (Stage.LAND, Stage.PLANNING, Stage.CONSTRUCTION)
CHOICE = Text(
    zh="案例报告只给出总数；材料、环节在各事项之间的分布，以及改革前各事项另收的材料，为本系统选定。",
    en="The case report gives totals only. How the materials and links spread over the matters, and which papers a "
    "matter used to ask for, is this system's choice.",
)


class Fate(StrEnum):
    """How a paper that a matter used to ask for fell away."""

    SHARED = "shared"  # the system fetches it from whoever keeps it
    MERGED = "merged"  # its content is part of the one application form
    DROPPED = "dropped"  # it has no basis in law, or nobody used it


class FormerPaper(Model):
    """A paper that a matter no longer asks for."""

    name: Text
    fate: Fate


class FormerMatter(Model):
    """What one matter asked for in addition to what it asks for today."""

    matter: Code
    papers: tuple[FormerPaper, ...] = Field(min_length=1)


class FormerLink(Model):
    """One link of the conventional flow: its matters, and the working days it took. The next link waited for it."""

    name: Text
    matters: tuple[Code, ...] = Field(min_length=1)
    working_days: int = Field(ge=1)


class Conventional(Model):
    """The flow before the reform, in terms of the catalogue as it is today."""

    process: Code  # whose materials and links are compared
    start_process: Code  # the one that starts on getting the land: its matters lie before construction start
    acceptance_process: Code  # joint acceptance, the last link of the reformed flow
    papers: tuple[FormerMatter, ...]
    links: tuple[FormerLink, ...]


class Figure(Model):
    """One figure: before (None where the report compares nothing), after, and how it is counted."""

    name: Text
    conventional: int | None = None
    reformed: int
    how: Text


class MatterPapers(Model):
    """How many papers one matter asked for on its own before the reform, and asks for today."""

    matter: Code
    name: Text
    conventional: int
    reformed: int


class Figures(Model):
    """Every figure that the report states of the catalogue and of the flow."""

    materials: Figure
    reduction: Figure  # per cent
    links: Figure
    whole_flow: Figure  # working days
    before_start: Figure  # working days
    necessary: Figure
    commitment: Figure
    tolerated: Figure
    papers: tuple[MatterPapers, ...]  # the distribution behind `materials`
    choice: Text = CHOICE

    def each(self) -> Iterator[Figure]:
        """The figures in the order they are told."""
        yield from (self.materials, self.reduction, self.links, self.whole_flow)
        yield from (self.before_start, self.necessary, self.commitment, self.tolerated)


def figures(catalogue: Catalogue, conventional: Conventional) -> Figures:
    """Count every figure. `conventional` must fit the catalogue: the loader checks that it does."""
    of = catalogue.matters
    matters = [of[code] for code in catalogue.processes[conventional.process].matters]
    before = [matter for matter in matters if matter.stage in BEFORE_CONSTRUCTION]
    acceptance = catalogue.processes[conventional.acceptance_process].matters
    papers = tuple(_papers(before, conventional))
    conventional_papers = sum(entry.conventional for entry in papers)
    fates = Counter(paper.fate for entry in conventional.papers for paper in entry.papers)
    handed_in = len(_handed_in(catalogue, before))
    stages = {matter.stage for matter in [*matters, *(of[code] for code in acceptance)]} - {Stage.ALONGSIDE}
    before_start = working_days(catalogue, conventional.start_process)
    accepted = working_days(catalogue, conventional.acceptance_process)
    name = catalogue.processes[conventional.process].name
    start = catalogue.processes[conventional.start_process].name
    return Figures(
        materials=Figure(
            name=Text(zh="开工前各阶段材料（份）", en="Materials of the stages before construction"),
            conventional=conventional_papers,
            reformed=handed_in,
            how=Text(
                zh=f"{name.zh}，立项用地规划许可、工程建设许可、施工许可三个阶段共 {len(before)} 个事项。改革前：各事项"
                f"各自收取的材料逐份相加，同一材料每个事项各计一次，其中 {sum(fates.values())} 份已不再收取（共享获取 "
                f"{fates[Fate.SHARED]}，并入申请表 {fates[Fate.MERGED]}，取消 {fates[Fate.DROPPED]}）；改革后：同一材料"
                "只交一次，只计一份，共享数据不计。",
                en=f"{name.en}: the {len(before)} matters of the land, planning and construction stages. Before: every "
                f"paper of every matter, each matter's own copy counted; {sum(fates.values())} of them fell away "
                f"(shared data {fates[Fate.SHARED]}, merged into the one form {fates[Fate.MERGED]}, dropped "
                f"{fates[Fate.DROPPED]}). After: each material handed in once; shared data are not handed in.",
            ),
        ),
        reduction=Figure(
            name=Text(zh="材料减少（%）", en="Fewer materials (per cent)"),
            reformed=_percent(conventional_papers - handed_in, conventional_papers),
            how=Text(zh="由上一行算出，四舍五入取整。", en="From the row above, rounded."),
        ),
        links=Figure(
            name=Text(zh="全流程环节（个）", en="Links of the whole flow"),
            conventional=len(conventional.links),
            reformed=len(stages),
            how=Text(
                zh="改革前：依次办理的环节；改革后：全部事项所属的国家统一阶段，阶段内各事项并联办理，并行推进的事项不另成环节。",
                en="Before: links that waited for one another. After: the national stages of all matters; within a "
                "stage they run in parallel, and those alongside are no link of their own.",
            ),
        ),
        whole_flow=Figure(
            name=Text(zh="全流程用时（工作日）", en="Whole flow (working days)"),
            conventional=sum(link.working_days for link in conventional.links),
            reformed=before_start + accepted,
            how=Text(
                zh=f"改革前：各环节用时相加；改革后：开工前 {before_start} 个工作日，加联合验收 {accepted} 个工作日"
                "（按前置关系分批，每批取承诺时限最长者）。",
                en=f"Before: the links' days added up. After: {before_start} before construction start and {accepted} "
                "for joint acceptance (in waves by prerequisites, each as long as its longest promised limit).",
            ),
        ),
        before_start=Figure(
            name=Text(zh="开工前用时（工作日）", en="Before construction start (working days)"),
            reformed=before_start,
            how=Text(
                zh=f"{start.zh}：各事项均为即办件的，受理当日办结，计 1 个工作日；否则按前置关系和承诺时限累计。",
                en=f"{start.en}: instant matters are finished on the working day they are accepted, which counts as 1; "
                "otherwise promised limits are added along the prerequisites.",
            ),
        ),
        necessary=_matters(
            catalogue, "必要审批事项（项）", "Necessary approvals", [m for m in of.values() if m.necessary]
        ),
        commitment=_matters(
            catalogue, "告知承诺事项（项）", "Matters by commitment", [m for m in of.values() if m.takes_commitment]
        ),
        tolerated=_matters(
            catalogue, "容缺受理事项（项）", "Matters with tolerated gaps", [m for m in of.values() if m.tolerates_gaps]
        ),
        papers=papers,
    )


def working_days(catalogue: Catalogue, process: Code) -> int:
    """Working days that a process takes when every department keeps its promise; the least is 1.

    Matters run in parallel; one waits for those of its prerequisites that belong to the process. An instant process
    (每个事项均为即办件, mission 7) is finished on the working day it is accepted.
    """
    found = catalogue.processes[process]
    done: dict[Code, int] = {}

    def finished(code: Code) -> int:
        if code not in done:
            matter = catalogue.matters[code]
            before = [finished(each) for each in matter.prerequisites if each in found.matters]
            done[code] = max(before, default=0) + (0 if found.instant else matter.promised_days)
        return done[code]

    return max([1, *(finished(code) for code in found.matters)])


def _papers(before: Iterable[Matter], conventional: Conventional) -> Iterator[MatterPapers]:
    former = {entry.matter: len(entry.papers) for entry in conventional.papers}
    for matter in before:
        asked = len(matter.materials)
        yield MatterPapers(
            matter=matter.code, name=matter.name, conventional=asked + former.get(matter.code, 0), reformed=asked
        )


def _handed_in(catalogue: Catalogue, matters: Iterable[Matter]) -> frozenset[Code]:
    asked = {item.material for matter in matters for item in matter.materials}
    return frozenset(code for code in asked if catalogue.materials[code].source is not Source.SHARED)


def _percent(part: int, whole: int) -> int:
    """Rounded to the nearest whole per cent, a half upwards; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def _matters(catalogue: Catalogue, zh: str, en: str, found: list[Matter]) -> Figure:
    names = "、".join(matter.name.zh for matter in found)
    english = "; ".join(matter.name.en for matter in found)
    total = len(catalogue.matters)
    return Figure(
        name=Text(zh=zh, en=en),
        reformed=len(found),
        how=Text(zh=f"清单 {total} 个事项中：{names}。", en=f"Of the {total} matters: {english}."),
    )
