#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the house as ARCHITECTURE.md draws it: who may include whom, which folders there are, what each file begins with."""
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = {"model": {"model"}, "ingest": {"ingest", "model"}, "views": {"views", "model"}, "app": {"app", "views", "ingest", "model"}}
FOLDERS = {"app", "model", "views", "ingest", "resources", "translations", "tests", "packaging", ".ci"}
FILES = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "CMakeLists.txt", "CMakePresets.json", "run.sh", "test.sh"}
SOURCES = {".h", ".cpp", ".py", ".sh", ".js", ".mjs", ".cmake"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
QT_IN_MODEL = re.compile(r"^(Q[A-Z]\w*|Qt[A-Z]\w*/.*|q\w+\.h)$")
# Headers that are dear to compile: each kind in at most three .cpp files and in no header.
DEAR = {
    "gRPC": re.compile(r"^(grpcpp|grpc)/|\.grpc\.pb\.h$"),
    "Beast": re.compile(r"^boost/beast"),
    "simdjson": re.compile(r"^simdjson\.h$"),
    "Qt Charts": re.compile(r"^(QtCharts/|Q(Chart|ChartView|ScatterSeries|LineSeries|XYSeries|ValueAxis|LogValueAxis|DateTimeAxis|AbstractAxis|AbstractSeries|BarSeries|AreaSeries|Legend|LegendMarker)$)"),
}
# The GUI thread never locks and never waits, so the layers it runs in have no locks of their own at all.
LOCKS = re.compile(r"\b(std::(\w*mutex|condition_variable\w*|(lock|scoped|unique|shared)_(guard|lock)|future|promise|async)|QMutex\w*|QReadWriteLock|QSemaphore|QWaitCondition|"
                   r"BlockingQueuedConnection|processEvents|waitForBytesWritten|waitForReadyRead)\b")
FORBIDDEN_IN_MODEL = re.compile(r"^(google/protobuf|grpc|grpcpp|boost/(beast|asio)|protozero)/|\.pb\.h$")


def tracked():
    """Files of the repository; all files where it is not a checkout (a source archive)."""
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if listing.returncode == 0:
        names = [name for name in listing.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and path.relative_to(ROOT).parts[0] not in {"build", ".cache"}]
    return [Path(name) for name in names if (ROOT / name).is_file()]


def includes(path):
    return INCLUDE.findall((ROOT / path).read_text(encoding="utf-8", errors="replace"))


class Layering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tracked()
        cls.code = [path for path in cls.files if path.suffix in {".h", ".cpp"}]

    def test_sees_the_code(self):
        self.assertGreater(len(self.code), 40)

    def test_layers(self):
        bad = []
        for path in self.code:
            layer = path.parts[0]
            if layer not in LAYERS:
                continue
            for _, name in includes(path):
                first = name.split("/")[0]
                if "/" in name and first in LAYERS and first not in LAYERS[layer]:
                    bad.append(f"{path}: {layer} may not know {name}")
        self.assertEqual(bad, [])

    def test_model_is_plain(self):
        bad = [f"{path}: {name}" for path in self.code if path.parts[0] == "model" for _, name in includes(path)
               if QT_IN_MODEL.match(name) or FORBIDDEN_IN_MODEL.search(name)]
        self.assertEqual(bad, [])

    def test_the_window_has_no_locks(self):
        window = [path for path in self.code if path.parts[0] == "views" or path.parts[:2] == ("app", "studio")]
        self.assertGreater(len(window), 40)
        bad = [f"{path}:{number}: {line.strip()}" for path in window
               for number, line in enumerate((ROOT / path).read_text(encoding="utf-8", errors="replace").split("\n"), 1) if LOCKS.search(line.split("//")[0])]
        self.assertEqual(bad, [])

    def test_link_lists_agree(self):
        """A library links only the layers it may include."""
        for layer, allowed in LAYERS.items():
            text = "".join((ROOT / path).read_text() for path in self.files if path.name == "CMakeLists.txt" and path.parts[0] == layer)
            linked = set(re.findall(r"\bspanreel_(model|ingest|views)\b", text)) - {layer}
            self.assertLessEqual(linked, allowed, layer)

    def test_dear_headers(self):
        for kind, pattern in DEAR.items():
            users = sorted({str(path) for path in self.code if path.parts[0] in LAYERS and any(pattern.search(name) for _, name in includes(path))})
            self.assertEqual([user for user in users if not user.endswith(".cpp")], [], f"{kind} in a header")
            self.assertLessEqual(len(users), 3, f"{kind}: {users}")

    def test_top_level(self):
        folders = {path.parts[0] for path in self.files if len(path.parts) > 1}
        self.assertLessEqual(folders, FOLDERS)
        loose = {path.name for path in self.files if len(path.parts) == 1 and not path.name.startswith(".")}
        self.assertLessEqual(loose, FILES)

    def test_spdx_line_first(self):
        bad = []
        for path in self.files:
            if path.suffix in SOURCES or path.name == "CMakeLists.txt" or str(path) == ".ci/run":
                lines = (ROOT / path).read_text(encoding="utf-8", errors="replace").split("\n", 2)
                line = lines[1] if lines[0].startswith("#!") else lines[0]
                if "SPDX-License-Identifier: GPL-3.0-or-later" not in line:
                    bad.append(str(path))
        self.assertEqual(bad, [])

    def test_files_stay_short(self):
        long = {str(path): count for path in self.code if (count := (ROOT / path).read_text(encoding="utf-8", errors="replace").count("\n")) > 600}
        self.assertEqual(long, {})

    def test_no_globs_in_cmake(self):
        self.assertEqual([str(path) for path in self.files if path.name == "CMakeLists.txt" and "file(GLOB" in (ROOT / path).read_text()], [])


class Architecture(unittest.TestCase):
    """What ARCHITECTURE.md names in backticks exists."""

    def setUp(self):
        self.page = ROOT / "ARCHITECTURE.md"
        if not self.page.is_file():
            self.fail("there is no ARCHITECTURE.md")
        self.names = re.findall(r"`([^`\n]+)`", self.page.read_text(encoding="utf-8"))

    def test_is_short(self):
        self.assertLessEqual(self.page.read_text(encoding="utf-8").count("\n"), 200)

    def test_files_exist(self):
        top = FOLDERS | FILES
        missing = [name for name in self.names if re.fullmatch(r"[\w.+-]+(/[\w.+-]*)*", name) and name.split("/")[0] in top and not (ROOT / name).exists()]
        self.assertEqual(missing, [])

    def test_types_exist(self):
        code = "\n".join((ROOT / path).read_text(encoding="utf-8", errors="replace") for path in tracked() if path.suffix in {".h", ".cpp"})
        types = {name for name in self.names if re.fullmatch(r"[A-Z][a-z0-9]+([A-Z][A-Za-z0-9]*)+|Trace|Selection|Note", name)}
        missing = sorted(name for name in types if not name.startswith("Q") and not re.search(rf"\b(class|struct|enum|enum class|using)\s+{name}\b", code))
        self.assertEqual(missing, [])
        self.assertGreater(len(types), 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
