#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.sh and test.sh as a person or a script meets them, in a small tree of its own with stand-ins for cmake and apt."""
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["bash", "awk", "cat", "chmod", "cp", "dirname", "env", "find", "flock", "grep", "id", "mkdir", "mv", "rm", "sleep", "touch", "tr"]
CMAKE = """#!/bin/bash
echo "cmake $*" >> "$STUB_LOG"
echo "noise of the build"
if [[ $1 == --build ]]; then
  [[ -e $STUB_BROKEN ]] && exit 1
  sleep 0.3
  mkdir -p build/release/app && cp "$STUB_PROGRAM" build/release/app/spanreel && chmod +x build/release/app/spanreel
fi
"""
PROGRAM = """#!/bin/bash
echo "program $*"
case $1 in stats) exit "${STUB_STATS:-0}" ;; fail) exit 3 ;; esac
"""


class Scripts(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="spanreel-run-")
        base = Path(self.temporary.name)
        self.tree, self.bin, self.log = base / "tree of source", base / "bin", base / "log"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for folder in ("app", "model", "views", "ingest", "resources/samples", "translations", "packaging"):
            (self.tree / folder).mkdir(parents=True)
        for name in ("run.sh", "test.sh", "packaging/packages.sh", "CMakeLists.txt", "CMakePresets.json"):
            shutil.copy(ROOT / name, self.tree / name)
        (self.tree / "app/main.cpp").write_text("// code\n")
        (base / "program").write_text(PROGRAM)
        self.stub("cmake", CMAKE)
        self.stub("dpkg-query", "#!/bin/bash\necho dpkg-query >> \"$STUB_LOG\"\nfor p in $STUB_INSTALLED; do echo \"$p installed\"; done\n")
        self.stub("apt-get", "#!/bin/bash\necho \"apt-get $*\" >> \"$STUB_LOG\"\necho 'noise of apt'\n")
        # As the real one: a block a package, long after its candidate, and a failure where nobody reads to the end.
        self.stub("apt-cache", "#!/bin/bash\nshift\nfor p in \"$@\"; do printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0\\n  Version table:\\n' \"$p\" || exit 100\n"
                  "for ((i = 0; i < 2000; ++i)); do echo '     1.0 500' || exit 100; done; done\n")
        self.stub("sudo", "#!/bin/bash\necho \"sudo $*\" >> \"$STUB_LOG\"\n\"$@\"\n")
        self.env = {"PATH": str(self.bin), "HOME": str(base), "STUB_LOG": str(self.log), "STUB_PROGRAM": str(base / "program"),
                    "STUB_BROKEN": str(base / "broken"), "STUB_INSTALLED": self.all_packages(), "SPANREEL_HOME": str(base / "home"), "LC_ALL": "C.UTF-8"}
        # Everything is as old as a checkout of an hour ago: times to the second must not matter.
        for path in [self.tree, *self.tree.rglob("*")]:
            os.utime(path, (time.time() - 3600,) * 2)

    def tearDown(self):
        self.temporary.cleanup()

    def stub(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    @staticmethod
    def all_packages():
        script = f'source "{ROOT}/packaging/packages.sh"; printf "%s\\n" "${{SPANREEL_PACKAGES_RUNTIME[@]}}" "${{SPANREEL_PACKAGES_BUILD[@]}}" "${{SPANREEL_PACKAGES_TEST[@]}}"'
        needs = subprocess.run(["bash", "-c", script], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        return " ".join(need.lstrip("?").split("|")[0] for need in needs)

    def run_sh(self, *arguments, script="run.sh", **env):
        return subprocess.run([str(self.tree / script), *arguments], env={**self.env, **env}, cwd=self.temporary.name, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def calls(self, name):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if line.split()[0] == name]

    def test_first_start_builds_then_runs(self):
        done = self.run_sh("--version")
        self.assertEqual((done.returncode, done.stdout), (0, "program --version\n"), done.stderr)
        self.assertEqual(self.calls("cmake"), ["cmake --preset release", "cmake --build --preset release --target spanreel"])
        self.assertEqual(self.calls("apt-get"), [])

    def test_second_start_touches_no_tool(self):
        self.run_sh("--version")
        self.log.unlink()
        done = self.run_sh("stats", "a b.json", "--json")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "program stats a b.json --json\n", ""))
        self.assertFalse(self.log.exists())

    def test_changes_are_built(self):
        for change in (lambda: (self.tree / "model/new.h").write_text("// new\n"), lambda: (self.tree / "model/new.h").unlink(),
                       lambda: (self.tree / "CMakeLists.txt").touch(), lambda: (self.tree / "resources/samples/x").write_text("x")):
            self.run_sh("--version")
            self.log.unlink()
            time.sleep(0.02)
            change()
            self.run_sh("--version")
            self.assertEqual(len(self.calls("cmake")), 2)

    def test_a_change_during_the_build_is_built_next_time(self):
        running = subprocess.Popen([str(self.tree / "run.sh"), "--version"], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not any("--build" in line for line in self.calls("cmake")):
            time.sleep(0.01)
        (self.tree / "app/main.cpp").write_text("// changed\n")
        running.wait()
        self.log.unlink()
        self.run_sh("--version")
        self.assertEqual(len(self.calls("cmake")), 2)

    def test_two_at_once_build_once(self):
        both = [subprocess.Popen([str(self.tree / "run.sh"), "--version"], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
        self.assertEqual([process.communicate()[0] for process in both], ["program --version\n"] * 2)
        self.assertEqual(len(self.calls("cmake")), 2)

    def test_failed_build_says_so(self):
        Path(self.env["STUB_BROKEN"]).touch()
        done = self.run_sh("--version")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("the build failed", done.stderr)

    def test_status_of_the_program_is_ours(self):
        self.assertEqual(self.run_sh("fail").returncode, 3)

    def test_installs_only_what_is_missing(self):
        installed = self.env["STUB_INSTALLED"].replace("graphviz", "").replace("libzstd-dev", "")
        done = self.run_sh("--version", STUB_INSTALLED=installed)
        self.assertEqual(done.stdout, "program --version\n")
        self.assertIn("will install with apt-get: graphviz libzstd-dev\n", done.stderr)
        installs = [line for line in self.calls("apt-get") if " install " in line]
        self.assertEqual(len(installs), 1)
        self.assertTrue(installs[0].endswith(" graphviz libzstd-dev"), installs)
        self.assertEqual(bool(self.calls("sudo")), os.getuid() != 0)

    def test_another_linux_is_told_the_packages(self):
        for tool in ("apt-get", "apt-cache", "dpkg-query"):
            (self.bin / tool).unlink()
        done = self.run_sh("--version")
        self.assertEqual((done.returncode, done.stdout), (0, "program --version\n"))
        self.assertIn("libgrpc++-dev", done.stderr)

    def test_no_display_does_the_job_headless(self):
        done = self.run_sh()
        self.assertEqual(done.returncode, 0, done.stderr)
        sample, out = self.tree / "resources/samples/shop.otlp.jsonl", self.tree / "build/headless"
        self.assertEqual(done.stdout.splitlines(), [
            f"program stats {sample}", f"program report {sample} --trace largest -o {out}/report.html",
            f"program render {sample} --trace largest --view timeline -o {out}/timeline.png", f"program render {sample} --trace largest --view map -o {out}/map.png"])
        self.assertIn(str(out), done.stderr)

    def test_no_display_with_files(self):
        done = self.run_sh("--no-receivers", "--http-port", "0", "x.json", STUB_STATS="1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines()[0], "program stats x.json")

    def test_no_display_and_nothing_readable(self):
        Path(self.temporary.name, "x.json").touch()
        self.assertEqual(self.run_sh("x.json", STUB_STATS="3").returncode, 3)

    def test_with_a_display_the_window_opens(self):
        for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            self.assertEqual(self.run_sh("--no-receivers", **{variable: "x"}).stdout, "program --no-receivers\n")

    def test_unknown_mode_of_test_sh(self):
        done = self.run_sh("dance", script="test.sh")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("asan", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
