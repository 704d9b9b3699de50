"""How long CVXPY takes from parameters to the numbers of the cone program, beside ours in the same run.

Usage: python canonicalization.py, with `pip install cvxpy`. The families and sizes are those of `map.rs` at the sizes of
the paper's Table 1 and ten times as large; ours and theirs take turns, ours by a run of that benchmark. With disciplined
parametrized programming CVXPY has sparse matrices from a vector of all parameters to the numbers, and `apply_parameters`
is their products, and what Python does around them; without, it canonicalizes again.
"""

import os
import statistics
import subprocess
import time
import timeit

import cvxpy as cp
import numpy as np
from cvxpy.cvxcore.python import canonInterface

HERE = os.path.dirname(os.path.abspath(__file__))
TURNS = 5
SIZES = {"stochastic_control": [(4, 2), (10, 4), (20, 10)], "elastic_net": [(50, 10), (100, 20), (200, 50)]}


def stochastic_control(n, m):
    root, b = cp.Parameter((n, n)), cp.Parameter((n, m))
    q, f = cp.Parameter(n), cp.Parameter(n)
    u, z = cp.Variable(m), cp.Variable(n)
    objective = cp.sum_squares(root @ z) + q @ z + cp.sum_squares(u)
    return cp.Problem(cp.Minimize(objective), [z == f + b @ u, cp.norm2(u) <= 1]), [root, q, f, b]


def elastic_net(rows, n):
    x, y = cp.Parameter((rows, n)), cp.Parameter(rows)
    l1, l2 = cp.Parameter(nonneg=True), cp.Parameter(nonneg=True)
    beta, offset = cp.Variable(n), cp.Variable()
    loss = cp.sum(cp.logistic(x @ beta + y * offset)) / rows
    return cp.Problem(cp.Minimize(loss + l1 * cp.norm1(beta) + l2 * cp.sum_squares(beta))), [x, y, l1, l2]


def seconds(make, rng, repetitions, **options):
    problem, parameters = make()
    times = []
    # The first call compiles.
    for _ in range(repetitions + 1):
        for parameter in parameters:
            parameter.value = np.abs(rng.standard_normal(parameter.shape))
        start = time.perf_counter()
        try:
            problem.get_problem_data(cp.CLARABEL, **options)
        except MemoryError:
            return None
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def product(make, rng, repetitions):
    """The bare products, of the matrices that CVXPY holds."""
    problem, parameters = make()
    for parameter in parameters:
        parameter.value = np.abs(rng.standard_normal(parameter.shape))
    problem.get_problem_data(cp.CLARABEL)
    program = problem._cache.param_prog
    values = {parameter.id: np.asarray(parameter.value) for parameter in problem.parameters()}
    vector = canonInterface.get_parameter_vector(
        program.total_param_size, program.param_id_to_col, program.param_id_to_size, values.__getitem__
    )
    maps = [program.q, program.reduced_A.reduced_mat, program.reduced_P.reduced_mat]
    maps = [matrix for matrix in maps if matrix is not None]
    return statistics.median(timeit.repeat(lambda: [matrix @ vector for matrix in maps], repeat=repetitions, number=20)) / 20


def measured(value, ours):
    """Microseconds, and the ratio; dashes where there was not the memory."""
    return f"{1e6 * value:.3g} | {value / ours:.3g}" if value else "– | –"


def ours(name):
    """The seconds of a fill of a family."""
    command = ["cargo", "bench", "-q", "-p", "cvxlayers", "--bench", "map", "--", "--quick", name + "$"]
    printed = subprocess.run(command, cwd=HERE, capture_output=True, check=True, text=True).stdout
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in printed.splitlines() if line.startswith("|")]
    units = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
    value, unit = next(row[3] for row in rows if row[0] == name).split()
    return float(value) * units[unit]


def compared(name, make, rng, repetitions):
    """Ours, and theirs with DPP, as bare products, and without: medians of what each takes in its turns."""
    turns = []
    for _ in range(TURNS):
        dpp = seconds(make, rng, repetitions)
        bare = product(make, rng, repetitions) if dpp else None
        turns.append([ours(name), dpp, bare, seconds(make, rng, repetitions // 2, ignore_dpp=True)])
    return [None if None in times else statistics.median(times) for times in zip(*turns)]


def main():
    rng = np.random.default_rng(1)
    print(f"cvxpy {cp.__version__}, load {os.getloadavg()[0]:.1f}\n")
    heads = ["family", "ours, µs", "CVXPY with DPP, µs", "ratio", "its products, µs", "ratio", "CVXPY without, µs", "ratio"]
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for family, sizes in SIZES.items():
        for size in sizes + [tuple(10 * part for part in size) for size in sizes]:
            name = f"{family}-{size[0]}-{size[1]}"
            make = lambda: globals()[family](*size)
            fill, *theirs = compared(name, make, rng, 20 if size in sizes else 4)
            row = [measured(value, fill) for value in theirs]
            print(f"| {name} | {1e6 * fill:.3g} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
