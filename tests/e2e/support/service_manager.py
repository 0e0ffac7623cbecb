"""A service manager for one test: opens sockets, starts a program with them as systemd does, tells
what the program says to it, and starts it again behind the same sockets.

    service_manager.py FOLDER [WATCHDOG_USEC] [NAME=KIND:ADDRESS ...] -- PROGRAM [ARGUMENT ...]

KIND is tcp (HOST:PORT), unix (PATH) or udp. What it hears and does is a line of JSON each on stdout;
commands come as lines on stdin: start, signal NAME, hold THREAD, let.
"""
import ctypes
import json
import os
import signal
import socket
import sys
import threading

FOLDER, *REST = sys.argv[1:]
SPLIT = REST.index('--')
PROGRAM = REST[SPLIT + 1:]
SPECS = [spec for spec in REST[:SPLIT] if '=' in spec]
WATCHDOG = next((spec for spec in REST[:SPLIT] if '=' not in spec), None)


def tell(**event):
    # In one piece: there are several threads.
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def opened(kind, address):
    if kind == 'unix':
        made = socket.socket(socket.AF_UNIX)
        made.bind(address)
    else:
        host, port = address.rsplit(':', 1)
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == 'udp' else socket.SOCK_STREAM)
        made.bind((host, int(port)))
    if kind != 'udp':
        made.listen(128)
    return made


NAMES = [spec.split('=')[0] for spec in SPECS]
SOCKETS = [opened(*spec.split('=')[1].split(':', 1)) for spec in SPECS]
PORTS = [made.getsockname()[1] for made in SOCKETS if made.family == socket.AF_INET]


def start():
    """As systemd: the sockets from descriptor 3 on, and the process's own id in the environment."""
    pid = os.fork()
    if pid == 0:
        for at, made in enumerate(SOCKETS):
            os.dup2(made.fileno(), 50 + at)
        for at in range(len(SOCKETS)):
            os.dup2(50 + at, 3 + at, inheritable=True)
        os.closerange(3 + len(SOCKETS), 100)
        os.dup2(2, 1)
        os.environ['NOTIFY_SOCKET'] = FOLDER + '/notify'
        if SOCKETS:
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(SOCKETS)),
                              LISTEN_FDNAMES=':'.join(NAMES))
        if WATCHDOG:
            os.environ.update(WATCHDOG_USEC=WATCHDOG, WATCHDOG_PID=str(os.getpid()))
        os.execv(PROGRAM[0], PROGRAM)
    threading.Thread(target=wait_for, args=[pid], daemon=True).start()
    tell(started=pid, ports=PORTS)
    return pid


def wait_for(pid):
    status = os.waitpid(pid, 0)[1]
    tell(exited=os.waitstatus_to_exitcode(status))


def hear(notify):
    while True:
        tell(notify=notify.recv(4096).decode())


# ptrace(2): one thread alone stands still, as if it hung.
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
SEIZE, INTERRUPT, DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000


def ptrace(request, tid):
    if LIBC.ptrace(request, tid, None, None) != 0:
        raise OSError(ctypes.get_errno(), 'ptrace')


def hold(pid, name):
    for tid in map(int, os.listdir(f'/proc/{pid}/task')):
        with open(f'/proc/{pid}/task/{tid}/comm') as comm:
            if comm.read().strip() != name:
                continue
        ptrace(SEIZE, tid)
        ptrace(INTERRUPT, tid)
        os.waitpid(tid, WALL)
        tell(held=name)
        return tid
    tell(held=None)


def main():
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(FOLDER + '/notify')
    threading.Thread(target=hear, args=[notify], daemon=True).start()
    pid, held = start(), None
    for line in sys.stdin:
        command, *words = line.split()
        if command == 'start':
            pid = start()
        elif command == 'signal':
            os.kill(pid, getattr(signal, words[0]))
        elif command == 'hold':
            held = hold(pid, words[0])
        elif command == 'let':
            ptrace(DETACH, held)
            tell(let=True)


main()
