"""The desk: what officers do with their department's queues, apart from the public face.

The same code, and a function of its own: whoever took the public one over would have no review's message, and could
send no decision.
"""

from .desk.api import ANSWERS
from .desk.pages import PAGES as DESK
from .web.serving import serve
from .window.my_work import PAGES as MY_WORK

PAGES = (*DESK, *MY_WORK)

answer = serve(PAGES, ANSWERS)
