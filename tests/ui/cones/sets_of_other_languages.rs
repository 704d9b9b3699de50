cvxlayers::cvx! {
    problem P(n) {
        param b: [n, n] symmetric;
        var x: [n, n] symmetric;
        var t;
        var y: [n];
        minimize trace(x) + t;
        subject_to {
            bound: x - b in PSD;
            y in NonNegative;
            x in Graphs;
            y in 0..1;
            t in [-1, 2];
            PSD(x);
            SOC(t, y);
            ExpCone(y, 1, t);
        }
    }
}

fn main() {}
