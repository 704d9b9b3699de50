cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to {
            for i0 in 0..n {
                for i1 in 0..n {
                    for i2 in 0..n {
                        for i3 in 0..n {
                            for i4 in 0..n {
                                for i5 in 0..n {
                                    for i6 in 0..n {
                                        for i7 in 0..n {
                                            for i8 in 0..n {
                                                x[i8] >= 0;
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn main() {}
