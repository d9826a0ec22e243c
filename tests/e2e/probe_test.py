# SPDX-License-Identifier: GPL-3.0-or-later
"""The OTLP conformance probe against `spanreel serve`: all checks but three that grpc++ 1.51 cannot pass."""
import subprocess, sys

from e2e_server import Server, arguments, check, counts, equal, run, shared, stats, temporary

args = arguments()
probe = shared("acceptance", "otlp_probe.py")
journal = temporary() + "/journal"
server = Server(args.spanreel, record=journal)
done = subprocess.run([sys.executable, "-B", str(probe), "--http", server.http, "--grpc", server.grpc, "--level", "ours", "--skip", "^(G09|G11|G13)[.]"], capture_output=True, text=True, timeout=120)
sys.stdout.write(done.stdout)
check(done.returncode == 0, "the probe found faults")
equal(done.stdout.strip().split("\n")[-1], "136 passed, 0 failed", "the probe's last line")
live = server.stop()
# What malformed requests could have left must not be there: the journal reads back to what the session held.
equal(counts(stats(args.spanreel, journal)), counts(live), "counts of the journal")
