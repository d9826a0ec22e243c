# SPDX-License-Identifier: GPL-3.0-or-later
"""A page in Chromium sends its spans to another origin of this machine: preflight, then POST, JSON and protobuf."""
import os, shutil, subprocess, tempfile, time

from e2e_server import Server, arguments, check, equal, free_ports, held, need, shared, skip, temporary

args = arguments()
need("node", "npm", "chromium")
source = shared("clients", "otel-web")
client = os.path.join(args.work, "otel-web")
lock = (source / "package-lock.json").read_bytes()
stamp = os.path.join(client, "installed")
if not os.path.exists(stamp) or open(stamp, "rb").read() != lock:
    shutil.rmtree(client, ignore_errors=True)
    os.makedirs(client)
    for name in os.listdir(source):
        if (source / name).is_file():
            shutil.copyfile(source / name, os.path.join(client, name))
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npx", "--no-install", "esbuild", "page.js", "--bundle", "--outfile=bundle.js"]):
        done = subprocess.run(command, cwd=client, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            skip("%s failed: %s" % (command[0], done.stderr[-300:]))
    with open(stamp, "wb") as file:
        file.write(lock)

# The page's own server listens on a fixed port; a copy of it on a free one.
port = free_ports(1)
with open(os.path.join(client, "serve.js")) as file:
    script = file.read().replace("7701", str(port))
with tempfile.NamedTemporaryFile("w", dir=client, suffix=".js") as page_server:
    page_server.write(script)
    page_server.flush()
    pages = subprocess.Popen(["node", page_server.name], cwd=client)
    try:
        time.sleep(0.5)
        browsers = []
        for encoding in ("json", "proto"):
            journal = temporary() + "/journal"
            server = Server(args.spanreel, record=journal)
            url = "http://127.0.0.1:%d/?enc=%s&hdr=1&url=http://localhost:%s/v1/traces" % (port, encoding, server.http.rsplit(":", 1)[1])
            command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                       "--disable-sync", "--disable-default-apps", "--user-data-dir=" + temporary(), "--remote-debugging-port=0", url]
            browsers.append((encoding, journal, server, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))
        for encoding, journal, server, browser in browsers:
            wanted = sorted(["click #0", "click #1", "click #2", "click #3", "late span before unload"] + ["GET"] * 4)
            for _ in range(150):  # until all have come
                names = sorted(span.name for span in held(args.spanreel, journal)[0])
                if len(names) >= len(wanted):
                    break
                time.sleep(0.2)
            browser.kill()
            browser.wait()
            live = server.stop()
            equal(sorted(names), wanted, "spans by " + encoding)
            equal((live["traces"], live["errors"], live["services"]), (5, 1, 1), "counts by " + encoding)
            print("ok", encoding, len(names), "spans")
    finally:
        pages.kill()
        pages.wait()
