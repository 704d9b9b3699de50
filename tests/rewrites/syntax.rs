//! What did not parse.
use crate::repaired;

repaired! {
    arrow_for_a_relation [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum(x);
            subject_to { x >= 0; sum(x) <= 1; }
        }
    }

    attribute_before_the_shape [n = 2] {
        problem P(n) {
            param p: nonneg;
            var x: [n];
            minimize sum_squares(x - p);
        }
    }

    attribute_without_a_colon [] {
        problem P {
            var t: nonneg;
            minimize t;
        }
    }

    coefficient_without_a_product_sign [n = 2] {
        problem P(n) {
            var x: [n] nonneg;
            minimize sum(2 * x);
        }
    }

    comma_between_constraints [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { x >= 0; sum(x) == 1; }
        }
    }

    const_that_is_no_dimension [n = 2] {
        problem P(n) {
            param limit;
            var x: [n];
            minimize sum_squares(x);
            subject_to { x <= limit; x <= 0.5; }
        }
    }

    declaration_without_a_colon [n = 2] {
        problem P(n) {
            param p: [n];
            var x: [n];
            minimize sum_squares(x - p);
        }
    }

    elementwise_operator [n = 2] {
        problem P(n) {
            param c: [n] pos;
            var x: [n];
            minimize sum(multiply(c, x));
            subject_to { x / c <= 1; 2 * square(x) <= 1; }
        }
    }

    keyword_as_a_name [n = 2] {
        problem P(n) {
            var fn_: [n];
            var gen_: [n];
            minimize sum_squares(fn_) + sum_squares(gen_);
        }
    }

    loop_behind_its_term [n = 3] {
        problem P(n) {
            var x: [n];
            minimize sum(i in 0..n, square(x[i]));
            subject_to { max(i in 0..n, x[i]) <= 1; sum(i in 1..n, x[i]) <= 1; sum(i in 0..n, x[i]) <= 2; }
        }
    }

    matrix_product_of_python [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [n];
            minimize sum_squares(a * x);
        }
    }

    method_call [n = 2] {
        problem P(n) {
            var x: [n] nonneg;
            minimize sum(x);
        }
    }

    missing_semicolon [n = 2] {
        problem P(n) {
            param c: [n];
            var x: [n];
            minimize dot(c, x);
            subject_to { x >= 0; }
        }
    }

    named_argument [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [m, n];
            minimize sum_squares(x - a);
            subject_to { sum(x, axis = 0) >= 0; }
        }
    }

    power_operators [n = 2] {
        problem P(n) {
            var x: [n];
            var t;
            let u = 1 - square(t);
            minimize 2 * square(t) - u;
            subject_to {
                power(x, 3) <= t;
                square(x.T) <= t;
                sqrt(t) >= 1;
                -inv_pos(t + 1) >= -1;
            }
        }
    }

    single_equals_sign [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum(x);
            subject_to { sum(x) == 1; }
        }
    }

    statement_of_another_language [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { x >= 1; }
        }
    }

    strict_inequality [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum(x);
            subject_to { x >= 0; sum(x) <= 1; }
        }
    }

    string_for_a_norm [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize norm_fro(x);
        }
    }

    subject_to_in_two_words [n = 2] {
        problem P(n) {
            param c: [n];
            var x: [n];
            minimize dot(c, x);
            subject_to { x >= 0; sum(x) >= norm1(x); }
        }
    }

    three_dimensions [l = 2, m = 3, n = 2] {
        problem P(l, m, n) {
            var x: [l, m * n];
            minimize sum_squares(x);
        }
    }

    unknown_statement [n = 2] {
        problem P(n) {
            var x: [n];
            minimize 0;
            subject_to { sum(x) == 1; }
        }
    }

    bars [n = 2] {
        problem P(n) {
            var x: [n];
            minimize abs(x[0]) + sum(abs(x));
            subject_to { norm2(x) <= 1; norm1(x) <= 1; norm_inf(x) <= 1; }
        }
    }

    condition [n = 3] {
        problem P(n) {
            param linear: nonneg;
            var x: [n];
            minimize linear * sum(x) + norm1(x);
            subject_to {
                x >= 1;
                for i in 1..n {
                    x[i] >= x[i - 1];
                }
            }
        }
    }

    conjunction [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { x >= 1; x <= 2; }
        }
    }

    let_in_subject_to [n = 2] {
        problem P(n) {
            var x: [n];
            var y: [n];
            fn gap(i) = x[i] - y[i];
            let total = sum(x);
            minimize sum_squares(x) + sum_squares(y);
            subject_to {
                total >= 1;
                for i in 0..n {
                    abs(gap(i)) <= 1;
                }
            }
        }
    }

    loops_of_other_languages [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to {
                for i in 0..n { x[i] >= 0; }
                for i in 1..n { x[i] >= x[i - 1]; }
                for i in 0..n { x[i] >= 1; }
                for i in 0..n { x[i] >= 2; }
                for i in 0..n { for j in 0..i { x[i] + x[j] >= 3; } }
            }
        }
    }

    types_of_rust [n = 2, m = 3] {
        problem P(n, m) {
            const k: usize = 3;
            param a: [m, n];
            param b: nonneg;
            param c: [n];
            var x: [n];
            minimize b * sum_squares(x) + k * sum_squares(a * x) + dot(c, x);
        }
    }

    constraint_without_an_end [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { sum(x) == 1; x >= 0; }
        }
    }

    second_named_argument [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize sum_squares(x);
            subject_to { sum(x, axis = 1) >= 1; }
        }
    }

    declarations_of_other_languages [n = 2] {
        problem P(n) {
            param a: [n] nonneg;
            param b: [2, 3];
            param c: [n, 3];
            let d = 0.5;
            var t: nonneg;
            var u: [n, n] psd;
            var v: [n];
            var w: [n] nonneg;
            var x: [n];
            var y: [n, n] symmetric psd;
            var z: [n];
            minimize t + trace(u) + norm1(v) + norm1(z) + sum(w) + trace(y) + sum_squares(x - d) + sum(b) + sum(c);
            subject_to { v <= a; }
        }
    }

    rows_by_semicolons [n = 2] {
        problem P(n) {
            var x: [n];
            var y: [n];
            let a = vstack(x, y);
            let b = [[1, 2], [3, -4]];
            let c = [1, 2];
            let d = block([[x, y], [y, x]]);
            minimize sum_squares(a) + sum_squares(b * c) + sum_squares(d);
        }
    }

    numbers_of_other_languages [n = 2] {
        problem P(n) {
            var x: [n];
            let a = 0.5 * x;
            let b = x / n;
            minimize sum_squares(a + b);
            subject_to { x >= 1; }
        }
    }

    labels_of_other_languages [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to {
                for i in 0..n { lower: x[i] >= 0; }
                budget: sum(x) == 1;
                upper: x <= 1;
            }
        }
    }

    objective_of_python [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { x >= 0; sum(x) == 1; }
        }
    }

    statements_without_a_word [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            param p;
            var y: [m];
            let a = 2 * x;
            minimize sum_squares(a) + sum_squares(y - p);
        }
    }

    relation_in_parentheses [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { x >= 1; sum(x) <= 4; }
        }
    }
}
