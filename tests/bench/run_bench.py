#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the engine beside what the machine allows, and prints a table: figure, floor of the same run, ratio.

Floors and load come from programs in a folder `bench` beside the checkout (../shared/bench); where it is absent only the
benchmarks without a floor run, and that is said. A ratio is our throughput by the floor's (or our time by a peer's, where
the table says time); medians of alternating runs. Machines are noisy: differences under a quarter are noise.

    run_bench.py BUILD-FOLDER [--only PART[,PART]] [--runs N] [--large] [--live MINUTES]

Parts: import journal peak receive traces window queries growth live (live only when asked for).
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bench"
MIX = ["--shape", "mix", "--spans"]


def read_anew(path):
    """The file lies in the page cache as reading it from the disk leaves it, in large pieces. As the generator's small writes leave it, in
    pages of 4 KiB all over the memory, reading it takes twice as long."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    while os.read(descriptor, 1 << 20):
        pass
    os.close(descriptor)


def run(command, **options):
    return subprocess.run([str(c) for c in command], check=True, text=True, stdout=subprocess.PIPE, **options).stdout


class Bench:
    def __init__(self, build, runs):
        self.build = build
        self.programs = build / "tests" / "bench"
        self.floors = build / "floors"
        self.data = build / "bench-data"
        self.runs = runs
        self.rows = []
        self.read = set()  # files that were read since the run began

    # What is needed ---------------------------------------------------------------------------------------------------
    def tool(self, name, command, sources):
        out = self.floors / name
        if not out.exists() or any(out.stat().st_mtime < s.stat().st_mtime for s in sources):
            print(f"building {name}", file=sys.stderr)
            run(command + ["-o", out], cwd=self.floors)
        return out

    def prepare(self):
        self.floors.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(parents=True, exist_ok=True)
        flags = lambda *names: run(["pkg-config", "--cflags", "--libs", *names]).split()
        source = SHARED / "floors"
        self.generator = self.tool("otlpgen", ["g++", "-O2", "-std=c++17", SHARED / "otlpgen.cpp"], [SHARED / "otlpgen.cpp"])
        if not (self.floors / "otlp_min.pb.h").exists():
            run(["protoc", f"--proto_path={source}", f"--cpp_out={self.floors}", source / "otlp_min.proto"])
        common = ["g++", "-O2", "-std=c++17", "-fPIC", f"-I{self.floors}", f"-I{source}"]
        messages = self.floors / "otlp_min.pb.cc"
        self.parse = self.tool("parse_bench", common + [source / "parse_bench.cpp", messages, *flags("Qt6Core", "protobuf"), "-lsimdjson"], [source / "parse_bench.cpp"])
        self.grpc = self.tool("grpc_bench", common + [source / "grpc_bench.cpp", *flags("grpc++", "protobuf")], [source / "grpc_bench.cpp"])
        self.http = self.tool("http_bench", common + [source / "http_bench.cpp", messages, *flags("protobuf"), "-lpthread"], [source / "http_bench.cpp"])

    def file(self, name, spans, *options, shape="mix", batch=512):
        """A file of the load generator, made once; `name` ends in .pb or .jsonl."""
        path = self.data / name
        if not path.exists():
            print(f"making {name}", file=sys.stderr)
            part = path.with_suffix(path.suffix + ".part")
            run([self.generator, "--shape", shape, "--spans", str(spans), "--batch", str(batch), *options, "--pb" if name.endswith(".pb") else "--json", part], stderr=subprocess.DEVNULL)
            part.rename(path)
        if path not in self.read:
            self.read.add(path)
            read_anew(path)
        return path

    # Measuring --------------------------------------------------------------------------------------------------------
    def imported(self, path, cores, kind="import"):
        """(seconds, bytes of memory a span) of an import on so many cores: the median of three by one process, as the floors are.
        The first of them also waits for memory that the machine has never used, which a virtual machine is slow to give."""
        pin = ["taskset", "-c", "0"] if cores == 1 else ["taskset", "-c", "0,1"]
        out = run([*pin, self.programs / "import_bench", f"--benchmark_filter=^{kind}/{re.escape(path.name)}", "--benchmark_format=json", "--benchmark_min_time=0.01", "--benchmark_repetitions=3"],
                  env={**os.environ, "SPANREEL_BENCH_FILES": str(path)}, stderr=subprocess.DEVNULL)
        result = next(r for r in json.loads(out)["benchmarks"] if r.get("error_occurred") or r.get("aggregate_name") == "median")
        if result.get("error_occurred"):
            raise RuntimeError(result["error_message"])
        return result["real_time"] / 1000, result.get("bytes_a_span", 0)

    def walked(self, mode, path):
        """Seconds of the floor over one file, one thread."""
        return float(re.search(r"median ([\d.]+)s", run(["taskset", "-c", "0", self.parse, mode, path, "3"])).group(1))

    def row(self, name, ours, floor, ratio, goal, better="more"):
        reached = "" if goal is None else ("yes" if (ratio >= goal if better == "more" else ratio <= goal) else "NO")
        self.rows.append((name, ours, floor, f"{ratio:.2f}", "" if goal is None else f"{'>=' if better == 'more' else '<='} {goal}", reached))
        print(f"{name:58} {ours:>16} {floor:>16} {ratio:6.2f} {self.rows[-1][4]:>8} {reached}", flush=True)

    def imports(self):
        cases = [
            ("protobuf, 1 M spans", "mix.pb", [], "protozero", [(1, 0.60), (2, 1.0)]),
            ("protobuf, attributes in random order", "shuffled.pb", ["--shuffle-attrs"], "protozero", [(1, 0.25)]),
            ("protobuf, three new strings a span", "unique.pb", ["--unique-strings", "3"], "protozero", [(1, 0.40)]),
            ("JSON lines, 1 M spans", "mix.jsonl", [], "dom", [(1, 0.75), (2, 1.25)]),
            ("JSON, one document", "document.jsonl", ["--one-document"], "dom", [(1, 0.75), (2, 1.25)]),
        ]
        memory = {}
        for name, file, options, mode, goals in cases:
            path = self.file(file, 1000000, *options)
            walked = self.file("mix.jsonl", 1000000) if mode == "dom" else path  # the walk knows lines only
            for cores, goal in goals:
                ours, floors = [], []
                for _ in range(self.runs):
                    floors.append(self.walked(mode, walked))
                    seconds, memory[file] = self.imported(path, cores)
                    ours.append(seconds)
                a, b = statistics.median(ours), statistics.median(floors)
                self.row(f"import: {name}, {cores} core{'s' if cores > 1 else ''}", f"{a:.3f} s", f"{b:.3f} s", b / a, goal)
        bytes_of = (self.data / "mix.pb").stat().st_size / 1e6
        usual = memory["mix.pb"]
        self.row("memory a span, by its protobuf bytes", f"{usual:.1f} B", f"{bytes_of:.0f} B", usual / bytes_of, 0.21, "less")
        self.row("  attributes in random order, by the usual", f"{memory['shuffled.pb']:.1f} B", f"{usual:.1f} B", memory["shuffled.pb"] / usual, 1.1, "less")
        unique = (self.data / "unique.pb").stat().st_size / 1e6
        self.row("  three new strings a span, by its bytes", f"{memory['unique.pb']:.1f} B", f"{unique:.0f} B", memory["unique.pb"] / unique, 0.5, "less")

    def serve(self, work):
        process = subprocess.Popen([self.build / "app" / "spanreel", "serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--record", f"{work}/bench.spanreel"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "SPANREEL_HOME": str(work)})
        return process, json.loads(process.stdout.readline())

    def journal(self, batch):
        """A journal of a million spans, as `serve --record` writes it, made once."""
        path = self.data / f"mix{batch}.spanreel"
        if not path.exists():
            print(f"recording {path.name}", file=sys.stderr)
            source = self.file("mix.pb" if batch == 512 else "mix8192.pb", 1000000, batch=batch)
            with tempfile.TemporaryDirectory(dir=self.data) as work:
                server, where = self.serve(work)
                client = http.client.HTTPConnection(re.search(r"127\.0\.0\.1:\d+", json.dumps(where["http"])).group(0))
                with open(source, "rb") as requests:
                    while length := requests.read(4):
                        client.request("POST", "/v1/traces", requests.read(int.from_bytes(length, "big")), {"Content-Type": "application/x-protobuf"})
                        answer = client.getresponse()
                        answer.read()
                        if answer.status != 200:
                            raise RuntimeError(f"the receiver answered {answer.status}")
                server.send_signal(signal.SIGTERM)
                server.communicate()
                pathlib.Path(f"{work}/bench.spanreel").rename(path)
        return path

    def journals(self):
        """Opening what was recorded, to rows in a snapshot."""
        for batch in (512, 8192):
            path, source = self.journal(batch), self.file("mix.pb" if batch == 512 else "mix8192.pb", 1000000, batch=batch)
            gib = path.stat().st_size / 2**30
            floors, ours = zip(*((self.walked("protozero", source), self.imported(path, 2)[0]) for _ in range(self.runs)))
            a, b = statistics.median(ours), statistics.median(floors)
            self.row(f"journal: {batch} spans a request, 2 cores", f"{a:.3f} s", f"{b:.3f} s", b / a, None)
            self.row("  a GiB of it", f"{a / gib:.2f} s", "2.00 s", a / gib / 2, 1.0, "less")

    def peaks(self):
        """The most memory `stats` takes, beyond what the store holds afterwards."""
        files = [("mix.pb", []), ("mix.jsonl", []), ("document.jsonl", ["--one-document"]), ("shuffled.pb", ["--shuffle-attrs"]), ("unique.pb", ["--unique-strings", "3"])]
        for path in [*(self.file(name, 1000000, *options) for name, options in files), self.journal(512), self.journal(8192)]:
            result = self.imported(path, 2)[1] * 1000000 / 2**20
            measured = subprocess.Popen([self.build / "app" / "spanreel", "stats", "--json", path], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(measured.pid, 0)
            measured.returncode = os.waitstatus_to_exitcode(status)
            if measured.returncode != 0:
                raise RuntimeError(f"stats {path} ended with {measured.returncode}")
            peak = usage.ru_maxrss / 1024
            self.row(f"peak of memory: {path.name} (beyond the result, 256 MiB)", f"{peak:.0f} MiB", f"{result:.0f} MiB", (peak - result) / 256, 1.0, "less")

    def receive(self):
        for kind, floor_program in (("grpc", [self.grpc, "walk"]), ("http", [self.http, "beast", "walk"])):
            for batch, clients in ((512, 1), (8192, 1), (8192, 4)):
                path = self.file("mix.pb" if batch == 512 else "mix8192.pb", 1000000, batch=batch)
                ours, floors = [], []
                for _ in range(self.runs):
                    floors.append(float(re.search(r"([\d.]+) Mspans/s", run([*floor_program, path, str(clients), "3"])).group(1)))
                    with tempfile.TemporaryDirectory(dir=self.data) as work:
                        server, where = self.serve(work)
                        try:
                            address = re.search(r"127\.0\.0\.1:\d+", json.dumps(where[kind])).group(0)
                            ours.append(json.loads(run([self.programs / "otlp_load", kind, address, path, str(clients), "3"]))["mspans_per_s"])
                        finally:
                            server.send_signal(signal.SIGTERM)
                            server.communicate()
                a, b = statistics.median(ours), statistics.median(floors)
                self.row(f"receive: {kind}, {batch} spans a request, {clients} client{'s' if clients > 1 else ''}", f"{a:.2f} M/s", f"{b:.2f} M/s", a / b, 0.6)

    def traces(self, large):
        for spans, goal in ((100000, 30), (1000000, 200)):
            path = self.file(f"giant{spans}.pb", spans, shape="giant")
            ms = statistics.median(self.imported(path, 2, "assemble")[0] for _ in range(self.runs)) * 1000
            self.row(f"a trace of {spans:,} spans of the session, whole", f"{ms:.0f} ms", f"{goal} ms", ms / goal, 1.0, "less")
        for spans in (1000000,) + ((10000000,) if large else ()):
            us = self.imported(self.mix(spans), 2, "any")[0] * 1e6
            self.row(f"a trace of 30 spans by its id, of {spans:,}, whole", f"{us:.0f} µs", "100 µs", us / 100, 1.0, "less")

    def window(self):
        empty = []
        for spans, goals in ((10000, (30, 30)), (100000, (90, 150)), (1000000, (850, 1500))):
            for kind, mode, goal in (("pb", "protozero", goals[0]), ("jsonl", "dom", goals[1])):
                path = self.file(f"giant{spans}.{kind}", spans, shape="giant")
                floor = self.walked(mode, path) * 1000
                with tempfile.TemporaryDirectory(dir=self.data) as home:
                    env = {**os.environ, "SPANREEL_HOME": home, "SPANREEL_TIMING": "1", "QT_QPA_PLATFORM": "xcb"}
                    opened = [self.opened(path, env) for _ in range(self.runs)]
                start, running = (statistics.median(x) for x in list(zip(*opened))[:2])
                empty += [times[2] for times in opened]
                allowed = max(goal, 2.5 * floor)
                self.row(f"open {spans:,} spans ({kind}) in a running window, to the first frame", f"{running:.0f} ms", f"{allowed:.0f} ms", running / allowed, 1.0, "less")
                self.row(f"  the same from process start", f"{start:.0f} ms", f"{allowed + 300:.0f} ms", start / (allowed + 300), 1.0, "less")
        usable = statistics.median(empty)
        self.row("from process start to an empty window", f"{usable:.0f} ms", "500 ms", usable / 500, 1.0, "less")

    def opened(self, path, env):
        """Milliseconds to the first frame: from process start, and of the same file opened in a window that runs; and from process start to
        that window, which is empty then."""
        studio = [self.build / "app" / "spanreel", "--no-receivers"]

        def frame(process, words):
            for line in process.stderr:
                if found := re.search(words + r": (\d+) ms", line):
                    return int(found.group(1))
            raise RuntimeError("the window showed no timeline")

        def ended(process):
            process.terminate()
            process.communicate()

        process = subprocess.Popen([*studio, "--new-window", path], env=env, stderr=subprocess.PIPE, text=True)
        try:
            start = frame(process, "first timeline frame")
        finally:
            ended(process)
        process = subprocess.Popen([*studio], env=env, stderr=subprocess.PIPE, text=True)
        try:
            empty = frame(process, "window usable")
            time.sleep(1)
            subprocess.run([*studio, path], env=env, stderr=subprocess.DEVNULL, check=True)
            running = frame(process, "timeline frame after opening")
        finally:
            ended(process)
        return start, running, empty

    def queries(self):
        results = json.loads(run([self.programs / "query_bench", "--benchmark_format=json"], stderr=subprocess.DEVNULL))["benchmarks"]
        ours = {r["name"].split("/")[0]: r["real_time"] / {"ns": 1e6, "us": 1e3, "ms": 1}[r["time_unit"]] for r in results}
        peer = self.duckdb()
        names = [("countOfThree", "count", 0.25), ("top100", "top100", 0.4), ("attributeEquals", "attr", 0.1), ("nameHolds", "like", 0.4), ("groupByService", "group", 0.33), ("histogram51", "hist", 0.4)]
        for name, query, goal in names:
            mine = ours[name]  # of two threads, which come last
            if peer:
                self.row(f"10 M rows: {name} (time by DuckDB's, 2 threads)", f"{mine:.2f} ms", f"{peer[query]:.1f} ms", mine / peer[query], goal, "less")
            else:
                print(f"10 M rows: {name}: {mine:.2f} ms (no DuckDB here to compare with)")

    def duckdb(self):
        """Milliseconds of each query in DuckDB on two threads; None where it cannot be had."""
        folder = self.build / "duckdb"
        folder.mkdir(exist_ok=True)
        if not (folder / "node_modules" / "@duckdb").exists():
            if not shutil.which("npm") or subprocess.run(["npm", "i", "--silent", "@duckdb/node-api@1.5.6-r.1"], cwd=folder, stdout=subprocess.DEVNULL).returncode != 0:
                return None
        out = run(["node", SHARED / "peers" / "duck_bench.mjs"], cwd=folder)
        return {m.group(1): float(m.group(2)) for m in re.finditer(r"^:memory: threads 2 (\w+)\s+median ([\d.]+) ms", out, re.M)}

    def mix(self, spans):
        return self.file("mix.pb" if spans == 1000000 else f"mix{spans}.pb", spans)

    def growth(self, large):
        """Time and memory by the number of spans: they must grow linearly."""
        first = None
        for spans in (100000, 1000000) + ((10000000,) if large else ()):
            seconds, memory = self.imported(self.mix(spans), 2)
            per = seconds / spans * 1e9
            first = first or per
            self.row(f"growth: import of {spans:,} spans, ns a span by those of the least", f"{per:.0f} ns", f"{first:.0f} ns", per / first, None)
            print(f"{'':58} {memory:.1f} B a span in memory, {memory * spans / 2**30:.2f} GiB")

    def live(self, minutes):
        path = self.file("mix.pb", 1000000)
        with tempfile.TemporaryDirectory(dir=self.data) as home:
            env = {**os.environ, "SPANREEL_HOME": home, "SPANREEL_TIMING": "1", "QT_QPA_PLATFORM": "xcb"}
            process = subprocess.Popen([self.build / "app" / "spanreel", "--new-window", "--grpc-port", "24317", "--http-port", "24318"], env=env, stderr=subprocess.PIPE, text=True)
            try:
                time.sleep(3)
                result = json.loads(run([self.programs / "otlp_load", "grpc", "127.0.0.1:24317", path, "2", str(minutes * 60), "20000"]))
                time.sleep(1)
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                resident = int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 2**20
            finally:
                process.send_signal(signal.SIGTERM)
                words = process.communicate()[1]
        stalls = [int(x) for x in re.findall(r"the window stood still for (\d+) ms", words)]
        counted = re.search(r"spans received: (\d+)", words)
        lost = result["acknowledged"] - int(counted.group(1)) if counted else None
        print(f"live: {minutes} min, {result['acknowledged']:,} spans acknowledged, {result['refused']} requests refused, lost {lost}")
        self.row("live: 20,000 spans/s, p99 of the answer", f"{result['p99_ms']:.1f} ms", "20 ms", result["p99_ms"] / 20, 1.0, "less")
        self.row("live: longest stall of the window", f"{max(stalls, default=0)} ms", "100 ms", max(stalls, default=0) / 100, 1.0, "less")
        print(f"live: memory at most {resident:.2f} GiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="import,journal,peak,receive,traces,window,queries,growth")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="10 M spans too (5 GB of data)")
    parser.add_argument("--live", type=float, metavar="MINUTES", help="only the live load")
    options = parser.parse_args()
    bench = Bench(options.build.resolve(), options.runs)
    if not SHARED.exists():
        print("SKIPPED: floors and load are not here (../shared/bench); benchmarks without a floor follow")
        for program in ("engine_bench", "query_bench"):
            subprocess.run([bench.programs / program], check=True)
        return
    bench.prepare()
    print(f"{'figure':58} {'ours':>16} {'floor':>16}  ratio     goal reached")
    if options.live:
        return bench.live(options.live)
    parts = options.only.split(",")
    if "import" in parts:
        bench.imports()
    if "journal" in parts:
        bench.journals()
    if "peak" in parts:
        bench.peaks()
    if "receive" in parts:
        bench.receive()
    if "traces" in parts:
        bench.traces(options.large)
    if "window" in parts and os.environ.get("DISPLAY"):
        bench.window()
    elif "window" in parts:
        print("SKIPPED: window: no display (xvfb-run makes one)")
    if "queries" in parts:
        bench.queries()
    if "growth" in parts:
        bench.growth(options.large)


if __name__ == "__main__":
    main()
