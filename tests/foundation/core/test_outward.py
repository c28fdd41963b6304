"""Handing over to strangers' servers: never inside, never for long, never further than asked."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gongkai.foundation.core import outward
from gongkai.foundation.core.fetching import Unreachable

HERE = outward.networks("127.0.0.0/8")


@contextmanager
def server(answer):
    """The port of a server on this machine that answers each request with ``answer``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.body = self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        yield made.server_port
        made.shutdown()


def status(code, **headers):
    def answer(handler):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "", "localhost",
    ],
)  # fmt: skip
def test_nothing_is_sent_inside(number):
    assert not outward.permitted(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_the_open_net_is_reached_by_tls_alone(number):
    assert outward.permitted(number)
    assert not outward.permitted(number, plain=True)


def test_what_is_named_may_be_reached_inside():
    inside = outward.networks("10.20.0.0/16, 127.0.0.1")
    assert outward.permitted("10.20.3.4", plain=True, inside=inside)
    assert outward.permitted("::ffff:10.20.3.4", inside=inside)
    assert not outward.permitted("10.21.0.1", inside=inside)
    with pytest.raises(ValueError, match="no-network"):
        outward.networks("no-network")


def test_a_status_is_read_and_nothing_more():
    def ten_megabytes(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**7))
        handler.end_headers()
        told.append(handler.body)

    told = []
    with server(ten_megabytes) as port:
        where = f"http://127.0.0.1:{port}/a?b=1"
        assert outward.post(where, b"{}", headers={"x": "y"}, inside=HERE) == 200
    assert told == [b"{}"]


def test_a_redirect_is_an_answer_and_followed_nowhere():
    with server(status(302, Location="http://169.254.169.254/latest")) as port:
        assert outward.post(f"http://127.0.0.1:{port}/", b"", headers={}, inside=HERE) == 302


def test_a_server_that_never_answers_is_left():
    done = threading.Event()
    with server(lambda _handler: done.wait(60)) as port:
        with pytest.raises(outward.TooSlow):
            outward.post(f"http://127.0.0.1:{port}/", b"", headers={}, inside=HERE, seconds=0.2)
        done.set()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "https://[::1]:9/", "https://0:9/"])
def test_an_address_that_leads_inside_is_not_connected_to(address):
    with pytest.raises(outward.Forbidden):
        outward.post(address, b"", headers={})


def test_a_name_is_asked_once_and_what_it_said_is_connected_to(monkeypatch):
    """Asked again it might lead elsewhere: the number that was looked at is the one used."""
    asked, real = [], socket.getaddrinfo

    def answers(host, port, *given, **named):
        asked.append(host)
        number = "127.0.0.1" if host == "receiver.example" else host
        return real(number, port, *given, **named)

    with server(status(204)) as port:
        monkeypatch.setattr(socket, "getaddrinfo", answers)
        where = f"http://receiver.example:{port}/"
        assert outward.post(where, b"", headers={}, inside=HERE) == 204
    assert asked == ["receiver.example", "127.0.0.1"]


def test_one_bad_number_of_a_name_is_enough(monkeypatch):
    def both(_host, port, *_given, **_named):
        rows = [("203.0.113.9", port), ("169.254.169.254", port)]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", row) for row in rows]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(outward.Forbidden):
        outward.post("https://receiver.example/", b"", headers={})


@pytest.mark.parametrize("address", ["ftp://a.example/", "https://u:p@a.example/", "https://"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Unreachable):
        outward.post(address, b"", headers={})


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable):
        outward.post(f"http://127.0.0.1:{port}/", b"", headers={}, inside=HERE)
