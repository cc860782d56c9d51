"""The same run as train_graph.py for graphs that do not fit in one piece: SIGN teacher on
features propagated once, every step on a batch of rows."""
import time

import torch
import torch.nn.functional as F

from graph import Graph, row_numbers
from layouts import DenseFeatures
from losses import DistillationLoss
from models import Sign, Student
from task import cpu_seconds, peak_rss_mb, read_task, report
from training import accuracy, fit

# As ours: a validation costs as much as several batches.
VALIDATE_EVERY = 5

task = read_task()
options, steps, cap, batch = task["options"], task["epochs"], task["cap"], task["options"]["batch"]
hyper, widths = options["student"], options["widths"]
incremental = options["structure"] == "incremental"
torch.set_num_threads(task["threads"])
torch.manual_seed(options["seed"])
graph = Graph(task["folder"], task["size"])
train, validation = graph.train, graph.validation
x = graph.array("x")

phases, accuracies = {}, {}


def propagated_features():
    """X, Â X, Â² X, …; a CSR matrix of int32, the self-loops beside it, to spare memory."""
    offsets, columns = graph.array("adjacency.offsets"), graph.array("adjacency.indices")
    scale = (offsets.diff() + 1).float().rsqrt()
    values = scale[row_numbers(offsets)] * scale[columns]
    adjacency = torch.sparse_csr_tensor(offsets, columns, values, (graph.nodes, graph.nodes))
    loops = (scale * scale).unsqueeze(1)
    hops = [x]
    for _ in range(options["teacherDepth"]):
        hops.append((adjacency @ hops[-1]).addcmul_(loops, hops[-1]))
    return hops


def batches_of(nodes):
    """Rows in random order, forever."""
    while True:
        for rows in torch.randperm(nodes.numel()).split(batch):
            yield nodes[rows]


def in_chunks(compute):
    """Whatever `compute` returns for a range of rows, for all rows."""
    with torch.no_grad():
        parts = [compute(rows) for rows in torch.arange(graph.nodes).split(batch)]
    return [torch.cat(tensors) for tensors in zip(*parts)]


def note_accuracy(name, logits):
    accuracies[name] = 100 * accuracy(logits[graph.test], graph.labels[graph.test])


def train_teacher():
    begin, cpu_begin = time.perf_counter(), cpu_seconds()
    hops = propagated_features()
    seconds, cpu = time.perf_counter() - begin, cpu_seconds() - cpu_begin
    model = Sign(
        len(hops), graph.width, options["teacherHidden"], graph.classes, options["teacherDropout"]
    )
    rows_at = lambda nodes: [hop[nodes] for hop in hops]
    validation_rows, draw = rows_at(validation), batches_of(train)

    def loss():
        nodes = next(draw)
        return F.cross_entropy(model(rows_at(nodes)), graph.labels[nodes])

    rates = (options["teacherLearningRate"], options["teacherWeightDecay"])
    validate = lambda: model(validation_rows)
    phase = fit(model, loss, validate, graph, rates, steps["teacher"], cap, VALIDATE_EVERY)
    phase["seconds"] += seconds
    phase["cpuSeconds"] += cpu
    phases["teacher"] = phase
    [logits] = in_chunks(lambda rows: [model(rows_at(rows))])
    note_accuracy("teacher", logits)
    return logits


def train_student(name, stage, previous, units, teacher_logits, mixup_ratio):
    """Returns the frozen units of all nodes; without teacher logits a plain MLP."""
    reads = 0 if previous is None else previous.size(1)
    model = Student(graph.width, reads, units, graph.classes, options["dropout"], incremental)
    terms = DistillationLoss(hyper, stage, mixup_ratio)
    labelled, taught = batches_of(train), batches_of(torch.arange(graph.nodes))

    def rows_at(nodes):
        return DenseFeatures.of(x[nodes]), None if previous is None else previous[nodes]

    def loss():
        if teacher_logits is None:
            nodes = next(labelled)
            return F.cross_entropy(model(*rows_at(nodes))[1], graph.labels[nodes])
        nodes = next(taught)
        soft_targets = terms.soft_targets(teacher_logits[nodes])
        own = next(labelled)
        own_rows = rows_at(own) if terms.alpha > 0 or terms.mixup_weight > 0 else None
        total = terms.distilled(
            model(*rows_at(nodes))[1],
            soft_targets,
            lambda: model(*own_rows)[1],
            graph.labels[own],
        )
        if terms.mixup_weight == 0:
            return total
        order, partners = torch.arange(own.numel()), torch.randperm(own.numel())
        z = model.first(*own_rows)
        mixed = model.mixed(z, own_rows[1], order, partners, mixup_ratio)
        return total + terms.mixup(mixed, graph.labels[own], graph.labels[own[partners]])

    validation_rows = rows_at(validation)
    rates = (hyper["learningRate"], hyper["weightDecay"])
    validate = lambda: model(*validation_rows)[1]
    phases[name] = fit(model, loss, validate, graph, rates, steps[name], cap, VALIDATE_EVERY)
    own, logits = in_chunks(lambda rows: model(*rows_at(rows)))
    note_accuracy(name, logits)
    return own


teacher_logits = train_teacher()
train_student("mlp", 1, None, widths[-1], None, None)
train_student("glnn", 1, None, widths[-1], teacher_logits, None)
previous = None
for stage, width in enumerate(widths, start=1):
    grows = incremental and stage > 1
    units = width - widths[stage - 2] if grows else width
    ratio = options["mixupInitial"]
    own = train_student(f"stage-{stage}", stage, previous, units, teacher_logits, ratio)
    previous = torch.cat([previous, own], dim=1) if grows else own

report(
    {
        "seconds": sum(phase["seconds"] for phase in phases.values()),
        "cpuSeconds": sum(phase["cpuSeconds"] for phase in phases.values()),
        "peakRssMb": peak_rss_mb(),
        "phases": phases,
        "accuracy": accuracies,
    }
)
