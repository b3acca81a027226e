"""Every page of the portal, by area. A new area adds its table here."""

from kaigong.portal.visit import Page

from . import account, apply, follow, guide, review, window

PAGES: tuple[Page, ...] = (*guide.PAGES, *account.PAGES, *apply.PAGES, *follow.PAGES, *review.PAGES, *window.PAGES)
