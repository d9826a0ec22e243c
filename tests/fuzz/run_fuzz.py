#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs libFuzzer targets one after the other and prints what each did; the last line is `N passed, M failed`.

Usage: run_fuzz.py BUILD [--seconds N] [--jobs N] [TARGET...]
A target starts from its seeds (`fuzz_replay --list`), from tests/fuzz/corpus/TARGET and from what earlier runs found in
BUILD/corpus/TARGET. Inputs that break an invariant, crash, hang or take too much memory are kept as
BUILD/artifacts/TARGET-*; copy one to tests/fuzz/corpus/TARGET once it is fixed, and every ./test.sh replays it.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMITS = ["-timeout=20", "-rss_limit_mb=3000", "-malloc_limit_mb=1000", "-max_len=20000", "-print_final_stats=1", "-verbosity=1"]
ENVIRONMENT = {"ASAN_OPTIONS": "detect_stack_use_after_return=0:allocator_may_return_null=1", "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"}


def targets(build):
    """(name, [seed paths]) as the replay program lists them."""
    listing = subprocess.run([build / "tests/fuzz/fuzz_replay", "--list"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [(words[0], [ROOT / seed for seed in words[1:]]) for words in map(str.split, listing.splitlines()) if words]


def run(build, name, seeds, seconds):
    """(good, line) for one target."""
    grown, regressions = build / "corpus" / name, ROOT / "tests/fuzz/corpus" / name
    artifacts = build / "artifacts"
    for folder in (grown, artifacts):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        for path in [seed] if seed.is_file() else sorted(seed.rglob("*")):
            if path.is_file() and path.suffix != ".expected":
                copy = grown / f"seed-{path.name}"
                if not copy.exists():
                    copy.write_bytes(path.read_bytes())
    command = [build / f"tests/fuzz/fuzz_{name}", f"-max_total_time={seconds}", f"-artifact_prefix={artifacts}/{name}-", *LIMITS, grown]
    words = ROOT / "tests/fuzz/words.dict"
    command.insert(1, f"-dict={words}")
    if regressions.is_dir():
        command.append(regressions)
    done = subprocess.run(command, env=os.environ | ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = done.stdout.decode(errors="replace")
    (build / f"{name}.log").write_text(output)
    executions = re.search(r"stat::number_of_executed_units:\s*(\d+)", output)
    count = f"{int(executions[1]):,} executions" if executions else "no count"
    kept = re.search(r"Test unit written to (\S+)", output)
    why = re.search(r"^(BROKEN: .*|SUMMARY: .*|.*runtime error: .*)$", output, re.M)
    if done.returncode == 0:
        return True, f"held     {name}: {count}"
    return False, f"failed   {name}: {why[1][:300] if why else 'status ' + str(done.returncode)} [{kept[1] if kept else build / (name + '.log')}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("names", nargs="*", metavar="TARGET")
    wanted = parser.parse_intermixed_args()
    build = wanted.build.resolve()
    chosen = [(name, seeds) for name, seeds in targets(build) if not wanted.names or name in wanted.names]
    unknown = set(wanted.names) - {name for name, _ in chosen}
    for name in sorted(unknown):
        print(f"failed   {name}: no such target")
    good = 0
    with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
        for held, line in pool.map(lambda target: run(build, *target, wanted.seconds), chosen):
            good += held
            print(line, flush=True)
    bad = len(chosen) - good + len(unknown)
    print(f"{good} passed, {bad} failed")
    return 1 if bad or not good else 0


if __name__ == "__main__":
    sys.exit(main())
