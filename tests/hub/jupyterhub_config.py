"""A hub on this computer alone, with three learners: what tests/test_hub.py runs. Its folder and ports come from there.

One who sets up a hub for a program needs the last part only: the lesson to begin with, and the folder of the course.
"""

import os
import sys
from pathlib import Path
from typing import Any

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821  JupyterHub gives it
here = Path(os.environ["HUB_FOLDER"])
port, inner, hub = (int(one) for one in os.environ["HUB_PORTS"].split())

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = hub
c.JupyterHub.db_url = f"sqlite:///{here}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{here}/cookie_secret"
c.JupyterHub.log_level = "DEBUG"  # whatever a hub may ever write into its log
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{inner}"
c.ConfigurableHTTPProxy.command = os.environ["HUB_PROXY"].split("\n")
c.ConfigurableHTTPProxy.pid_file = f"{here}/proxy.pid"
c.ConfigurableHTTPProxy.debug = True

c.JupyterHub.authenticator_class = "dummy"  # any name, any password: for a test alone
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{here}/home/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.debug = True
c.Spawner.ip = "127.0.0.1"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180

c.Spawner.notebook_dir = "~/course"  # where each person's copy lies
c.Spawner.default_url = "/voila/render/notebooks/00-start-here.ipynb"
