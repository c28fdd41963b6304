"""A time stamp when somebody gives one; no seal waits for it."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys, pem, tsp, x509
from pyhanko.sign.timestamps import DummyTimeStamper
from tests.foundation.seals.conftest import AT, WORDS
from tests.foundation.seals.test_signing import validated

from gongkai.foundation.seals import signing
from gongkai.foundation.seals.examining import State, examine


@pytest.fixture(scope="module")
def authority(brought):
    """Somebody who gives time stamps."""
    certificate, key = (
        pem.unarmor(each.encode())[2] for each in (brought.certificate, brought.key)
    )
    return DummyTimeStamper(
        x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key), fixed_dt=AT
    )


@contextmanager
def served(answer):
    """A server at the far edge of the network that answers each question with ``answer(body)``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, told = answer(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def stamps(authority):
    return lambda body: (200, authority.request_tsa_response(tsp.TimeStampReq.load(body)).dump())


def sealed_by(answer, paper, sealer):
    with served(answer) as address:
        return signing.sealed(paper, sealer, at=AT, words=WORDS, stamper=address)


def test_the_stamp_is_in_the_seal(paper, sealer, authority, known, tmp_path):
    made = sealed_by(stamps(authority), paper, sealer)
    assert (made.stamped, made.trouble) == (True, "")
    assert validated(made.data, sealer).intact
    file = tmp_path / "stamped.pdf"
    file.write_bytes(made.data)
    found = examine(file, known)
    assert (found.state, found.stamped) == (State.WHOLE, "2026-11-26T01:02:03Z")
    assert found.authority == "某镇"


def another(authority):
    """Stamps something else: the digest that was asked for with its first byte changed."""

    def answer(body):
        asked = tsp.TimeStampReq.load(body)
        digest = asked["message_imprint"]["hashed_message"].native
        asked["message_imprint"]["hashed_message"] = bytes([digest[0] ^ 1]) + digest[1:]
        return 200, authority.request_tsa_response(asked).dump()

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda authority: lambda body: (500, b""),
        lambda authority: lambda body: (404, b""),
        lambda authority: lambda body: (200, b"no stamp"),
        lambda authority: lambda body: (200, b"\x30" * 20_000),
        another,
    ],
    ids=["fault", "nothing", "nonsense", "endless", "another"],
)
def test_without_a_stamp_the_paper_is_sealed_and_says_why(answer, paper, sealer, sealed, authority):
    made = sealed_by(answer(authority), paper, sealer)
    assert (made.data, made.stamped) == (sealed, False)
    assert made.trouble != ""


def test_nobody_there_is_no_obstacle(paper, sealer, sealed):
    made = signing.sealed(paper, sealer, at=AT, words=WORDS, stamper="http://127.0.0.1:9/")
    assert (made.data, made.trouble) == (sealed, "[Errno 111] Connection refused")
