cvxlayers::cvx! {
    problem P(m, n) {
        param k;
        var x: [m];
        minimize sum(vec_to_upper_tri(x, n)) + sum(vec_to_upper_tri(x, k));
    }
}

fn main() {}
