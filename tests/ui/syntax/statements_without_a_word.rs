cvxlayers::cvx! {
    problem P(m, n) {
        x = Variable(m, n);
        p = Parameter();
        y: [m];
        a = 2 * x;
        minimize sum_squares(a) + sum_squares(y - p);
    }
}

fn main() {}
