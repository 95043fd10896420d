"""A process that has imported everything and forks: what it starts is ready in a fifth of the time.

A message on its socket is one start: arguments, folder and environment as JSON, with the standard files. It
answers with the process's id, and with its exit code in the end; who hangs up before has it killed.
Ours has no module that does anything when imported, so a fork is what a start would be. `make test-full`, and
tests/processes/test_start.py, start processes as an operator does all the same.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

LARGEST = 100_000  # bytes of a message
WHOLE = ("bot.__main__", "bot.processes", "bot.doctor", "bot.assembly", "adapters.console.shell")


def main(path: str) -> None:
    """Fork until standard input ends."""
    for module in WHOLE:
        import_module(module)
    gc.freeze()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(path)
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        _serve(listening)


def _serve(listening: socket.socket) -> None:
    poller, calls, children = select.poll(), dict[int, socket.socket](), dict[int, tuple[int, int]]()
    for file in (0, listening.fileno()):
        poller.register(file, select.POLLIN)
    while True:
        for file, _ in poller.poll():
            if file == 0:  # who tests has ended
                for pid, _ in children.values():
                    os.kill(pid, signal.SIGKILL)
                return
            if file == listening.fileno():
                call = listening.accept()[0]
                pid = _start(call)
                ended = os.pidfd_open(pid)
                calls[call.fileno()], children[ended] = call, (pid, call.fileno())
                poller.register(call.fileno(), select.POLLIN)
                poller.register(ended, select.POLLIN)
            elif file in children:
                _, number = children.pop(file)
                poller.unregister(file)
                call = calls.pop(number)
                poller.unregister(number)
                _end(call, file)
            else:  # hung up: killed, and seen to its end above
                poller.modify(file, 0)
                for pid, number in children.values():
                    if number == file:
                        os.kill(pid, signal.SIGKILL)


def _start(call: socket.socket) -> int:
    told, files, _, _ = socket.recv_fds(call, LARGEST, 3)
    pid = os.fork()
    if pid == 0:
        _become(call, json.loads(told), files)
    for file in files:
        os.close(file)
    call.send(str(pid).encode())
    return pid


def _end(call: socket.socket, ended: int) -> None:
    status = os.waitid(os.P_PIDFD, ended, os.WEXITED)
    assert status is not None
    os.close(ended)
    code = status.si_status if status.si_code == os.CLD_EXITED else -status.si_status
    with call, suppress(OSError):  # nobody waits for it
        call.send(str(code).encode())


def _become(call: socket.socket, told: dict[str, object], files: list[int]) -> NoReturn:
    """Be the process that was asked for, down to its files; none of the seed's own stay open."""
    code = 1
    try:
        gc.unfreeze()
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, max(files) + 64)
        call.detach()
        os.environ.clear()
        os.environ.update(told["environment"])  # type: ignore[call-overload]
        os.chdir(str(told["folder"]))
        sys.argv = ["qr-gen", *told["arguments"]]  # type: ignore[misc]
        for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
        import_module("bot.__main__").main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(sys.argv[1])
