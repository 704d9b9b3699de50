cvxlayers::cvx! {
    problem P(T) {
        var x: [T];
        minimize sum(t in 0..T, (T - t) * square(x[t]));
    }
}

fn main() {}
