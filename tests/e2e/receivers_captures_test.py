# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded OTLP connections of real programs, resent byte for byte, give their stated counts."""
import json, subprocess, sys

from e2e_server import Server, arguments, equal, held, shared, stats, temporary

args = arguments()
replay = shared("clients", "replay", "replay.py")
captures = shared("captures")
wanted = {c["client"]: c for c in json.loads((captures / "CAPTURES.json").read_text()) if any(k.startswith(("POST /v1/", "/opentelemetry.")) for k in c.get("paths", {}))}
equal(len(wanted), 5, "captures in OTLP")
runs = []
for name, capture in wanted.items():
    for extra in ([], ["--chunk", "1400", "--slow", "0.0001"]):  # all at once: most of a replay is waiting
        journal = temporary() + "/journal"
        server = Server(args.spanreel, record=journal)
        command = [sys.executable, "-B", str(replay), str(captures / name), "--port", "4317=" + server.grpc.rsplit(":", 1)[1], "--port", "4318=" + server.http.rsplit(":", 1)[1], *extra]
        runs.append((name, capture, journal, server, subprocess.Popen(command, stdout=subprocess.DEVNULL)))
for name, capture, journal, server, process in runs:
    equal(process.wait(timeout=120), 0, "exit status of the replay of " + name)
    live = server.stop()
    _, logs = held(args.spanreel, journal)
    got = {"spans": live["spans"], "traces": live["traces"], "logs": live["logs"], "metrics": live["metrics"], "services": live["services"], "logsWithTrace": sum(1 for log in logs if log.trace)}
    expected = {key: capture[key] for key in got if key != "services"}
    expected["services"] = len(capture["services"])
    equal(got, expected, name)
    equal(stats(args.spanreel, journal)["spans"], capture["spans"], name + " recorded")
    equal((live["warned"], live["skipped"]), (0, 0), name + " has nothing to complain of")
    print("ok", name, got)
