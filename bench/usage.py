"""What a process has cost: CPU time with its children, and the most memory it held."""

from pathlib import Path

import psutil


def cpu_s(pid: int) -> float:
    """User and system time so far, ended children included."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def peak_mb(pid: int | str) -> float:
    """The most memory it held, in MB; `self` is this process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
