"""The teacher and the students, the same as Dandan's (trainer/teacher/gcn.ts,
trainer/student/student.ts)."""
import torch
import torch.nn.functional as F
from torch import nn


class FeatureLinear(nn.Module):
    """X W for whatever layout X has."""

    def __init__(self, features, inputs, outputs):
        super().__init__()
        self.features = features
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, dropout):
        return self.features.product(self.weight, dropout, self.training)


class Gcn(nn.Module):
    """Kipf & Welling 2017: dropout, convolution, ReLU per layer; as PyTorch Geometric's example."""

    def __init__(self, features, adjacency, widths, dropout):
        super().__init__()
        self.dropout = dropout
        self.edges = adjacency.edges
        self.first = FeatureLinear(features, widths[0], widths[1])
        self.convolutions = nn.ModuleList(
            adjacency.convolution(a, b) for a, b in zip(widths, widths[1:])
        )
        # The first product reads X in its own layout; the convolution then only propagates.
        self.convolutions[0].lin = nn.Identity()

    def forward(self):
        h = self.convolutions[0](self.first(self.dropout), self.edges)
        for convolution in self.convolutions[1:]:
            h = F.dropout(h.relu(), self.dropout, self.training)
            h = convolution(h, self.edges)
        return h

    def parameter_groups(self, weight_decay):
        first = set(self.first.parameters())
        return [
            {"params": list(first), "weight_decay": weight_decay},
            {"params": [p for p in self.parameters() if p not in first]},
        ]


class Student(nn.Module):
    """One MLP over [x ‖ h of the predecessor]; `incremental`: its head also reads h."""

    def __init__(self, features, width, previous, units, classes, dropout, incremental):
        super().__init__()
        self.dropout = dropout
        self.previous = previous
        self.head_reads_previous = incremental and previous is not None
        self.from_x = FeatureLinear(features, width, units)
        self.bias = nn.Parameter(torch.zeros(units))
        reads = 0 if previous is None else previous.size(1)
        self.from_h = nn.Linear(reads, units, bias=False) if reads > 0 else None
        self.head = nn.Linear(units + (reads if self.head_reads_previous else 0), classes)

    def preactivation(self):
        z = self.from_x(0) + self.bias
        return z if self.from_h is None else z + self.from_h(self.previous)

    def rest(self, z, previous):
        units = F.dropout(z.relu(), self.dropout, self.training)
        read = units
        if self.head_reads_previous:
            read = torch.cat([units, F.dropout(previous, self.dropout, self.training)], dim=1)
        return units, self.head(read)

    def forward(self):
        self.z = self.preactivation()
        return self.rest(self.z, self.previous)

    def mixed(self, nodes, partners, ratio):
        """Logits of mixed pairs; the layer before the ReLU is linear, so its outputs are mixed."""
        mix = lambda a: ratio * a[nodes] + (1 - ratio) * a[partners]
        previous = mix(self.previous) if self.head_reads_previous else None
        return self.rest(mix(self.z), previous)[1]

    def parameter_groups(self, weight_decay):
        matrices = [p for p in self.parameters() if p.dim() > 1]
        return [
            {"params": matrices, "weight_decay": weight_decay},
            {"params": [p for p in self.parameters() if p.dim() == 1]},
        ]
