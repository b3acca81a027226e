"""The HTTP contract: every route, who may use it, what it takes, what it answers.

The portal serves what stands here, and schemas/openapi.yaml is generated from it. Problems stand in problems.py.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

from kaigong.domain.flow.result import JointResultDocument
from kaigong.domain.model.benefits import BENEFIT_PATTERN
from kaigong.domain.model.catalogue import CODE_PATTERN
from kaigong.domain.model.deadline import DeadlineKind, Light, OwnerKind
from kaigong.domain.model.files import FILE_ID
from kaigong.domain.model.limit import Limit
from kaigong.domain.model.manifest import PACKET_PATTERN, PROJECT_CODE_PATTERN, USCC_PATTERN
from kaigong.domain.model.people import PersonRights
from kaigong.domain.model.roster import Roster
from kaigong.domain.model.supervision import RECORD_PATTERN
from kaigong.domain.model.text import Model, Text
from kaigong.views.benefits import BenefitsToPay, BenefitTask, PacketBenefits, Policies, PolicyFacts
from kaigong.views.deadlines import Deadlines
from kaigong.views.desk_queue import DeskQueue
from kaigong.views.desk_review import DeskTask
from kaigong.views.documents import IssuedDocuments
from kaigong.views.guide import MATTERS as GUIDE_PAGE
from kaigong.views.guide import Guide
from kaigong.views.handing_out import HandOuts, HandOutShown
from kaigong.views.ledger import Ledger
from kaigong.views.materials import Materials
from kaigong.views.needed import Needed
from kaigong.views.packet import Packets, PacketStatus
from kaigong.views.problems import PacketRisk, ProblemList
from kaigong.views.progress import PublicProgress
from kaigong.views.rights import EnterpriseShown, PacketRoutes, ProjectShown
from kaigong.views.search import PAGE as SEARCH_PAGE
from kaigong.views.search import FoundMatters
from kaigong.views.story import ProjectStory
from kaigong.views.stuck import Inspected, RefusedMessages, Stuck
from kaigong.views.supervision import DrawShown, PacketSupervision, RosterNumbers, Supervised, SupervisionTaskShown
from kaigong.views.verification import Verified
from kaigong.views.warnings import Warnings
from kaigong.views.work import Work

from .acts import ActRecorded, ActRequest
from .application import (
    AcceptRequest,
    Drafts,
    DraftSaved,
    DraftShown,
    EarlierPapers,
    HandInRequest,
    PartPermit,
    PartRequest,
    PartsCame,
    PartsRequest,
    Permit,
    PermitRequest,
    ReuseRequest,
    SaveRequest,
    SortedFiles,
    SortRequest,
    StartRequest,
    TakeOutRequest,
    UploadDone,
)
from .benefits import BenefitRequest, DeclineRequest
from .desk import (
    DeskDecision,
    DeskLeaseRequest,
    DeskProcedureRequest,
    DeskRetraction,
    DeskSent,
    DeskSignature,
    PaperAddress,
)
from .documents import DocumentAddress
from .helping import Helped, HelpRequest
from .letters import Letters, LettersRequest
from .limits import ACTS, BEGINNINGS, LETTERS, POLICIES, PROGRESS, SEARCH, STORIES, UPLOADS, VERIFY
from .links import TOKEN_PATTERN, LinkRequest, LinkShown
from .mandates import ID_PATTERN, EndRequest, MandateRequest, Mandates, MandateShown
from .people import MessagesRequest, People, RightsRequest
from .problems import (
    ACCOUNT_UNNAMED,
    ACTED_ON,
    ALREADY_WITHDRAWN,
    ANSWER_SENT,
    BAD_APPOINTMENT,
    BENEFITS,
    DATE_PASSED,
    DRAFT_CHANGED,
    DRAFT_INCOMPLETE,
    HELD_BY_ANOTHER,
    IDENTITY_CORRECTED,
    IN_THE_MAIL,
    INVALID_PARAMETER,
    NEXT_OPENED,
    NO_DECISION,
    NO_LETTER,
    NO_MANDATE,
    NO_PROCEDURE,
    NO_PROJECT,
    NO_RESULT_YET,
    NO_RIGHT,
    NO_SUCH_ADDRESS,
    NO_SUCH_COLLEAGUE,
    NO_SUCH_DOCUMENT,
    NO_SUCH_DOUBT,
    NO_SUCH_LINK,
    NO_SUCH_MANDATE,
    NO_SUCH_PAPER,
    NO_SUCH_PERSON,
    NO_SUCH_QUESTION,
    NO_SUCH_SLIP,
    NO_SUCH_UPLOAD,
    NO_SUCH_VISIT,
    NO_TASK,
    NOT_APPLIED_YET,
    NOT_AWAITED,
    NOT_BY_MAIL,
    NOT_FIRST,
    NOT_FOUND,
    NOT_ISSUED,
    NOT_MAILED,
    NOT_PENDING,
    NOT_REVIEWED,
    NOT_SHOWN,
    NOT_THEN,
    NOT_YOURS,
    NOTHING_ASKED,
    NOTHING_TO_SIGN,
    OLD_ROUND,
    OWN_PROPOSAL,
    PARTS_INCOMPLETE,
    RECEIVED_ALREADY,
    RESULT_ALTERED,
    RESULT_DECIDED,
    ROSTER_CHANGED,
    STAND_IN_AWAY,
    SUPERVISION,
    TO_BE_SIGNED,
    TOO_LATE,
    TOO_LATE_TO_CORRECT,
    TOO_OFTEN,
    UPLOAD_REFUSED,
    WOULD_BE_RETURNED,
    ProblemKind,
)
from .projects import ProjectRequest
from .search import FoundPackets, PacketSearch
from .slips import NUMBER_PATTERN, SlipRequest, Slips, SlipShown
from .supervision import (
    EnterpriseRequest,
    PhotoAddress,
    PhotoPermit,
    PhotoRequest,
    RosterRequest,
    SupervisionRequest,
)
from .verification import SHA256_PATTERN, Proof
from .work import (
    ACCOUNT_PATTERN,
    AbsenceRequest,
    AbsenceSaid,
    HandedOver,
    HandOverRequest,
    RemarkRequest,
    Remarks,
    RemarkShown,
)

PAGE_SIZE = 20  # packets that one answer lists
STUCK_DAYS = 60  # how far back operations may ask


class Group(StrEnum):
    """The groups of people, as the issuer says them."""

    APPLICANT = "applicant"
    DEPARTMENT = "department"
    WINDOW = "window"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"
    LEADER = "leader"  # of the city: sees how it stands, down to each packet, and does nothing


EVERY_PACKET = frozenset((Group.WINDOW, Group.OPERATIONS, Group.LEADER))  # these see all packets
AT_WORK = EVERY_PACKET - {Group.LEADER}  # and these look people, enterprises and projects up
LINKING = frozenset((Group.APPLICANT, Group.WINDOW))  # who gives out, renews and withdraws progress links
APPLICANTS = frozenset((Group.APPLICANT,))
DRAWING_UP = APPLICANTS | {Group.WINDOW}  # who draws applications up: an enterprise's people, and the window for them
WINDOW = frozenset((Group.WINDOW,))
OFFICERS = frozenset((Group.DEPARTMENT,))
OPERATING = frozenset((Group.OPERATIONS,))
SUPERVISORS = frozenset((Group.SUPERVISOR,))
STAFF = EVERY_PACKET | OFFICERS | SUPERVISORS  # everybody but applicants
READERS = EVERY_PACKET | {Group.APPLICANT, Group.DEPARTMENT}  # the others see those of theirs


class Health(Model):
    """The portal answers."""

    status: Literal["ok"] = "ok"
    catalogue: str | None = None  # the version that it goes by


class Method(StrEnum):
    """What is done to an address."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"


class Parameter(Model):
    """A parameter in a route's path or query."""

    name: str
    where: Literal["path", "query"] = "query"
    pattern: str | None = None
    description: Text


class Route(Model):
    """One thing that can be done at one address. `groups` may use it; none given: everybody, without signing in.

    `body` is what a request carries, as JSON. `statuses` are those of answers that are no problem, the usual one first.
    """

    name: str
    method: Method = Method.GET
    path: str
    summary: Text
    body: type[BaseModel] | None = None
    answer: type[BaseModel]
    statuses: tuple[int, ...] = (200,)
    groups: frozenset[Group] = frozenset()
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[ProblemKind, ...] = ()
    limit: Limit | None = None  # how often one caller may ask
    needs: PersonRights = PersonRights.PREPARE  # of an enterprise's people, where something is written

    @property
    def open(self) -> bool:
        return not self.groups

    @property
    def of_packet(self) -> bool:
        """Whether it speaks of one packet, which not everybody in its groups may see."""
        return "{packet}" in self.path


_DAYS = Parameter(
    name="days",
    pattern="^[0-9]{1,2}$",
    description=Text(
        zh=f"回看天数，1 至 {STUCK_DAYS}，默认 2",
        en=f"Days to look back, 1 to {STUCK_DAYS}; 2 when left out",
    ),
)
_PACKET = Parameter(
    name="packet",
    where="path",
    pattern=PACKET_PATTERN,
    description=Text(zh="材料包编号", en="Identifier of the packet"),
)

_ACCOUNT = Parameter(
    name="account",
    where="path",
    pattern=ACCOUNT_PATTERN,
    description=Text(zh="账号在身份系统中的编号", en="The account's stable id at the issuer"),
)
_DOCUMENT = Parameter(
    name="document",
    where="path",
    pattern="^[a-z0-9-]{3,80}$",
    description=Text(zh="文书代码", en="Code of the document"),
)
_TOKEN = Parameter(
    name="token",
    where="path",
    pattern=TOKEN_PATTERN,
    description=Text(zh="进度链接中的令牌", en="The token in the progress link"),
)
_SHA256 = Parameter(
    name="sha256",
    pattern=SHA256_PATTERN,
    description=Text(zh="文件的 SHA-256，小写十六进制", en="SHA-256 of the file, in lower-case hexadecimal"),
)
_NUMBER = Parameter(
    name="number",
    pattern=PACKET_PATTERN,
    description=Text(zh="文件上的申请编号", en="The application number on the document"),
)
_MATTER = Parameter(
    name="matter", where="path", pattern=CODE_PATTERN, description=Text(zh="事项代码", en="Code of the matter")
)
_FILE = Parameter(
    name="file",
    pattern=f"^{FILE_ID.pattern}$",
    description=Text(
        zh="多个文件中的一个（文件的 id），不填则为第一个", en="One of several files, by its id; left out: the first"
    ),
)
_SLOT = Parameter(
    name="slot", where="path", pattern=CODE_PATTERN, description=Text(zh="材料代码", en="Code of the material")
)
_BEFORE = Parameter(
    name="before",
    pattern="^[0-9]{1,4}$",
    description=Text(
        zh="第几轮补正替换了它：查看替换前的材料；不填则为现有材料",
        en="The round that replaced it: the paper as it was before; left out: as it is",
    ),
)
_DRAFT = Parameter(
    name="draft",
    where="path",
    pattern=PACKET_PATTERN,
    description=Text(zh="申请编号，也是材料包编号", en="Identifier of the application and of the packet it becomes"),
)
_MANDATE = Parameter(
    name="mandate",
    where="path",
    pattern=ID_PATTERN,
    description=Text(zh="授权委托书的登记号", en="Number of the mandate"),
)
_SLIP = Parameter(
    name="slip", where="path", pattern=NUMBER_PATTERN, description=Text(zh="告知单编号", en="Number of the slip")
)
_RECORD = Parameter(
    name="record",
    where="path",
    pattern=RECORD_PATTERN,
    description=Text(zh="监管记录编号：材料包编号.事项代码", en="Id of the record: packet, a dot, matter"),
)
_PHOTO = Parameter(
    name="photo",
    where="path",
    pattern=f"^{FILE_ID.pattern}$",
    description=Text(zh="照片的 id", en="The photo's id"),
)
_DEPARTMENT = Parameter(
    name="department",
    where="path",
    pattern=CODE_PATTERN,
    description=Text(zh="部门代码", en="Code of the department"),
)
_ROSTER = Parameter(
    name="version",
    where="path",
    pattern="^[0-9]{1,6}$",
    description=Text(zh="名录版本", en="The roster's version"),
)
_BENEFIT = Parameter(
    name="benefit",
    where="path",
    pattern=BENEFIT_PATTERN,
    description=Text(zh="待遇编号：材料包编号.政策代码", en="Id of the benefit: packet, a dot, policy"),
)
_POLICY = Parameter(
    name="policy", where="path", pattern=CODE_PATTERN, description=Text(zh="政策代码", en="Code of the policy")
)
_YEAR = Parameter(
    name="year",
    pattern="^20[0-9]{2}$",
    description=Text(zh="首次提交的年份", en="The year in which packets were first submitted"),
)
_AFTER = Parameter(name="after", description=Text(zh="上一页的 next", en="`next` of the page before"))
_DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY = Parameter(
    name="day",
    where="path",
    pattern=_DAY_PATTERN,
    description=Text(zh="日期，如 2026-03-06", en="A day, such as 2026-03-06"),
)
_PROJECT = Parameter(
    name="code",
    where="path",
    pattern=PROJECT_CODE_PATTERN,
    description=Text(zh="项目代码（GB/T 40058）", en="The project's code (GB/T 40058)"),
)
_USCC = Parameter(
    name="uscc",
    pattern=USCC_PATTERN,
    description=Text(
        zh="统一社会信用代码；申请人可不填",
        en="The enterprise's credit code; an applicant may leave it out",
    ),
)

ROUTES = (
    Route(
        name="health",
        path="/api/health",
        summary=Text(zh="门户是否应答", en="Whether the portal answers"),
        answer=Health,
    ),
    Route(
        name="guide",
        path="/api/guide",
        summary=Text(
            zh="一份办事指南：事项、部门、途径、材料、时限",
            en="One guide: matters, departments, routes, materials, time limits",
        ),
        answer=Guide,
        parameters=(
            Parameter(
                name="process", description=Text(zh="项目类型；不填为全部", en="The project type; left out: all")
            ),
            Parameter(name="stage", description=Text(zh="阶段；不填为全部", en="The stage; left out: all")),
            Parameter(
                name="page",
                pattern="^[0-9]{1,4}$",
                description=Text(
                    zh=f"第几页，从 1 起，每页 {GUIDE_PAGE} 个事项", en=f"Page, from 1, of {GUIDE_PAGE} matters"
                ),
            ),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="needed",
        path="/api/guide/needed",
        summary=Text(
            zh="按项目情形列出要办的事项和理由、材料、时限，以及可以回答的问题",
            en="The matters that a project needs by the answers, with reasons, materials and days; and the questions",
        ),
        answer=Needed,
        parameters=(
            Parameter(name="process", description=Text(zh="项目类型，必填", en="The project type; to be given")),
            Parameter(
                name="answers",
                description=Text(
                    zh="符合的情形的代码，以逗号分隔；不填为通常情形",
                    en="Codes of the answers that hold, with commas between them; left out: the usual case",
                ),
            ),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="matters",
        path="/api/guide/matters",
        summary=Text(
            zh=f"按名称、编码、材料或部门查找事项，每页 {SEARCH_PAGE} 个",
            en=f"Matters found by words of names, codes, materials or departments, {SEARCH_PAGE} to a page",
        ),
        answer=FoundMatters,
        parameters=(
            Parameter(
                name="q",
                description=Text(
                    zh="要找的词，以空格隔开，都须找到；不填为全部",
                    en="Words with spaces between them, all of which must be found; left out: all matters",
                ),
            ),
            Parameter(name="process", description=Text(zh="项目类型；不填为全部", en="Project type; left out: all")),
            Parameter(name="stage", description=Text(zh="阶段；不填为全部", en="The stage; left out: all")),
            Parameter(name="page", pattern="^[0-9]{1,4}$", description=Text(zh="第几页，从 1 起", en="Page, from 1")),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="packets",
        path="/api/packets",
        summary=Text(zh="企业的材料包，新的在前", en="The packets of an enterprise, newest first"),
        answer=Packets,
        groups=AT_WORK | {Group.APPLICANT},
        parameters=(
            _USCC,
            Parameter(name="after", description=Text(zh="上一页的 next", en="`next` of the page before")),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="search",
        method=Method.POST,
        path="/api/search",
        summary=Text(
            zh="按企业或项目名称、电话、编号的一部分查找材料包，新的在前；一次查找的范围有限，可以继续",
            en="Packets by a part of a name, a telephone number or a code, newest first; one answer looks through a "
            "bounded part, and the next goes on",
        ),
        body=PacketSearch,
        answer=FoundPackets,
        groups=WINDOW,
        limit=SEARCH,
    ),
    Route(
        name="packet",
        path="/api/packets/{packet}",
        summary=Text(
            zh="办到哪一步、下一步、由谁办、何时、为何", en="Where it is, what is next, who has it, by when, and why"
        ),
        answer=PacketStatus,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND, NOT_AWAITED),
    ),
    Route(
        name="materials",
        path="/api/packets/{packet}/materials",
        summary=Text(zh="各项材料及检查结果", en="The materials and what was found in them"),
        answer=Materials,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="result",
        path="/api/packets/{packet}/result",
        summary=Text(zh="联合审批结果文书", en="The document of the joint result, byte for byte as issued"),
        answer=JointResultDocument,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND, NO_RESULT_YET, RESULT_ALTERED),
    ),
    Route(
        name="documents",
        path="/api/packets/{packet}/documents",
        summary=Text(
            zh="已出具的文书：受理单、通知书、承诺书、申请表、结果和各事项文书",
            en="The documents that were issued: receipt, notices, letters, form, result, and one for each matter",
        ),
        answer=IssuedDocuments,
        groups=LINKING,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="document",
        path="/api/packets/{packet}/documents/{document}",
        summary=Text(
            zh="一份文书（PDF）的下载地址，十分钟内有效；result-archive 为结果文书的压缩包",
            en="Where a document lies (PDF), for ten minutes; result-archive: all documents of the result at once",
        ),
        answer=DocumentAddress,
        groups=LINKING,
        parameters=(_PACKET, _DOCUMENT),
        problems=(NOT_FOUND, NO_SUCH_DOCUMENT),
    ),
    Route(
        name="ledger",
        path="/api/packets/{packet}/ledger",
        summary=Text(zh="办理档案及其校验", en="The ledger, and whether its chain holds"),
        answer=Ledger,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="proof",
        path="/api/packets/{packet}/proof",
        summary=Text(
            zh="办理档案的证明：带回去，用任何程序都能核验（docs/verify.py）",
            en="The proof of the ledger to take home: any program can check it (docs/verify.py)",
        ),
        answer=Proof,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="routes",
        path="/api/packets/{packet}/routes",
        summary=Text(
            zh="各事项可以选择的办理途径，可享受和暂不适用的便利及原因",
            en="The routes open to each matter; the privileges granted and closed, and why",
        ),
        answer=PacketRoutes,
        groups=AT_WORK | {Group.APPLICANT},
        parameters=(_PACKET,),
        problems=(NOT_FOUND, NOT_APPLIED_YET),
    ),
    Route(
        name="act",
        method=Method.POST,
        path="/api/packets/{packet}/acts",
        summary=Text(
            zh="撤回申请、就补正提问（申请人）、答复提问（部门）、核实身份疑点：不成立或属实（综合窗口）、登记首问责任人（综合窗口、部门）、"
            "约定联合踏勘时间、领取帮办（综合窗口）、选择结果领取方式（申请人）、登记寄出、交付和送达（综合窗口）、"
            "同意其他企业参与项目（首家获受理的申请人）。"
            "姓名取自登录账号，不由调用方填写。每项只登记一次：已登记的，以 200 答复原记录；踏勘时间可以改约，"
            "帮办可以由他人接手，寄出前可以改领取方式",
            en="Withdraw (applicant), settle a doubt about an identity or find it true (service window), say who was "
            "asked first (service window, department), set the date of a joint site visit and pick a packet up to "
            "help (service window). Names are those of the signed-in account. Each is recorded once: what is on "
            "record already is answered as it is, with 200; a date may be changed, a packet taken over. How the "
            "result is to be handed out (applicant, until it is mailed); that it was mailed, handed over, received "
            "(service window). Let another enterprise into the project (its first applicant). Ask the department "
            "that wants a correction (applicant), and answer (department)",
        ),
        body=ActRequest,
        answer=ActRecorded,
        statuses=(202, 200),
        groups=frozenset((Group.APPLICANT, Group.DEPARTMENT, Group.WINDOW)),
        parameters=(_PACKET,),
        problems=(
            NOT_FOUND,
            NO_PROJECT,
            NOT_FIRST,
            TOO_LATE,
            ALREADY_WITHDRAWN,
            NO_SUCH_DOUBT,
            TOO_LATE_TO_CORRECT,
            NO_SUCH_VISIT,
            DATE_PASSED,
            BAD_APPOINTMENT,
            NOT_ISSUED,
            RECEIVED_ALREADY,
            IN_THE_MAIL,
            NOT_BY_MAIL,
            NOT_MAILED,
            NOT_THEN,
            NOTHING_ASKED,
            NO_SUCH_QUESTION,
            TOO_OFTEN,
        ),
        limit=ACTS,
    ),
    Route(
        name="hand-out",
        path="/api/packets/{packet}/hand-out",
        summary=Text(
            zh="结果如何领取：方式、收件地址、运单号、何时由谁领取",
            en="How the result is handed out: the way, where it is mailed, its tracking number, who took it, when",
        ),
        answer=HandOutShown,
        groups=LINKING,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="progress",
        path="/api/progress/{token}",
        summary=Text(
            zh="凭进度链接查看办理进度：不含材料、企业和个人信息",
            en="The progress of a packet, for whoever holds its link: without papers, enterprise or people",
        ),
        answer=PublicProgress,
        parameters=(_TOKEN,),
        problems=(NO_SUCH_LINK,),
        limit=PROGRESS,
    ),
    Route(
        name="verify",
        path="/api/verify",
        summary=Text(
            zh="核验签发的文件：凭文件的 SHA-256、文件上的编号，或两者；文件本身不用送来",
            en="Verify an issued document: by the file's SHA-256, its number, or both; the file stays where it is",
        ),
        answer=Verified,
        parameters=(_SHA256, _NUMBER),
        problems=(INVALID_PARAMETER,),
        limit=VERIFY,
    ),
    Route(
        name="link",
        method=Method.POST,
        path="/api/packets/{packet}/progress-link",
        summary=Text(
            zh="取得进度链接（受理单二维码的内容）：已有的照旧答复；renew 为真时作废旧链接、另发新链接",
            en="The progress link, which is in the receipt's QR code: the one there is, or a new one; "
            "`renew` withdraws it and gives another",
        ),
        body=LinkRequest,
        answer=LinkShown,
        groups=LINKING,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
        limit=ACTS,
    ),
    Route(
        name="withdraw-link",
        method=Method.DELETE,
        path="/api/packets/{packet}/progress-link",
        summary=Text(
            zh="作废进度链接：已打印的二维码不再可用", en="Withdraw the progress link: a printed QR code opens nothing"
        ),
        answer=LinkShown,
        groups=LINKING,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
        limit=ACTS,
    ),
    Route(
        name="enterprise",
        path="/api/enterprise",
        summary=Text(
            zh="企业基本信息（用于填表）、信用等级、各类项目可享受的便利、失信记录及可修复日期",
            en="Basic data that fill the form, credit grade, privileges for each project type, breaches and when "
            "they can be repaired",
        ),
        answer=EnterpriseShown,
        groups=AT_WORK | {Group.APPLICANT},
        parameters=(_USCC,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="letters",
        method=Method.POST,
        path="/api/letters",
        summary=Text(
            zh="现行告知承诺书全文，按企业、项目和事项生成。在申报清单 manifest.json 的 letters 中写明版本和 SHA-256，"
            "即为电子签署",
            en="The commitment letters in force, in full, made out for an enterprise, a project and matters. To accept "
            "one electronically, the manifest's `letters` names its version and SHA-256",
        ),
        body=LettersRequest,
        answer=Letters,
        groups=AT_WORK | {Group.APPLICANT},
        problems=(NO_LETTER,),
        limit=LETTERS,
    ),
    Route(
        name="drafts",
        path="/api/drafts",
        summary=Text(zh="办理中、尚未受理的申请，新的在前", en="Applications on their way, newest first"),
        answer=Drafts,
        groups=DRAWING_UP,
        parameters=(_USCC,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="start-draft",
        method=Method.POST,
        path="/api/drafts",
        summary=Text(
            zh="发起申请：企业信息由信用平台带入。综合窗口可代企业发起和填写，凭授权委托书提交；签署承诺书由企业自己办理",
            en="Begin an application; the enterprise is filled in from credit data. The service window may begin one "
            "and fill it in for an enterprise, and hand it in on a mandate; accepting letters stays the enterprise's "
            "own",
        ),
        body=StartRequest,
        answer=DraftShown,
        statuses=(201,),
        groups=DRAWING_UP,
        problems=(NOT_FOUND, NOT_AWAITED),
        limit=BEGINNINGS,
    ),
    Route(
        name="draft",
        path="/api/drafts/{draft}",
        summary=Text(
            zh="一份申请，以及现在提交会怎样：缺什么、错什么、可以承诺什么",
            en="An application, and what would come of handing it in now: what is missing or wrong, what may "
            "be promised",
        ),
        answer=DraftShown,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="save-draft",
        method=Method.PUT,
        path="/api/drafts/{draft}",
        summary=Text(
            zh="保存申请表，填对填错都照样保存。只答复已保存的内容；现在提交会怎样，用 GET 查询",
            en="Save the form, right or wrong, as it is filled in. Answered with what was saved; GET tells what would "
            "come of handing it in now",
        ),
        body=SaveRequest,
        answer=DraftSaved,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, DRAFT_CHANGED, NOT_AWAITED),
    ),
    Route(
        name="accept-letter",
        method=Method.POST,
        path="/api/drafts/{draft}/letters",
        summary=Text(zh="签署一份告知承诺书", en="Accept a commitment letter"),
        body=AcceptRequest,
        answer=DraftShown,
        groups=APPLICANTS,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_LETTER, ACCOUNT_UNNAMED, DRAFT_CHANGED, NOT_AWAITED),
        needs=PersonRights.ALL,
    ),
    Route(
        name="take-out",
        method=Method.POST,
        path="/api/drafts/{draft}/taken-out",
        summary=Text(zh="撤下一份材料，不再随申请提交", en="Take a paper out again, so that it is not handed in"),
        body=TakeOutRequest,
        answer=DraftShown,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_SUCH_PAPER, DRAFT_CHANGED, NOT_AWAITED),
    ),
    Route(
        name="earlier-papers",
        path="/api/drafts/{draft}/earlier",
        summary=Text(
            zh="本企业以前的材料包中可以沿用的材料",
            en="Papers of the enterprise's earlier packets that this application can use",
        ),
        answer=EarlierPapers,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="reuse-paper",
        method=Method.POST,
        path="/api/drafts/{draft}/earlier",
        summary=Text(
            zh="沿用本企业以前材料包中的一份材料：在存储内复制，重新检查",
            en="Use a paper of an earlier packet of the enterprise: copied within storage, and examined anew",
        ),
        body=ReuseRequest,
        answer=DraftShown,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_SUCH_PAPER, NOT_AWAITED),
        limit=UPLOADS,
    ),
    Route(
        name="hand-in",
        method=Method.POST,
        path="/api/drafts/{draft}/submission",
        summary=Text(
            zh="提交申请；重复提交无害。综合窗口凭有效的授权委托书代为提交",
            en="Hand the application in; doing so twice does no harm. The service window does so on a mandate in force",
        ),
        body=HandInRequest,
        answer=DraftShown,
        statuses=(202,),
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_MANDATE, DRAFT_CHANGED, DRAFT_INCOMPLETE, WOULD_BE_RETURNED, NOT_AWAITED),
        needs=PersonRights.ALL,
    ),
    Route(
        name="record-mandate",
        method=Method.POST,
        path="/api/drafts/{draft}/mandate",
        summary=Text(
            zh="登记本申请中已检查的授权委托书：受托人为登录账号本人",
            en="Put the application's examined letter of authorisation on record; its agent is the account that asks",
        ),
        body=MandateRequest,
        answer=MandateShown,
        statuses=(201,),
        groups=WINDOW,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_MANDATE),
        limit=ACTS,
    ),
    Route(
        name="mandates",
        path="/api/mandates",
        summary=Text(zh="企业登记的授权委托书，新的在前", en="The mandates of an enterprise, newest first"),
        answer=Mandates,
        groups=DRAWING_UP,
        parameters=(_USCC,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="end-mandate",
        method=Method.POST,
        path="/api/mandates/{mandate}/end",
        summary=Text(zh="提前终止一份授权", en="End a mandate before its term"),
        body=EndRequest,
        answer=Mandates,
        groups=DRAWING_UP,
        parameters=(_MANDATE,),
        problems=(NO_SUCH_MANDATE,),
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
    Route(
        name="permit-upload",
        method=Method.POST,
        path="/api/drafts/{draft}/uploads",
        summary=Text(
            zh="取得一个文件的上传许可：文件直接上传到对象存储",
            en="Leave to upload one file, which goes straight to object storage",
        ),
        body=PermitRequest,
        answer=Permit,
        statuses=(201,),
        groups=DRAWING_UP,
        limit=UPLOADS,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, UPLOAD_REFUSED, NOT_AWAITED),
    ),
    Route(
        name="sort-files",
        method=Method.POST,
        path="/api/drafts/{draft}/uploads/sort",
        summary=Text(
            zh="按文件名建议每个文件属于哪份材料；只传文件名，不传内容",
            en="Which material each file may be, by its name alone; no content is sent",
        ),
        body=SortRequest,
        answer=SortedFiles,
        groups=DRAWING_UP,
        limit=UPLOADS,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="permit-part",
        method=Method.POST,
        path="/api/drafts/{draft}/uploads/part",
        summary=Text(zh="取得大文件一段的上传地址", en="Where one part of a large file goes"),
        body=PartRequest,
        answer=PartPermit,
        groups=DRAWING_UP,
        limit=UPLOADS,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, UPLOAD_REFUSED, NOT_AWAITED),
    ),
    Route(
        name="parts",
        method=Method.POST,
        path="/api/drafts/{draft}/uploads/parts",
        summary=Text(
            zh="大文件已上传的各段，用于断点续传", en="The parts of a large file that came, to go on from there"
        ),
        body=PartsRequest,
        answer=PartsCame,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_SUCH_UPLOAD, UPLOAD_REFUSED, NOT_AWAITED),
        limit=UPLOADS,
    ),
    Route(
        name="finish-parts",
        method=Method.POST,
        path="/api/drafts/{draft}/uploads/finish",
        summary=Text(zh="各段合成文件", en="Make one file of the parts"),
        body=PartsRequest,
        answer=UploadDone,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, NO_SUCH_UPLOAD, PARTS_INCOMPLETE, UPLOAD_REFUSED, NOT_AWAITED),
        limit=UPLOADS,
    ),
    Route(
        name="give-up-parts",
        method=Method.POST,
        path="/api/drafts/{draft}/uploads/give-up",
        summary=Text(zh="放弃上传，删除各段", en="Give an upload up and drop its parts"),
        body=PartsRequest,
        answer=UploadDone,
        groups=DRAWING_UP,
        parameters=(_DRAFT,),
        problems=(NOT_FOUND, UPLOAD_REFUSED),
        limit=UPLOADS,
    ),
    Route(
        name="project",
        path="/api/projects/{code}",
        summary=Text(
            zh="项目的登记情况和未补齐的容缺材料", en="What is on record of a project, and its open promised papers"
        ),
        answer=ProjectShown,
        groups=AT_WORK,
        parameters=(_PROJECT,),
        problems=(INVALID_PARAMETER, NO_SUCH_ADDRESS),
    ),
    Route(
        name="story",
        path="/api/projects/{code}/story",
        summary=Text(
            zh="项目从拿地到竣工验收的全过程：各材料包、容缺、踏勘、结果、文书、检查，各阶段用时与逐项办理的对比"
            "（只含可查看的材料包）",
            en="A project from land to acceptance: packets, gaps, visits, results, documents, inspections, and the "
            "days of each stage against one matter after another; of packets that the caller may see",
        ),
        answer=ProjectStory,
        groups=READERS,
        parameters=(_PROJECT,),
        problems=(INVALID_PARAMETER, NO_SUCH_ADDRESS),
        limit=STORIES,
    ),
    Route(
        name="record-project",
        method=Method.PUT,
        path="/api/projects/{code}",
        summary=Text(
            zh="登记项目：是否重点项目、用地配套是否到位。以本次内容替换原登记",
            en="Record a project: whether it is a key project, whether its site has its services. Replaces what was "
            "recorded",
        ),
        body=ProjectRequest,
        answer=ProjectShown,
        groups=WINDOW,
        parameters=(_PROJECT,),
        problems=(INVALID_PARAMETER, NO_SUCH_ADDRESS),
    ),
    Route(
        name="help",
        method=Method.POST,
        path="/api/help",
        summary=Text(
            zh="帮办代办：以登录账号的姓名一次领取多份材料包或申请，逐份答复结果",
            en="Help several packets or applications at once, by the signed-in account's name; each is answered for",
        ),
        body=HelpRequest,
        answer=Helped,
        groups=WINDOW,
        limit=ACTS,
    ),
    Route(
        name="record-slip",
        method=Method.POST,
        path="/api/slips",
        summary=Text(
            zh="出具不予受理告知单：给谁、何事、理由、依据、怎么办；重复提交只出具一份",
            en="Give out a slip that an application is not taken: to whom, for what, why, what to do; sent twice it is "
            "one",
        ),
        body=SlipRequest,
        answer=SlipShown,
        statuses=(201,),
        groups=WINDOW,
        limit=ACTS,
    ),
    Route(
        name="slips",
        path="/api/slips",
        summary=Text(zh="企业收到的不予受理告知单，新的在前", en="The refusal slips of an enterprise, newest first"),
        answer=Slips,
        groups=AT_WORK | {Group.APPLICANT},
        parameters=(_USCC,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="slip",
        path="/api/slips/{slip}",
        summary=Text(zh="一份不予受理告知单", en="One refusal slip"),
        answer=SlipShown,
        groups=AT_WORK | {Group.APPLICANT},
        parameters=(_SLIP,),
        problems=(NO_SUCH_SLIP,),
    ),
    Route(
        name="refusal-slip",
        path="/api/packets/{packet}/refusal-slip",
        summary=Text(
            zh="申报清单未予接收的告知单，可打印", en="The slip of a manifest that was not taken in, while that stands"
        ),
        answer=SlipShown,
        groups=AT_WORK | {Group.APPLICANT},
        parameters=(_PACKET,),
        problems=(NOT_FOUND, NO_SUCH_SLIP),
    ),
    Route(
        name="hand-outs",
        path="/api/hand-outs",
        summary=Text(
            zh="出件清单：待领取、待邮寄和在途的结果，决定早的在前",
            en="What the window has to hand out: to be collected, to be mailed, in the mail; the oldest decision first",
        ),
        answer=HandOuts,
        groups=WINDOW,
        parameters=(Parameter(name="after", description=Text(zh="上一页的 next", en="`next` of the page before")),),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="desk",
        path="/api/desk/reviews",
        summary=Text(
            zh="本部门待审查的事项：绿色通道在前，再按到期时间；谁正在审查",
            en="What the department has to review: priority first, then by due date; who has it",
        ),
        answer=DeskQueue,
        groups=OFFICERS,
        parameters=(Parameter(name="after", description=Text(zh="上一页的 next", en="`next` of the page before")),),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="desk-next",
        method=Method.POST,
        path="/api/desk/next",
        summary=Text(
            zh="领取下一项审查任务：先取绿色通道队列。占用到期未办的，自动回到队列",
            en="Take the next review, the priority queue's first. It goes back by itself when nothing happens with it",
        ),
        answer=DeskTask,
        groups=OFFICERS,
        problems=(NO_TASK,),
    ),
    Route(
        name="desk-review",
        path="/api/desk/reviews/{packet}/{matter}",
        summary=Text(
            zh="一项审查：材料及检查结果、容缺、承诺书、时限计算、特别程序、以往各轮决定",
            en="One review: materials and findings, gaps, the commitment's letter, the time limit's sum, procedures, "
            "decisions of earlier rounds",
        ),
        answer=DeskTask,
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="desk-paper",
        path="/api/desk/reviews/{packet}/{matter}/papers/{slot}",
        summary=Text(
            zh="一份材料的临时查看地址，不要转发", en="An address that shows one paper for a while; pass it to nobody"
        ),
        answer=PaperAddress,
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER, _SLOT, _FILE, _BEFORE),
        problems=(NOT_FOUND, NO_SUCH_PAPER, NOT_SHOWN),
    ),
    Route(
        name="desk-lease",
        method=Method.POST,
        path="/api/desk/reviews/{packet}/{matter}/lease",
        summary=Text(
            zh="占用一项审查（再次占用即延长），或者退回给其他经办人",
            en="Have a review, for longer when asked again, or give it back to the others",
        ),
        body=DeskLeaseRequest,
        answer=DeskTask,
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(NOT_FOUND, NOT_PENDING, HELD_BY_ANOTHER, ANSWER_SENT, OWN_PROPOSAL),
    ),
    Route(
        name="desk-decision",
        method=Method.POST,
        path="/api/desk/reviews/{packet}/{matter}/decision",
        summary=Text(
            zh="作出决定：通过、逐项要求补正、不予通过。先到的决定有效；须两人办理的事项，作为审核意见等待签批",
            en="Decide: approve, ask for corrections paper by paper, reject. What comes first counts. Where two "
            "officers decide, it is a proposal for another one to sign",
        ),
        body=DeskDecision,
        answer=DeskSent,
        statuses=(202,),
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(
            NOT_FOUND,
            OLD_ROUND,
            NOT_PENDING,
            HELD_BY_ANOTHER,
            ANSWER_SENT,
            OWN_PROPOSAL,
            TO_BE_SIGNED,
            IDENTITY_CORRECTED,
        ),
    ),
    Route(
        name="desk-signature",
        method=Method.POST,
        path="/api/desk/reviews/{packet}/{matter}/signature",
        summary=Text(
            zh="签批同事提出的审核意见，或者写明理由退回。须两人办理的事项，签批后决定才成立",
            en="Sign what a colleague proposed, or send it back with a reason. Where two officers decide, it counts "
            "once it is signed",
        ),
        body=DeskSignature,
        answer=DeskSent,
        statuses=(202,),
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(NOT_FOUND, OLD_ROUND, NOT_PENDING, HELD_BY_ANOTHER, ANSWER_SENT, OWN_PROPOSAL, NOTHING_TO_SIGN),
    ),
    Route(
        name="desk-procedure",
        method=Method.POST,
        path="/api/desk/reviews/{packet}/{matter}/procedure",
        summary=Text(
            zh="开始或结束特别程序（联合踏勘、听证、专家评审、检验检测）：期间不计入时限",
            en="Start or end a special procedure (site visit, hearing, expert review, test): its time does not count",
        ),
        body=DeskProcedureRequest,
        answer=DeskSent,
        statuses=(202,),
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(
            NOT_FOUND,
            OLD_ROUND,
            NOT_PENDING,
            HELD_BY_ANOTHER,
            ANSWER_SENT,
            OWN_PROPOSAL,
            NO_PROCEDURE,
            BAD_APPOINTMENT,
        ),
    ),
    Route(
        name="desk-retraction",
        method=Method.POST,
        path="/api/desk/reviews/{packet}/{matter}/retraction",
        summary=Text(
            zh="收回本部门在这一轮的决定，继续审查：联合审批结果作出之前，申请人尚未据以补正、后续事项尚未据以开始审查的",
            en="Take the department's decision of this round back and review on: until the joint result, while the "
            "applicant does not answer it and no other matter is reviewed because of it",
        ),
        body=DeskRetraction,
        answer=DeskSent,
        statuses=(202,),
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(
            NOT_FOUND,
            OLD_ROUND,
            NO_DECISION,
            ACTED_ON,
            NEXT_OPENED,
            RESULT_DECIDED,
            ALREADY_WITHDRAWN,
            TOO_OFTEN,
        ),
        limit=ACTS,
    ),
    Route(
        name="policies",
        path="/api/policies",
        summary=Text(
            zh="免申即享的惠企政策：条件、给什么、预算和余额",
            en="Policies whose benefits need no application: conditions, what they give, budget and what is left of it",
        ),
        answer=Policies,
        limit=POLICIES,
    ),
    Route(
        name="policy-facts",
        path="/api/policies/facts",
        summary=Text(
            zh="某年首次提交、已有联合审批结果的材料包的事实，用于试算新政策",
            en="What policies look at, of packets first submitted in a year: for trying a new policy out",
        ),
        answer=PolicyFacts,
        groups=OPERATING,
        parameters=(_YEAR, _AFTER),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="benefits",
        path="/api/benefits",
        summary=Text(
            zh="本部门待兑现的惠企政策待遇，先授予的在前",
            en="What the department is to pay or provide, the oldest first",
        ),
        answer=BenefitsToPay,
        groups=OFFICERS,
        parameters=(_AFTER,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="benefit",
        path="/api/benefits/{benefit}",
        summary=Text(
            zh="一项待遇：给谁、多少、逐条理由、现在可以办什么",
            en="One benefit: for whom, how much, why line by line, what can be done",
        ),
        answer=BenefitTask,
        groups=OFFICERS,
        parameters=(_BENEFIT,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="benefit-say",
        method=Method.POST,
        path="/api/benefits/{benefit}",
        summary=Text(
            zh="登记兑现，或者事实有误时撤销（须写明理由和依据）；姓名取自登录账号",
            en="Record that it was paid, or revoke it since a fact was wrong, with reason and basis; by the signed-in "
            "account's name",
        ),
        body=BenefitRequest,
        answer=BenefitTask,
        groups=OFFICERS,
        parameters=(_BENEFIT,),
        problems=(NOT_FOUND, *BENEFITS.values()),
        limit=ACTS,
    ),
    Route(
        name="packet-benefits",
        path="/api/packets/{packet}/benefits",
        summary=Text(
            zh="材料包享受的惠企政策及逐条理由；没有享受的，为什么",
            en="What policies give for a packet and why, line by line; of the others, why not",
        ),
        answer=PacketBenefits,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="benefit-decline",
        method=Method.POST,
        path="/api/packets/{packet}/benefits/{policy}",
        summary=Text(zh="企业谢绝一项待遇", en="The enterprise declines a benefit"),
        body=DeclineRequest,
        answer=PacketBenefits,
        groups=APPLICANTS,
        parameters=(_PACKET, _POLICY),
        problems=(NOT_FOUND, *BENEFITS.values()),
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
    Route(
        name="people",
        path="/api/people",
        summary=Text(
            zh="本企业登录过的人员、各自的权限和要收的消息",
            en="Who of the enterprise was here lately, what each may do and which messages each wants",
        ),
        answer=People,
        groups=APPLICANTS,
    ),
    Route(
        name="choose-messages",
        method=Method.POST,
        path="/api/people/messages",
        summary=Text(zh="选择本人要收到的消息和语言", en="Choose which messages the caller wants, and the language"),
        body=MessagesRequest,
        answer=People,
        groups=APPLICANTS,
        limit=ACTS,
        needs=PersonRights.READ,
    ),
    Route(
        name="grant-rights",
        method=Method.POST,
        path="/api/people/{account}/rights",
        summary=Text(
            zh="本企业管理人确定某人的权限：全部、填报或只看",
            en="Whoever manages the enterprise's people says what one of them may do: all, prepare, or read",
        ),
        body=RightsRequest,
        answer=People,
        groups=APPLICANTS,
        parameters=(_ACCOUNT,),
        problems=(NO_SUCH_PERSON, NO_RIGHT),
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
    Route(
        name="desk-work",
        path="/api/desk/work",
        summary=Text(
            zh="我的工作：本人承办的（先到期的在前）、申请人提问、无人承办、等待他人、同事承办的事项，本部门经办人和代班，本人当月数据",
            en="My work: what I have (due first), applicants' questions, what nobody has, what waits for others or is "
            "with colleagues; the officers of the desk and who stands in; my figures of the month",
        ),
        answer=Work,
        groups=OFFICERS,
    ),
    Route(
        name="desk-officer",
        method=Method.POST,
        path="/api/desk/reviews/{packet}/{matter}/officer",
        summary=Text(
            zh="转交本部门另一位经办人，各轮次均由其承办，期限提醒随之改发；由承办人或部门负责人办理，记入办理档案",
            en="Hand a review to another officer of the department, for all rounds; reminders follow. By who has it or "
            "whoever leads the department; it is in the ledger",
        ),
        body=HandOverRequest,
        answer=HandedOver,
        statuses=(202,),
        groups=OFFICERS,
        parameters=(_PACKET, _MATTER),
        problems=(NOT_FOUND, NOT_YOURS, NO_SUCH_COLLEAGUE, NOT_REVIEWED, TOO_OFTEN),
        limit=ACTS,
    ),
    Route(
        name="desk-absence",
        method=Method.POST,
        path="/api/desk/absences",
        summary=Text(
            zh="登记离岗和代班人：期间本人承办事项的期限提醒发给代班人，逐件记入办理档案",
            en="Say that an officer is away and who stands in: reminders of what that officer has go there meanwhile; "
            "each packet's ledger says so",
        ),
        body=AbsenceRequest,
        answer=AbsenceSaid,
        groups=OFFICERS,
        problems=(NOT_YOURS, NO_SUCH_COLLEAGUE, STAND_IN_AWAY),
        limit=ACTS,
    ),
    Route(
        name="remarks",
        path="/api/packets/{packet}/remarks",
        summary=Text(
            zh="内部备注（本部门或窗口的）和通话记录；申请人看不到",
            en="Notes to colleagues, of the own department or the window, and records of calls; applicants see none",
        ),
        answer=Remarks,
        groups=OFFICERS | WINDOW,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="remark",
        method=Method.POST,
        path="/api/packets/{packet}/remarks",
        summary=Text(
            zh="登记内部备注或通话：内容申请人看不到，办理档案中只记有此一条",
            en="Record a note to colleagues or a call: its words are not shown to the applicant, the ledger says only "
            "that there is one",
        ),
        body=RemarkRequest,
        answer=RemarkShown,
        statuses=(201,),
        groups=OFFICERS | WINDOW,
        parameters=(_PACKET,),
        problems=(NOT_FOUND, TOO_OFTEN),
        limit=ACTS,
    ),
    Route(
        name="supervision",
        path="/api/supervision",
        summary=Text(
            zh="本部门监管、尚未办结的已批准事项，先到期的在前",
            en="What the department supervises and has not ended, what is due first first",
        ),
        answer=Supervised,
        groups=SUPERVISORS,
        parameters=(_AFTER,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="roster",
        path="/api/supervision/roster",
        summary=Text(
            zh="本部门的检查人员名录：检查人员从中随机抽取",
            en="The department's roster, from which inspectors are drawn",
        ),
        answer=Roster,
        groups=SUPERVISORS,
    ),
    Route(
        name="save-roster",
        method=Method.PUT,
        path="/api/supervision/roster",
        summary=Text(
            zh="更新本部门的检查人员名录（整份替换，旧版本留存）：执法证号、姓名、已声明利害关系的企业",
            en="Put a new roster in the place of the one before, which is kept: certificates, names, and enterprises "
            "that somebody stated an interest in",
        ),
        body=RosterRequest,
        answer=Roster,
        groups=SUPERVISORS,
        problems=(ROSTER_CHANGED,),
        limit=ACTS,
    ),
    Route(
        name="roster-numbers",
        path="/api/supervision/rosters/{department}/{version}",
        summary=Text(
            zh="名录某一版本的执法证号，人人可以据此复算检查人员的抽取",
            en="The certificates of a version of a roster, for anybody to draw inspectors again",
        ),
        answer=RosterNumbers,
        parameters=(_DEPARTMENT, _ROSTER),
        problems=(NO_SUCH_ADDRESS,),
        limit=PROGRESS,
    ),
    Route(
        name="supervision-record",
        path="/api/supervision/{record}",
        summary=Text(
            zh="一条监管记录：企业、项目、承诺内容、批准条件、检查意见、现在可以办什么",
            en="One record: enterprise, project, what was committed to, conditions, findings, what can be done",
        ),
        answer=SupervisionTaskShown,
        groups=SUPERVISORS,
        parameters=(_RECORD,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="supervision-say",
        method=Method.POST,
        path="/api/supervision/{record}",
        summary=Text(
            zh="认领、约定检查时间、登记检查意见、答复申辩、回避；姓名取自登录账号。审批该事项的人不能检查；部门有名录的，由被抽中的人检查",
            en="Claim it, set a date, record a finding, answer what was contested, withdraw as an inspector, by the "
            "signed-in account's name. Who approved the matter does not inspect it; where the department has a roster, "
            "who was drawn does",
        ),
        body=SupervisionRequest,
        answer=SupervisionTaskShown,
        groups=SUPERVISORS,
        parameters=(_RECORD,),
        problems=(NOT_FOUND, *SUPERVISION.values()),
        limit=ACTS,
    ),
    Route(
        name="permit-photo",
        method=Method.POST,
        path="/api/supervision/{record}/photos",
        summary=Text(
            zh="上传一张现场照片的许可；照片归入其后登记的检查意见",
            en="Leave to upload a photo of the inspection; it belongs to the finding that is recorded next",
        ),
        body=PhotoRequest,
        answer=PhotoPermit,
        groups=SUPERVISORS,
        parameters=(_RECORD,),
        problems=(NOT_FOUND, *SUPERVISION.values()),
        limit=UPLOADS,
    ),
    Route(
        name="photo",
        path="/api/supervision/{record}/photos/{photo}",
        summary=Text(zh="现场照片的地址", en="Where a photo of the inspection is"),
        answer=PhotoAddress,
        groups=SUPERVISORS,
        parameters=(_RECORD, _PHOTO),
        problems=(NOT_FOUND, NO_SUCH_ADDRESS),
    ),
    Route(
        name="told-photo",
        path="/api/packets/{packet}/supervision/{matter}/photos/{photo}",
        summary=Text(zh="检查意见所附照片的地址", en="Where a photo of a finding is"),
        answer=PhotoAddress,
        groups=READERS,
        parameters=(_PACKET, _MATTER, _PHOTO),
        problems=(NOT_FOUND, NO_SUCH_ADDRESS),
    ),
    Route(
        name="packet-supervision",
        path="/api/packets/{packet}/supervision",
        summary=Text(
            zh="材料包中已批准事项的监管情况", en="The supervision of what was approved in a packet, matter by matter"
        ),
        answer=PacketSupervision,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="supervision-answer",
        method=Method.POST,
        path="/api/packets/{packet}/supervision/{matter}",
        summary=Text(
            zh="企业报告整改完成，或者对检查意见申辩一次",
            en="The enterprise reports that it put right what was found, or contests a finding, once",
        ),
        body=EnterpriseRequest,
        answer=PacketSupervision,
        groups=APPLICANTS,
        parameters=(_PACKET, _MATTER),
        problems=(NOT_FOUND, *SUPERVISION.values()),
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
    Route(
        name="draw",
        path="/api/supervision/draws/{day}",
        summary=Text(
            zh="某日随机抽取的种子：当日只公布其 SHA-256，次日起公布种子，人人可以复算",
            en="The seed of a day's draw: its SHA-256 on the day, the seed afterwards, for anybody to draw again",
        ),
        answer=DrawShown,
        parameters=(_DAY,),
        problems=(INVALID_PARAMETER, NO_SUCH_ADDRESS),
        limit=PROGRESS,
    ),
    Route(
        name="deadlines",
        path="/api/deadlines",
        summary=Text(
            zh="期限督办：已逾期和两周内到期的期限，责任人是谁，已告知谁",
            en="Limits that are overdue or end within two weeks: who has each, and who was told of it",
        ),
        answer=Deadlines,
        groups=STAFF,
        parameters=(
            Parameter(
                name="kind",
                pattern=f"^({'|'.join(DeadlineKind)})$",
                description=Text(zh="只列这一类", en="Of this kind alone"),
            ),
            Parameter(
                name="owner",
                pattern=f"^({'|'.join(OwnerKind)})$",
                description=Text(zh="只列由其负责的", en="Those that these have"),
            ),
            Parameter(
                name="light",
                pattern=f"^({'|'.join(Light)})$",
                description=Text(
                    zh="只列已逾期（red）、即将到期（amber）或未到期（green）的",
                    en="Only what is overdue (red), due soon (amber), or in time (green)",
                ),
            ),
            Parameter(
                name="department",
                pattern=CODE_PATTERN,
                description=Text(
                    zh="只列该部门的；牵头部门以外的部门只能看本部门的",
                    en="Those of a department; other departments than the lead see their own alone",
                ),
            ),
            Parameter(name="after", description=Text(zh="上一页的 next", en="`next` of the page before")),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="problems",
        path="/api/problems",
        summary=Text(
            zh="问题清单与建议：退回、补正、逾期、失信等的数量和原因，风险及其构成，相应的建议",
            en="The problem list: returns, corrections, what was overdue or broken, by reason; risks with their parts, "
            "and what is advised",
        ),
        answer=ProblemList,
        groups=STAFF,
        parameters=(
            Parameter(
                name="first",
                pattern=_DAY_PATTERN,
                description=Text(zh="第一天，默认为三十天前", en="The first day; thirty days ago unless given"),
            ),
            Parameter(
                name="last",
                pattern=_DAY_PATTERN,
                description=Text(zh="最后一天，默认为昨天", en="The last day; yesterday unless given"),
            ),
            Parameter(
                name="department",
                pattern=CODE_PATTERN,
                description=Text(
                    zh="该部门的各个事项；不填则为各个部门。牵头部门以外的部门只能看本部门的",
                    en="A department's matters; left out: all departments. Others than the lead see their own alone",
                ),
            ),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="packet-risk",
        path="/api/packets/{packet}/risk",
        summary=Text(zh="材料包的风险分及其构成", en="The risk of a packet, and the parts that add up to it"),
        answer=PacketRisk,
        groups=EVERY_PACKET | OFFICERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="warnings",
        path="/api/warnings",
        summary=Text(
            zh="可视化决策预警：受理、在办、办结、按时，各部门各环节的红黄绿灯和原因，节省的时间和材料",
            en="Early warning: taken in, in review, decided, on time; how it stands by department and matter, and why; "
            "days and papers saved",
        ),
        answer=Warnings,
        groups=EVERY_PACKET,
    ),
    Route(
        name="stuck",
        path="/api/ops/stuck",
        summary=Text(zh="应办未办的材料包", en="Packets that should have moved on by now"),
        answer=Stuck,
        groups=OPERATING,
        parameters=(_DAYS,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="inspect",
        path="/api/ops/packets/{packet}",
        summary=Text(zh="查看一份材料包的存储与等待情况", en="Look into a packet: items, sizes, what it waits for"),
        answer=Inspected,
        groups=OPERATING,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="refused",
        path="/api/ops/refused",
        summary=Text(
            zh="未被采纳的部门答复和信用记录消息",
            en="Messages of departments and the credit platform that did not count",
        ),
        answer=RefusedMessages,
        groups=OPERATING,
        parameters=(_DAYS,),
        problems=(INVALID_PARAMETER,),
    ),
)
