cvxlayers::cvx! {
    problem P {
        param wall: pos;
        var h: nonneg;
        var w: nonneg;
        var d: nonneg;
        minimize 1 / (h * w * d);
        subject_to { 2 * (h * w + h * d) <= wall; h / w <= 2; }
    }
}

fn main() {}
