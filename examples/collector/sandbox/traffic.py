"""The sandbox's clients: reads reports through the Service, so that error rate and response time have something to measure.

usage: traffic.py BASE_URL [REQUESTS_PER_SECOND]. It only reads: the number of reports stays what the operator made it.
"""
import itertools
import sys
import threading
import time
import urllib.error
import urllib.request

TENANTS = ("acme", "globex", "initech", "umbrella")
WORKERS = 8  # a slow release must not slow the others down


def client(base, pause, tenants):
    for tenant in tenants:
        started = time.monotonic()
        try:
            with urllib.request.urlopen(f"{base}/reports?tenant={tenant}&limit=5", timeout=5) as answer:
                answer.read()
        except (urllib.error.URLError, OSError, ValueError):
            pass  # what it looks like from here does not matter: the service counts its errors itself
        time.sleep(max(0.0, pause - (time.monotonic() - started)))


def main():
    base, rate = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 20
    for n in range(WORKERS):
        tenants = itertools.islice(itertools.cycle(TENANTS), n % len(TENANTS), None)
        threading.Thread(target=client, args=(base, WORKERS / rate, tenants), daemon=True).start()
    threading.Event().wait()


main()
