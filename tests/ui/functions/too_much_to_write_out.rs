cvxlayers::cvx! {
    problem P(n) {
        param history: [n];
        var x: [n];
        minimize sum_squares(x) + sum(huber(huber(huber(huber(huber(huber(history)))))));
    }

    problem Names(n) {
        param p: [n];
        var x: [n];
        let a = p + p + p + p + p + p + p + p;
        let b = a + a + a + a + a + a + a + a;
        let c = b + b + b + b + b + b + b + b;
        let d = c + c + c + c + c + c + c + c;
        minimize sum_squares(x - (d + d + d + d + d + d + d + d));
    }
}

fn main() {}
