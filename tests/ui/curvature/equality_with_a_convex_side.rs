cvxlayers::cvx! {
    problem P(n) {
        var x;
        var y: [n];
        minimize x;
        subject_to { x == norm2(y); square(x) == 1; sqrt(x) == y[0]; }
    }
}

fn main() {}
