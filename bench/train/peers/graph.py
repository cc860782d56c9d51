"""Reads the graph that export-graph.ts wrote."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch


@dataclass
class Graph:
    nodes: int
    width: int
    classes: int
    folder: Path
    edge_index: torch.Tensor  # int64 [2, directed edges]
    labels: torch.Tensor  # int64 [N]
    train: torch.Tensor
    validation: torch.Tensor
    test: torch.Tensor

    def array(self, name):
        return load(self.folder, name)

    @property
    def is_dense(self):
        return (self.folder / "x.npy").exists()


def load(folder, name):
    return torch.from_numpy(np.load(folder / f"{name}.npy"))


def read_graph(folder, size):
    folder = Path(folder)
    offsets = load(folder, "adjacency.offsets")
    columns = load(folder, "adjacency.indices").long()
    rows = torch.repeat_interleave(torch.arange(size["nodes"]), offsets.diff().long())
    return Graph(
        nodes=size["nodes"],
        width=size["width"],
        classes=size["classes"],
        folder=folder,
        edge_index=torch.stack([rows, columns]),
        labels=load(folder, "labels").long(),
        train=load(folder, "split.train").long(),
        validation=load(folder, "split.validation").long(),
        test=load(folder, "split.test").long(),
    )
