cvxlayers::cvx! {
    problem P(n) {
        param r: nonneg;
        var x: [n];
        minimize sum(x);
        subject_to { norm2(x) >= r; }
    }
}

fn main() {}
