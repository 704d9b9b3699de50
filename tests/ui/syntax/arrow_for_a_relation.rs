cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x);
        subject_to { x => 0; sum(x) =< 1; }
    }
}

fn main() {}
