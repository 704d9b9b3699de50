cvxlayers::cvx! {
    problem P(n) {
        param c: [n] pos;
        var x: [n];
        minimize sum(c .* x);
        subject_to { x ./ c <= 1; 2 * x.^2 <= 1; x.5 <= 1; }
    }
}

fn main() {}
