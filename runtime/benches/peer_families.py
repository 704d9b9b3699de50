"""The families of `families/` in CVXPY, with the numbers that `peers.rs` writes."""

import json
from dataclasses import dataclass

import numpy as np


def arrays(record):
    """Arrays of (batch, rows, columns), or less where there is but one column, or one entry; sparse: the entries."""
    result = {}
    for name, field in record.items():
        entries = np.array(field["entries"])
        rows, columns = field["shape"]
        if "places" not in field:
            entries = entries.reshape(-1, columns, rows).swapaxes(1, 2)
            if columns == 1:
                entries = entries[:, :, 0]
                if rows == 1:
                    entries = entries[:, 0]
        result[name] = np.ascontiguousarray(entries)
    return result


def root(p):
    """The symmetric square root of each matrix of a batch."""
    values, vectors = np.linalg.eigh(p)
    return (vectors * np.sqrt(np.maximum(values, 0))[:, None, :]) @ vectors.swapaxes(1, 2)


def symmetric(name, gradient):
    """The gradient of a symmetric matrix may be told by its upper triangle, or by all of it."""
    return 0.5 * (gradient + gradient.swapaxes(1, 2)) if name == "p" else gradient


@dataclass
class Model:
    problem: object
    params: dict
    vars: dict


class Case:
    def __init__(self, file):
        with open(file) as source:
            value = json.load(source)
        self.name, self.family, self.sizes, self.batch = (value[key] for key in ("name", "family", "sizes", "batch"))
        self.params, self.other, self.data = (arrays(value[key]) for key in ("params", "other", "data"))
        self.cotangent = arrays(value["cotangent"])
        self.reference, self.ours = (
            {part: arrays(record) for part, record in value[key].items()} for key in ("reference", "ours")
        )
        if self.family == "sparse_qp":
            self.places = np.array(value["params"]["a"]["places"])
        if self.family == "dense_qp":
            self.params["root"], self.other["root"] = root(self.params["p"]), root(self.other["p"])

    def model(self, quadratic=False):
        """A new CVXPY problem; `quadratic` where a quadratic form may have a parameter."""
        import cvxpy as cp

        build = globals()[self.family]
        options = {"quadratic": quadratic} if self.family == "dense_qp" else {}
        objective, constraints, variables, params = build(cp, self, **self.sizes, **options)
        by_name = lambda items: {item.name(): item for item in items}
        return Model(cp.Problem(objective, constraints), by_name(params), by_name(variables))

    def set(self, model, values, at=0):
        for name, param in model.params.items():
            param.value = values[name][at]

    def errors(self, result):
        """The largest relative errors of variables and of gradients in the batch, of what is there in both."""
        worst = {}
        for part, found in result.items():
            exact = self.reference[part]
            names = [name for name in exact if name in found]
            if not names:
                continue
            flat = lambda of: np.hstack([np.reshape(symmetric(name, of[name]), (self.batch, -1)) for name in names])
            exact, found = flat(exact), flat(found)
            worst[part] = float(np.max(np.linalg.norm(found - exact, axis=1) / np.linalg.norm(exact, axis=1)))
        return worst

    def truth(self):
        """How far our reference is from CVXPY with Clarabel at high accuracy: its variables, and its gradient along a
        direction from central differences; of the first point."""
        import cvxpy as cp

        model = self.model(quadratic=True)
        random = np.random.default_rng(5)
        direction = {name: random.standard_normal(np.shape(param.value if param.value is not None else self.params[name][0]))
                     for name, param in model.params.items()}
        if "p" in direction:
            direction["p"] = 0.5 * (direction["p"] + direction["p"].T)
        for name, param in model.params.items():
            # A step may not leave the sign that is declared.
            size = np.abs(self.params[name][0])
            direction[name] = direction[name] * (size if param.is_nonneg() else 1)

        def solve(by):
            for name, param in model.params.items():
                param.value = self.params[name][0] + by * direction[name]
            model.problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12)
            return {name: np.array(variable.value) for name, variable in model.vars.items()}

        x = solve(0.0)
        exact = self.reference["vars"]
        square = lambda terms: float(np.sqrt(sum(np.sum(term**2) for term in terms)))
        error = square(x[name] - exact[name][0] for name in x) / square(x.values())
        loss = lambda x: sum(np.sum(self.cotangent[name][0] * x[name]) for name in x)
        # As much is lost to the curve as to the noise of a solve.
        step = max(error, 1e-15) ** (1 / 3)
        slope = (loss(solve(step)) - loss(solve(-step))) / (2 * step)
        ours = sum(np.sum(self.reference["gradient"][name][0] * direction[name]) for name in direction)
        return error, abs(ours - slope) / max(abs(slope), 1e-12)


def dense_qp(cp, _, n, m, quadratic):
    x, q = cp.Variable(n, name="x"), cp.Parameter(n, name="q")
    g, h = cp.Parameter((m, n), name="g"), cp.Parameter(m, name="h")
    if quadratic:
        p = cp.Parameter((n, n), PSD=True, name="p")
        square = cp.quad_form(x, p)
    else:
        p = cp.Parameter((n, n), name="root")
        square = cp.sum_squares(p @ x)
    return cp.Minimize(0.5 * square + q @ x), [g @ x <= h], [x], [p, q, g, h]


def sparse_qp(cp, case, n, m, per_row):
    """`a * x` is the sum over each row of `a` times the entries of `x` chosen by its pattern."""
    from scipy.sparse import csr_matrix

    count = len(case.places)
    ones, order = np.ones(count), np.arange(count)
    choose = csr_matrix((ones, (order, case.places[:, 1])), shape=(count, n))
    gather = csr_matrix((ones, (case.places[:, 0], order)), shape=(m, count))
    x, q = cp.Variable(n, name="x"), cp.Parameter(n, name="q")
    a, h = cp.Parameter(count, name="a"), cp.Parameter(m, name="h")
    objective = 0.5 * cp.sum_squares(cp.multiply(case.data["d"][0], x)) + q @ x
    return cp.Minimize(objective), [gather @ cp.multiply(a, choose @ x) <= h], [x], [q, a, h]


def portfolio(cp, _, n, k):
    w, mu = cp.Variable(n, name="w"), cp.Parameter(n, name="mu")
    f, d = cp.Parameter((k, n), name="f"), cp.Parameter(n, name="d")
    risk = cp.sum_squares(f @ w) + cp.sum_squares(cp.multiply(d, w))
    return cp.Minimize(risk - mu @ w), [cp.sum(w) == 1, w >= 0], [w], [mu, f, d]


def mpc(cp, _, n, m, T):
    x, u = cp.Variable((n, T + 1), name="x"), cp.Variable((m, T), name="u")
    a, b = cp.Parameter((n, n), name="a"), cp.Parameter((n, m), name="b")
    start = cp.Parameter(n, name="start")
    constraints = [x[:, 0] == start, x[:, 1:] == a @ x[:, :-1] + b @ u, u <= 1, u >= -1]
    return cp.Minimize(cp.sum_squares(x) + 0.09 * cp.sum_squares(u)), constraints, [x, u], [a, b, start]


def lasso(cp, _, m, n):
    x, a = cp.Variable(n, name="x"), cp.Parameter((m, n), name="a")
    b, weight = cp.Parameter(m, name="b"), cp.Parameter(nonneg=True, name="lambda")
    return cp.Minimize(cp.sum_squares(a @ x - b) + weight * cp.norm1(x)), [], [x], [a, b, weight]


def robust_ls(cp, _, m, n):
    x, a = cp.Variable(n, name="x"), cp.Parameter((m, n), name="a")
    b, rho = cp.Parameter(m, name="b"), cp.Parameter(nonneg=True, name="rho")
    return cp.Minimize(cp.norm(a @ x - b, 2) + rho * cp.norm(x, 2)), [], [x], [a, b, rho]


def robust_lp(cp, case, n, m):
    blocks = case.data["p"][0].reshape(m, 5, n)
    x, c = cp.Variable(n, name="x"), cp.Parameter(n, name="c")
    a, b = cp.Parameter((m, n), name="a"), cp.Parameter(m, name="b")
    radius = cp.Parameter(nonneg=True, name="radius")
    constraints = [a[i] @ x + cp.norm(blocks[i] @ x, 2) <= b[i] for i in range(m)]
    constraints.append(cp.norm(x, 2) <= radius)
    return cp.Minimize(c @ x + 0.05 * cp.sum_squares(x)), constraints, [x], [c, a, b, radius]


def logistic(cp, _, N, n):
    beta, x = cp.Variable(n, name="beta"), cp.Parameter((N, n), name="x")
    weight = cp.Parameter(nonneg=True, name="lambda")
    loss = cp.sum(cp.logistic(x @ beta)) / N + weight * cp.sum_squares(beta)
    return cp.Minimize(loss), [], [beta], [x, weight]


def entropy(cp, _, n, m):
    x, a, b = cp.Variable(n, name="x"), cp.Parameter((m, n), name="a"), cp.Parameter(m, name="b")
    return cp.Maximize(cp.sum(cp.entr(x))), [a @ x == b], [x], [a, b]


def nearest_correlation(cp, _, n):
    x, c = cp.Variable((n, n), PSD=True, name="x"), cp.Parameter((n, n), name="c")
    return cp.Minimize(cp.sum_squares(x - c)), [cp.diag(x) == 1], [x], [c]
