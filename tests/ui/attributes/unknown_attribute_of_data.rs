cvxlayers::cvx! {
    problem P(n) {
        data a: [n] complex;
        var x: [n];
        minimize sum_squares(x - a);
    }
}

fn main() {}
