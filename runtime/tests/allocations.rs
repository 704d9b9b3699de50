//! What a solve and a derivative allocate once everything is warm.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use allocation_counter::measure;
use common::Numbers;
use common::families::{ball, box_qp, conic};
use cvxlayers::{Cone, Cotangent, Family, Polish, Problem, SDP};

/// Clarabel's own: its timers, once a solve.
fn of_solver<F: Family>(problem: &Problem<F>) -> u64 {
    let for_it = |cone: &Cone| matches!(cone, Cone::Exponential | Cone::Power(_));
    u64::from(problem.cones().iter().any(for_it))
}

fn check<F: Family>(mut problem: Problem<F>, params: &F::Params, polish: Polish) {
    problem.settings_mut().polish = polish;
    let mut numbers = Numbers::new(5);
    let cotangent = numbers.record(problem.zero_vars());
    let direction = common::direction::<F>(problem.zero_params(), &mut numbers);
    let of_duals = numbers.record(problem.zero_duals());
    let (mut gradient, mut tangent) = (problem.zero_params(), problem.zero_vars());
    let mut tangents = problem.zero_tangent();

    let mut solution = problem.solve(params).unwrap();
    solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient).unwrap();
    problem.solve_into(params, &mut solution).unwrap();

    for scale in [1.0, 1.01] {
        let mut params = params.clone();
        cvxlayers::Record::scale(&mut params, scale);
        let solve = measure(|| problem.solve_into(&params, &mut solution).unwrap());
        // A positive semidefinite parameter that changes is copied into memory that is there.
        assert_eq!(solve.count_total, of_solver(&problem), "{scale} {solve:?}");
        let vjp = measure(|| {
            solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient).unwrap();
            solution.jvp_into(&direction, &mut tangent).unwrap();
            solution.objective_jvp(&direction).unwrap();
            let of_both = Cotangent::vars(&cotangent).and_duals(&of_duals);
            solution.vjp_into(of_both, &mut gradient).unwrap();
            solution.tangent_into(&direction, &mut tangents).unwrap();
            solution.vjp_into(Cotangent::objective(1.0), &mut gradient).unwrap();
        });
        assert_eq!(vjp.count_total, 0, "{scale} {vjp:?}");
    }
}

#[test]
fn nothing_of_ours_is_allocated_once_warm() {
    for polish in [Polish::Off, Polish::Derivative, Polish::Solve] {
        let (problem, params) = box_qp(12, 1);
        check(problem, &params, polish);
        let mut lists = vec![[Cone::Exponential; 3], [Cone::Power(0.3); 3]];
        if SDP {
            lists.push([Cone::Semidefinite(5); 3]);
        }
        for cones in lists {
            let (problem, params) = conic(&cones, 4, 4, 1);
            check(problem, &params, polish);
        }
        for p in [4, 30] {
            let (problem, params) = ball(p, 12, 0.8, 1);
            check(problem, &params, polish);
        }
    }
}
