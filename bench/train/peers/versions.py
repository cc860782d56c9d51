"""Says what the peer is made of; also proof that it can be imported."""
import platform

from task import read_task, report

task = read_task()

import numpy
import torch
import torch_geometric

torch.set_num_threads(task["threads"])
report(
    {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "pyg": torch_geometric.__version__,
        "numpy": numpy.__version__,
        "threads": torch.get_num_threads(),
    }
)
