"""The same epochs as workers/gcn-epochs.ts: a training step and an evaluation each."""
import torch
import torch.nn.functional as F

from graph import Graph
from layouts import ADJACENCY_LAYOUTS, DenseFeatures
from models import Gcn
from task import peak_rss_mb, read_task, report
from training import fit

task = read_task()
model_options, warm_up, measured = task["model"], task["warmUp"], task["measured"]
torch.set_num_threads(task["threads"])
torch.manual_seed(1)
graph = Graph(task["folder"], task["size"])
adjacency = ADJACENCY_LAYOUTS[task["layouts"]["adjacency"]](graph)
graph.forget_edges()
widths = [
    graph.width,
    *[model_options["hidden"]] * (model_options["depth"] - 1),
    graph.classes,
]
model = Gcn(DenseFeatures(graph, "x"), adjacency, widths, model_options["dropout"])


def loss():
    return F.cross_entropy(model()[graph.train], graph.labels[graph.train])


def epochs(count):
    rates = (model_options["learningRate"], model_options["weightDecay"])
    phase = fit(model, loss, lambda: model()[graph.validation], graph, rates, count, None)
    return phase["seconds"] / count, phase["cpuSeconds"] / count


epochs(warm_up)
seconds, cpu = epochs(measured)
report(
    {
        "secondsPerEpoch": seconds,
        "cpuSecondsPerEpoch": cpu,
        "peakRssMb": peak_rss_mb(),
    }
)
