cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y: [n];
        let a = [x; y];
        let b = [1, 2; 3, -4];
        let c = [1; 2];
        let d = [x, y; y, x];
        minimize sum_squares(a) + sum_squares(b * c) + sum_squares(d);
    }
}

fn main() {}
