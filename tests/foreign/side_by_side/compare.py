#!/usr/bin/env python3
"""Holds the same three programs, each written with three libraries, side by side.

    compare.py size                        lines, crates, and how long a clean debug build takes
    compare.py work --server GRANTWAY      what each does with a provider that behaves
    compare.py faults --foreign PROVIDER   what each does with one that does not

GRANTWAY is the server program, PROVIDER the program `foreign_provider` of the tests package. The programs are built
into `target` of each package, or into DIR/LIBRARY with `--target DIR`. Only the standard library is needed.
"""

import argparse
import base64
import hashlib
import html.parser
import http.cookiejar
import http.server
import json
import os
import pathlib
import re
import resource
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = ["openidconnect", "huskarl", "grantway"]
PROGRAMS = ["web_sign_in", "machine", "protected_api"]
PATIENCE = 45.0
"""Longer than any time-out of a library that has one."""


# Processes

QUIET = {name: value for name, value in os.environ.items() if name != "RUST_BACKTRACE"}
"""An error is what a program says of it, and not where in the program that was."""


class Running:
    """A process whose first line says where it listens, or what to open."""

    def __init__(self, command, stdin=None):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=stdin, stdout=pipe, stderr=pipe, env=QUIET, text=True)
        self.errors = []
        self._reading = threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True)
        self._reading.start()

    def line(self, begins):
        """What stands behind `begins` on the next line of output."""
        line = self.process.stdout.readline().rstrip("\n")
        if not line.startswith(begins):
            self.stop()
            raise RuntimeError(f"{self.process.args[0]} said {line!r} {''.join(self.errors)}")
        return line.removeprefix(begins)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reading.join(5)


class Outcome:
    """How a program ended."""

    def __init__(self, code, output, errors, seconds, page=""):
        self.code, self.output, self.errors, self.seconds, self.page = code, output, errors, seconds, page

    @property
    def last(self):
        return self.output.strip().rsplit("\n", 1)[-1] if self.output.strip() else ""

    @property
    def hung(self):
        return self.code is None

    @property
    def why(self):
        """The whole chain of the error, on one line."""
        text = re.sub(r"\s+", " ", self.errors).strip()
        return re.sub(r"Error: |signed in: \S+ ?", "", text)


def run(command, person=None, patience=PATIENCE):
    """Runs a program to its end; a program that says `open URL` has a person who does."""
    begun = time.monotonic()
    running = Running(command)
    pages, output = [], []

    def read():
        for line in running.process.stdout:
            output.append(line)
            if line.startswith("open ") and person:
                threading.Thread(target=browse, args=(line[5:].strip(),), daemon=True).start()

    def browse(url):
        try:
            pages.append(person(url))
        except (OSError, ValueError) as why:
            pages.append(f"({why})")

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    try:
        code = running.process.wait(patience)
    except subprocess.TimeoutExpired:
        code = None
    running.stop()
    reading.join(5)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", "".join(pages))).strip()
    return Outcome(code, "".join(output), "".join(running.errors), time.monotonic() - begun, page)


# The person, and the API


class Forms(html.parser.HTMLParser):
    """The forms of a page: where they go, their inputs, and their buttons."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "inputs": {}, "buttons": []})
        elif self.forms and attributes.get("name"):
            if tag == "input":
                self.forms[-1]["inputs"][attributes["name"]] = attributes.get("value", "")
            elif tag == "button":
                self.forms[-1]["buttons"].append((attributes["name"], attributes.get("value", "")))


def person(account=None, *handlers):
    """Opens a page, signs in and agrees, until she is back at the program that sent her."""

    def browse(url):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        opener = urllib.request.build_opener(cookies, *handlers)

        def ask(request):
            try:
                answer = opener.open(request, timeout=PATIENCE)
            except urllib.error.HTTPError as refused:
                answer = refused
            with answer:
                return answer.url, answer.read().decode("utf-8", "replace")

        here, page = ask(url)
        for _ in range(5):
            forms = [form for form in Forms(page).forms if "password" in form["inputs"]]
            consents = [form for form in Forms(page).forms if ("consented", "true") in form["buttons"]]
            if account and forms:
                fields = forms[0]["inputs"] | {"username": account["username"], "password": account["password"]}
            elif consents:
                forms = consents
                fields = consents[0]["inputs"] | {"consented": "true"}
            else:
                break
            body = urllib.parse.urlencode(fields).encode()
            target = urllib.parse.urljoin(here, forms[0]["action"])
            headers = {"Origin": origin(here), "Referer": here}
            here, page = ask(urllib.request.Request(target, body, headers))
        return page

    return browse


def origin(url):
    return "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))


class Api(http.server.ThreadingHTTPServer):
    """`/any` takes every token, `/second` none but the second that it sees."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ApiHandler)
        self.lock, self.tokens, self.calls = threading.Lock(), [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def forget(self):
        with self.lock:
            self.tokens, self.calls = [], 0


class ApiHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        with self.server.lock:
            self.server.calls += 1
            if token and token not in self.server.tokens:
                self.server.tokens.append(token)
            place = self.server.tokens.index(token) if token else None
        known = scheme.lower() == "bearer" and place is not None
        if known and (self.path == "/any" or place > 0):
            self.reply(200, {"token": place + 1}, {})
        else:
            self.reply(401, {}, {"WWW-Authenticate": 'Bearer error="invalid_token"'})

    def reply(self, status, document, headers):
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(body), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# What a client does by hand, to have tokens that an API is asked with


def get_json(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return json.load(answer)


class ComesBack(urllib.request.HTTPRedirectHandler):
    """Sees where the person is sent back to, where nobody listens."""

    def redirect_request(self, request, fp, code, message, headers, target):
        if target.startswith(BACK):
            raise CameBack(target)
        return super().redirect_request(request, fp, code, message, headers, target)


class CameBack(Exception):
    pass


BACK = "http://127.0.0.1:9/callback"


def code_tokens(issuer, application, account, scope):
    """The tokens of a sign-in."""
    metadata = get_json(f"{issuer}/.well-known/openid-configuration")
    verifier = secrets.token_urlsafe(48)
    challenge = base64url(hashlib.sha256(verifier.encode()).digest())
    query = {
        "response_type": "code", "client_id": application["client_id"], "redirect_uri": BACK, "scope": scope,
        "state": "s", "nonce": "n", "code_challenge": challenge, "code_challenge_method": "S256",
    }
    try:
        person(account, ComesBack)(f"{metadata['authorization_endpoint']}?{urllib.parse.urlencode(query)}")
        raise RuntimeError("nobody came back")
    except CameBack as back:
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(str(back)).query))["code"]
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier,
        "client_id": application["client_id"], "client_secret": application["client_secret"],
    }
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(metadata["token_endpoint"], body, timeout=PATIENCE) as answer:
        return json.load(answer)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def answer_to(url, headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode(), ""
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode(), refused.headers.get("WWW-Authenticate", "")


# Step one: a provider that behaves


def work(options):
    api = Api()
    with tempfile.TemporaryDirectory() as data:
        serve = [options.server, "serve", "--data", data, "--listen", "127.0.0.1:0"]
        server = Running(serve)
        try:
            issuer = server.line("listening on ")
            bootstrap = json.loads(pathlib.Path(data, "bootstrap.json").read_text())
            rows = {library: jobs(options, library, issuer, bootstrap, api) for library in options.libraries}
            gates(options, issuer, bootstrap, data, rows)
        finally:
            server.stop()
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    table(["job", *rows], [[name, *(rows[library].get(name, "") for library in rows)] for name in names])


def jobs(options, library, issuer, bootstrap, api):
    """The two clients."""
    account, applications = bootstrap["account"], bootstrap["applications"]
    confidential, public = applications["confidential"], applications["public"]
    credentials = [confidential["client_id"], confidential["client_secret"]]
    sign_in, machine = (program(options, library, name) for name in ["web_sign_in", "machine"])
    userinfo = get_json(f"{issuer}/.well-known/openid-configuration")["userinfo_endpoint"]
    row = {}

    outcome = run([sign_in, issuer, *credentials, userinfo], person(account))
    row["sign-in with a secret, userinfo"] = judged(outcome, '"sub"' in outcome.last)
    outcome = run([sign_in, issuer, public["client_id"], userinfo], person(account))
    row["sign-in without a secret, userinfo"] = judged(outcome, '"sub"' in outcome.last)
    api.forget()
    outcome = run([sign_in, issuer, public["client_id"], api.url("/second")], person(account))
    row["401: renewed, and once more"] = judged(outcome, outcome.last == '{"token": 2}' and api.calls == 2)

    api.forget()
    outcome = run([machine, issuer, *credentials, "", api.url("/any"), "50"])
    row["50 calls with one token"] = judged(outcome, outcome.last == "50" and len(api.tokens) == 1)
    api.forget()
    outcome = run([machine, issuer, *credentials, "", api.url("/second"), "1"])
    row["machine: 401 once (not asked for)"] = f"{outcome.last} of 1"
    return row


def gates(options, issuer, bootstrap, data, rows):
    """The API, which is to take no other token than its own."""
    account, confidential = bootstrap["account"], bootstrap["applications"]["confidential"]
    tokens = code_tokens(issuer, confidential, account, "openid profile")
    access_token, id_token = tokens["access_token"], tokens["id_token"]
    narrow = code_tokens(issuer, confidential, account, "profile")["access_token"]
    audience = claims(access_token)["aud"]
    audience = audience if isinstance(audience, str) else audience[0]
    head, body, signature = access_token.split(".")
    unsigned = base64url(json.dumps({"alg": "none", "typ": "at+jwt"}).encode())
    other = signature[:-8] + ("A" * 8 if signature[-8:] != "A" * 8 else "B" * 8)
    sub = claims(access_token)["sub"]
    questions = {
        "its own token": (f"Bearer {access_token}", 200, ""),
        "scheme in lower case": (f"bearer {access_token}", 200, ""),
        "no token": (None, 401, r"^Bearer(?!.*error)"),
        "garbage": ("Bearer x", 401, 'error="?invalid_token'),
        "an ID token": (f"Bearer {id_token}", 401, 'error="?invalid_token'),
        "another signature": (f"Bearer {head}.{body}.{other}", 401, 'error="?invalid_token'),
        "alg none": (f"Bearer {unsigned}.{body}.", 401, 'error="?invalid_token'),
        "too little scope": (f"Bearer {narrow}", 403, 'error="?insufficient_scope'),
    }

    apis = {}
    try:
        for library, row in rows.items():
            command = [program(options, library, "protected_api"), issuer]
            apis[library] = [Running([*command, audience, "0"]), Running([*command, "https://other.test", "0"])]
            url, others_url = (running.line("listening on ") for running in apis[library])
            apis[library].append(url)
            for name, (credentials, status, challenge) in questions.items():
                headers = {"Authorization": credentials} if credentials else {}
                found = answer_to(f"{url}/me", headers)
                good = found[0] == status and re.search(challenge, found[2])
                good = good and (status != 200 or json.loads(found[1]) == {"sub": sub})
                row[f"API: {name}"] = "yes" if good else f"NO: {found}"
            status, _, challenge = answer_to(f"{others_url}/me", {"Authorization": f"Bearer {access_token}"})
            good = status == 401 and "invalid_token" in challenge
            row["API: for another audience"] = "yes" if good else f"NO: {status} {challenge}"

        rotated(options, issuer, data)
        renewed = code_tokens(issuer, confidential, account, "openid")["access_token"]
        for library, row in rows.items():
            found = answer_to(f"{apis[library][2]}/me", {"Authorization": f"Bearer {renewed}"})
            row["API: a key that is new"] = "yes" if found[0] == 200 else f"NO: {found}"
    finally:
        for running in apis.values():
            for one in running[:2]:
                one.stop()


def rotated(options, issuer, data):
    """Makes new keys, and waits until the server has read them."""
    jwks_uri = get_json(f"{issuer}/.well-known/openid-configuration")["jwks_uri"]
    before = get_json(jwks_uri)
    subprocess.run(
        [options.server, "keys", "signing", "rotate", "--now", "--data", data],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    while get_json(jwks_uri) == before:
        time.sleep(1)


def judged(outcome, good):
    if outcome.code == 0 and good:
        return "yes"
    return "NO: hung" if outcome.hung else f"NO: {outcome.code} {outcome.last[:80]} {outcome.why[:200]}"


# Step two: a provider that does not

WORKS, FAILS, NEVER = "works", "fails", "never"
"""What is wanted: that it works all the same, that it fails, or that it fails lest somebody be deceived."""

TOKEN_FAULTS = {
    "": (WORKS, ""),
    "StringExpiry": (WORKS, "expires_in"),
    "FloatExpiry": (WORKS, "expires_in"),
    "EpochExpiry": (WORKS, "expires_in"),
    "IsoExpiry": (WORKS, "expires_in"),
    "MsExpiry": (WORKS, "expires_in"),
    "ExpiresAt": (WORKS, "expires"),
    "NoExpiry": (WORKS, "expires"),
    "NoType": (WORKS, "token_type"),
    "OddType": (WORKS, "token_type|token type"),
    "UnknownType": (FAILS, "token_type|token type|scheme"),
    "Nested": (WORKS, "access_token"),
    "Renamed": (WORKS, "access_token"),
    "ScopeArray": (WORKS, r"\bscope\b"),
    "CommaScopeReply": (WORKS, r"\bscope\b"),
    "ByteOrderMark": (WORKS, "byte order"),
    "Status201": (WORKS, r"\b201\b"),
    "FormBody": (WORKS, r"\bform\b|content.?type|urlencoded"),
    "NonObjectJson": (FAILS, r"\bJSON\b|sequence|\barray\b|\bobject\b"),
    "NearJson": (FAILS, r"\bJSON\b|trailing comma"),
    "HugeBody": (FAILS, r"\bbytes?\b|\blonger\b|\blarge\b|\blimit\b|\bsize\b"),
    "GzipBomb": (FAILS, r"\bbytes?\b|\blonger\b|\blarge\b|\blimit\b|\bsize\b|gzip|encod"),
    "SlowBody": (FAILS, "tim(e|ed)[ -]?out|deadline|elapsed"),
    "Html200": (FAILS, r"\bHTML\b|content.?type|text/html"),
    "Challenge403": (FAILS, r"\b403\b"),
    "RateLimited": (FAILS, r"\b429\b|\brate\b|too many"),
    "RateLimitedUntil": (FAILS, r"\b429\b|\brate\b|too many"),
    "ServerError500": (FAILS, r"\b500\b|server error"),
    "Unavailable503": (FAILS, r"\b503\b|unavailable"),
    "RedirectHere(302)": (FAILS, r"\b302\b|redirect(?!_uri)"),
    "RedirectHere(307)": (FAILS, r"\b307\b|redirect(?!_uri)"),
    "RedirectElsewhere(302)": (FAILS, r"\b302\b|redirect(?!_uri)"),
    "RedirectElsewhere(307)": (FAILS, r"\b307\b|redirect(?!_uri)"),
    "RedirectElsewhere(308)": (FAILS, r"\b308\b|redirect(?!_uri)"),
    "BasicOnly": (WORKS, "invalid_client"),
    "PostOnly": (WORKS, "invalid_client"),
    "RejectBoth": (WORKS, "invalid_request"),
    "SkewPlus": (WORKS, r"\bclock\b|future|\biat\b|issued"),
    "SkewMinus": (WORKS, r"\bclock\b|expired|\bended\b"),
    "IssuerMismatch": (NEVER, "issuer"),
    "NoOpenIdDocument": (WORKS, r"\b404\b"),
    "NoOauthDocument": (WORKS, r"\b404\b"),
    "Discovery:RedirectElsewhere(307)": (FAILS, r"\b307\b|redirect(?!_uri)"),
    "Discovery:HugeBody": (FAILS, r"\bbytes?\b|\blonger\b|\blarge\b|\blimit\b|\bsize\b"),
    "Discovery:Html200": (FAILS, r"\bHTML\b|content.?type|text/html"),
    "ApiRedirect": (FAILS, r"\b307\b|redirect(?!_uri)"),
}
"""For `web_sign_in` and `machine`: what is wanted of a good client, and what an error has to say to be of use."""

WRONG_SECRET_FAULTS = {
    "": (FAILS, "invalid_client"),
    "OkFalse200": (FAILS, "invalid_client"),
    "Error200": (FAILS, "invalid_client"),
    "FormBody": (FAILS, "invalid_client"),
    "NoJsonError": (FAILS, r"\b40[01]\b"),
}
"""For `machine` with a secret that is wrong: faults of errors."""

SIGN_IN_FAULTS = {
    "IdTokenWrongIss": (NEVER, r"\biss\b|issuer"),
    "IdTokenWrongAud": (NEVER, r"\baud\b|audience"),
    "IdTokenMultiAudNoAzp": (FAILS, r"\bazp\b|audience|authorized"),
    "IdTokenWrongAzp": (NEVER, r"\bazp\b|authorized|audience"),
    "IdTokenExpired": (NEVER, r"expired|\bended\b"),
    "IdTokenIssuedInTheFuture": (FAILS, r"future|\biat\b|issued"),
    "IdTokenNoNonce": (NEVER, "nonce"),
    "IdTokenWrongNonce": (NEVER, "nonce"),
    "IdTokenWrongAtHash": (FAILS, "at_hash|access token"),
    "IdTokenAlgNone": (NEVER, r"\balg\b|algorithm|signed|no signature"),
    "IdTokenWrongKey": (NEVER, "signature"),
    "IdTokenUnknownKey": (NEVER, r"\bkeys?\b"),
    "JwksRotated": (WORKS, r"\bkeys?\b"),
    "Jwks:RedirectElsewhere(307)": (FAILS, r"\b307\b|redirect(?!_uri)"),
    "Jwks:HugeBody": (FAILS, r"\bbytes?\b|\blonger\b|\blarge\b|\blimit\b|\bsize\b"),
    "Jwks:ServerError500": (FAILS, r"\b500\b"),
    "IssWrong": (NEVER, r"\biss\b|issuer|answer comes from"),
    "IssMissing": (NEVER, r"\biss\b|issuer|answer comes from"),
    "StateDropped": (NEVER, r"\bstate\b"),
    "PkceRequired": (WORKS, ""),
    "PkceRejected": (FAILS, "code_challenge"),
    "CommaScope": (FAILS, "invalid_scope"),
    "PartialScope": (WORKS, ""),
}
"""For `web_sign_in` alone."""

RENEWAL_FAULTS = {
    "": (WORKS, ""),
    "OmitOnRefresh": (WORKS, ""),
    "RotateStrict": (WORKS, ""),
    "RotateDropReply": (FAILS, "connection|closed"),
    "RefreshNeedsScope": (FAILS, r"\bscope\b"),
    "RefreshUrl404": (FAILS, r"\b404\b"),
    "NoRefreshSecond": (WORKS, ""),
}
"""For `web_sign_in` and an API that takes none but the second token."""

ODD_FAULTS = {"": (WORKS, "invalid_client"), "BasicRawDecode": (FAILS, "invalid_client")}
"""For `machine` with a name and a secret that are not the same in every encoding."""

ODD_CLIENT = ["acme id/7", "k+y:50%é"]


def faults(options):
    api = Api()

    def sign_in(library, issuer, url=None):
        command = [program(options, library, "web_sign_in"), issuer, "web", "sesame", url or f"{issuer}/api"]
        return run(command, person())

    def machine(library, issuer, client=("web", "sesame")):
        return run([program(options, library, "machine"), issuer, *client, "read", f"{issuer}/api", "1"])

    def wrong_secret(library, issuer):
        return machine(library, issuer, ("web", "wrong"))

    def renewal(library, issuer):
        api.forget()
        return sign_in(library, issuer, url=api.url("/second"))

    asked = [
        ("sign-in", TOKEN_FAULTS | SIGN_IN_FAULTS, sign_in, "hello, "),
        ("machine", TOKEN_FAULTS, machine, "1"),
        ("wrong secret", WRONG_SECRET_FAULTS, wrong_secret, "1"),
        ("renewal", RENEWAL_FAULTS, renewal, '"token": 2'),
        ("odd client", ODD_FAULTS, lambda library, issuer: machine(library, issuer, ODD_CLIENT), "1"),
    ]
    rows, told = [], []
    for job, of_job, drive, success in asked:
        for fault, (wanted, words) in of_job.items():
            if options.only and not re.search(options.only, f"{job} {fault}"):
                continue
            row = [job, fault or "(none)", wanted]
            for library in options.libraries:
                outcome, elsewhere = with_fault(options, fault, lambda issuer: drive(library, issuer))
                verdict = verdict_on(outcome, elsewhere, wanted, words, success)
                row.append(verdict)
                told.append(f"{job} | {fault} | {library} | {verdict} | {outcome.seconds:.1f} s | {outcome.last[:60]} | "
                            f"{outcome.why[:400]} | {outcome.page[:100]} | {elsewhere}")
                print(told[-1], file=sys.stderr, flush=True)
            rows.append(row)
    if options.told:
        pathlib.Path(options.told).write_text("\n".join(told) + "\n")
    table(["job", "fault", "wanted", *options.libraries], rows)
    for place, library in enumerate(options.libraries, 3):
        sums = {}
        for row in rows:
            kind = row[place].split(":")[0]
            sums[kind] = sums.get(kind, 0) + 1
        print(library, dict(sorted(sums.items())))


def with_fault(options, fault, drive):
    """What came of it, and what a host was sent that should not have been asked."""
    provider = Running([options.foreign, *([fault] if fault else [])], stdin=subprocess.PIPE)
    try:
        outcome = drive(provider.line("listening on "))
        elsewhere, _ = provider.process.communicate(timeout=10)
    finally:
        provider.stop()
    return outcome, [told for told in json.loads(elsewhere) if told["authorization"] or told["form"]]


def verdict_on(outcome, elsewhere, wanted, words, success):
    worked = outcome.code == 0 and (success in outcome.last if len(success) > 1 else success == outcome.last)
    if elsewhere:
        kept = [name for told in elsewhere for name, _ in told["form"] if name != "grant_type"]
        kept += ["Authorization" for told in elsewhere if told["authorization"]]
        return f"DANGEROUS: sent elsewhere: {', '.join(sorted(set(kept)))}"
    if worked:
        return {WORKS: "worked", FAILS: "took it", NEVER: "DANGEROUS: took it"}[wanted]
    if outcome.hung:
        return "hung"
    text = outcome.why
    if "panicked at" in text:
        return "panicked"
    return "precise error" if words and re.search(words, text, re.IGNORECASE) else "obscure error"


# Size


def size(options):
    rows = []
    for library in options.libraries:
        lines = [code_lines(HERE / library / "src/bin" / f"{name}.rs") for name in PROGRAMS]
        tree = subprocess.run(
            ["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"],
            cwd=HERE / library, check=True, capture_output=True, text=True,
        ).stdout
        packages = {" ".join(line.split()[:2]) for line in tree.splitlines() if line.strip()}
        seconds, processor = clean_build(options, library)
        rows.append([library, *lines, sum(lines), len(packages) - 1, f"{seconds:.0f} s", f"{processor:.0f} s"])
    table(["library", *PROGRAMS, "lines", "crates", "clean debug build", "of the processors"], rows)


def code_lines(path):
    """As `grep -cvE '^\\s*(//.*)?$'` counts them."""
    return sum(1 for line in path.read_text().splitlines() if not re.fullmatch(r"\s*(//.*)?", line))


def clean_build(options, library):
    """With everything fetched before: how long it takes, and how much of that the processors work."""
    environment = os.environ | {"CARGO_TARGET_DIR": str(target(options, library))}
    cargo = dict(cwd=HERE / library, env=environment, check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["cargo", "fetch", "--locked"], **cargo)
    subprocess.run(["cargo", "clean"], **cargo)
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["cargo", "build", "--locked"], **cargo)
    seconds, now = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


# All of them


def target(options, library):
    return pathlib.Path(options.target).resolve() / library if options.target else HERE / library / "target"


def program(options, library, name):
    return str(target(options, library) / "debug" / name)


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["size", "work", "faults"])
    parser.add_argument("--server", help="the server program, for `work`")
    parser.add_argument("--foreign", help="the provider that misbehaves, for `faults`")
    parser.add_argument("--target", help="where the packages are built, one directory for each")
    parser.add_argument("--only", help="a regular expression: only those jobs and faults")
    parser.add_argument("--told", help="a file for everything that was said, for `faults`")
    parser.add_argument("--libraries", nargs="+", choices=LIBRARIES, default=LIBRARIES)
    options = parser.parse_args()
    if options.what == "work" and not options.server or options.what == "faults" and not options.foreign:
        parser.error("which program is it?")
    {"size": size, "work": work, "faults": faults}[options.what](options)


if __name__ == "__main__":
    main()
