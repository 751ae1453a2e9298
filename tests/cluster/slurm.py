"""A Slurm of one node, with its own munge, in a temporary folder: no systemd,
no control groups, nothing of the system's configuration."""
import getpass
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Only what hangs takes so long.
PATIENCE = 300

# States of a task that is still to do something.
ACTIVE = {"PENDING", "CONFIGURING", "RUNNING", "SUSPENDED", "STOPPED", "SIGNALING", "COMPLETING", "STAGE_OUT", "RESIZING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT"}

# Two tasks at a time, whatever the machine has. Tasks are found by their
# parents, since a container lets nobody make control groups.
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={root}/munge/socket
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=10
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=256 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


class Missing(Exception):
    """Slurm cannot run here, and why."""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def tail(path, lines=15):
    try:
        return "\n".join(Path(path).read_text(errors="replace").split("\n")[-lines:])
    except OSError:
        return ""


class Slurm:
    """Daemons that live as long as the block; environment is what the clients need."""

    def __init__(self):
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        for name in ("munged", "slurmctld", "slurmd", "sbatch"):
            if shutil.which(name) is None:
                raise Missing("%s is not installed" % name)
        self.folder = tempfile.TemporaryDirectory(prefix="dinoscope-slurm-")
        self.root = Path(self.folder.name)
        self.daemons = []
        self.environment = {**os.environ, "SLURM_CONF": str(self.root / "slurm.conf")}

    def __enter__(self):
        try:
            self.configure()
            self.start_munge()
            self.start("slurmctld", "-D", "-c", "-f", self.root / "slurm.conf")
            self.start("slurmd", "-D", "-f", self.root / "slurm.conf", "-N", self.host)
            self.wait("the node", lambda: self.ask("sinfo", "-h", "-o", "%t") == "idle", ended=Missing)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self.folder.cleanup()

    def configure(self):
        for name in ("munge", "state", "spool"):
            (self.root / name).mkdir(mode=0o700)
        self.host = socket.gethostname().split(".")[0]
        controller, node = free_ports(2)
        values = dict(host=self.host, root=self.root, user=getpass.getuser(), controller_port=controller, node_port=node)
        (self.root / "slurm.conf").write_text(CONFIGURATION.format(**values))
        # The other plug-in would ask systemd for a place, whether one is needed or not.
        (self.root / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        key = self.root / "munge/key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)

    def start(self, name, *arguments):
        log = open(self.root / (name + ".out"), "w")
        self.daemons.append(subprocess.Popen([name, *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        log.close()

    def start_munge(self):
        folder = self.root / "munge"
        files = ["--%s=%s" % (name, folder / name.split("-")[0]) for name in ("key-file", "socket", "pid-file", "log-file", "seed-file")]
        self.start("munged", "--foreground", "--force", "--num-threads=2", *files)
        self.wait("munge", (folder / "socket").exists, ended=Missing)

    def logs(self):
        return "\n".join("%s:\n%s" % (path.name, tail(path)) for path in sorted(self.root.glob("*.log")) + sorted(self.root.glob("*.out")) + [self.root / "munge/log"])

    def wait(self, what, condition, ended=AssertionError, patience=PATIENCE):
        end = time.monotonic() + patience
        while not condition():
            gone = [daemon.args[0] for daemon in self.daemons if daemon.poll() is not None]
            if gone or time.monotonic() > end:
                raise ended("no sign of %s (%s)\n%s" % (what, "ended: " + ", ".join(gone) if gone else "too late", self.logs()))
            time.sleep(0.05)

    def ask(self, *command):
        """Standard output of a client; empty when it failed."""
        return subprocess.run(list(map(str, command)), env=self.environment, capture_output=True, text=True, timeout=PATIENCE).stdout.strip()

    def ask_surely(self, *command):
        """The same from a client that has to succeed; a busy controller lets one wait in vain now and then."""
        for _ in range(100):
            done = subprocess.run(list(map(str, command)), env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
            if done.returncode == 0:
                return done.stdout.strip()
            time.sleep(0.1)
        raise AssertionError("%s: %s\n%s" % (command, done.stderr, self.logs()))

    def do(self, *command, environment=None):
        done = subprocess.run(list(map(str, command)), env={**self.environment, **(environment or {})}, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, "%s: %s\n%s" % (command, done.stderr, self.logs())
        return done.stdout.strip()

    def states(self, job):
        """{task: state} of what is waiting or runs."""
        lines = self.ask_surely("squeue", "-h", "-r", "-j", job, "-o", "%K %T").split("\n")
        return dict(line.split() for line in lines if line)

    def facts(self, job):
        """What scontrol knows of a job or a task of it, words of the form name=value."""
        words = self.ask_surely("scontrol", "-o", "show", "job", job).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def wait_for_end(self, job):
        """A job that was requeued waits two minutes, lest a broken node kills it again at once. Here two seconds do:
        less, and the node takes it for the run that was killed, and lets it end without having begun."""
        released = set()

        def ended():
            for task, state in self.states(job).items():
                name = job if task == "N/A" else "%s_%s" % (job, task)
                if state == "PENDING" and name not in released and self.facts(name).get("Reason") == "BeginTime":
                    self.ask_surely("scontrol", "update", "JobId=" + name, "StartTime=now+2")
                    released.add(name)
            # Not by squeue's silence: a client that got no answer is silent, too.
            states = re.findall(r"\bJobState=(\w+)", self.ask_surely("scontrol", "-o", "show", "job", job))
            return states != [] and not ACTIVE.intersection(states)

        self.wait("the end of job %s" % job, ended)
