# SPDX-License-Identifier: GPL-3.0-or-later
"""What the receiver tests share: a `spanreel serve` of their own, and what it holds. Standard library only."""
import argparse, atexit, collections, json, os, pathlib, shutil, signal, socket, subprocess, sys, tempfile

SKIP = 77
Span = collections.namedtuple("Span", "service trace span parent name kind status start end attributes events links scope")
Log = collections.namedtuple("Log", "service trace span severity body")


def skip(why):
    print("SKIPPED:", why)
    sys.exit(SKIP)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--spanreel", required=True, help="the program under test")
    parser.add_argument("--work", required=True, help="a folder that may be kept between runs")
    return parser.parse_args()


def shared(*parts):
    """A path of the shared folder; skips where it is not there."""
    source = pathlib.Path(__file__).resolve().parents[2]
    root = pathlib.Path(os.environ.get("SPANREEL_SHARED", source.parent / "shared"))
    path = root.joinpath(*parts)
    if not path.exists():
        skip("%s is not here" % path)
    return path


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            skip("%s is not installed" % program)


def check(condition, *what):
    if not condition:
        print("FAILED:", *what)
        sys.exit(1)


def equal(got, wanted, what):
    check(got == wanted, what, "\n  got   ", repr(got)[:2000], "\n  wanted", repr(wanted)[:2000])


def temporary():
    folder = tempfile.mkdtemp(prefix="spanreel-e2e-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def free_ports(count):
    """The first of `count` neighbouring free ports, below those the system gives to connections and to port 0."""
    for base in range(20000 + os.getpid() * 97 % 10000, 32700, count):
        sockets = []
        try:
            for i in range(count):
                s = socket.socket()
                sockets.append(s)
                s.bind(("127.0.0.1", base + i))
            return base
        except OSError:
            continue
        finally:
            for s in sockets:
                s.close()
    raise RuntimeError("no free ports")


class Server:
    """`spanreel serve` on free ports; ends with the test."""

    def __init__(self, program, *extra, record=None, home=None, grpc="localhost:0", http="localhost:0"):
        self.program = program
        self.home = home or temporary()
        self.record = record
        self.environment = dict(os.environ, SPANREEL_HOME=self.home)
        command = [program, "serve", "--grpc", grpc, "--http", http, *extra]
        if record:
            command += ["--record", record]
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, env=self.environment, text=True)
        atexit.register(self.kill)
        line = self.process.stdout.readline()
        check(line, "serve said nothing:", self.stderr())
        self.bound = json.loads(line)
        self.grpc, self.http = self.bound["grpc"][0], self.bound["http"][0]

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def stop(self, how=signal.SIGTERM):
        """Ends it cleanly; returns its counts."""
        self.process.send_signal(how)
        out, _ = self.process.communicate(timeout=60)
        equal(self.process.returncode, 0, "exit status of serve; " + self.stderr())
        return json.loads(out.strip().split("\n")[-1])

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def run(program, *args, status=0):
    done = subprocess.run([program, *args], capture_output=True, text=True, env=dict(os.environ, SPANREEL_HOME=temporary()), timeout=120)
    if status is not None:
        equal(done.returncode, status, "exit status of %s: %s" % (args[0], done.stderr))
    return done


def stats(program, path):
    return json.loads(run(program, "stats", "--json", path).stdout)


COUNTS = "traces spans logs metrics services operations errors links events orphans duplicates logTraces".split()


def counts(stats_json):
    return {key: stats_json[key] for key in COUNTS}


def text_of(value):
    return value.get("stringValue", json.dumps(value, sort_keys=True)) if value else ""


def held(program, journal):
    """All spans and logs of a journal, read back through `convert`."""
    spans, logs = [], []
    for line in run(program, "convert", journal, "-o", "-", "--format", "otlp-json").stdout.splitlines():
        document = json.loads(line)
        for group in document.get("resourceSpans", []):
            service = service_of(group)
            for scope in group.get("scopeSpans", []):
                for s in scope.get("spans", []):
                    spans.append(Span(service, s["traceId"], s["spanId"], s.get("parentSpanId", ""), s.get("name", ""), s.get("kind", 0), s.get("status", {}).get("code", 0),
                                      int(s["startTimeUnixNano"]), int(s["endTimeUnixNano"]), len(s.get("attributes", [])), len(s.get("events", [])), len(s.get("links", [])),
                                      scope.get("scope", {}).get("name", "")))
        for group in document.get("resourceLogs", []):
            service = service_of(group)
            for scope in group.get("scopeLogs", []):
                for r in scope.get("logRecords", []):
                    logs.append(Log(service, r.get("traceId", ""), r.get("spanId", ""), r.get("severityNumber", 0), text_of(r.get("body"))))
    return spans, logs


def service_of(group):
    for attribute in group.get("resource", {}).get("attributes", []):
        if attribute["key"] == "service.name":
            return text_of(attribute["value"])
    return ""


def same(got, wanted, what):
    """Equal as multisets; tells the first differences."""
    extra = collections.Counter(got) - collections.Counter(wanted)
    missing = collections.Counter(wanted) - collections.Counter(got)
    check(not extra and not missing, what, "\n  missing %d:" % sum(missing.values()), *["\n    %r" % (x,) for x in list(missing)[:3]], "\n  unexpected %d:" % sum(extra.values()),
          *["\n    %r" % (x,) for x in list(extra)[:3]])
