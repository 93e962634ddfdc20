"""A run and a comparison to report on."""

import shutil
from pathlib import Path

import pytest

from tests.trainer.report.reading import World
from tests.trainer.runs import SMALL, new_run
from trainer.control import drain
from trainer.data.dataset import open_data_set
from trainer.experiments.comparison import Grid, Start, create_comparison
from trainer.training.compare import compare
from trainer.training.fit import fit


@pytest.fixture(scope="session")
def world(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A run and a comparison of two, with a home of their own; not to be changed."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_HOME", str(folder / "home"))
        data = open_data_set(demo_folder)
        run = new_run(data, folder / "run", epochs=2)
        list(fit(run, data))
        base = SMALL.but(epochs=1)
        grid = Grid(base, (Start(SMALL.model, "none"),), ("head", "full"), seeds=(0, 1))
        comparison = create_comparison(grid.recipes(), data.root, folder / "comparison")
        assert drain(compare(comparison, data))
    return World(folder / "home", run.folder, comparison)


@pytest.fixture(autouse=True)
def home_of_world(world: World, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(world.home, home)
    # Paths in the database are absolute, and the runs lie elsewhere.
    monkeypatch.setenv("FRUITGUI_HOME", str(home))
