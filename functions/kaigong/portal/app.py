"""The public face: every route of the API and every page but those of the desk (`desk_app`). A new area adds its tables
here.
"""

from .account.api import ANSWERS as ACCOUNT_API
from .account.pages import PAGES as ACCOUNT
from .apply.api import ANSWERS as APPLY_API
from .apply.on_mandate import PAGES as ON_MANDATE
from .apply.pages import PAGES as APPLY
from .benefits.api import ANSWERS as BENEFITS_API
from .benefits.pages import PAGES as BENEFITS
from .follow.api import ANSWERS as FOLLOW_API
from .follow.calendar import PAGES as CALENDAR
from .follow.handing_out import PAGES as HAND_OUT
from .follow.pages import PAGES as FOLLOW
from .follow.project import PAGES as PROJECT
from .follow.questions import PAGES as QUESTIONS
from .guide.api import ANSWERS as GUIDE_API
from .guide.pages import PAGES as GUIDE
from .problems.api import ANSWERS as PROBLEMS_API
from .problems.pages import PAGES as PROBLEMS
from .supervise.api import ANSWERS as SUPERVISE_API
from .supervise.pages import PAGES as SUPERVISE
from .verify.api import ANSWERS as VERIFY_API
from .verify.pages import PAGES as VERIFY
from .web.serving import serve
from .window.api import ANSWERS as WINDOW_API
from .window.deadlines import PAGES as DEADLINES
from .window.handing_out import PAGES as HAND_OUTS
from .window.help import PAGES as HELP
from .window.pages import PAGES as WINDOW
from .window.slips import PAGES as SLIPS
from .window.warnings import PAGES as WARNINGS

_OF_THE_WINDOW = (*DEADLINES, *HAND_OUTS, *HELP, *SLIPS, *WARNINGS, *WINDOW)
_OF_PACKETS = (*QUESTIONS, *CALENDAR, *FOLLOW, *HAND_OUT, *PROJECT, *VERIFY, *SUPERVISE, *BENEFITS, *PROBLEMS)
PAGES = (*GUIDE, *ACCOUNT, *APPLY, *ON_MANDATE, *_OF_PACKETS, *_OF_THE_WINDOW)
_API_OF_PACKETS = FOLLOW_API | SUPERVISE_API | VERIFY_API | BENEFITS_API | PROBLEMS_API
ANSWERS = GUIDE_API | ACCOUNT_API | APPLY_API | WINDOW_API | _API_OF_PACKETS  # by a route's name

answer = serve(PAGES, ANSWERS)
