cvxlayers::cvx! {
    problem P(n) {
        variable x: [n];
        minimize 0;
    }
}

fn main() {}
