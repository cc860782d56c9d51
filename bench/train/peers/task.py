"""What a peer is asked (JSON as its argument) and how it answers (JSON as its last line)."""
import json
import resource
import sys


def read_task():
    return json.loads(sys.argv[1])


def report(result):
    print(json.dumps(result), flush=True)


def cpu_seconds():
    """Processor time of all threads of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss_mb():
    """Peak resident memory of this process, MB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
