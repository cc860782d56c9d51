"""Times every layout on the graph at hand and names the fastest ones. A process of its own:
neither its time nor its memory is the benchmark's."""
import time

import torch

from graph import read_graph
from layouts import ADJACENCY_LAYOUTS, FEATURE_LAYOUTS, adjacency_names, feature_names
from task import read_task, report

task = read_task()
torch.set_num_threads(task["threads"])
graph = read_graph(task["folder"], task["size"])
units, dropout = task["units"], task["teacherDropout"]


def fastest(names, make_attempt):
    if len(names) == 1:
        return names[0]
    best = {}
    for name in names:
        attempt = make_attempt(name)
        # The first attempt pays for caches.
        attempt()
        seconds = []
        for _ in range(3):
            begin = time.perf_counter()
            attempt()
            seconds.append(time.perf_counter() - begin)
        best[name] = min(seconds)
    return min(best, key=best.get)


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
report(
    {
        "teacherFeatures": fastest(names, features_attempt("x.teacher", dropout)),
        "studentFeatures": fastest(names, features_attempt("x.values", 0)),
        "adjacency": fastest(adjacency_names(graph, units), adjacency_attempt),
    }
)
