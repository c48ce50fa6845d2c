"""What both trainings do alike: the pace at which they learn, and a step downhill for each batch."""

from collections.abc import Iterable
from typing import Final

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

STEEPEST: Final = 1.0
"""The norm to which gradients are clipped."""


def pace(optimiser: Optimizer, steps: int, warm_up: float) -> LambdaLR:
    """Rates that rise over the part `warm_up` of all steps and then fall to a fiftieth."""
    return LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / (warm_up * steps)) * max(0.02, 1 - step / steps))


def descend(network: nn.Module, losses: Iterable[Tensor], optimiser: Optimizer, schedule: LambdaLR) -> float:
    """One step for each loss, which is worked out only when its turn has come; returns their mean."""
    network.train()
    values = []
    for loss in losses:
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), STEEPEST)
        optimiser.step()
        schedule.step()
        values.append(loss.item())
    return sum(values) / len(values)
