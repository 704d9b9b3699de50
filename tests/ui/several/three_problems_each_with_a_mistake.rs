cvxlayers::cvx! {
    problem First(n) {
        var x: [n];
        minimize sum_squares(y);
    }

    problem Second(n) {
        var x: [n];
        minimize norm1(x) +;
    }

    problem Third(n) {
        var x: [n];
        minimize min(x);
    }
}

fn main() {}
