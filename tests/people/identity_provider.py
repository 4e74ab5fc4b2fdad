"""An organisation's identity provider: OpenID Connect over loopback, with signed tokens."""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "waarborg", "een-geheim-van-de-organisatie"


@dataclass
class IdentityProvider:
    """Who signs in there next, and what it says about them."""

    server: ThreadingHTTPServer
    claims: dict = field(default_factory=dict)
    userinfo: dict | None = None
    audience: str = CLIENT
    codes: dict = field(default_factory=dict)
    tokens: set = field(default_factory=set)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    @property
    def url(self) -> str:
        """Its issuer."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def configuration(self) -> dict:
        """Return what it publishes about itself."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, query: dict) -> str:
        """Let the person in and return where their browser goes next."""
        assert query["client_id"] == [CLIENT]
        assert query["response_type"] == ["code"]
        assert "openid" in query["scope"][0].split()
        code = secrets.token_urlsafe()
        self.codes[code] = query["code_challenge"][0]
        answer = urlencode({"code": code, "state": query["state"][0]})
        return f"{query['redirect_uri'][0]}?{answer}"

    def token(self, form: dict) -> dict | None:
        """Give tokens for a code, once, to who knows the secret and the code's verifier."""
        challenge = self.codes.pop(form.get("code", [""])[0], None)
        verifier = form.get("code_verifier", [""])[0]
        hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        if challenge != hashed.rstrip(b"=").decode() or form.get("client_secret") != [SECRET]:
            return None
        access = secrets.token_urlsafe()
        self.tokens.add(access)
        now = int(time.time())
        about = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 300}
        signed = jwt.encode({**about, **self.claims}, self.key, "RS256", headers={"kid": "1"})
        return {"access_token": access, "token_type": "Bearer", "id_token": signed}


def start() -> IdentityProvider:
    """Start one on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/.well-known/openid-configuration":
                self.answer(provider.configuration())
            elif path.path == "/jwks":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(provider.key.public_key()))
                self.answer({"keys": [{**public, "kid": "1", "alg": "RS256"}]})
            elif path.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(parse_qs(path.query)))
                self.end_headers()
            elif self.headers.get("Authorization", "").removeprefix("Bearer ") in provider.tokens:
                self.answer(provider.userinfo or provider.claims)
            else:
                self.send_error(401)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens = provider.token(parse_qs(body))
            self.answer(tokens) if tokens else self.send_error(400)

        def answer(self, content: dict) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider = IdentityProvider(server)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    return provider
