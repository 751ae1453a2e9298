#!/usr/bin/env python3
"""The job scripts under GNU parallel, and alone."""
import os
import shutil
import subprocess
from pathlib import Path

from clustertest import N_SHARDS, SCRIPTS, WATCHDOG, ClusterCase, main


class Parallel(ClusterCase):
    def test_killed_and_retried(self):
        if shutil.which("parallel") is None:
            self.skipTest("GNU parallel is not installed; its way to start the job scripts is NOT tested")
        for shard in range(N_SHARDS):
            self.order(shard, "kill")
        command = ["parallel", "--will-cite", "-j", "2", "--retries", "2",
                   SCRIPTS / "embed-shard.sh", "--shard", "{}/%d" % N_SHARDS, "--slot", "{%}", "--threads", "1", self.path("films"), self.path("out"), ":::", *map(str, range(N_SHARDS))]
        done = subprocess.run(command, env={**os.environ, **self.environment, "HOME": self.folder}, capture_output=True, text=True, timeout=WATCHDOG)
        # One shard has a picture that cannot be read.
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("film-030.png", done.stderr)
        self.assertEqual(done.stderr.count("Going on after"), N_SHARDS, done.stderr)
        merged = self.script("merge-shards.sh", self.path("out"), self.path("merged"))
        self.assertEqual(merged.returncode, 0, merged.stderr)
        self.assert_as_one(self.path("merged"))


class Alone(ClusterCase):
    ARRAY = {"SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "2", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_STEP": "1"}

    def test_arrays_that_leave_something_out(self):
        for change in ({"SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "3"}, {"SLURM_ARRAY_TASK_MAX": "9"}, {"SLURM_ARRAY_TASK_MIN": "", "SLURM_ARRAY_TASK_COUNT": ""}):
            done = self.script("embed-shard.sh", self.path("films"), self.path("out"), environment={**self.ARRAY, "SLURM_ARRAY_TASK_ID": "1", **change})
            self.assertEqual(done.returncode, 2)
            self.assertIn("begins at 0", done.stderr)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_a_list_of_films(self):
        """FILMS as a file; options are handed on; what is unfinished is not merged."""
        Path(self.path("films.txt")).write_text("".join(self.path("films/film-%03d.png\n" % number) for number in (5, 3, 7)))
        options = ("--dtype", "f16", "--patches")
        for shard in (0, 2):
            done = self.script("embed-shard.sh", "--shard", "%d/3" % shard, self.path("films.txt"), self.path("out"), *options)
            self.assertEqual(done.returncode, 0, done.stderr)
        done = self.script("merge-shards.sh", self.path("out"), self.path("merged"))
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(os.path.exists(self.path("merged")))
        done = self.script("embed-shard.sh", "--shard", "1/3", self.path("films.txt"), self.path("out"), *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.script("merge-shards.sh", self.path("out"), self.path("merged"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("patches.npy", os.listdir(self.path("merged")))

    def test_a_folder_of_somebody_elses(self):
        """The node's folder is not used, and the work is done nevertheless."""
        local = self.path("local")
        os.mkdir(local)
        if os.getuid() == 0:
            os.chown(local, 65534, 65534)
        else:
            local = "/"
        done = self.script("embed-shard.sh", "--shard", "0/25", self.path("films"), self.path("out"), environment={"DINOSCOPE_LOCAL": local})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is not mine", done.stderr)
        self.assertEqual(os.listdir(self.path("local")), [])


if __name__ == "__main__":
    main()
