"""Alongside on The Littlest JupyterHub: put this file into /opt/tljh/config/jupyterhub_config.d/. README.md beside it has the steps.

It is plain JupyterHub configuration, so any hub whose servers start from one environment can load it. tests/hub/ runs it.
"""

import os
from typing import Any

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821  JupyterHub gives it

# The program's own course, which everybody's pages are made of: its lessons, and who will listen here (data/here.yml).
# An administrator makes it by: alongside course --to /srv/alongside
COURSE = os.environ.get("ALONGSIDE_COURSE", "/srv/alongside")

# Each person gets a copy to write in. At each start it brings what is new in the course, and keeps what they changed.
OWN = "alongside-course"
BRING_AND_SERVE = f'alongside course --to "$HOME/{OWN}" && exec jupyterhub-singleuser "$@"'

c.Spawner.environment = {"ALONGSIDE_COURSE": COURSE}
c.Spawner.cmd = ["/bin/sh", "-c", BRING_AND_SERVE, "sh"]
c.Spawner.notebook_dir = f"~/{OWN}"
c.Spawner.default_url = "/voila/render/index.ipynb"
