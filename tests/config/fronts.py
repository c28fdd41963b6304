"""nginx and Caddy as ``deploy/`` sets them up, moved to a free port and a folder of the test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.config.served import free_port, running

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
CADDY = shutil.which("caddy")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

MAIN = """
daemon off;
{user}
pid {here}/nginx.pid;
error_log {here}/error.log;
{modules}
events {{ worker_connections 64; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {here}/body;
    proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/fastcgi;
    uwsgi_temp_path {here}/uwsgi;
    scgi_temp_path {here}/scgi;
    {inside}
}}
"""


def nginx_site(board: Path, port: int, office: int) -> str:
    """``deploy/nginx.conf`` without its certificate, on ``port``, before the office's port."""
    changes = {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "ssl_certificate ": "# ",
        "ssl_certificate_key ": "# ",
        "/var/lib/gongkai/board": str(board),
        "127.0.0.1:8000": f"127.0.0.1:{office}",
    }
    if BROTLI.exists():
        changes["#brotli_static"] = "brotli_static"
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return text


@contextmanager
def nginx(inside: str, here: Path, port: int) -> Iterator[int]:
    """A running nginx with ``inside`` in its http block; the number of its main process."""
    modules = f"load_module {BROTLI};" if BROTLI.exists() else ""
    user = "" if os.geteuid() else "user root;"  # or else its workers could not read the folder
    main = here / "main.conf"
    main.write_text(MAIN.format(here=here, modules=modules, user=user, inside=inside))
    command = [NGINX, "-p", str(here), "-e", f"{here}/error.log", "-c", str(main)]
    with running(port, command) as server:
        yield server.pid


@contextmanager
def nginx_before(board: Path, here: Path, office: int) -> Iterator[int]:
    """The port of an nginx set up by ``deploy/nginx.conf``; skips where there is none."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    port = free_port()
    with nginx(nginx_site(board, port, office), here, port):
        yield port


@contextmanager
def caddy_before(board: Path, here: Path, office: int) -> Iterator[int]:
    """The port of a Caddy set up by ``deploy/Caddyfile``; skips where there is none."""
    if not CADDY:
        pytest.skip("Caddy is not installed")
    port = free_port()
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    for before, after in {
        "gongkai.example.org {": f"http://127.0.0.1:{port} {{",
        "/var/lib/gongkai/board": str(board),
        "127.0.0.1:8000": f"127.0.0.1:{office}",
    }.items():
        assert before in text
        text = text.replace(before, after)
    site = here / "Caddyfile"
    site.write_text("{\n\tadmin off\n}\n" + text)
    command = [CADDY, "run", "--config", str(site), "--adapter", "caddyfile"]
    with running(port, command, HOME=str(here), XDG_DATA_HOME=str(here)):
        yield port
