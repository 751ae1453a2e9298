"""A small collection, and what a cluster makes of it against one process."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

from support import CLI, TINY, WATCHDOG, TestCase, formula, main, write_png  # noqa: E402

SCRIPTS = Path(os.path.abspath(sys.argv[2]))
N_FILMS = 75
N_SHARDS = 3


class ClusterCase(TestCase):
    """Three shards of 25 radiographs; one of them cannot be read."""

    films = None

    @classmethod
    def make_films(cls):
        """Once for all, large enough that a shard takes longer than it takes to catch it."""
        cls.films = tempfile.TemporaryDirectory()
        noise = formula(1200, 1000)
        for number in range(N_FILMS):
            write_png(os.path.join(cls.films.name, "film-%03d.png" % number), noise[number:, number:])
        Path(cls.films.name, "film-030.png").write_bytes(b"no picture")

    def setUp(self):
        super().setUp()
        if ClusterCase.films is None:
            ClusterCase.make_films()
        os.symlink(self.films.name, self.path("films"))
        os.mkdir(self.path("interrupt"))
        self.environment = {
            "DINOSCOPE_MODEL": TINY,
            "DINOSCOPE_LOCAL": self.path("local"),
            "DINOSCOPE_CLI": str(HERE / "interrupted.py"),
            "INTERRUPTED_CLI": CLI,
            "INTERRUPT": self.path("interrupt"),
        }

    def order(self, shard, way):
        Path(self.path("interrupt/%d-of-%d.%s" % (shard, N_SHARDS, way))).touch()

    def stopped(self, shard):
        """The process of a shard that waits in the middle; None: not yet."""
        self.assertFalse(os.path.exists(self.path("interrupt/%d-of-%d.missed" % (shard, N_SHARDS))))
        path = Path(self.path("interrupt/%d-of-%d.stopped" % (shard, N_SHARDS)))
        return int(path.read_text()) if path.exists() else None

    def part(self, shard):
        return Path(self.path("out/shard-%05d-of-%05d" % (shard, N_SHARDS)))

    def assert_unfinished(self, shard):
        self.assertTrue((self.part(shard) / "embed.journal").exists())
        self.assertFalse((self.part(shard) / "embed.json").exists())

    def script(self, name, *arguments, environment=None):
        return subprocess.run([SCRIPTS / name, *map(str, arguments)], env={**os.environ, **self.environment, **(environment or {})}, capture_output=True, text=True, timeout=WATCHDOG)

    def assert_as_one(self, merged):
        """Every file, bit for bit; what was shared on the node is there once."""
        one = self.path("one")
        self.bad(1, "--model", TINY, "embed", self.path("films"), "-o", one, says="film-030.png")
        self.assertEqual(sorted(os.listdir(merged)), sorted(os.listdir(one)))
        self.assertIn("cls.npy", os.listdir(one))
        for name in os.listdir(one):
            with self.subTest(name):
                self.assertEqual(Path(merged, name).read_bytes(), Path(one, name).read_bytes())
        self.assertEqual(len(list(Path(self.path("local/models")).iterdir())), 1)
        self.assertEqual(len(list(Path(self.path("local/cache/dinoscope/packed")).iterdir())), 1)


__all__ = ["CLI", "N_SHARDS", "SCRIPTS", "ClusterCase", "main"]
