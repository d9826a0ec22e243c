#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian package: builds, could be installed, starts from where it is unpacked, and opens a file by its type.

Usage: package_test.py BUILD-FOLDER. Nothing is installed on this system: the package is unpacked into a folder, which the
desktop's tools are pointed to.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources/samples/shop.otlp.jsonl"
APP = "org.spanreel.Spanreel"
BUILD = None


def run(*command, **more):
    return subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def need(*tools):
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        raise unittest.SkipTest(f"not installed: {', '.join(missing)}")


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need("dpkg-deb", "dpkg-shlibdeps", "cpack")
        cls.folder = tempfile.TemporaryDirectory(prefix="spanreel-package-")
        folder = Path(cls.folder.name)
        made = run("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", folder / "cpack", cwd=folder)
        if made.returncode != 0:
            raise AssertionError(made.stdout + made.stderr)
        cls.package = next((folder / "cpack").glob("*.deb"))
        cls.prefix = folder / "root"
        subprocess.run(["dpkg-deb", "-x", cls.package, cls.prefix], check=True)
        cls.share = cls.prefix / "usr/share"
        home = folder / "home"
        home.mkdir()
        cls.env = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config"),
                   "XDG_DATA_DIRS": f"{cls.share}:/usr/share", "PATH": f"{cls.prefix}/usr/bin:{os.environ['PATH']}",
                   "SPANREEL_HOME": str(home / "spanreel"), "XDG_CURRENT_DESKTOP": "", "DESKTOP_SESSION": ""}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_control_file(self):
        control = run("dpkg-deb", "-f", self.package).stdout
        self.assertIn("Package: spanreel\n", control)
        depends = next(line for line in control.splitlines() if line.startswith("Depends:"))
        for library in ("libqt6widgets6", "libqt6charts6", "libgrpc++1", "libc6"):
            self.assertIn(library, depends)
        self.assertIn("Recommends: graphviz", control)

    def test_could_be_installed_here(self):
        need("apt-get")
        simulated = run("apt-get", "-s", "-o", "Debug::NoLocking=1", "install", self.package)
        self.assertEqual(simulated.returncode, 0, simulated.stdout + simulated.stderr)
        self.assertIn("Inst spanreel", simulated.stdout)

    def test_program_starts(self):
        version = run("spanreel", "--version", env=self.env)
        self.assertEqual((version.returncode, version.stdout[:9]), (0, "spanreel "), version.stderr)
        stats = run("spanreel", "stats", "--json", SAMPLE, env=self.env)
        self.assertEqual(stats.returncode, 0, stats.stderr)
        self.assertIn('"services":12', stats.stdout.replace(" ", ""))

    def test_files_of_the_desktop_are_valid(self):
        need("desktop-file-validate", "appstreamcli")
        desktop = run("desktop-file-validate", self.share / f"applications/{APP}.desktop")
        self.assertEqual((desktop.returncode, desktop.stdout), (0, ""))
        metainfo = run("appstreamcli", "validate", "--no-net", self.share / f"metainfo/{APP}.metainfo.xml")
        self.assertEqual(metainfo.returncode, 0, metainfo.stdout)
        for size in (16, 32, 48, 64, 128, 256):
            self.assertTrue((self.share / f"icons/hicolor/{size}x{size}/apps/{APP}.png").is_file())
        self.assertTrue((self.share / f"icons/hicolor/scalable/apps/{APP}.svg").is_file())

    def register(self):
        need("update-mime-database", "update-desktop-database", "gio")
        for command in (["update-mime-database", self.share / "mime"], ["update-desktop-database", self.share / "applications"]):
            done = run(*command, env=self.env)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_types(self):
        self.register()
        folder = Path(self.folder.name)
        cases = {"a.otlp.jsonl": "application/x-otlp+json", "a.otlp.json": "application/x-otlp+json", "a.otlp.pb": "application/x-otlp+protobuf",
                 "a.jaeger.json": "application/x-jaeger-trace+json", "a.zipkin.json": "application/x-zipkin-trace+json",
                 "a.spanreel-journal": "application/x-spanreel-journal", "plain.json": "application/json"}
        for name, expected in cases.items():
            (folder / name).write_text("{}\n")
            info = run("gio", "info", "-a", "standard::content-type", folder / name, env=self.env).stdout
            self.assertIn(f"standard::content-type: {expected}\n", info, name)
        for kind in set(cases.values()) - {"application/json"}:
            self.assertIn(f"{APP}.desktop", run("gio", "mime", kind, env=self.env).stdout, kind)

    def test_opens_a_file_by_its_type(self):
        need("Xvfb", "openbox", "xdotool")
        self.register()
        name = "from a colleague.otlp.jsonl"
        target = Path(self.folder.name) / name
        shutil.copy(SAMPLE, target)
        target.chmod(0o644)
        read, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        children = [server]
        try:
            display = os.read(read, 16).decode().strip()
            env = {**self.env, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
            children.append(subprocess.Popen(["openbox"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            # Ports 4317 and 4318 may be somebody's: whether the receivers start is not what this test is about.
            children.append(subprocess.Popen(["gio", "open", str(target)], env=env, start_new_session=True))
            title, until = "", time.monotonic() + 60
            while time.monotonic() < until and "from a colleague" not in title:
                time.sleep(0.25)
                found = run("xdotool", "search", "--onlyvisible", "--class", "spanreel", env=env).stdout.split()
                title = "\n".join(run("xdotool", "getwindowname", window, env=env).stdout for window in found)
            self.assertIn("from a colleague", title)
            for window in run("xdotool", "search", "--onlyvisible", "--class", "spanreel", env=env).stdout.split():
                run("xdotool", "windowclose", window, env=env)
        finally:
            for child in reversed(children):
                child.terminate()
                child.wait(timeout=20)
            os.close(read)


if __name__ == "__main__":
    BUILD = Path(sys.argv.pop()).resolve()
    unittest.main(verbosity=2)
