"""How each peer is driven: a forward pass of the whole batch, a backward pass where it has one, and what comes out."""

import importlib
import os
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")


class Peer:
    """`forward()` gives a state, `backward(state)` takes it; `result(state)` is what there is of variables and gradients
    by name, each with the batch as its first axis."""

    backward = None

    def forget(self):
        """Before each forward pass, untimed: away with what makes it shorter than a first one."""


class Torch(Peer):
    """A peer whose layer is a function of tensors by name."""

    def __init__(self, case, layer, inputs, var_names, squeeze=False):
        import torch

        torch.set_default_dtype(torch.float64)
        pick = (lambda array: array[0]) if squeeze else (lambda array: array)
        tensor = lambda array: torch.tensor(pick(array))
        self.torch, self.layer, self.case = torch, layer, case
        self.inputs = {name: tensor(inputs[name]).requires_grad_() for name in inputs}
        self.names = list(var_names)
        self.cotangent = [tensor(case.cotangent[name]) for name in self.names]

    def forward(self):
        return self.layer(*self.inputs.values())

    def backward(self, state):
        leaves = list(self.inputs.values())
        return self.torch.autograd.grad(state, leaves, grad_outputs=self.cotangent, allow_unused=True)

    def result(self, state):
        shaped = lambda value, like: value.detach().numpy().reshape(like.shape)
        exact = self.case.reference
        found = zip(self.inputs, self.backward(state))
        return {
            "vars": {name: shaped(value, exact["vars"][name]) for name, value in zip(self.names, state)},
            "gradient": {name: shaped(value, exact["gradient"][name]) for name, value in found
                         if value is not None and name in exact["gradient"]},
        }


def cvxpylayer(case, quadratic=False, **options):
    from cvxpylayers.torch import CvxpyLayer

    model = case.model(quadratic)
    params, variables = list(model.params.values()), list(model.vars.values())
    layer = CvxpyLayer(model.problem, parameters=params, variables=variables, **options)
    inputs = {name: case.params[name] for name in model.params}
    return Torch(case, layer, inputs, model.vars, squeeze=case.batch == 1)


def moreau(case, direct_cones, **options):
    """Without its direct cones, because cvxpylayers 1.2 drops the constraints that CVXPY 1.9 turns into such."""
    from cvxpy.reductions.solvers.conic_solvers.moreau_conif import MOREAU

    shipped = MOREAU.DIR_CONE_KINDS
    try:
        if not direct_cones:
            MOREAU.DIR_CONE_KINDS = frozenset()
        return cvxpylayer(case, quadratic=True, solver="MOREAU", **options)
    finally:
        MOREAU.DIR_CONE_KINDS = shipped


def qpth(case):
    import torch
    from qpth.qp import QPFunction

    none = torch.empty(0, dtype=torch.float64)
    layer = lambda p, q, g, h: (QPFunction(verbose=-1, check_Q_spd=False)(p, q, g, h, none, none),)
    return Torch(case, layer, {name: case.params[name] for name in "pqgh"}, ["x"])


def proxqp(case, parallel):
    import torch
    from proxsuite.torch.qplayer import QPFunction

    batch, rows, columns = case.params["g"].shape
    none, zero = torch.zeros(batch, 0, columns, dtype=torch.float64), torch.zeros(batch, 0, dtype=torch.float64)
    low = torch.full((batch, rows), -1e20, dtype=torch.float64)
    function = QPFunction(structural_feasibility=True, omp_parallel=parallel)
    layer = lambda p, q, g, h: (function(p, q, none, zero, g, low, h)[0],)
    return Torch(case, layer, {name: case.params[name] for name in "pqgh"}, ["x"])


class Clarabel(Peer):
    """On the cone programs that CVXPY makes of the parameters, made before: set up, and solved."""

    def __init__(self, case):
        import clarabel
        import cvxpy as cp
        from cvxpy.reductions.solvers.conic_solvers.clarabel_conif import dims_to_solver_cones
        from scipy.sparse import csc_matrix, triu

        self.solver, self.model = clarabel.DefaultSolver, case.model()
        self.settings = clarabel.DefaultSettings()
        self.settings.verbose = False
        self.settings.direct_solve_method = "qdldl"
        self.programs = []
        for at in range(case.batch):
            case.set(self.model, case.params, at)
            data, self.chain, self.inverse = self.model.problem.get_problem_data(cp.CLARABEL)
            # `invert` looks for them.
            self.inverse[-1].solver_options = {}
            q = data["c"]
            p = triu(data["P"]).tocsc() if data.get("P") is not None else csc_matrix((q.size, q.size))
            self.programs.append((p, q, data["A"], data["b"], dims_to_solver_cones(data["dims"])))

    def forward(self):
        return [self.solver(*program, self.settings).solve() for program in self.programs]

    def result(self, state):
        values = {name: [] for name in self.model.vars}
        for solution in state:
            self.model.problem.unpack_results(solution, self.chain, self.inverse)
            for name, variable in self.model.vars.items():
                values[name].append(np.array(variable.value))
        return {"vars": {name: np.array(value) for name, value in values.items()}}


class Cvxpygen(Peer):
    """Generated C, by its wrapper. It starts from its last solution, so another point is solved before each one."""

    def __init__(self, case, folder, solver, gradient):
        from cvxpygen import cpg

        self.case, self.model = case, case.model()
        tag = "_".join([case.name.replace("-", "_"), solver.lower()] + ["gradient"] * gradient)
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        sys.path.insert(0, folder)
        # Beside the interpreter may be a cmake.
        os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
        case.set(self.model, case.params)
        if not os.path.exists(os.path.join(folder, tag, "built")):
            cpg.generate_code(self.model.problem, code_dir=tag, solver=solver, gradient=gradient)
            open(os.path.join(folder, tag, "built"), "w").close()
        wrapper = importlib.import_module(f"{tag}.cpg_solver")
        self.module = module = importlib.import_module(f"{tag}.cpg_module")
        self.updated = module.cpg_updated()
        for name in self.model.params:
            setattr(self.updated, name, True)
        module.set_solver_default_settings()
        self.point, self.far = (self.values(wrapper, values) for values in (case.params, case.other))
        if gradient:
            self.backward = self.gradient
            self.cotangent = module.cpg_vdelta()
            for name, variable in self.model.vars.items():
                entries = list(np.ravel(case.cotangent[name][0], order="F"))
                setattr(self.cotangent, name, entries if variable.size > 1 else entries[0])

    def values(self, wrapper, values):
        self.case.set(self.model, values)
        point = self.module.cpg_params()
        for name, param in self.model.params.items():
            setattr(point, name, wrapper.get_param_value(param))
        return point

    def forget(self):
        self.module.solve(self.updated, self.far)

    def forward(self):
        return self.module.solve(self.updated, self.point)

    def gradient(self, _):
        state = self.module.cpg_gsol()
        state.primal, state.dual = [0] * len(state.primal), [0] * len(state.dual)
        return self.module.gradient(self.cotangent, state, False)

    def result(self, state):
        shaped = lambda of, items: {name: np.reshape(getattr(of, name), item.shape, order="F")[None]
                                    for name, item in items.items()}
        result = {"vars": shaped(state.cpg_prim, self.model.vars)}
        if self.backward:
            result["gradient"] = shaped(self.gradient(state), self.model.params)
        return result


PEERS = {
    "cvxpylayers, SCS, LSQR": lambda case, _: cvxpylayer(case),
    "cvxpylayers, SCS 1e-8, LSQR": lambda case, _: cvxpylayer(case, solver_args=dict(eps=1e-8, max_iters=100_000)),
    "cvxpylayers, Clarabel, LSQR": lambda case, _: cvxpylayer(case, solver_args=dict(solve_method="Clarabel")),
    "cvxpylayers, Clarabel, dense":
        lambda case, _: cvxpylayer(case, solver_args=dict(solve_method="Clarabel", mode="dense")),
    "Moreau, interior point, no direct cones": lambda case, _: moreau(case, False, solver_args=dict(solver="ipm")),
    "Moreau, no direct cones": lambda case, _: moreau(case, False),
    "Moreau as shipped": lambda case, _: moreau(case, True),
    "qpth": lambda case, _: qpth(case),
    "ProxQP layer": lambda case, _: proxqp(case, False),
    "ProxQP layer, OpenMP": lambda case, _: proxqp(case, True),
    "Clarabel alone": lambda case, _: Clarabel(case),
    # Two generated modules cannot be in one process.
    "CVXPYgen, OSQP": lambda case, folder: Cvxpygen(case, folder, "OSQP", True),
    "CVXPYgen, QOCO": lambda case, folder: Cvxpygen(case, folder, "QOCO", False),
    "CVXPYgen, QOCOGEN": lambda case, folder: Cvxpygen(case, folder, "QOCOGEN", False),
}
