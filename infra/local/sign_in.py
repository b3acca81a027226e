"""Through the emulator's sign-in pages without a browser, for the made-up people of a local stack."""

import re
from html import unescape
from urllib.parse import urlencode, urljoin

import urllib3

SECONDS = 100  # the emulator is slow while everything runs at once


def at_form(address: str, username: str, password: str) -> str:
    """Where the emulator sends a browser back to that opened this address and gave name and password; the page's own
    address where it does not.
    """
    http = urllib3.PoolManager(timeout=SECONDS)
    page = http.request("GET", address, redirect=False)
    form = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.data.decode())
    }
    sent = urlencode({**form, "username": username, "password": password})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.request("POST", urljoin(address, "/login"), body=sent, headers=headers, redirect=False)
    return answer.headers.get("Location", address)
