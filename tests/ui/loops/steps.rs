cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(i in (0..3).step_by(2), square(x[i]));
        subject_to {
            for i in (1..3).step_by(2) { x[i] >= 0; }
            for i in 1:2:5 { x[i] >= 1; }
            for i in range(0, n, 2) { x[i] >= 1; }
            for i in (0..n).rev() { x[i] >= 2; }
            for i in (0..n) { x[i] >= 3; }
            for i in 0..n.step_by(2) { x[i] >= 4; }
        }
    }
}

fn main() {}
