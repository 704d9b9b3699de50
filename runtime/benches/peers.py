"""Ours against other differentiable layers, on the same numbers in the same run.

Usage: python peers.py [--quick] [--families a,b] [--peers 'a;b'] [--threads 2]

Builds `peers.rs` and starts it, and each peer, as a process that runs when it is told to: ours and theirs take turns, so
that whatever else the machine does meets both alike. A peer that cannot be imported is left out. Prints a table, and
writes it to `target/peers/table.md`. Needs numpy; what else is installed is compared with.
"""

import argparse
import gc
import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LAYERS = ["cvxpylayers, SCS, LSQR", "cvxpylayers, SCS 1e-8, LSQR", "cvxpylayers, Clarabel, LSQR"]
DENSE = ["cvxpylayers, Clarabel, dense"]
MOREAU = ["Moreau, interior point, no direct cones", "Moreau as shipped"]
ANY = LAYERS + DENSE + MOREAU + ["Clarabel alone"]
QP = ANY + ["Moreau, no direct cones"]
GENERATED = ["CVXPYgen, OSQP", "CVXPYgen, QOCO"]

# Batches, and who takes part; generated code is of a batch of one.
FAMILIES = {
    "dense_qp-16": ([1, 128], QP + ["qpth", "ProxQP layer", "ProxQP layer, OpenMP"]),
    "dense_qp-128": ([1, 32, 128], [peer for peer in QP if peer not in DENSE] + ["qpth", "ProxQP layer", "ProxQP layer, OpenMP"]),
    "sparse_qp": ([1, 8], [peer for peer in ANY if peer not in DENSE]),
    "portfolio": ([1, 32], QP + GENERATED),
    "lasso": ([1, 32], QP + GENERATED),
    "mpc-4-2-10": ([1], QP + GENERATED + ["CVXPYgen, QOCOGEN"]),
    "mpc-4-2-20": ([1, 32], QP + GENERATED),
    "mpc-12-4-20": ([1], QP + GENERATED),
    "robust_ls": ([1, 32], ANY),
    "robust_lp": ([1, 32], ANY),
    "logistic": ([1, 32], ANY),
    "entropy": ([1, 32], ANY),
    "nearest_correlation-10": ([1, 32], ANY),
    "nearest_correlation-20": ([1, 8], [peer for peer in ANY if peer not in DENSE]),
}
PACKAGES = ["cvxpy", "cvxpylayers", "diffcp", "scs", "clarabel", "moreau", "qpth", "proxsuite", "cvxpygen", "osqp", "qoco",
            "qocogen", "torch", "numpy"]


class Failed(Exception):
    """What a process says in place of an answer, or that it has died."""


class Process:
    """Someone who answers each line with a line."""

    def __init__(self, command, environment, log):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, env=environment, text=True)

    def ask(self, line):
        try:
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self.process.stdout.readline()
        if not answer:
            raise Failed("its process has died")
        answer = json.loads(answer)
        if "failed" in answer:
            raise Failed(answer["failed"])
        return answer

    def alive(self):
        return self.process.poll() is None

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def binary():
    """The benchmark that Cargo builds, which is ours."""
    command = ["cargo", "bench", "-p", "cvxlayers", "--bench", "peers", "--no-run", "--message-format=json"]
    built = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, check=True, text=True)
    messages = map(json.loads, built.stdout.splitlines())
    return next(message["executable"] for message in messages
                if message.get("target", {}).get("name") == "peers" and message.get("executable"))


def serve(file, folder):
    """The peers' side: each line has a name and a count; the first line of a name builds it, and tells its errors."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What a peer prints is no answer.
    from peer_families import Case
    from peer_layers import PEERS

    case, peers = Case(file), {}

    def answer(name, count):
        if name == "truth":
            return dict(zip(("vars", "gradient"), case.truth()))
        if name == "ours":
            return case.errors(case.ours)
        if name not in peers:
            peer = peers[name] = PEERS[name](case, folder)
            peer.forget()
            return case.errors(peer.result(peer.forward()))
        peer, forward, backward = peers[name], [], []
        gc.collect()
        gc.disable()
        for _ in range(count):
            peer.forget()
            start = time.perf_counter()
            state = peer.forward()
            middle = time.perf_counter()
            forward.append(middle - start)
            if peer.backward:
                peer.backward(state)
                backward.append(time.perf_counter() - middle)
            del state
        gc.enable()
        return {"forward": forward, "backward": backward}

    for line in sys.stdin:
        name, count = line.rstrip("\n").rsplit(" ", 1)
        try:
            reply = answer(name, int(count))
        except ImportError as error:
            reply = {"failed": f"not installed ({error})"}
        except Exception as error:
            reply = {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:120]}
        out.write(json.dumps(reply) + "\n")
        out.flush()


def total(times):
    """Medians of the forward and of the backward passes, in milliseconds."""
    return [1e3 * statistics.median(times[part]) if times[part] else None for part in ("forward", "backward")]


def join(times):
    return {part: [time for one in times for time in one[part]] for part in ("forward", "backward")}


def race(ours, theirs, name, seconds, rounds):
    """The times of both, in turns, each as often as fits."""

    def count(first):
        once = sum(first["forward"]) + sum(first["backward"])
        return max(1, min(200, int(seconds / rounds / max(once, 1e-6))))

    firsts = ours.ask(1), theirs.ask(f"{name} 1")
    counts = [count(first) for first in firsts]
    # A peer whose first pass takes long is asked for one other.
    rounds = 1 if sum(firsts[1]["forward"]) > seconds else rounds
    pairs = [(ours.ask(counts[0]), theirs.ask(f"{name} {counts[1]}")) for _ in range(rounds)]
    return tuple(join(times) for times in zip(*pairs))


def cell(value, form="{:.3g}"):
    return "–" if value is None else form.format(value)


HEAD = ["family", "batch", "peer", "ours fwd, ms", "ours bwd", "peer fwd", "peer bwd", "ratio", "error of x",
        "error of gradient"]


def line(cells):
    return f"| {' | '.join(cells)} |"


def compare(options, executable, family, batch, names, folder, log):
    """Yields the rows of a family at a batch."""
    file = os.path.join(folder, f"{family}-batch-{batch}.json")
    environment = dict(os.environ)
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
        environment[variable] = str(options.threads)
    threads = 1 if batch == 1 else options.threads
    ours = Process([executable, family, str(batch), str(threads), file], environment, log)
    # Answers once the file is there.
    ours.ask(1)
    python = lambda: Process([sys.executable, os.path.abspath(__file__), "--serve", file], environment, log)
    layers = python()

    def row(name, times, errors):
        errors = [cell(errors.get(part), "{:.0e}") for part in ("vars", "gradient")]
        return [family, str(batch), name, *times, *errors]

    yield row("**ours**", [""] * 5, layers.ask("ours 1"))
    if batch == 1 and not options.quick:
        yield row("our reference, by Clarabel 1e-12 and differences", [""] * 5, layers.ask("truth 1"))
    for name in names:
        # Two generated modules cannot be in one process.
        theirs = python() if name.startswith("CVXPYgen") else layers
        try:
            errors = theirs.ask(f"{name} 0")
            (forward, backward), (fwd, bwd) = map(total, race(ours, theirs, name, options.seconds, options.rounds))
            # Who has no backward pass is compared by the forward one.
            ratio = cell(fwd / forward) + " (fwd)" if bwd is None else cell((fwd + bwd) / (forward + backward))
            yield row(name, [*map(cell, (forward, backward, fwd, bwd)), ratio], errors)
        except Failed as reason:
            yield row(name, ["", "", "", "", str(reason)], {})
        if theirs is not layers:
            theirs.close()
        elif not layers.alive():
            layers = python()
    layers.close()
    ours.close()


def versions():
    for package in PACKAGES:
        try:
            yield f"{package} {importlib.metadata.version(package)}"
        except importlib.metadata.PackageNotFoundError:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few repetitions, and no generated code, which takes minutes to compile")
    parser.add_argument("--families", default=",".join(FAMILIES), help="names, or beginnings of names")
    parser.add_argument("--peers", default="", help="parts of their names, between semicolons")
    parser.add_argument("--batches", default="", help="only these")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=None, help="for each side of each comparison")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "..", "..", "target"))
    folder = os.path.abspath(os.path.join(target, "peers"))
    generated = os.path.join(folder, "cvxpygen")
    if options.serve:
        return serve(options.serve, generated)
    options.seconds = options.seconds or (0.2 if options.quick else 0.6)
    options.rounds = 2 if options.quick else 4
    os.makedirs(folder, exist_ok=True)
    executable = binary()
    rows = [line(HEAD), line(["---"] * len(HEAD))]
    print(f"{', '.join(versions())}; {options.threads} threads, load {os.getloadavg()[0]:.1f}\n", *rows, sep="\n", flush=True)
    wanted = [part.strip() for part in options.families.split(",")]
    peers = [part.strip() for part in options.peers.split(";") if part.strip()]
    with open(os.path.join(folder, "log.txt"), "w") as log:
        for family, (batches, names) in FAMILIES.items():
            if not any(family.startswith(part) for part in wanted):
                continue
            for batch in batches:
                if options.batches and str(batch) not in options.batches.split(","):
                    continue
                chosen = [name for name in names if batch == 1 or not name.startswith("CVXPYgen")]
                chosen = [name for name in chosen if not peers or any(part in name for part in peers)]
                if options.quick and not peers:
                    chosen = [name for name in chosen if not name.startswith("CVXPYgen")]
                for row in compare(options, executable, family, batch, chosen, folder, log):
                    rows.append(line(row))
                    print(rows[-1], flush=True)
    with open(os.path.join(folder, "table.md"), "w") as table:
        table.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
