# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends traces and logs by the OpenTelemetry Python SDK; prints what it made as JSON.
send_python.py PROTOCOL(grpc|http/protobuf|http/json) ENDPOINT COMPRESSION(none|gzip)"""
import json, logging, sys

protocol, endpoint, compression = sys.argv[1:4]

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

if protocol == "grpc":
    import grpc
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    options = {"insecure": True, "compression": grpc.Compression.Gzip if compression == "gzip" else grpc.Compression.NoCompression}
    spans_to, logs_to = OTLPSpanExporter(endpoint=endpoint, **options), OTLPLogExporter(endpoint=endpoint, **options)
elif protocol == "http/protobuf":
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    options = {"compression": Compression.Gzip if compression == "gzip" else Compression.NoCompression}
    spans_to, logs_to = OTLPSpanExporter(endpoint=endpoint + "/v1/traces", **options), OTLPLogExporter(endpoint=endpoint + "/v1/logs", **options)
else:
    # This SDK has no JSON exporter: its own encoder's messages go out as OTLP/JSON (ids in hex, enums as numbers).
    import base64, gzip, requests
    from google.protobuf.json_format import MessageToDict
    from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
    from opentelemetry.sdk._logs.export import LogRecordExportResult
    from opentelemetry.sdk.trace.export import SpanExportResult

    def ids_to_hex(node):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if key in ("traceId", "spanId", "parentSpanId"):
                node[key] = base64.b64decode(value).hex()
            elif isinstance(value, (dict, list)):
                ids_to_hex(value)

    class JsonExporter:
        def __init__(self, path, encode, success):
            self.url, self.encode, self.success = endpoint + path, encode, success

        def export(self, batch):
            document = MessageToDict(self.encode(batch), use_integers_for_enums=True)
            ids_to_hex(document)
            body, headers = json.dumps(document).encode(), {"Content-Type": "application/json"}
            if compression == "gzip":
                body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
            requests.post(self.url, body, headers=headers, timeout=20).raise_for_status()
            return self.success

        def force_flush(self, timeout_millis=0):
            return True

        def shutdown(self):
            pass

    spans_to = JsonExporter("/v1/traces", encode_spans, SpanExportResult.SUCCESS)
    logs_to = JsonExporter("/v1/logs", encode_logs, LogRecordExportResult.SUCCESS)

made = {"spans": [], "logs": []}


class Truth(SpanProcessor):
    def on_end(self, span):
        context = span.get_span_context()
        made["spans"].append({
            "trace": "%032x" % context.trace_id, "span": "%016x" % context.span_id, "parent": "%016x" % span.parent.span_id if span.parent else "", "name": span.name,
            "kind": span.kind.value + 1, "status": span.status.status_code.value, "start": span.start_time, "end": span.end_time, "attributes": len(span.attributes or {}),
            "events": len(span.events), "links": len(span.links), "scope": span.instrumentation_scope.name})


resource = Resource.create({"service.name": "python-shop", "deployment.environment.name": "démo-ü"})
traces = TracerProvider(resource=resource)
traces.add_span_processor(Truth())
traces.add_span_processor(BatchSpanProcessor(spans_to))
logs = LoggerProvider(resource=resource)
logs.add_log_record_processor(BatchLogRecordProcessor(logs_to))
logger = logging.getLogger("shop")
logger.setLevel(logging.DEBUG)
logger.addHandler(LoggingHandler(level=logging.DEBUG, logger_provider=logs))
tracer = traces.get_tracer("python-demo", "1.0")


def log(level, text):
    context = trace.get_current_span().get_span_context()
    made["logs"].append({"trace": "%032x" % context.trace_id if context.is_valid else "", "span": "%016x" % context.span_id if context.is_valid else "", "body": text})
    logger.log(level, text)


log(logging.INFO, "started, belongs to no trace")
previous = None
for number in range(12):
    links = [Link(previous, {"n": number})] if previous else []
    with tracer.start_as_current_span("checkout", kind=SpanKind.SERVER, links=links, attributes={"app.i": number, "app.ratio": number / 7, "app.flag": number % 2 == 0, "app.tags": ["a", "ç"]}) as root:
        previous = root.get_span_context()
        log(logging.INFO, "checkout %d ☃" % number)
        with tracer.start_as_current_span("SELECT shop.orders", kind=SpanKind.CLIENT, attributes={"db.system.name": "postgresql"}) as child:
            child.add_event("rows", {"count": number})
            if number % 4 == 3:
                child.record_exception(ValueError("no such order"))
                child.set_status(Status(StatusCode.ERROR, "no such order"))
                log(logging.ERROR, "order %d failed" % number)
traces.shutdown()
logs.shutdown()
print(json.dumps(made))
