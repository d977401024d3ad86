"""Runs a program with its output into a file, and prints its exit code, the most memory it had in KiB, and its processor seconds.

measured.py FILE PROGRAM ARGUMENT...    60 s of the processor, for what would never end
"""
import os
import resource
import subprocess
import sys

with open(sys.argv[1], "wb") as out:
    child = subprocess.Popen(
        sys.argv[2:], stdout=out, stderr=subprocess.STDOUT, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    )
    _, status, used = os.wait4(child.pid, 0)
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
print(code, used.ru_maxrss, used.ru_utime + used.ru_stime)
