"""The training loop: a step, an evaluation on the validation nodes, the best weights kept."""
import time

import torch
import torch.nn.functional as F

from task import cpu_seconds


def accuracy(logits, labels, nodes):
    return (logits[nodes].argmax(1) == labels[nodes]).float().mean().item()


def fit(model, loss, logits_of, graph, learning_rate, weight_decay, epochs, cap):
    """Trains for `epochs`, or for `cap` of them with the seconds scaled up to all.

    `loss()` is the training loss, `logits_of()` the evaluation's logits. Returns the seconds
    per phase and leaves the best weights in the model."""
    optimizer = torch.optim.Adam(model.parameter_groups(weight_decay), lr=learning_rate)
    best_loss, best = float("inf"), None
    run = epochs if cap is None else min(epochs, cap)
    begin, cpu_begin = time.perf_counter(), cpu_seconds()
    for _ in range(run):
        model.train()
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            logits = logits_of()
            validation = F.cross_entropy(
                logits[graph.validation], graph.labels[graph.validation]
            ).item()
            accuracy(logits, graph.labels, graph.validation)
        if validation < best_loss:
            best_loss = validation
            best = {name: p.detach().clone() for name, p in model.state_dict().items()}
    scale = epochs / max(run, 1)
    seconds = (time.perf_counter() - begin) * scale
    cpu = (cpu_seconds() - cpu_begin) * scale
    if best is not None:
        model.load_state_dict(best)
    model.eval()
    return {"seconds": seconds, "cpuSeconds": cpu, "epochs": epochs, "ran": run}
