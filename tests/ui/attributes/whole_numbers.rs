cvxlayers::cvx! {
    problem P(n) {
        var x: [n] integer;
        var y: [n] bool;
        minimize sum_squares(x) + sum_squares(y);
    }
}

fn main() {}
