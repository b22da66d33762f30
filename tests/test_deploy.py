"""What a program puts on a hub of its own. ``test_hub.py`` runs it with a real hub, at night."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from traitlets.config import Config

from alongside.course.own import files_of

LITTLEST = ROOT / "deploy" / "tljh" / "alongside.py"
VALUES = yaml.safe_load((ROOT / "deploy" / "kubernetes" / "values.yaml").read_text("utf-8"))


@pytest.fixture
def spawner(monkeypatch: pytest.MonkeyPatch) -> Config:
    """The settings that the file makes, as The Littlest JupyterHub loads it."""
    monkeypatch.delenv("ALONGSIDE_COURSE", raising=False)
    made = Config()
    exec(compile(LITTLEST.read_text("utf-8"), str(LITTLEST), "exec"), {"get_config": lambda: made})
    return made.Spawner


def test_a_learners_server_begins_with_a_copy_of_the_programs_course_and_keeps_what_they_changed(
    spawner: Config, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    (program / "notebooks").mkdir(parents=True)
    (program / "notebooks" / "00-start-here.ipynb").write_text("the program's")
    (program / "data").mkdir()
    (program / "data" / "here.yml").write_text("who listens here")
    words = tmp_path / "bin"
    words.mkdir()
    for name, text in {
        "jupyterhub-singleuser": 'echo "server: $*"',
        "alongside": f'exec "{sys.executable}" -m alongside.cli "$@"',
    }.items():
        (words / name).write_text(f"#!/bin/sh\n{text}\n")
        (words / name).chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    env = {"HOME": str(home), "PATH": f"{words}{os.pathsep}{os.defpath}", "ALONGSIDE_COURSE": str(program)}

    def start() -> str:
        command = [*spawner.cmd, "--port=1", "two words"]
        return subprocess.run(command, env=env, cwd=home, capture_output=True, text=True, check=True).stdout

    assert start().endswith("server: --port=1 two words\n")
    own = Path(spawner.notebook_dir.replace("~", str(home)))
    assert files_of(own) == ["data/here.yml", "notebooks/00-start-here.ipynb"]
    (own / "notebooks" / "00-start-here.ipynb").write_text("mine")
    (program / "data" / "here.yml").write_text("somebody else listens")
    start()
    assert (own / "notebooks" / "00-start-here.ipynb").read_text() == "mine"
    assert (own / "data" / "here.yml").read_text() == "somebody else listens"


def test_the_two_hubs_start_a_learners_server_in_the_same_way(spawner: Config) -> None:
    single = VALUES["singleuser"]
    assert single["cmd"] == spawner.cmd
    assert single["defaultUrl"] == spawner.default_url
    assert single["extraEnv"] == spawner.environment
    assert VALUES["hub"]["config"]["KubeSpawner"]["notebook_dir"] == spawner.notebook_dir.replace(
        "~", "/home/jovyan"
    )


def test_idle_servers_are_ended_and_nobody_is_let_in_before_somebody_chose_how() -> None:
    assert VALUES["cull"] == {"enabled": True, "timeout": 1200, "every": 120}
    assert VALUES["hub"]["config"]["JupyterHub"]["authenticator_class"] == "null"
    assert VALUES["singleuser"]["networkPolicy"]["egressAllowRules"] == {"nonPrivateIPs": False}
    told = (ROOT / "deploy" / "README.md").read_text("utf-8")
    assert "services.cull.timeout 1200" in told
    image = f"{VALUES['singleuser']['image']['name']}:{VALUES['singleuser']['image']['tag']}"
    assert image in told and VALUES["singleuser"]["extraEnv"]["ALONGSIDE_COURSE"] in told
