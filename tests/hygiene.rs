//! Generated code means its own names, whatever the user calls things.
#![allow(missing_docs, nonstandard_style, dead_code)]

use cvxlayers::cvx;

/// A module in which nothing of the prelude is what it was.
mod hostile {
    pub struct Vec;
    pub struct Result;
    pub struct Option;
    pub struct Some;
    pub struct Ok;
    pub struct Err;
    pub struct Clone;
    pub struct Debug;
    pub struct From;
    pub struct Add;
    pub struct String;
    pub trait Iterator {}
    pub mod std {}
    pub mod nalgebra {}
    pub mod clarabel {}
    pub const at: u8 = 0;
    pub const seed: u8 = 0;
    pub const program: u8 = 0;

    cvxlayers::cvx! {
        pub problem Hostile(at_, slots, params, Vec_) {
            param p: [at_, slots];
            param q: [at_];
            param a: [params] nonneg;
            param b: [at_, params];
            param r;
            param this;
            param gradient: [Vec_];
            param i0: nonneg;
            var x: [slots];
            var z: [params];
            var s: [Vec_];
            var vars: [2, 2] symmetric;
            var duals;
            let sum_ = p * x + b * z;
            minimize sum_squares(sum_ - q) + i0 * (sum_squares(z) + sum_squares(s - gradient)) + norm1(x) + sum_squares(vars)
                + square(duals - this);
            subject_to { cones: multiply(a, z) <= r; row_0: -1 <= s <= 1; }
        }
    }
}

cvx! {
    problem Raw {
        param T: [2];
        param r#type: [2];
        var r#fn: [2];
        minimize sum_squares(r#fn - T) + sum_squares(r#fn - r#type);
    }
}

#[test]
fn hostile_names_are_only_names() -> Result<(), cvxlayers::Error> {
    let dims = hostile::HostileDims {
        at_: 2,
        slots: 3,
        params: 2,
        Vec_: 2,
    };
    let mut problem = hostile::Hostile::new(dims)?;
    let mut params = problem.zero_params();
    params.this = 4.0;
    params.i0 = 1.0;
    params.r = 1.0;
    let solution = problem.solve(&params)?;
    assert!((solution.vars.duals - 4.0).abs() < 1e-6);
    let gradient = solution.vjp(&solution.vars)?;
    assert!((gradient.this - 4.0).abs() < 1e-6);
    Ok(())
}

cvxlayers::cvx! {
    /// Names of functions are free for values.
    problem NamedAsFunctions(n) {
        param norm: [n];
        param power: nonneg;
        var sum: [n];
        var max;
        let norm2 = norm2(sum - norm);
        minimize sum(square(sum)) + power * norm2 + square(max - sum(sum));
        subject_to { abs: abs(sum) <= 2; }
    }
}

#[test]
fn values_may_be_named_as_functions() -> Result<(), cvxlayers::Error> {
    let mut problem = NamedAsFunctions::new(NamedAsFunctionsDims { n: 1 })?;
    let mut params = problem.zero_params();
    (params.norm[0], params.power) = (3.0, 2.0);
    let solution = problem.solve(&params)?;
    assert!((solution.vars.sum[0] - 1.0).abs() < 1e-6 && (solution.vars.max - 1.0).abs() < 1e-6);
    Ok(())
}
