"""Ways to hold features and adjacency that a PyTorch Geometric user has without compiled
extras. choose_layouts.py picks the fastest on the machine and the graph at hand."""
import torch
import torch.nn.functional as F
from torch_geometric.nn import GCNConv
from torch_geometric.nn.conv.gcn_conv import gcn_norm
from torch_geometric.utils import to_torch_csr_tensor

from graph import row_numbers

# A dense X beyond this would not fit beside its dropout mask and gradient in 16 GB.
MAX_DENSE_BYTES = 2 * 2**30

# edge_index copies a row of units for every edge, in both passes.
MAX_MESSAGE_BYTES = 4 * 2**30


class DenseFeatures:
    """X as PyTorch Geometric's own data sets hold it."""

    def __init__(self, graph, values):
        if graph.is_dense:
            self.x = graph.array("x")
            return
        self.x = torch.zeros(graph.nodes, graph.width)
        rows = row_numbers(graph.array("x.offsets"))
        self.x[rows, graph.array("x.indices").long()] = graph.array(values)

    @classmethod
    def of(cls, x):
        features = cls.__new__(cls)
        features.x = x
        return features

    def rows(self, nodes):
        return DenseFeatures.of(self.x[nodes])

    def product(self, weight, dropout, training):
        x = F.dropout(self.x, dropout, training) if dropout > 0 else self.x
        return x @ weight


class SparseFeatures:
    """X by its non-zero entries, row after row."""

    def __init__(self, graph, values):
        self.hold(
            graph.array("x.offsets").long(),
            graph.array("x.indices").long(),
            graph.array(values),
            graph.width,
        )

    def rows(self, nodes):
        """The same layout of some rows."""
        lengths = self.offsets.diff()[nodes]
        offsets = F.pad(lengths.cumsum(0), (1, 0))
        within = torch.arange(int(offsets[-1])) - offsets[:-1].repeat_interleave(lengths)
        entries = self.offsets[:-1][nodes].repeat_interleave(lengths) + within
        features = type(self).__new__(type(self))
        features.hold(offsets, self.indices[entries], self.values[entries], self.width)
        return features


class CsrFeatures(SparseFeatures):
    """X as torch.sparse_csr; dropout acts on the stored values."""

    def hold(self, offsets, indices, values, width):
        self.offsets, self.indices, self.values, self.width = offsets, indices, values, width
        self.size = (offsets.numel() - 1, width)
        self.whole = torch.sparse_csr_tensor(offsets, indices, values, self.size)

    def product(self, weight, dropout, training):
        if dropout == 0 or not training:
            return self.whole @ weight
        values = F.dropout(self.values, dropout)
        return torch.sparse_csr_tensor(self.offsets, self.indices, values, self.size) @ weight


class BagFeatures(SparseFeatures):
    """X as bags of columns, summed by torch's embedding_bag."""

    def hold(self, offsets, indices, values, width):
        self.offsets, self.indices, self.values, self.width = offsets, indices, values, width

    def product(self, weight, dropout, training):
        values = F.dropout(self.values, dropout, training) if dropout > 0 else self.values
        return F.embedding_bag(
            self.indices, weight, self.offsets[:-1], mode="sum", per_sample_weights=values
        )


FEATURE_LAYOUTS = {"dense": DenseFeatures, "csr": CsrFeatures, "embedding_bag": BagFeatures}


def feature_names(graph):
    if graph.is_dense:
        return ["dense"]
    fits = graph.nodes * graph.width * 4 <= MAX_DENSE_BYTES
    return ["csr", "embedding_bag", *(["dense"] if fits else [])]


class EdgeIndexLayout:
    """GCNConv on edge_index, the layout of every tutorial."""

    def __init__(self, graph):
        self.edges = graph.edge_index

    def convolution(self, inputs, outputs):
        return GCNConv(inputs, outputs, cached=True)


class CsrLayout:
    """GCNConv on a torch.sparse_csr adjacency, as its documentation advises for speed."""

    def __init__(self, graph):
        self.edges = to_torch_csr_tensor(graph.edge_index, size=(graph.nodes, graph.nodes))

    def convolution(self, inputs, outputs):
        return GCNConv(inputs, outputs, cached=True)


class SymmetricProduct(torch.autograd.Function):
    """Â h with the backward product Â g: Â is symmetric, torch would transpose it every time."""

    @staticmethod
    def forward(ctx, adjacency, h):
        ctx.adjacency = adjacency
        return adjacency @ h

    @staticmethod
    def backward(ctx, gradient):
        return None, ctx.adjacency @ gradient


class SymmetricGCNConv(GCNConv):
    def message_and_aggregate(self, edge_index, x):
        return SymmetricProduct.apply(edge_index, x)


class SymmetricLayout:
    """As CsrLayout, normalised beforehand and with a backward pass of its own."""

    def __init__(self, graph):
        edges, weights = gcn_norm(graph.edge_index, num_nodes=graph.nodes)
        self.edges = to_torch_csr_tensor(edges, weights, size=(graph.nodes, graph.nodes))

    def convolution(self, inputs, outputs):
        return SymmetricGCNConv(inputs, outputs, normalize=False)


ADJACENCY_LAYOUTS = {
    "edge_index": EdgeIndexLayout,
    "csr": CsrLayout,
    "csr with symmetric backward": SymmetricLayout,
}


def adjacency_names(graph, units):
    edges = graph.directed_edges + graph.nodes
    fits = edges * units * 4 <= MAX_MESSAGE_BYTES
    return [name for name in ADJACENCY_LAYOUTS if fits or name != "edge_index"]
