#!/usr/bin/env python3
"""model get, against a server that the test starts on loopback: complete, cut
off and gone on with, wrong, refused, redirected, slow, without space, cancelled.
A manifest names stand-ins for the published files."""
import hashlib
import http.server
import json
import os
import shutil
import signal
import ssl
import subprocess
import threading
import time
from pathlib import Path

from support import CLI, WATCHDOG, TestCase, main, run

BIG = bytes((i * 7 + (i >> 8) * 13) & 255 for i in range(1 << 20))
SMALL = b'{"model_type": "dinov2"}\n'
FILES = {"config.json": SMALL, "model.safetensors": BIG}
FOLDER = "/owner/toy/resolve/main/"
# A proxy of the machine's own stays out of it.
UNPROXIED = {name: "" for word in ("http_proxy", "https_proxy", "all_proxy", "no_proxy") for name in (word, word.upper())}
# The search for leaks does not work under strace.
TRACED = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves FILES as the server's mode says; notes each request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def send_body(self, status, body, length=None, headers=()):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass
        if length not in (None, len(body)):
            self.close_connection = True

    def redirect(self, target):
        self.send_body(302, b"elsewhere", headers=[("Location", target)])

    def do_GET(self):
        mode = self.server.mode
        name = self.path.rsplit("/", 1)[1]
        wanted = self.headers.get("Range")
        self.server.requests.append((self.path, wanted))
        self.server.headers.append(self.headers)
        body = FILES.get(name)
        if body is None or not (self.path.startswith(FOLDER) or self.path.startswith("/mirror" + FOLDER)):
            self.send_body(404, b"no such page")
        elif mode == "mute":
            self.server.released.wait(WATCHDOG)
            self.close_connection = True
        elif mode == "refuse-range" and wanted:
            self.send_body(416, b"no such range")
        elif mode == "redirect" and not self.path.startswith("/mirror"):
            self.redirect("/mirror" + self.path)
        elif mode == "redirect-away":
            self.redirect("http://192.0.2.1" + self.path)
        elif mode == "redirect-loop":
            self.redirect(self.path)
        elif mode == "wrong" and name == "model.safetensors":
            self.send_body(200, body[:-1] + b"?")
        elif mode == "short" and name == "model.safetensors":
            self.send_body(200, body[:-100])
        elif mode == "cut" and name == "model.safetensors" and wanted is None:
            self.send_body(200, body[: len(body) // 3], length=len(body))
        elif mode == "stall" and name == "model.safetensors":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:1000])
            self.wfile.flush()
            self.server.released.wait(WATCHDOG)
            self.close_connection = True
        elif wanted and mode != "no-range":
            first = int(wanted[len("bytes=") :].rstrip("-"))
            head = ("Content-Range", "bytes %d-%d/%d" % (first, len(body) - 1, len(body)))
            self.send_body(206, body[first:], headers=[head])
        else:
            self.send_body(200, body)


    def do_CONNECT(self):
        """As a proxy that lets nobody through."""
        self.server.requests.append((self.requestline, None))
        self.send_body(403, b"")
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.mode = ""
        self.requests = []
        self.headers = []
        self.released = threading.Event()
        self.url = "http://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, address):
        pass


class ModelGet(TestCase):
    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.server.released.set)
        self.target = self.path("models/toy")
        self.manifest = self.path("manifest.json")
        self.write_manifest()

    def write_manifest(self, **changes):
        files = [{"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in FILES.items()]
        about = {"repository": "owner/toy", "revision": "main", "licence": "MIT", "files": files, **changes}
        Path(self.manifest).write_text(json.dumps(about))

    def arguments(self, *more):
        return ("model", "get", "toy", "--manifest", self.manifest, "--from", self.server.url, "-o", self.target, "--yes", *more)

    def file(self, name):
        return Path(self.target, name)

    def names(self):
        return sorted(os.listdir(self.target)) if os.path.isdir(self.target) else []

    def whole(self):
        self.assertEqual(self.names(), sorted(FILES))
        for name, body in FILES.items():
            self.assertEqual(self.file(name).read_bytes(), body)

    def paths(self):
        return [path for path, _ in self.server.requests]

    def test_complete(self):
        result = self.good(*self.arguments("--json"))
        self.whole()
        report = result.json()
        self.assertEqual(report["directory"], self.target)
        self.assertEqual([file["state"] for file in report["files"]], ["fetched", "fetched"])
        for word in ("owner/toy", "MIT", self.server.url, self.target, "model.safetensors", "research"):
            self.assertIn(word, result.err)
        # What is there and right is left alone.
        before = len(self.server.requests)
        again = self.good(*self.arguments("--json")).json()
        self.assertEqual([file["state"] for file in again["files"]], ["present", "present"])
        self.assertEqual(len(self.server.requests), before)

    def test_progress(self):
        reader, writer = os.pipe()
        process = subprocess.run([CLI, *self.arguments("--progress-fd", str(writer))], pass_fds=[writer], capture_output=True)
        os.close(writer)
        lines = os.fdopen(reader).read().split("\n")[:-1]
        self.assertEqual(process.returncode, 0, process.stderr)
        total = len(BIG) + len(SMALL)
        self.assertEqual(lines[-1], "%d %d model.safetensors" % (total, total))
        done = [int(line.split()[0]) for line in lines]
        self.assertEqual(done, sorted(done))

    def test_progress_nowhere(self):
        """Else the number would be that of the file which is written."""
        for number in range(3, 12):
            self.bad(2, *self.arguments("--progress-fd", str(number)), says="descriptor")
        self.assertEqual(self.server.requests, [])

    def test_consent(self):
        """Without a terminal and without --yes nothing is asked of the server."""
        result = self.bad(2, *[word for word in self.arguments() if word != "--yes"], says="--yes")
        self.assertIn("MIT", result.err)
        self.assertEqual(self.server.requests, [])
        self.assertEqual(self.names(), [])

    def test_cut_and_resumed(self):
        self.server.mode = "cut"
        self.bad(5, *self.arguments(), says="broke off")
        self.assertEqual(self.names(), ["config.json", "model.safetensors.part"])
        self.assertEqual(self.file("model.safetensors.part").stat().st_size, len(BIG) // 3)
        self.good(*self.arguments())
        self.whole()
        self.assertEqual(self.server.requests[-1][1], "bytes=%d-" % (len(BIG) // 3))

    def test_server_without_ranges(self):
        self.server.mode = "cut"
        self.bad(5, *self.arguments())
        self.server.mode = "no-range"
        self.good(*self.arguments())
        self.whole()

    def test_foreign_part(self):
        """What another file has left is found out by its hash, and begun anew the next time."""
        os.makedirs(self.target)
        self.file("model.safetensors.part").write_bytes(b"\0" * 1000)
        self.bad(3, *self.arguments(), says="sha256")
        self.assertEqual(self.names(), ["config.json"])
        self.good(*self.arguments())
        self.whole()

    def test_wrong_hash(self):
        self.server.mode = "wrong"
        self.bad(3, *self.arguments(), says=["model.safetensors", "sha256", hashlib.sha256(BIG).hexdigest()])
        self.assertEqual(self.names(), ["config.json"])

    def test_wrong_length(self):
        self.server.mode = "short"
        self.bad(3, *self.arguments(), says=str(len(BIG)))
        self.assertEqual(self.names(), ["config.json"])

    def test_not_found(self):
        self.write_manifest(repository="owner/other")
        self.bad(5, *self.arguments(), says="404")
        self.assertEqual(self.names(), [])

    def test_redirects(self):
        self.server.mode = "redirect"
        self.good(*self.arguments())
        self.whole()
        self.assertIn("/mirror" + FOLDER + "config.json", self.paths())

    def test_redirect_to_plain_http(self):
        """Refused before anything is opened: the address is one that nobody has."""
        self.server.mode = "redirect-away"
        self.bad(5, *self.arguments(), says=["192.0.2.1", "not encrypted"])
        self.assertEqual(self.names(), [])

    def test_redirect_loop(self):
        self.server.mode = "redirect-loop"
        self.bad(5, *self.arguments(), says="redirects more than")
        self.assertLessEqual(len(self.server.requests), 7)

    def test_addresses(self):
        for address, word in (("http://example.org", "not encrypted"), ("ftp://example.org", "https"), ("https://me:secret@example.org", "user name"), ("https://", "address")):
            with self.subTest(address):
                arguments = [address if word_ == self.server.url else word_ for word_ in self.arguments()]
                result = self.bad(2, *arguments, says=word)
                self.assertNotIn("secret@", result.err.replace(address, ""))
        self.assertEqual(self.server.requests, [])

    def test_nobody_listens(self):
        url = self.server.url
        self.server.shutdown()
        self.server.server_close()
        self.bad(5, *self.arguments(), says="cannot be reached")
        self.assertIn("127.0.0.1", url)

    def test_stall(self):
        self.server.mode = "stall"
        self.bad(5, *self.arguments("--stall-seconds", "1"), says="1 seconds")
        self.assertEqual(self.file("model.safetensors.part").stat().st_size, 1000)
        self.assertFalse(self.file("model.safetensors").exists())

    def test_no_answer(self):
        """Connected, and then silence: not the same as a server that is not there."""
        self.server.mode = "mute"
        result = self.bad(5, *self.arguments("--stall-seconds", "1"), says=["127.0.0.1", "sent nothing for 1 seconds"])
        self.assertNotIn("reached", result.err)
        self.assertEqual(self.names(), [])

    def test_range_refused(self):
        self.server.mode = "cut"
        self.bad(5, *self.arguments())
        self.server.mode = "refuse-range"
        self.good(*self.arguments())
        self.whole()
        self.assertIsNone(self.server.requests[-1][1])

    def test_certificate(self):
        """A server that nobody vouches for gets no request."""
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not there")
        key, certificate = self.path("key.pem"), self.path("certificate.pem")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        server = Server(tls)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        address = server.url.replace("http:", "https:")
        self.bad(5, *[address if word == self.server.url else word for word in self.arguments()], says=["127.0.0.1", "certificate"])
        self.assertEqual(server.requests, [])
        self.assertEqual(self.names(), [])

    def test_proxies(self):
        """https goes through the proxy that the environment names, plain http to this machine never."""
        proxy = Server()
        self.addCleanup(proxy.server_close)
        self.addCleanup(proxy.shutdown)
        away = ["https://mirror.invalid" if word == self.server.url else word for word in self.arguments()]
        for name in ("https_proxy", "all_proxy"):
            with self.subTest(name):
                proxy.requests.clear()
                self.bad(5, *away, says=["mirror.invalid", "403"], env={**UNPROXIED, name: proxy.url})
                self.assertEqual([path for path, _ in proxy.requests], ["CONNECT mirror.invalid:443 HTTP/1.1"])
        proxy.requests.clear()
        self.good(*self.arguments(), env={**UNPROXIED, "http_proxy": proxy.url, "all_proxy": proxy.url})
        self.whole()
        self.assertEqual(proxy.requests, [])

    def test_no_credentials(self):
        home = self.path("home")
        os.mkdir(home)
        Path(home, ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
        self.server.mode = "redirect"
        self.good(*self.arguments(), env={"HOME": home})
        self.assertGreater(len(self.server.headers), 2)
        for headers in self.server.headers:
            self.assertEqual(sorted(name.lower() for name in headers), ["accept", "host", "user-agent"])

    def test_links(self):
        """Links are read through, never written through."""
        os.makedirs(self.target)
        right, mine, nowhere = self.path("right.json"), self.path("mine.json"), self.path("nowhere.json")
        Path(right).write_bytes(SMALL)
        Path(mine).write_bytes(b"mine")
        os.symlink(right, self.file("config.json"))
        self.good(*self.arguments())
        self.whole()
        self.assertTrue(self.file("config.json").is_symlink())
        for target, options in ((mine, ["--force"]), (nowhere, [])):
            self.file("config.json").unlink()
            os.symlink(target, self.file("config.json"))
            self.good(*self.arguments(*options))
            self.whole()
            self.assertFalse(self.file("config.json").is_symlink())
        self.assertFalse(os.path.exists(nowhere))
        self.file("config.json").unlink()
        os.symlink(mine, self.file("config.json.part"))
        self.bad(4, *self.arguments(), says=["config.json.part", "cannot be written"])
        self.assertEqual(Path(mine).read_bytes(), b"mine")

    def test_on_disk_before_named(self):
        """What a power cut leaves under a file's name is the whole file."""
        if shutil.which("strace") is None:
            self.skipTest("strace is not there")
        log = self.path("trace.txt")
        self.good(*self.arguments(), env=TRACED, prefix=["strace", "-f", "-qq", "-y", "-e", "trace=fsync,rename,renameat,renameat2", "-o", log])
        calls = [line.split(None, 1)[1] for line in Path(log).read_text().splitlines()]
        calls = [call for call in calls if self.target in call]
        self.assertEqual(["fsync" if call.startswith("fsync") else "rename" for call in calls], ["fsync", "rename", "fsync"] * len(FILES))
        for i, name in enumerate(FILES):
            file, naming, folder = calls[3 * i : 3 * i + 3]
            self.assertIn(name + ".part>", file)
            self.assertIn(name + '"', naming)
            self.assertIn(self.target + ">", folder)

    def test_cancelled(self):
        self.server.mode = "stall"
        process = subprocess.Popen([CLI, *self.arguments()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        part = self.file("model.safetensors.part")
        while not (part.exists() and part.stat().st_size == 1000):
            self.assertIsNone(process.poll())
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=WATCHDOG)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(self.names(), ["config.json", "model.safetensors.part"])
        self.server.mode = ""
        self.good(*self.arguments())
        self.whole()
        self.assertEqual(self.server.requests[-1][1], "bytes=1000-")

    def test_no_space(self):
        """A size that no disk has, and a limit that is met while writing."""
        files = [{"name": "model.safetensors", "size": 1 << 40, "sha256": "0" * 64}]
        self.write_manifest(files=files)
        self.bad(4, *self.arguments(), says="not enough space")
        self.assertEqual(self.server.requests, [])
        self.write_manifest()
        shell = "ulimit -f 100; exec \"$@\""
        self.bad(4, *self.arguments(), says="cannot be written", prefix=["bash", "-c", shell, "bash"])
        self.assertFalse(self.file("model.safetensors").exists())
        self.good(*self.arguments())
        self.whole()

    def test_two_at_once(self):
        self.server.mode = "stall"
        first = subprocess.Popen([CLI, *self.arguments()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        part = self.file("model.safetensors.part")
        while not (part.exists() and part.stat().st_size == 1000):
            time.sleep(0.05)
        self.server.mode = ""
        self.bad(4, *self.arguments(), says="another run")
        self.assertEqual(part.stat().st_size, 1000)
        first.terminate()
        self.assertEqual(first.wait(WATCHDOG), 130)

    def test_lock_comes_late(self):
        """What was opened got its own name from another run before it could be locked."""
        slow = ["strace", "-f", "-qq", "-o", self.path("trace.txt"), "-e", "trace=flock", "-e", "inject=flock:delay_enter=8000000"]
        if shutil.which("strace") is None:
            self.skipTest("strace is not there")
        os.makedirs(self.target)
        self.file("config.json").write_bytes(SMALL)
        second = subprocess.Popen([*slow, CLI, *self.arguments()], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env={**os.environ, **TRACED})
        part = self.file("model.safetensors.part")
        while not part.exists():
            self.assertIsNone(second.poll())
            time.sleep(0.02)
        part.write_bytes(BIG)
        part.rename(self.file("model.safetensors"))
        _, said = second.communicate(timeout=WATCHDOG)
        self.whole()
        self.assertEqual(second.returncode, 4, said)
        self.assertIn(b"another run", said)

    def test_full_disk(self):
        """A file system of the test's own that is too small."""
        os.makedirs(self.target)
        mount = "mount -t tmpfs -o size=512k none '%s'" % self.target
        small = ["unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", "sh"]
        if subprocess.run([*small, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no file system can be mounted here")
        self.bad(4, *self.arguments(), says=["not enough space", self.target], prefix=small)
        self.assertEqual(self.server.requests, [])

    def test_other_content(self):
        os.makedirs(self.target)
        self.file("config.json").write_bytes(b"mine")
        self.bad(4, *self.arguments(), says=["config.json", "--force"])
        self.assertEqual(self.file("config.json").read_bytes(), b"mine")
        self.good(*self.arguments("--force"))
        self.whole()

    def test_from_directory(self):
        source = self.path("stick")
        os.mkdir(source)
        for name, body in FILES.items():
            Path(source, name).write_bytes(body)
        arguments = [source if word == self.server.url else word for word in self.arguments()]
        self.good(*arguments)
        self.whole()
        self.assertEqual(self.server.requests, [])
        shutil.rmtree(self.target)
        Path(source, "model.safetensors").write_bytes(BIG[:-1] + b"?")
        self.bad(3, *arguments, says="sha256")
        Path(source, "model.safetensors").write_bytes(BIG[:-1])
        self.bad(3, *arguments, says=str(len(BIG)))
        os.unlink(os.path.join(source, "model.safetensors"))
        self.bad(1, *arguments, says="model.safetensors")
        self.assertEqual(self.names(), ["config.json"])

    def test_places(self):
        """Without -o the files go where the finder looks; HF_ENDPOINT names a mirror."""
        home = self.path("home")
        env = {"XDG_DATA_HOME": home, "HF_ENDPOINT": self.server.url}
        self.good("model", "get", "toy", "--manifest", self.manifest, "--yes", env=env)
        self.assertEqual(sorted(os.listdir(os.path.join(home, "dinoscope/models/toy"))), sorted(FILES))

    def test_target_that_cannot_be_written(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become somebody else")
        os.makedirs(self.target)
        os.chmod(self.folder, 0o755)
        result = self.bad(4, *self.arguments(), says="cannot be written", prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        self.assertIn(self.target, result.err)

    def test_manifests(self):
        for changes in ({"repository": "../../etc"}, {"files": []}, {"files": [{"name": "../x", "size": 1, "sha256": "0" * 64}]}, {"files": [{"name": "x", "size": -1, "sha256": "0" * 64}]}, {"files": [{"name": "x", "size": 1, "sha256": "zz"}]}):
            with self.subTest(str(changes)):
                self.write_manifest(**changes)
                self.bad(2, *self.arguments(), says="manifest")
        Path(self.manifest).write_text("[")
        self.bad(2, *self.arguments(), says=self.manifest)
        self.bad(2, "model", "get", "--yes", says="rad-dino")
        self.bad(2, "model", "get", "other", "--yes", says="--manifest")


class Sockets(TestCase):
    """No other command opens a network socket."""

    def trace(self, *arguments, code=0):
        log = self.path("trace.txt")
        result = run(*arguments, env=TRACED, prefix=["strace", "-f", "-qq", "-e", "trace=network", "-o", log])
        self.assertEqual(result.code, code, result.err)
        lines = [line for line in Path(log).read_text().splitlines() if "socket(" in line or "connect(" in line]
        return [line for line in lines if "AF_UNIX" not in line]

    def test_none(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is not there")
        import canary
        from support import DATA, TINY

        dicom = self.path("film.dcm")
        Path(dicom).write_bytes(canary.dicom_bytes(canary.film()))
        pictures = [dicom, str(DATA / "golden" / "modes" / "grey.jpg"), self.film()]
        for picture in pictures:
            for command in (
                ("info", picture),
                ("features", picture, "-o", self.path("out.npy")),
                ("map", picture, "--overlay", "pca", "-o", self.path("out.png")),
                ("bench", picture, "--runs", "1"),
            ):
                with self.subTest(" ".join(command[:2])):
                    self.assertEqual(self.trace(*command, "--model", TINY), [])
        self.assertEqual(self.trace("model", "list"), [])
        self.assertEqual(self.trace("model", "verify", TINY, code=3), [])

    def test_the_trace_sees(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is not there")
        log = self.path("trace.txt")
        run("model", "get", "rad-dino", "--yes", "--from", "http://127.0.0.1:9", "-o", self.path("m"), env=TRACED, prefix=["strace", "-f", "-qq", "-e", "trace=network", "-o", log])
        self.assertIn("AF_INET", Path(log).read_text())


if __name__ == "__main__":
    main()
