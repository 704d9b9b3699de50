cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param b: [n];
        var x: [n];
        minimize norm2(a * x - b) + norm1(x);
        subject_to { norm_inf(x) >= 1; }
    }
}

// What follows is right, and says nothing although the problem has not compiled.
fn main() -> Result<(), cvxlayers::Error> {
    let mut problem = P::new(PDims { m: 2, n: 3 })?;
    let params = problem.zero_params();
    let solution = problem.solve(&params)?;
    let gradient: PParams = solution.vjp(&PVars { x: solution.vars.x.clone() })?;
    assert_eq!(gradient.a.ncols(), 3);
    Ok(())
}
