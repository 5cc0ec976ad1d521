"""An authority of the test's own that gives timestamps (RFC 3161): OpenSSL signs them."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.needs import need

CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
{chain}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class TimeAuthority:
    """Answers questions about times at ``url``; ``refuses`` makes it answer something else.

    ``chain``: it sends its root along, in OpenSSL's order, which strict readers refuse.
    """

    def __init__(self, folder: Path, *, chain: bool = False) -> None:
        self.folder, self.openssl = folder, need("openssl")
        self.root = folder / "root.pem"
        self.refuses: bytes | None = None
        make_certificates(folder)
        sent = f"certs = {folder}/root.pem" if chain else ""
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder, chain=sent))
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                told = authority.refuses or authority.stamp(asked)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsr"

    def stamp(self, asked: bytes) -> bytes:
        question, answer = self.folder / "asked.tsq", self.folder / "told.tsr"
        question.write_bytes(asked)
        subprocess.run(
            [self.openssl, "ts", "-reply", "-config", self.folder / "tsa.cnf",
             "-queryfile", question, "-out", answer],
            check=True, capture_output=True,
        )  # fmt: skip
        return answer.read_bytes()


def make_certificates(folder: Path) -> None:
    now = datetime.now(UTC)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Invented root")])

    def begun(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    root = (
        begun(root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Invented time authority")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signer = begun(name, key.public_key()).add_extension(usage, critical=True)
    signed = signer.sign(root_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "signer.pem").write_bytes(signed.public_bytes(pem))
    (folder / "signer.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture
def time_authority(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[TimeAuthority]:
    folder = tmp_path / "authority"
    folder.mkdir()
    authority = TimeAuthority(folder, chain=getattr(request, "param", False))
    yield authority
    authority.server.shutdown()
    authority.server.server_close()
