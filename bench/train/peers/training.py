"""The training loop: a step, an evaluation on the validation nodes, the best weights kept."""
import time

import torch
import torch.nn.functional as F

from task import cpu_seconds


def accuracy(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item()


def fit(model, loss, validation_logits, graph, rates, epochs, cap, validate_every=1):
    """Trains for `epochs`, or for `cap` of them with the seconds scaled up to all.

    `loss()` is the training loss, `validation_logits()` those of the validation nodes, `rates`
    the learning rate and the weight decay. Leaves the best weights in the model."""
    learning_rate, weight_decay = rates
    optimizer = torch.optim.Adam(model.parameter_groups(weight_decay), lr=learning_rate)
    labels = graph.labels[graph.validation]
    best_loss, best = float("inf"), None
    run = epochs if cap is None else min(epochs, cap)
    begin, cpu_begin = time.perf_counter(), cpu_seconds()
    for epoch in range(1, run + 1):
        model.train()
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        if epoch % validate_every != 0:
            continue
        model.eval()
        with torch.no_grad():
            logits = validation_logits()
            validation = F.cross_entropy(logits, labels).item()
            accuracy(logits, labels)
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
