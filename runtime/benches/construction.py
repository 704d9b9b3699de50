"""How long CVXPY takes to compile the family of `construction.rs`, and at what peak of memory.

Usage: python construction.py [n ...], with `pip install cvxpy`. Each size runs in a process of its own, so that its
peak is its own; what importing takes is subtracted.
"""

import resource
import subprocess
import sys
import time


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compile_once(n):
    import cvxpy as cp
    import numpy as np

    rng = np.random.default_rng(1)
    values = rng.standard_normal((n, n)) + 2 * np.eye(n), rng.standard_normal(n)
    before = peak()
    a, b, x = cp.Parameter((n, n)), cp.Parameter(n), cp.Variable(n)
    problem = cp.Problem(cp.Minimize(cp.sum_squares(x)), [a @ x <= b])
    a.value, b.value = values
    times = []
    # The first call compiles and fills, the second only fills.
    for _ in range(2):
        start = time.perf_counter()
        problem.get_problem_data(cp.CLARABEL)
        times.append(time.perf_counter() - start)
    first, second = times
    print(f"n = {n}: {first:.3f} s the first time, {second:.4f} s the second, {peak() - before:.0f} MB", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--one", n]:
            compile_once(int(n))
        case sizes:
            import cvxpy

            print(f"cvxpy {cvxpy.__version__}, python {sys.version.split()[0]}", flush=True)
            for n in sizes or ["30", "100", "300"]:
                for _ in range(3):
                    subprocess.run([sys.executable, __file__, "--one", n], check=True)
