cvxlayers::cvx! {
    problem P(n) {
        param a: [n] nonneg = True;
        param b: [[f64; 3]; 2];
        param c: (n, 3);
        param d: [n] = 0.5;
        var t >= 0;
        var u: [n, n] >> 0;
        var v: [n] <= a;
        var w: [n], nonneg;
        var x: [n], y: [n, n] symmetric, psd;
        var z(n);
        minimize t + sum(u) + sum(x) + sum(v) + sum(w) + trace(y);
    }
}

fn main() {}
