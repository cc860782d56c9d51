"""PKD and PMA (ProGMLP Eq. 3, 4, 8) with the hyper-parameters of the run."""
import torch.nn.functional as F


class DistillationLoss:
    def __init__(self, hyper, stage, mixup_ratio):
        self.alpha = hyper["alpha"] if mixup_ratio is not None else 0
        self.weight = stage ** hyper["beta"] if mixup_ratio is not None else 1
        self.temperature = hyper["temperature"]
        self.mixup_weight = hyper["mixupWeight"] if mixup_ratio is not None else 0
        self.mixup_ratio = mixup_ratio

    def soft_targets(self, teacher_logits):
        return F.softmax(teacher_logits / self.temperature, dim=1)

    def distilled(self, logits, soft_targets, labelled_logits, labels):
        """`labelled_logits()` is called only where labels weigh anything."""
        log_probabilities = F.log_softmax(logits / self.temperature, dim=1)
        taught = F.kl_div(log_probabilities, soft_targets, reduction="batchmean")
        loss = (1 - self.alpha) * self.temperature**2 * taught
        if self.alpha > 0:
            loss = loss + self.alpha * F.cross_entropy(labelled_logits(), labels)
        return self.weight * loss

    def mixup(self, mixed_logits, labels, partner_labels):
        own = F.cross_entropy(mixed_logits, labels)
        other = F.cross_entropy(mixed_logits, partner_labels)
        return self.mixup_weight * (self.mixup_ratio * own + (1 - self.mixup_ratio) * other)
