#!/usr/bin/env python3
"""The job scripts under a real Slurm: an array whose tasks are interrupted in
every way that a cluster has, against one process."""
import contextlib
import os
import signal
from pathlib import Path

from clustertest import N_SHARDS, SCRIPTS, ClusterCase, main
from slurm import Missing, Slurm


class Array(ClusterCase):
    def test_interrupted_array(self):
        for shard in range(N_SHARDS):
            self.order(shard, "stop")
        with contextlib.ExitStack() as stack:
            try:
                self.cluster = stack.enter_context(Slurm())
            except Missing as reason:
                summary, _, logs = str(reason).partition("\n")
                print("# " + logs.replace("\n", "\n# "))
                self.skipTest("no Slurm: %s; the job scripts are NOT tested under it" % summary)
            job = self.submit()
            self.run_out_of_time(job, 0)
            self.preempt(job, 1)
            self.lose_node(job, 2)
            self.cluster.wait_for_end(job)
            self.merge(job)
        for shard in range(N_SHARDS):
            log = Path(self.path("log-%d" % shard)).read_text()
            self.assertEqual(log.count("Going on after"), 1, log)
        self.assert_as_one(self.path("merged"))

    def submit(self):
        return self.cluster.do("sbatch", "--parsable", "--array=0-%d" % (N_SHARDS - 1), "--cpus-per-task=1", "--mem=64M", "--output=" + self.path("log-%a"),
                               SCRIPTS / "embed-shard.sh", self.path("films"), self.path("out"), environment=self.environment)

    def wait_until_stopped(self, shard):
        self.cluster.wait("shard %d in the middle" % shard, lambda: self.stopped(shard))
        self.assert_unfinished(shard)
        return self.stopped(shard)

    def wait_for_state(self, job, shard, states):
        self.cluster.wait("task %d being %s" % (shard, states), lambda: self.cluster.states(job).get(str(shard), "GONE") in states)

    def run_out_of_time(self, job, shard):
        """What --signal=B:USR1 sends before the time is up: the script ends the program in order and requeues itself."""
        process = self.wait_until_stopped(shard)
        self.cluster.do("scancel", "--batch", "--signal=USR1", "%s_%d" % (job, shard))
        os.kill(process, signal.SIGCONT)
        self.wait_for_state(job, shard, ["PENDING"])

    def preempt(self, job, shard):
        """What preemption with PreemptMode=REQUEUE does."""
        self.wait_until_stopped(shard)
        self.cluster.do("scontrol", "requeue", "%s_%d" % (job, shard))
        self.wait_for_state(job, shard, ["PENDING"])

    def lose_node(self, job, shard):
        """Killed without a word, all of its processes; requeued by hand."""
        process = self.wait_until_stopped(shard)
        self.cluster.do("scancel", "--signal=KILL", "--full", "%s_%d" % (job, shard))
        self.cluster.wait("the end of the process", lambda: not os.path.exists("/proc/%d" % process))
        self.wait_for_state(job, shard, ["GONE"])
        self.cluster.do("scontrol", "requeue", "%s_%d" % (job, shard))

    def merge(self, array):
        job = self.cluster.do("sbatch", "--parsable", "--dependency=afterany:" + array, "--mem=64M", "--output=" + self.path("log-merge"),
                              SCRIPTS / "merge-shards.sh", self.path("out"), self.path("merged"), environment=self.environment)
        self.cluster.wait_for_end(job)
        self.assertTrue(os.path.isdir(self.path("merged")), "\n".join(Path(self.path("log-" + log)).read_text() for log in ["merge", *map(str, range(N_SHARDS))]))


if __name__ == "__main__":
    main()
