"""Reads the graph that export-graph.ts wrote."""
from functools import cached_property
from pathlib import Path

import numpy as np
import torch


def row_numbers(offsets):
    """The row of every entry of a CSR matrix."""
    return torch.repeat_interleave(torch.arange(offsets.numel() - 1), offsets.diff().long())


class Graph:
    def __init__(self, folder, size):
        self.folder = Path(folder)
        self.nodes, self.width, self.classes = size["nodes"], size["width"], size["classes"]
        self.directed_edges = size["directedEdges"]
        self.labels = self.array("labels").long()
        self.train = self.array("split.train").long()
        self.validation = self.array("split.validation").long()
        self.test = self.array("split.test").long()

    def array(self, name):
        return torch.from_numpy(np.load(self.folder / f"{name}.npy"))

    @property
    def is_dense(self):
        return (self.folder / "x.npy").exists()

    @cached_property
    def edge_index(self):
        """int64 [2, directed edges]."""
        rows = row_numbers(self.array("adjacency.offsets"))
        return torch.stack([rows, self.array("adjacency.indices").long()])

    def forget_edges(self):
        """Once a layout holds them."""
        self.__dict__.pop("edge_index", None)
