"""The teachers and the students, the same as Dandan's (trainer/teacher/gcn.ts and sign.ts,
trainer/student/student.ts)."""
import torch
import torch.nn.functional as F
from torch import nn


class FeatureLinear(nn.Module):
    """X W for whatever layout X has."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, features, dropout=0):
        return features.product(self.weight, dropout, self.training)


class Gcn(nn.Module):
    """Kipf & Welling 2017: dropout, convolution, ReLU per layer; as PyTorch Geometric's example."""

    def __init__(self, features, adjacency, widths, dropout):
        super().__init__()
        self.dropout = dropout
        self.features = features
        self.edges = adjacency.edges
        self.first = FeatureLinear(widths[0], widths[1])
        self.convolutions = nn.ModuleList(
            adjacency.convolution(a, b) for a, b in zip(widths, widths[1:])
        )
        # The first product reads X in its own layout; the convolution then only propagates.
        self.convolutions[0].lin = nn.Identity()

    def forward(self):
        h = self.convolutions[0](self.first(self.features, self.dropout), self.edges)
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


class Sign(nn.Module):
    """Frasca et al. 2020 with inner sums: ReLU(sum of hop r times W_r, + b) W + b."""

    def __init__(self, hops, width, hidden, classes, dropout):
        super().__init__()
        self.dropout = dropout
        self.hops = nn.ModuleList(nn.Linear(width, hidden, bias=False) for _ in range(hops))
        self.bias = nn.Parameter(torch.zeros(hidden))
        self.head = nn.Linear(hidden, classes)

    def forward(self, hops):
        z = self.bias + sum(linear(x) for linear, x in zip(self.hops, hops))
        return self.head(F.dropout(z.relu(), self.dropout, self.training))

    def parameter_groups(self, weight_decay):
        first = set(self.hops.parameters())
        return [
            {"params": list(first), "weight_decay": weight_decay},
            {"params": [p for p in self.parameters() if p not in first]},
        ]


class Student(nn.Module):
    """One MLP over rows of [x ‖ h of the predecessor]; `incremental`: its head also reads h."""

    def __init__(self, width, reads, units, classes, dropout, incremental):
        super().__init__()
        self.dropout = dropout
        self.head_reads_previous = incremental and reads > 0
        self.from_x = FeatureLinear(width, units)
        self.bias = nn.Parameter(torch.zeros(units))
        self.from_h = nn.Linear(reads, units, bias=False) if reads > 0 else None
        self.head = nn.Linear(units + (reads if self.head_reads_previous else 0), classes)

    def first(self, features, previous):
        """Before the ReLU; linear, so that mixing it is mixing [x ‖ h]."""
        z = self.from_x(features) + self.bias
        return z if self.from_h is None else z + self.from_h(previous)

    def rest(self, z, previous):
        """Units and logits."""
        units = F.dropout(z.relu(), self.dropout, self.training)
        if not self.head_reads_previous:
            return units, self.head(units)
        read = F.dropout(previous, self.dropout, self.training)
        return units, self.head(torch.cat([units, read], dim=1))

    def forward(self, features, previous):
        return self.rest(self.first(features, previous), previous)

    def mixed(self, z, previous, nodes, partners, ratio):
        """Logits of mixed pairs of rows."""

        def mix(rows):
            return ratio * rows[nodes] + (1 - ratio) * rows[partners]

        return self.rest(mix(z), mix(previous) if self.head_reads_previous else None)[1]

    def parameter_groups(self, weight_decay):
        return [
            {"params": [p for p in self.parameters() if p.dim() > 1], "weight_decay": weight_decay},
            {"params": [p for p in self.parameters() if p.dim() == 1]},
        ]
