cvxlayers::cvx! {
    problem P(n) {
        param a: [4];
        var x: [n, 3];
        minimize sum_squares(x[.., 3]) + sum(a[2..6]) + sum(x[n, ..]) + a[4] + sum(a[2..2]);
    }
}

fn main() {}
