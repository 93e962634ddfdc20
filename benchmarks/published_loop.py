"""The training loop of the published notebook, written out plainly: the baseline of the benchmarks.

It follows the study and the tutorials that it is made of, and uses nothing of ``trainer`` but its
door to torchvision. Kept as they were: photos are opened in full in every epoch, frozen layers are
run in every epoch and in training mode, tensors have torch's default memory layout, and mixed
precision is used on GPUs only. Left out: the training accuracy and the SQLite table, which cost
next to nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW, Optimizer
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts
from torch.utils.data import DataLoader, Dataset

from trainer.models.torchvision_models import models

# isort: split
# After the door to torchvision, which mends installations that could not be imported otherwise.
from torchvision import transforms

BATCH_SIZE = 16
LABEL_SMOOTHING = 0.1
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class EpochResult:
    """Mean losses over an epoch's photos, and the share of validation photos that were right."""

    train_loss: float
    validation_loss: float
    validation_accuracy: float


class Photos(Dataset[tuple[Tensor, int]]):
    """Photos in a folder a class, each opened in full whenever it is asked for."""

    def __init__(self, folder: Path, image_size: int) -> None:
        self.classes = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
        self.photos = [
            (path, label)
            for label, name in enumerate(self.classes)
            for path in sorted((folder / name).iterdir())
        ]
        self.transform = transforms.Compose(
            [
                transforms.Resize((image_size, image_size)),
                transforms.ToTensor(),
                transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
            ]
        )

    def __len__(self) -> int:
        return len(self.photos)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        path, label = self.photos[index]
        image = Image.open(path).convert("RGB")
        return self.transform(image), label


def build_model(classes: int) -> nn.Module:
    """ResNet50 with random weights and the notebook's head; layer4 and the head are trained."""
    resnet = models.resnet50(weights=None)
    for parameter in resnet.parameters():
        parameter.requires_grad = False
    for parameter in resnet.layer4.parameters():
        parameter.requires_grad = True
    resnet.fc = nn.Sequential(
        nn.Linear(resnet.fc.in_features, 512), nn.ReLU(), nn.Dropout(0.3), nn.Linear(512, classes)
    )
    model: nn.Module = resnet
    return model


def build_optimizer(model: nn.Module) -> AdamW:
    return AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)


def train_batch(
    model: nn.Module,
    optimizer: Optimizer,
    images: Tensor,
    labels: Tensor,
    scaler: torch.amp.GradScaler | None = None,
) -> float:
    """Learn from a batch that is on the model's device, and return its mean loss.

    Args:
        images: normalised, float32 (N, 3, H, W).
        labels: int64 (N,).
        scaler: given on a GPU only, where it stands for mixed precision; None for float32.
    """
    optimizer.zero_grad()
    with torch.autocast(images.device.type, enabled=scaler is not None):
        loss = functional.cross_entropy(model(images), labels, label_smoothing=LABEL_SMOOTHING)
    if scaler is None:
        loss.backward()
        optimizer.step()
    else:
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    return loss.item()


def validate(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], device: torch.device
) -> tuple[float, float]:
    """The mean loss and the accuracy, from 0 to 1, in evaluation mode."""
    model.eval()
    total_loss, right, count = 0.0, 0, 0
    with torch.no_grad(), torch.autocast(device.type, enabled=device.type == "cuda"):
        for images, labels in batches:
            images, labels = images.to(device), labels.to(device)
            outputs = model(images)
            loss = functional.cross_entropy(outputs, labels, label_smoothing=LABEL_SMOOTHING)
            total_loss += loss.item() * len(labels)
            right += (outputs.argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return total_loss / count, right / count


def train(
    folder: Path,
    best_model: Path,
    *,
    epochs: int = 20,
    patience: int = PATIENCE,
    image_size: int = 224,
    workers: int = 2,
) -> Iterator[EpochResult]:
    """Train on ``folder/train``, validate on ``folder/validation``, and yield after each epoch.

    Args:
        best_model: where the weights of the lowest validation loss are kept, a bare state dict.
        patience: epochs without a lower validation loss before stopping early; 0 never does.
        image_size: side of the square that the network sees, in pixels.
        workers: processes that decode for each of the two splits; 0 decodes in this one.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_photos = Photos(folder / "train", image_size)
    validation_photos = Photos(folder / "validation", image_size)
    loader = partial(
        DataLoader,
        batch_size=BATCH_SIZE,
        num_workers=workers,
        persistent_workers=workers > 0,
        pin_memory=device.type == "cuda",
    )
    train_batches = loader(train_photos, shuffle=True)
    validation_batches = loader(validation_photos)

    model = build_model(len(train_photos.classes)).to(device)
    optimizer = build_optimizer(model)
    scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=5, T_mult=2)
    scaler = torch.amp.GradScaler("cuda") if device.type == "cuda" else None

    best_loss, epochs_without_gain = float("inf"), 0
    for _ in range(epochs):
        model.train()
        total_loss = 0.0
        for images, labels in train_batches:
            images, labels = images.to(device), labels.to(device)
            total_loss += train_batch(model, optimizer, images, labels, scaler) * len(labels)
        validation_loss, validation_accuracy = validate(model, validation_batches, device)
        scheduler.step()
        if validation_loss < best_loss:
            best_loss, epochs_without_gain = validation_loss, 0
            torch.save(model.state_dict(), best_model)
        else:
            epochs_without_gain += 1
        yield EpochResult(total_loss / len(train_photos), validation_loss, validation_accuracy)
        if patience and epochs_without_gain >= patience:
            return
