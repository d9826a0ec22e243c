#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts test cases in the log of a CTest run and prints `N passed, M failed` as the last line.

An executable of GoogleTest, QtTest or unittest counts by its cases, any other by one. What was skipped is named before.
Usage: count_cases.py LastTest.log (of a run of CTest that did not stop early). Status 1 where something failed.
"""
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^\d+/\d+ Testing: (?P<name>.+)$", re.M)
OUTPUT = re.compile(r"^Output:\n-+\n(.*)<end of output>\nTest time = [^\n]*\n-+\n([^\n]*)", re.S | re.M)


def blocks(log):
    """(name, output, verdict) of each test; a test that could not start has no output and an empty verdict."""
    starts = list(BLOCK.finditer(log))
    for start, following in zip(starts, starts[1:] + [None]):
        text = log[start.end():following.start() if following else len(log)]
        found = OUTPUT.search(text)
        # CTest's log calls a test passed whose executable is missing; its command is empty.
        ran = found and '\nCommand: ""\n' not in text
        yield start["name"], found[1] if found else "", found[2] if ran else ""


def google_test(output):
    if not re.search(r"^\[==========\] .*\bran\b", output, re.M):
        return None
    skipped = sorted(set(re.findall(r"^\[  SKIPPED \] (\S+\.\S+)(?: \(|$)", output, re.M)))
    failed = {name for name in re.findall(r"^\[  FAILED  \] (\S+\.\S+?),?(?: |$)", output, re.M)}
    ran = re.search(r"^\[==========\] (\d+) tests? from .* ran\b", output, re.M)
    return int(ran[1]) - len(failed) - len(skipped), len(failed), skipped


def qt_test(output):
    totals = re.findall(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", output, re.M)
    if not totals:
        return None
    skipped = re.findall(r"^SKIP   : (\S+\(.*?\))", output, re.M)
    fixtures = len(re.findall(r"^PASS   : \S+::(?:init|cleanup)TestCase\(\)", output, re.M))
    return sum(int(t[0]) for t in totals) - fixtures, sum(int(t[1]) for t in totals), skipped


def unit_test(output):
    ran = re.findall(r"^Ran (\d+) tests? in ", output, re.M)
    if not ran:
        return None
    failed = sum(int(n) for n in re.findall(r"^FAILED .*$", output, re.M) for n in re.findall(r"(?:failures|errors)=(\d+)", n))
    skipped = re.findall(r"^(\S+) .*\.\.\. skipped", output, re.M)
    count = re.search(r"^(?:OK|FAILED) .*skipped=(\d+)", output, re.M)
    if count and len(skipped) < int(count[1]):
        skipped += ["(unnamed)"] * (int(count[1]) - len(skipped))
    return sum(map(int, ran)) - failed - len(skipped), failed, skipped


def main():
    passed, failed, skipped, failures = 0, 0, [], []
    for name, output, verdict in blocks(Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace")):
        ok = verdict.startswith("Test Passed")
        if "Skip" in verdict:
            skipped.append(name)
            continue
        cases = google_test(output) or qt_test(output) or unit_test(output) or (int(ok), int(not ok), [])
        good, bad, left = cases
        if not ok and bad == 0:  # died, timed out or failed outside its cases
            good, bad = max(0, good), 1
        passed, failed = passed + good, failed + bad
        skipped += [f"{name}: {case}" for case in left]
        if bad:
            failures.append(name)
    for case in skipped:
        print(f"skipped  {case}")
    for case in failures:
        print(f"failed   {case}")
    if skipped:
        print(f"{len(skipped)} skipped")
    if passed + failed == 0:
        print("no test ran")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
