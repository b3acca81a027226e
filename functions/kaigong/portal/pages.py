"""Every page of the portal, by area. A new area adds its table here."""

from .account import pages as account
from .apply import pages as apply
from .desk import pages as desk
from .follow import pages as follow
from .guide import pages as guide
from .web.request import Page
from .window import pages as window

PAGES: tuple[Page, ...] = (*guide.PAGES, *account.PAGES, *apply.PAGES, *follow.PAGES, *desk.PAGES, *window.PAGES)
