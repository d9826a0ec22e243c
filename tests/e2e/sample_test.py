#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample session is what its generator writes, and holds what it promises to show."""
import json
import subprocess
import sys
import unittest
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources/samples/shop.otlp.jsonl"
GENERATOR = ROOT / "resources/samples/generator/generate.py"


def attributes(item):
    return {a["key"]: next(iter(a["value"].values())) for a in item.get("attributes", [])}


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spans, cls.logs = [], []
        for line in SAMPLE.read_text(encoding="utf-8").splitlines():
            request = json.loads(line)
            for outer, inner, leaf, rows in (("resourceSpans", "scopeSpans", "spans", cls.spans), ("resourceLogs", "scopeLogs", "logRecords", cls.logs)):
                for group in request.get(outer, []):
                    service = attributes(group["resource"]).get("service.name", "")
                    rows.extend((service, row) for scope in group[inner] for row in scope[leaf])
        cls.traces = defaultdict(list)
        for service, span in cls.spans:
            cls.traces[span["traceId"]].append((service, span))

    def test_is_what_the_generator_writes(self):
        written = subprocess.run([sys.executable, str(GENERATOR)], check=True, stdout=subprocess.PIPE).stdout
        self.assertEqual(written, SAMPLE.read_bytes(), "run resources/samples/generator/generate.py resources/samples/shop.otlp.jsonl")

    def test_is_small(self):
        self.assertLess(SAMPLE.stat().st_size, 600_000)

    def test_services_and_traces(self):
        self.assertGreaterEqual(len({service for service, _ in self.spans}), 8)
        self.assertTrue(25 <= len(self.traces) <= 40, len(self.traces))

    def test_star_trace(self):
        star = max(self.traces.values(), key=len)
        root = next(span for _, span in star if "parentSpanId" not in span)
        self.assertEqual(root["name"], "POST /checkout")
        self.assertEqual(int(root["endTimeUnixNano"]) - int(root["startTimeUnixNano"]), 1_840_000_000)
        self.assertEqual(len({service for service, _ in star}), 9)
        self.assertEqual(sum(span["status"].get("code") == 2 for _, span in star), 2)
        self.assertEqual(sum(span["name"] == "SELECT items" for _, span in star), 41, "the N+1 query")
        self.assertEqual(sum(span["name"] == "charge" for _, span in star), 3, "the retries")

    def test_one_orphan(self):
        orphans = [span for rows in self.traces.values() for _, span in rows
                   if span.get("parentSpanId", "") not in {""} | {other["spanId"] for _, other in rows}]
        self.assertEqual(len(orphans), 1)

    def test_consumers_are_joined_by_links(self):
        spans = {(span["traceId"], span["spanId"]): span for _, span in self.spans}
        links = [(span, link) for _, span in self.spans for link in span.get("links", [])]
        self.assertGreaterEqual(len(links), 8)
        for span, link in links:
            self.assertEqual(spans[(link["traceId"], link["spanId"])]["kind"], 4)
            self.assertNotEqual(span["traceId"], link["traceId"])

    def test_one_host_is_40_ms_ahead(self):
        for rows in self.traces.values():
            by_id = {span["spanId"]: (service, span) for service, span in rows}
            for service, span in rows:
                parent_service, parent = by_id.get(span.get("parentSpanId"), (None, None))
                if parent is None or parent_service == service:
                    continue
                late = int(span["startTimeUnixNano"]) - int(parent["startTimeUnixNano"])
                self.assertEqual(late >= 40_000_000, service == "inventory", f"{service} {span['name']}")

    def test_databases_and_queues_have_no_spans(self):
        systems = {attributes(span).get("db.system.name") or attributes(span).get("messaging.system") for _, span in self.spans}
        self.assertTrue({"postgresql", "redis", "kafka"} <= systems)
        self.assertFalse({"postgres", "redis", "kafka"} & {service for service, _ in self.spans})

    def test_logs(self):
        with_logs = {log["spanId"] for _, log in self.logs if "spanId" in log}
        self.assertGreater(len(with_logs), len(self.spans) // 2, "logs on most spans")
        self.assertGreaterEqual(sum("traceId" not in log for _, log in self.logs), 10, "some without ids")
        self.assertTrue(with_logs <= {span["spanId"] for _, span in self.spans})

    def test_secrets_to_redact(self):
        keys = {key for _, span in self.spans for key in attributes(span)}
        self.assertTrue({"http.request.header.authorization", "http.request.header.cookie"} <= keys)


if __name__ == "__main__":
    unittest.main()
