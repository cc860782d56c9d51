"""The same run as workers/train-graph.ts: GCN teacher, plain MLP, GLNN and K students with
frozen predecessors, for as many epochs as ours took. Quantisation, certificate and bundle have
no counterpart here and are counted on our side only."""
import torch
import torch.nn.functional as F

from graph import Graph
from layouts import ADJACENCY_LAYOUTS, FEATURE_LAYOUTS
from losses import DistillationLoss
from models import Gcn, Student
from task import peak_rss_mb, read_task, report
from training import accuracy, fit

task = read_task()
options, epochs, cap = task["options"], task["epochs"], task["cap"]
hyper, widths = options["student"], options["widths"]
incremental = options["structure"] == "incremental"
torch.set_num_threads(task["threads"])
torch.manual_seed(options["seed"])
graph = Graph(task["folder"], task["size"])
train, validation = graph.train, graph.validation
labels = graph.labels[train]

layouts = task["layouts"]
teacher_x = FEATURE_LAYOUTS[layouts["teacherFeatures"]](graph, "x.teacher")
student_x = FEATURE_LAYOUTS[layouts["studentFeatures"]](graph, "x.values")
adjacency = ADJACENCY_LAYOUTS[layouts["adjacency"]](graph)
graph.forget_edges()

phases, accuracies = {}, {}


def train_phase(name, model, loss, validation_logits, rates):
    phases[name] = fit(model, loss, validation_logits, graph, rates, epochs[name], cap)


def note_accuracy(name, logits):
    accuracies[name] = 100 * accuracy(logits[graph.test], graph.labels[graph.test])


def train_teacher():
    hidden = [options["teacherHidden"]] * (options["teacherDepth"] - 1)
    sizes = [graph.width, *hidden, graph.classes]
    model = Gcn(teacher_x, adjacency, sizes, options["teacherDropout"])
    rates = (options["teacherLearningRate"], options["teacherWeightDecay"])
    train_phase(
        "teacher",
        model,
        lambda: F.cross_entropy(model()[train], labels),
        lambda: model()[validation],
        rates,
    )
    with torch.no_grad():
        logits = model()
    note_accuracy("teacher", logits)
    return logits


teacher_logits = train_teacher()
student_rates = (hyper["learningRate"], hyper["weightDecay"])
# MLPs read rows alone: what is only judged or only labelled needs no more than its own rows.
validation_x, train_x = student_x.rows(validation), student_x.rows(train)


def create_student(previous, units):
    reads = 0 if previous is None else previous.size(1)
    return Student(graph.width, reads, units, graph.classes, options["dropout"], incremental)


def finish(name, model, loss, previous):
    """Trains; returns the frozen units of all nodes."""
    validation_h = None if previous is None else previous[validation]
    train_phase(name, model, loss, lambda: model(validation_x, validation_h)[1], student_rates)
    with torch.no_grad():
        units, logits = model(student_x, previous)
    note_accuracy(name, logits)
    return units


def train_plain():
    model = create_student(None, widths[-1])
    finish("mlp", model, lambda: F.cross_entropy(model(train_x, None)[1], labels), None)


def train_distilled(name, stage, previous, units, mixup_ratio):
    model = create_student(previous, units)
    terms = DistillationLoss(hyper, stage, mixup_ratio)
    soft_targets = terms.soft_targets(teacher_logits)

    def loss():
        z = model.first(student_x, previous)
        logits = model.rest(z, previous)[1]
        total = terms.distilled(logits, soft_targets, lambda: logits[train], labels)
        if terms.mixup_weight == 0:
            return total
        partners = train[torch.randperm(train.numel())]
        mixed = model.mixed(z, previous, train, partners, mixup_ratio)
        return total + terms.mixup(mixed, labels, graph.labels[partners])

    return finish(name, model, loss, previous)


train_plain()
train_distilled("glnn", 1, None, widths[-1], None)
previous = None
for stage, width in enumerate(widths, start=1):
    grows = incremental and stage > 1
    units = width - widths[stage - 2] if grows else width
    own = train_distilled(f"stage-{stage}", stage, previous, units, options["mixupInitial"])
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
