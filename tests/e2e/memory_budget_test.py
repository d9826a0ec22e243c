# SPDX-License-Identifier: GPL-3.0-or-later
"""A memory budget that is used up: senders are told to come back, what was answered with OK is there, nothing else is."""
import http.client, json, subprocess

from e2e_server import Server, arguments, check, equal, stats, temporary

args = arguments()
SPAN = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"n"}]}]}]}'


def post(server, path, body):
    connection = http.client.HTTPConnection(server.http, timeout=60)
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


for wrong in ("1M", "much", "-5G"):
    told = subprocess.run([args.spanreel, "serve", "--memory-budget", wrong], capture_output=True, text=True, timeout=60)
    equal(told.returncode, 2, "exit status with --memory-budget " + wrong)
    check("--memory-budget" in told.stderr, told.stderr)

journal = temporary() + "/journal.spanreel"
server = Server(args.spanreel, "--memory-budget", "64M", record=journal)
equal(post(server, "/v1/traces", SPAN % (1, 1)).status, 200, "a span while there is room")
accepted = 0
for number in range(40):  # metrics are kept as they came, 4 MiB each
    metric = {"name": "m%d" % number, "description": "d" * (4 << 20), "gauge": {"dataPoints": [{"asInt": "1"}]}}
    answer = post(server, "/v1/metrics", json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}))
    if answer.status != 200:
        break
    accepted += 1
check(10 <= accepted <= 20, "metrics accepted:", accepted)
equal(answer.status, 503, "when memory is used up")
check(int(answer.getheader("Retry-After")) > 0, "Retry-After")
equal(post(server, "/v1/traces", SPAN % (2, 2)).status, 503, "a span when memory is used up")
counts = server.stop()
equal((counts["spans"], counts["metrics"]), (1, accepted), "spans and metrics received")
kept = stats(args.spanreel, journal)
equal((kept["spans"], kept["metrics"]), (1, accepted), "spans and metrics in the journal")
print("passed")
