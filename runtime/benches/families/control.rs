//! Control.

use cvxlayers::nalgebra::DMatrix;
use cvxlayers::{OfDims, cvx};

use super::{Case, Draw};

cvx! {
    pub problem Mpc(n, m, T) {
        param a: [n, n];
        param b: [n, m];
        param start: [n];
        var x: [n, T + 1];
        var u: [m, T];
        minimize sum_squares(x) + 0.09 * sum_squares(u);
        subject_to {
            x[.., 0] == start;
            for t in 0..T { x[.., t + 1] == a * x[.., t] + b * u[.., t]; }
            -1 <= u <= 1;
        }
    }

    /// One step of approximate dynamic programming.
    pub problem StochasticControl(n, m) {
        param root: [n, n];
        param q: [n];
        param f: [n];
        param b: [n, m];
        var u: [m];
        var z: [n];
        minimize sum_squares(root * z) + dot(q, z) + sum_squares(u);
        subject_to { z == f + b * u; norm2(u) <= 1; }
    }
}

/// States, inputs, steps.
pub const MPC_SIZES: [[usize; 3]; 6] = [[4, 2, 10], [4, 2, 20], [6, 3, 10], [8, 3, 20], [12, 4, 10], [12, 4, 20]];

pub fn mpc([n, m, steps]: [usize; 3]) -> Case<MpcFamily, OfDims> {
    let point = move |draw: &mut Draw| {
        let mut a = DMatrix::identity(n, n) + 0.1 * draw.matrix(n, n);
        // Slightly unstable at most.
        let radius = a
            .complex_eigenvalues()
            .iter()
            .map(|value| value.norm())
            .fold(0.0, f64::max);
        a /= (radius / 1.02).max(1.0);
        MpcParams {
            a,
            b: 0.5 * draw.matrix(n, m),
            start: draw.vector(n),
        }
    };
    let make = move || Mpc::new(MpcDims { n, m, T: steps }).expect("the dimensions are positive");
    Case::new("mpc", [("n", n), ("m", m), ("T", steps)], make, point)
}

pub fn stochastic_control(n: usize, m: usize) -> Case<StochasticControlFamily, OfDims> {
    let point = move |draw: &mut Draw| StochasticControlParams {
        root: draw.matrix(n, n),
        q: draw.vector(n),
        f: draw.vector(n),
        b: draw.matrix(n, m),
    };
    let make = move || StochasticControl::new(StochasticControlDims { n, m }).expect("the dimensions are positive");
    Case::new("stochastic_control", [("n", n), ("m", m)], make, point)
}
