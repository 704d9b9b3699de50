//! What is done with the types of a problem that has a mistake is no further mistake.

use cvxlayers::nalgebra::{DMatrix, DVector};

cvxlayers::cvx! {
    problem Objective(n) {
        data d: [n];
        param a: [n, n];
        var x: [n];
        let r = a * x - d;
        minimize norm2(r) - norm1(x);
        subject_to { budget: sum(x) == 1; range: 0 <= x <= 1; }
    }

    problem Declaration(n) {
        param c [n];
        param p: [n] nonegative;
        param q: [m];
        variable x: [n];
        var y: [n, n, n];
        let twice = 2 * y;
        minimize dot(c, x) + sum(y);
        subject_to { budget: sum(x) + sum(q) == 1; }
    }

    problem Statement(n) {
        param c: [n];
        var x: [n];
        let shifted = x + z;
        let squared = x ** 2;
        minimize dot(c, x) ^ 2;
        subject_to {
            budget: sum(x) 1;
            cap: x < 1;
            for i in 0..k { rise: x[i] >= 0; }
            wide: x <= ones(n + 1);
        }
    }

    problem Header(n 2) geometrical {
        param c: [n];
        var x: [n];
        minimize dot(c, x);
        subject_to { low: x >= 1; }
    }
}

fn objective() -> Result<f64, cvxlayers::Error> {
    let data = ObjectiveData { d: DVector::zeros(3) };
    let mut problem = Objective::new(ObjectiveDims { n: 3 }, data)?;
    let mut params: ObjectiveParams = problem.zero_params();
    params.a = DMatrix::identity(3, 3);
    let mut solution: ObjectiveSolution = problem.solve(&params)?;
    problem.solve_into(&params, &mut solution)?;
    let gradient = solution.vjp(&ObjectiveVars { x: solution.vars.x.clone() })?;
    let tangent = solution.tangent(&gradient)?;
    let duals: &ObjectiveDuals = &solution.duals;
    let lets: &ObjectiveLets = &solution.lets;
    Ok(gradient.a.sum() + tangent.vars.x[0] + duals.budget + duals.range.lower.sum() + lets.r.norm())
}

fn declaration() -> Result<f64, cvxlayers::Error> {
    let mut problem = Declaration::new(DeclarationDims { n: 3 })?;
    let params = DeclarationParams {
        c: DVector::zeros(3),
        p: DVector::from_element(3, 1.0),
        q: DVector::zeros(2),
    };
    let solution = problem.solve(&params)?;
    let mut vars: DeclarationVars = solution.vars.clone();
    vars.y[(0, 1)] += 1.0;
    vars.axpy(2.0, &(solution.vars.clone() + problem.zero_vars()));
    let gradient = solution.vjp(&vars)?;
    Ok(gradient.dot(&params) + gradient.c[0] + solution.lets.twice.sum() + vars.x.norm() + solution.duals.budget)
}

fn statement() -> Result<f64, cvxlayers::Error> {
    let mut problem = Statement::new(StatementDims { n: 3 })?;
    let solution = problem.solve(&StatementParams { c: DVector::zeros(3) })?;
    let StatementDuals { budget, cap, rise, wide } = solution.duals.clone();
    let lets: StatementLets = problem.zero_lets();
    Ok(budget + cap.sum() + rise[0] + wide.norm() + lets.shifted.sum() + lets.squared[0] + solution.objective)
}

fn header() -> Result<f64, cvxlayers::Error> {
    let solution = Header::new(HeaderDims { n: 2 })?.solve(&HeaderParams { c: DVector::zeros(2) })?;
    Ok(solution.vars.x[0] + solution.duals.low[1])
}

fn main() {
    for run in [objective, declaration, statement, header] {
        println!("{:?}", run());
    }
}
