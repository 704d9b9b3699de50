#[path = "../tests/common/mod.rs"]
mod common;
use common::families::*;
use common::*;
use cvxlayers::*;
use std::time::Instant;

fn median(mut f: impl FnMut()) -> f64 {
    f();
    let mut t: Vec<f64> = (0..15)
        .map(|_| {
            let s = Instant::now();
            f();
            s.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    t.sort_by(f64::total_cmp);
    t[7]
}

fn run<F: Family>(name: &str, mut problem: Problem<F>, params: &F::Params) {
    let mut solution = problem.solve(params).unwrap();
    let cot = Numbers::new(1).record(problem.zero_vars());
    let mut grad = problem.zero_params();
    let solve = median(|| problem.solve_into(params, &mut solution).unwrap());
    let it = solution.iterations;
    let mut row = format!("{name:24} it {it:3} solve {solve:9.1}us");
    for polish in [Polish::Off, Polish::Derivative] {
        problem.settings_mut().polish = polish;
        let mut times = vec![];
        let mut again = vec![];
        let mut acc = None;
        for _ in 0..15 {
            problem.solve_into(params, &mut solution).unwrap();
            let s = Instant::now();
            acc = Some(solution.vjp_into(Cotangent::vars(&cot), &mut grad).unwrap());
            times.push(s.elapsed().as_secs_f64() * 1e6);
            let s = Instant::now();
            solution.vjp_into(Cotangent::vars(&cot), &mut grad).unwrap();
            again.push(s.elapsed().as_secs_f64() * 1e6);
        }
        times.sort_by(f64::total_cmp);
        again.sort_by(f64::total_cmp);
        row += &format!(
            "  {polish:?}: vjp {:8.1} ({:4.1}%) again {:7.1} ({:4.1}%) res {:.0e}",
            times[7],
            100.0 * times[7] / solve,
            again[7],
            100.0 * again[7] / solve,
            acc.unwrap().residual
        );
    }
    let mut s2 = solution.clone();
    let p = s2.polish().unwrap();
    println!(
        "{row} polish {:.0e}->{:.0e} in {}",
        p.before, p.after, p.steps
    );
}

fn main() {
    for n in [4, 30, 128] {
        let (p, q) = box_qp(n, 1);
        run(&format!("box qp {n}"), p, &q);
    }
    for (n, k) in [(20, 5), (200, 20), (1000, 30)] {
        let (p, q) = portfolio(n, k, 3);
        run(&format!("portfolio {n} {k}"), p, &q);
    }
    for (p_, n) in [(4, 6), (9, 20), (30, 20), (300, 300), (100, 300)] {
        let (p, q) = ball(p_, n, 0.8, 3);
        run(&format!("ball {p_} {n}"), p, &q);
    }
    for (m, n) in [(3, 10), (20, 60)] {
        let (p, q) = affine(m, n, 3);
        run(&format!("affine {m} {n}"), p, &q);
    }
}
