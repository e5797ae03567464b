"""schemathesis over /openapi.json with all its checks: no 5xx, every answer fits its schema, the document is kept.

Some hundred cases here; `CASES=400 make test T=tests/api/test_fuzz.py` runs more than 5,000 in some minutes. https://schemathesis.readthedocs.io
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

CASES = os.environ.get("CASES", "5")


def test_the_api_keeps_what_its_document_says(client: httpx.Client, tmp_path: Path) -> None:
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{client.base_url}/openapi.json"),
        *("--checks", "all", "--max-examples", CASES, "--seed", "1", "--no-color"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    generated = re.search(r"(\d+) generated", done.stdout)
    assert generated is not None
    assert int(generated[1]) >= max(300, 15 * int(CASES))
