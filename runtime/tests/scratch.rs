mod common;
use common::families::box_qp;
#[test]
fn scratch() {
    for first in [false, true] {
        for exponent in [-12, -8, -6, -4, 0, 4, 6, 8, 9, 12] {
            let (mut problem, params) = box_qp(12, 1);
            if first {
                problem.solve(&params).unwrap();
            }
            let mut scaled = params.clone();
            let factor = 10_f64.powi(exponent);
            for name in ["p", "q"] {
                for entry in scaled.field_mut(name) {
                    *entry *= factor;
                }
            }
            scaled.field_mut("q")[3] *= 1.3;
            match problem.solve(&scaled) {
                Ok(s) => println!(
                    "{first} {exponent} ok {:?} {} {:e}",
                    s.status,
                    s.iterations,
                    s.residual()
                ),
                Err(e) => println!("{first} {exponent} {e}"),
            }
        }
    }
}
