"""Times every layout on the graph at hand, on one thread and on all, and names the fastest.
A process of its own: neither its time nor its memory is the benchmark's."""
import time

import torch

from graph import Graph
from layouts import ADJACENCY_LAYOUTS, FEATURE_LAYOUTS, adjacency_names, feature_names
from task import read_task, report

# Small products are over in microseconds: repeated for half a second, at least three times.
MIN_SECONDS = 0.5
MIN_ATTEMPTS = 3

task = read_task()
graph = Graph(task["folder"], task["size"])
units, dropout = task["units"], task["teacherDropout"]


def best_time(attempt):
    # The first attempt pays for caches.
    attempt()
    seconds = []
    while len(seconds) < MIN_ATTEMPTS or sum(seconds) < MIN_SECONDS:
        begin = time.perf_counter()
        attempt()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def fastest(names, make_attempt, thread_counts):
    """The best (seconds, layout) by number of threads."""
    best = {}
    for name in names:
        attempt = make_attempt(name)
        for threads in thread_counts:
            torch.set_num_threads(threads)
            timed = (best_time(attempt), name)
            best[threads] = min(timed, best.get(threads, timed))
    return best


def features_attempt(values, dropout):
    def make(name):
        layout = FEATURE_LAYOUTS[name](graph, values)
        weight = torch.randn(graph.width, units, requires_grad=True)

        def attempt():
            layout.product(weight, dropout, True).sum().backward()
            with torch.no_grad():
                layout.product(weight, dropout, False)

        return attempt

    return make


def adjacency_attempt(name):
    layout = ADJACENCY_LAYOUTS[name](graph)
    convolution = layout.convolution(units, units)
    h = torch.randn(graph.nodes, units, requires_grad=True)

    def attempt():
        convolution(h, layout.edges).sum().backward()
        with torch.no_grad():
            convolution(h, layout.edges)

    return attempt


names = feature_names(graph)
counts = sorted({1, task["threads"]})
parts = {
    "teacherFeatures": fastest(names, features_attempt("x.teacher", dropout), counts),
    "studentFeatures": fastest(names, features_attempt("x.values", 0), counts),
    "adjacency": fastest(adjacency_names(graph, units), adjacency_attempt, counts),
}
threads = min(counts, key=lambda count: sum(best[count][0] for best in parts.values()))
report({"threads": threads, **{part: best[threads][1] for part, best in parts.items()}})
