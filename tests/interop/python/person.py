"""A person with a browser: keeps cookies, follows redirects, fills in whatever form the page shows.

Knows the pages only by what HTML says of them, as a password manager does.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests


class Person:
    def __init__(self, account):
        self.account = account
        self.browser = requests.Session()

    def follow(self, url, redirect_uri):
        """Goes to `url` and does what the pages ask until the browser is sent to `redirect_uri`."""
        request = {"method": "GET", "url": url}
        for _ in range(MOST_HOPS):
            if request["url"].split("?")[0] == redirect_uri:
                return request["url"]
            request = self._next(request)
        raise RuntimeError(f"still not back at {redirect_uri} after {MOST_HOPS} pages and redirects")

    def _next(self, request):
        headers = {"Accept": "text/html"}
        if request["method"] == "POST":
            page = urlsplit(request["url"])
            headers["Origin"] = f"{page.scheme}://{page.netloc}"
        response = self.browser.request(**request, headers=headers, allow_redirects=False, timeout=PATIENCE_S)
        if response.is_redirect:
            return {"method": "GET", "url": urljoin(request["url"], response.headers["Location"])}
        form = FirstForm(response.text)
        if response.status_code != 200 or form.attributes is None:
            said = f"{request['method']} {request['url']} answered {response.status_code} without a form"
            raise RuntimeError(f"{said}:\n{response.text}")
        return self._fill(form, request["url"])

    def _fill(self, form, page):
        answers = ((field["name"], self._answer(field)) for field in form.inputs if field.get("name"))
        fields = [(name, value) for name, value in answers if value is not None]
        agreeing = (b for b in form.buttons if b.get("name") == "consented" and b.get("value") == "true")
        button = next(agreeing, form.buttons[0] if form.buttons else {})
        if button.get("name"):
            fields.append((button["name"], button.get("value") or ""))
        method = form.attributes.get("method", "get").upper()
        url = urljoin(page, form.attributes.get("action") or page)
        return {"method": method, "url": url, "data" if method == "POST" else "params": fields}

    def _answer(self, field):
        kind = field.get("type", "text")
        if kind == "password":
            return self.account["password"]
        if kind in ("checkbox", "radio"):
            return (field.get("value") or "on") if "checked" in field else None
        hints = f"{field.get('autocomplete')} {kind} {field['name']}"
        if kind != "hidden" and re.search("username|email|login", hints):
            return self.account["username"]
        return field.get("value") or ""


class FirstForm(HTMLParser):
    """The first form of a page: where it goes and what is in it."""

    def __init__(self, html):
        super().__init__()
        self.attributes = None
        self.inputs = []
        self.buttons = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = dict(attrs)
        if tag == "form" and self.attributes is None:
            self.attributes = element
            self._inside = True
        elif self._inside and tag == "button" and element.get("type", "submit") == "submit":
            self.buttons.append(element)
        elif self._inside and tag == "input":
            (self.buttons if element.get("type") == "submit" else self.inputs).append(element)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False


MOST_HOPS = 20
PATIENCE_S = 30
