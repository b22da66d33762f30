"""A hub on this computer alone: what tests/hubs.py runs. Its folder, its ports and who may end idle servers come from there.

Here is only what a hub needs to run for a test. All that is about the lessons is in deploy/tljh/, as a program would have it.
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
c.Spawner.args = ["--allow-root"]
c.Spawner.debug = True
c.Spawner.ip = "127.0.0.1"
c.Spawner.start_timeout = c.Spawner.http_timeout = 300

# What ends idle servers. The Littlest JupyterHub starts the same program by itself; here it is started when it is to be seen.
c.JupyterHub.services = [{"name": "cull-idle", "api_token": os.environ["HUB_CULLER"]}]
c.JupyterHub.load_roles = [
    {
        "name": "cull-idle",
        "services": ["cull-idle"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]

sys.dont_write_bytecode = True  # nothing of the test's stays beside the file that people copy
load_subconfig(str(Path(os.environ["HUB_LESSONS"])))  # type: ignore[name-defined]  # noqa: F821
