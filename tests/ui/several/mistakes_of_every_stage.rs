cvxlayers::cvx! {
    problem P(n) {
        param a [n];
        param b: [m];
        param c: [n] nonegative;
        var x: [n];
        let y = a ** 2;
        let z = sqrt(x) + 1;
        minimize sum_squares(x - a) + norm1(w) + y + norm2(z);
        subject_to {
            sum(x) < 1;
            norm1(x) >= b[0];
            x n <= 1;
            x == square(c);
            first: x == square(x);
        }
    }
}

fn main() {}
