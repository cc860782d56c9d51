"""The same run as workers/train-graph.ts: GCN teacher, plain MLP, GLNN and K students with
frozen predecessors, for as many epochs as ours took. Quantisation, certificate and bundle have
no counterpart here and are counted on our side only."""
import torch
import torch.nn.functional as F

from graph import read_graph
from layouts import ADJACENCY_LAYOUTS, FEATURE_LAYOUTS
from models import Gcn, Student
from task import peak_rss_mb, read_task, report
from training import accuracy, fit

task = read_task()
options, epochs, cap = task["options"], task["epochs"], task["cap"]
hyper = options["student"]
torch.set_num_threads(task["threads"])
torch.manual_seed(options["seed"])
graph = read_graph(task["folder"], task["size"])
units = options["widths"][-1]
incremental = options["structure"] == "incremental"

layouts = task["layouts"]
teacher_x = FEATURE_LAYOUTS[layouts["teacherFeatures"]](graph, "x.teacher")
student_x = (
    teacher_x if graph.is_dense else FEATURE_LAYOUTS[layouts["studentFeatures"]](graph, "x.values")
)
adjacency = ADJACENCY_LAYOUTS[layouts["adjacency"]](graph)
graph.edge_index = None

phases, accuracies = {}, {}


def train(name, model, loss, logits_of, learning_rate, weight_decay):
    phases[name] = fit(
        model, loss, logits_of, graph, learning_rate, weight_decay, epochs[name], cap
    )
    with torch.no_grad():
        logits = logits_of()
    accuracies[name] = 100 * accuracy(logits, graph.labels, graph.test)
    return logits


depth = options["teacherDepth"]
widths = [graph.width, *[options["teacherHidden"]] * (depth - 1), graph.classes]
teacher = Gcn(teacher_x, adjacency, widths, options["teacherDropout"])
teacher_logits = train(
    "teacher",
    teacher,
    lambda: F.cross_entropy(teacher()[graph.train], graph.labels[graph.train]),
    teacher,
    options["teacherLearningRate"],
    options["teacherWeightDecay"],
)
del teacher
T = hyper["temperature"]
soft_targets = F.softmax(teacher_logits / T, dim=1)


def train_student(name, stage, previous, width, distilled, mixup):
    """PKD and PMA (ProGMLP Eq. 3, 4, 8). Returns the frozen units for the successor."""
    alpha, beta = (hyper["alpha"], hyper["beta"]) if mixup else (0, 0)
    model = Student(
        student_x, graph.width, previous, width, graph.classes, options["dropout"], incremental
    )

    def loss():
        _, logits = model()
        if not distilled:
            return F.cross_entropy(logits[graph.train], graph.labels[graph.train])
        taught = T * T * F.kl_div(
            F.log_softmax(logits / T, dim=1), soft_targets, reduction="batchmean"
        )
        total = (1 - alpha) * taught
        if alpha > 0:
            total = total + alpha * F.cross_entropy(
                logits[graph.train], graph.labels[graph.train]
            )
        total = stage**beta * total
        if not mixup or hyper["mixupWeight"] == 0:
            return total
        ratio = options["mixupInitial"]
        partners = graph.train[torch.randperm(graph.train.numel())]
        mixed = model.mixed(graph.train, partners, ratio)
        pma = ratio * F.cross_entropy(mixed, graph.labels[graph.train])
        pma = pma + (1 - ratio) * F.cross_entropy(mixed, graph.labels[partners])
        return total + hyper["mixupWeight"] * pma

    train(
        name, model, loss, lambda: model()[1], hyper["learningRate"], hyper["weightDecay"]
    )
    with torch.no_grad():
        return model()[0]


train_student("mlp", 1, None, units, distilled=False, mixup=False)
train_student("glnn", 1, None, units, distilled=True, mixup=False)
previous = None
for stage, width in enumerate(options["widths"], start=1):
    before = options["widths"][stage - 2] if incremental and stage > 1 else 0
    own = train_student(f"stage-{stage}", stage, previous, width - before, True, True)
    previous = torch.cat([previous, own], dim=1) if incremental and stage > 1 else own

report(
    {
        "seconds": sum(phase["seconds"] for phase in phases.values()),
        "cpuSeconds": sum(phase["cpuSeconds"] for phase in phases.values()),
        "peakRssMb": peak_rss_mb(),
        "phases": phases,
        "accuracy": accuracies,
    }
)
