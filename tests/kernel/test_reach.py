"""Each way in which a server cannot be reached has its own answer; the password goes only to a server that proves who it is."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url

from clinic_desktop.kernel.reach import ServerRefused, check_server
from tests.postgres import MEMORY, Cluster, unprivileged

SECRET = "a-Server-Secret-9"


@dataclass
class Authority:
    """Somebody who vouches for servers."""

    certificate: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name


def authority(folder: Path, name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    file = folder / f"{name}.pem"
    file.write_bytes(_signed(subject, key, subject, key, is_authority=True))
    return Authority(file, key, subject)


def _signed(
    subject: x509.Name, own: ec.EllipticCurvePrivateKey, issuer: x509.Name, signing: ec.EllipticCurvePrivateKey, *, is_authority: bool
) -> bytes:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        names = [x509.DNSName("localhost")]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def good(folder: Path) -> Authority:
    return authority(folder, "good")


@pytest.fixture(scope="module")
def server(folder: Path, good: Authority) -> Iterator[str]:
    """A server that asks for passwords and proves to be ``localhost``; the address is that of its owner."""
    home = folder / "server"
    home.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    (home / "server.crt").write_bytes(_signed(name, key, good.name, good.key, is_authority=False))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (home / "server.key").write_bytes(pem)
    (home / "server.key").chmod(0o600)
    rules = "host all clinic 127.0.0.1/32 trust\nhost all barred 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (home / "hba.conf").write_text(rules)
    account = unprivileged()
    if account:
        for one in home.iterdir():
            os.chown(one, account["user"], account["group"])
    settings = ("ssl=on", f"ssl_cert_file={home / 'server.crt'}", f"ssl_key_file={home / 'server.key'}", f"hba_file={home / 'hba.conf'}")
    cluster = Cluster(home, settings)
    cluster.start()
    try:
        with psycopg.connect(cluster.address, autocommit=True) as connection:
            for user in ("desk", "barred"):
                connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{SECRET}'")  # type: ignore[arg-type]
        yield cluster.address
    finally:
        cluster.stop()


def address(
    server: str, *, user: str = "desk", password: str = SECRET, database: str = "postgres", host: str = "localhost", **query: str
) -> str:
    url = make_url(server).set(username=user, password=password, database=database, host=host, query=query)
    return url.render_as_string(hide_password=False)


def why(url: str) -> str:
    with pytest.raises(ServerRefused) as refused:
        check_server(url)
    assert SECRET not in str(refused.value)
    return str(refused.value.params["reason"])


def test_a_server_that_proves_who_it_is_is_entered(server: str, good: Authority) -> None:
    check_server(address(server, sslmode="verify-full", sslrootcert=str(good.certificate)))


def test_another_authority_is_not_believed(server: str, folder: Path) -> None:
    stranger = authority(folder, "stranger")
    assert why(address(server, sslmode="verify-full", sslrootcert=str(stranger.certificate))) == "certificate"


def test_a_server_of_another_name_is_not_believed(server: str, good: Authority) -> None:
    assert why(address(server, host="127.0.0.1", sslmode="verify-full", sslrootcert=str(good.certificate))) == "certificate"


def test_what_the_system_trusts_does_not_include_a_house_authority(server: str) -> None:
    assert why(address(server, sslmode="verify-full", sslrootcert="system")) == "certificate"


def test_a_certificate_that_is_not_there(server: str, folder: Path) -> None:
    assert why(address(server, sslmode="verify-full", sslrootcert=str(folder / "no.pem"))) == "certificate_missing"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password": "another"}, "password"),
        ({"password": ""}, "password"),
        ({"user": "nobody_here"}, "password"),
        ({"user": "barred"}, "no_access"),
        ({"database": "not_there"}, "no_database"),
        ({"host": "no-such-computer.invalid"}, "host_unknown"),
    ],
)
def test_each_failure_has_its_answer(server: str, change: dict[str, str], reason: str) -> None:
    assert why(address(server, sslmode="require", **change)) == reason


def test_a_server_without_encryption() -> None:
    plain = os.environ["CLINIC_TEST_POSTGRES"]
    assert why(make_url(plain).set(query={"sslmode": "require"}).render_as_string(hide_password=False)) == "no_tls"
    check_server(plain)


def test_a_computer_without_a_server() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert why(f"postgresql://desk:{SECRET}@127.0.0.1:{taken.getsockname()[1]}/clinic") == "refused"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_something_else_answers_there(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            for _ in range(2):  # the knock, and who enters
                caller, _address = listening.accept()
                with caller:
                    caller.sendall(said)

        thread = Thread(target=hang_up)
        thread.start()
        assert why(f"postgresql://desk:{SECRET}@127.0.0.1:{listening.getsockname()[1]}/clinic?sslmode=require") == "refused"
        thread.join()
