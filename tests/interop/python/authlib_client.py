"""Authlib, unmodified, signs a person in at the issuer under test.

    python authlib_client.py ISSUER BOOTSTRAP_JSON

Prints one JSON line for each step; exits non-zero at the first that fails.
"""

import json
import sys
from urllib.parse import parse_qsl, urlsplit

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session

from person import Person


class Application(OAuth2Mixin, OpenIDMixin, BaseApp):
    """What Authlib makes of these parts for Flask and Django, without either of them."""

    client_cls = OAuth2Session


def main(issuer, bootstrap_file):
    with open(bootstrap_file, encoding="utf-8") as file:
        bootstrap = json.load(file)
    story = Story(issuer, bootstrap["account"])
    confidential = bootstrap["applications"]["confidential"]
    native = bootstrap["applications"]["public"]

    story.application("confidential", confidential, story.signs_in_and_refreshes)
    story.application("confidential", confidential, story.acts_for_itself)
    story.application("confidential", confidential, story.is_refused_a_wrong_code)
    story.application("public", native, story.signs_in_and_refreshes)
    story.application("public", native, story.is_refused_a_wrong_code)


class Story:
    def __init__(self, issuer, account):
        self.issuer = issuer
        self.account = account

    def application(self, kind, registered, tell):
        def step(name, **facts):
            print(json.dumps({"application": kind, "step": name, **facts}), flush=True)

        method = "client_secret_basic" if kind == "confidential" else "none"
        app = Application(
            framework=None,
            client_id=registered["client_id"],
            client_secret=registered.get("client_secret"),
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_kwargs={"code_challenge_method": "S256", "token_endpoint_auth_method": method},
        )
        tell(app, registered, step)

    def signs_in_and_refreshes(self, app, registered, step):
        metadata = app.load_server_metadata()
        expect(metadata["issuer"] == self.issuer, "discovery names the issuer it was asked for", metadata)
        step("discovery", issuer=metadata["issuer"], pkce=metadata["code_challenge_methods_supported"])

        begun, callback = self._authorize(app, registered)
        step("callback", parameters=sorted(name for name, _ in parse_qsl(urlsplit(callback).query)))

        tokens = self._redeem(app, begun, callback)
        # Signature, iss, aud, exp, nonce and at_hash are judged here.
        claims = app.parse_id_token(tokens, nonce=begun["nonce"])
        expect("at_hash" in claims, "the ID token is bound to the access token", claims)
        lived = {name: tokens[name] for name in ("token_type", "expires_in", "scope")}
        step("code", **lived, claims=dict(claims))

        userinfo = app.userinfo(token=tokens)
        expect(userinfo["sub"] == claims["sub"], "userinfo is about the person who signed in", userinfo)
        expect(userinfo["email"] == self.account["email"], "userinfo names the email of the account", userinfo)
        step("userinfo", members=sorted(userinfo))

        with self._session(app) as session:
            renewed = session.refresh_token(metadata["token_endpoint"], tokens["refresh_token"])
        again = app.parse_id_token(renewed, nonce=None)
        expect(again["sub"] == claims["sub"], "a refreshed ID token is about the same person", again)
        app.userinfo(token=renewed)
        step("refresh", scope=renewed["scope"], rotated=renewed["refresh_token"] != tokens["refresh_token"])

        # Whoever cannot prove who he is may not ask what a token is good for.
        if "client_secret" in registered:
            for name in ("access_token", "refresh_token"):
                said = self._introspect(app, renewed[name])
                expect(said["active"] and said["sub"] == claims["sub"], "a good token is about the person", said)
            step("introspection")

        with self._session(app) as session:
            given_back = session.revoke_token(metadata["revocation_endpoint"], token=renewed["refresh_token"])
        expect(given_back.status_code == 200, "a token can be given back", given_back.text)
        with self._session(app) as session:
            try:
                session.refresh_token(metadata["token_endpoint"], renewed["refresh_token"])
            except OAuthError as refusal:
                expect(refusal.error == "invalid_grant", "what was revoked buys nothing", str(refusal))
            else:
                expect(False, "what was revoked buys nothing", "tokens")
        if "client_secret" in registered:
            said = self._introspect(app, renewed["access_token"])
            expect(said == {"active": False}, "what was revoked is not active", said)
        step("revocation")

    def _introspect(self, app, token):
        with self._session(app) as session:
            endpoint = app.load_server_metadata()["introspection_endpoint"]
            return session.introspect_token(endpoint, token=token).json()

    def acts_for_itself(self, app, _registered, step):
        with self._session(app) as session:
            tokens = session.fetch_token(app.load_server_metadata()["token_endpoint"], grant_type="client_credentials")

        expect("refresh_token" not in tokens, "a client that acts for itself gets no refresh token", {})
        expect("id_token" not in tokens, "a client that acts for itself gets no ID token", {})
        step("client_credentials", token_type=tokens["token_type"], expires_in=tokens["expires_in"])

    def is_refused_a_wrong_code(self, app, registered, step):
        begun, callback = self._authorize(app, registered)
        code = dict(parse_qsl(urlsplit(callback).query))["code"]

        try:
            self._redeem(app, begun, callback.replace(code, f"{code}x"))
        except OAuthError as refusal:
            expect(refusal.error == "invalid_grant", "a wrong code is an invalid_grant", str(refusal))
            step("wrong_code", error=refusal.error)
        else:
            expect(False, "a wrong code is refused", "tokens")

    def _authorize(self, app, registered):
        """Sends a person through the pages, and returns what was asked and where the browser came out."""
        redirect_uri = on_any_port(registered["redirect_uris"][0])
        begun = app.create_authorization_url(redirect_uri, scope="openid profile email offline_access")
        begun["redirect_uri"] = redirect_uri
        return begun, Person(self.account).follow(begun["url"], redirect_uri)

    @staticmethod
    def _redeem(app, begun, callback):
        return app.fetch_access_token(
            begun["redirect_uri"],
            authorization_response=callback,
            state=begun["state"],
            code_verifier=begun["code_verifier"],
        )

    @staticmethod
    def _session(app):
        return OAuth2Session(app.client_id, app.client_secret, **app.client_kwargs)


def on_any_port(registered):
    """A native application asks for a port when it starts, so the one in its registration says nothing."""
    url = urlsplit(registered)
    return url._replace(netloc=f"{url.hostname}:45118").geturl()


def expect(holds, sentence, seen):
    if not holds:
        raise AssertionError(f"expected that {sentence}, but saw {seen}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python authlib_client.py ISSUER BOOTSTRAP_JSON")
    main(*sys.argv[1:])
