//! Expressions whose verdicts are known from the literature and other implementations: by the rules of disciplined
//! convex programming, and with parameters that move.

use super::front::{assert_none, problem};
use super::tokens;

const DECLARATIONS: &str = "
    var x;
    var y;
    var xn: nonneg;
    var v: [3];
    var X: [3, 3];
    var S: [3, 3] symmetric;
    param p;
    param q;
    param pn: nonneg;
    param pp: nonpos;
    param ps: pos;
    param a: [3];
    param b: [3];
    param an: [3] nonneg;
    param A: [3, 3];
    param F: [3, 3];
    param G: [3, 3];
    param P: [3, 3] psd;
    param N: [3, 3] nsd;
    param S0: [3, 3] symmetric;
    param D: [3, 3] diagonal nonneg;
";

/// The place in the catalogue, an expression or a constraint, and what it is: `convex`, `accepted` of a constraint, or
/// what its refusal says.
///
/// Not in the language: the product of a variable and its exponential (D14) and the range of a vector (D16), which is
/// written as the difference that it is.
const DISCIPLINED: &str = "
    D1  | square(exp(x))                             | convex
    D2  | square(square(x) - 1)                      | `square` is convex and not monotone here
    D3  | quad_over_lin(square(x), sqrt(y))          | convex
    D4  | quad_over_lin(x, square(y))                | nonincreasing here, so it takes a concave argument: `square(y)`
    D5  | abs(-square(x))                            | convex
    D5  | abs(log(x))                                | `abs` is convex and not monotone here
    D6  | inv_pos(sqrt(x))                           | convex
    D6  | inv_pos(square(x))                         | nonincreasing here, so it takes a concave argument: `square(x)`
    D7  | rel_entr(x, sqrt(y))                       | convex
    D7  | kl_div(x, sqrt(y))                         | `kl_div` is convex and not monotone here
    D8  | lambda_max(symmetric_wrap(abs(X)))         | `lambda_max` is convex and not monotone here
    D8  | matrix_frac(square(v), S)                  | `matrix_frac` is convex and not monotone here
    D8  | log_det(symmetric_wrap(square(X)))         | `log_det` is concave and not monotone here
    D9  | norm1(sqrt(v))                             | nondecreasing here, so it takes a convex argument: `sqrt(v)`
    D9  | max(sqrt(v))                               | nondecreasing here, so it takes a convex argument: `sqrt(v)`
    D9  | sum_smallest(square(v), 2)                 | nondecreasing here, so it takes a concave argument: `square(v)`
    D10 | [[1, -1, 0]] * square(v)                   | `square(v)` is convex and nonneg and `[[1, -1, 0]]` is of unknown sign
    D10 | [[1, 1, 0]] * square(v)                    | convex
    D11 | exp(x) <= log(y)                           | accepted
    D11 | norm(v) <= sqrt(x)                         | accepted
    D11 | sum_squares(v) <= geo_mean(v)              | accepted
    D12 | square(x) == 1                             | expected an affine expression left of `==`
    D12 | abs(x) == 1                                | expected an affine expression left of `==`
    D12 | square(x) >= 1                             | expected a concave expression left of `>=`
    D12 | log(x) <= y                                | expected a convex expression left of `<=`
    D12 | sqrt(x) <= 1                               | expected a convex expression left of `<=`
    D13 | norm(hstack(1, x))                         | convex
    D15 | x * y                                      | at least one factor without variables
    D15 | x * x                                      | at least one factor without variables
    D15 | x / y                                      | a divisor without variables
    D15 | 1 / x                                      | a divisor without variables
    D16 | diff(square(v))                            | subtracted from `square(v)[1..]`, which is convex
    D16 | max(square(v)) - min(square(v))            | `min` is concave and nondecreasing here
    6.2 | sqrt(1 + square(x))                        | `sqrt` is concave and nondecreasing here
    6.2 | log(sum(exp(v)))                           | `log` is concave and nondecreasing here
    6.2 | square(x) - square(x)                      | the result has no curvature
    6.2 | 0 * square(x) == 0                         | accepted
    6.2 | pn <= 1                                    | accepted
";

/// The place, an objective or a constraint, and whether it is `accepted` or what its refusal says: as it is, where what
/// is not affine in the parameters is derived from them, and with `#[strict_dpp]`.
///
/// Not in the language: `scalene` (P12, written out), `huber` of a scale (P25), a power with a variable exponent (P27,
/// written as the exponential that it is), parameters that a callback computes (P35).
///
/// Refused here, with what to write: P17 as a product. Its form in a constraint is refused too, as its matrix is known
/// only at run time.
///
/// Accepted here and not elsewhere, on purpose: P19, where a nonneg multiple of a semidefinite matrix and a nonneg
/// diagonal are semidefinite; P21, of which the objective has only the value; P28, whose product is affine in either
/// factor.
const PARAMETRIZED: &str = "
    P1  | p * x + q == 0                             | accepted | accepted
    P1  | A * v - b == 0                             | accepted | accepted
    P1  | a[0] * v[1] == 0                           | accepted | accepted
    P1  | diag(a) * v == 0                           | accepted | accepted
    P1  | outer(a, v) == 0                           | accepted | accepted
    P1  | trace(A * X) == 0                          | accepted | accepted
    P1  | A * X - X * A == 0                         | accepted | accepted
    P2  | (p + q) * x == 0                           | accepted | accepted
    P2  | (p + 1) * (x + 1) == 0                     | accepted | accepted
    P2  | (2 * p - 1) * x == 0                       | accepted | accepted
    P2  | p / 2 * x == 0                             | accepted | accepted
    P2  | sum(a) * x == 0                            | accepted | accepted
    P2  | hstack(p, q, 1) * v == 0                   | accepted | accepted
    P3  | p * q == x                                 | accepted | `p` and `q` both depend on parameters
    P3  | p * q * x == 0                             | accepted | `p` and `q` both depend on parameters
    P3  | (p + 1) * (x + q) == 0                     | accepted | `p + 1` and `x + q` both depend on parameters
    P3  | p * (x + q) == 0                           | accepted | `p` and `x + q` both depend on parameters
    P3  | p * (x + p) == 0                           | accepted | `p` and `x + p` both depend on parameters
    P4  | (A * A) * v == 0                           | accepted | `A` and `A` both depend on parameters
    P4  | A * (A * v) == 0                           | accepted | `A` and `A * v` both depend on parameters
    P4  | (A.T * a).T * v == 0                       | accepted | `A.T` and `a` both depend on parameters
    P4  | A * X * A.T >> 0                           | accepted | `A * X` and `A.T` both depend on parameters
    P4  | a.T * X * b == 0                           | accepted | `a.T * X` and `b` both depend on parameters
    P5  | minimize x / ps                            | accepted | the divisor `ps` depends on parameters
    P5  | minimize 1 / p                             | accepted | the divisor `p` depends on parameters
    P5  | minimize sum_squares(v) / ps               | accepted | the divisor `ps` depends on parameters
    P5  | minimize inv_pos(ps) * x                   | accepted | `inv_pos(ps)` is convex in its parameters
    P5  | minimize sqrt(pn) * x                      | accepted | `sqrt(pn)` is concave in its parameters
    P5  | minimize exp(p) * x                        | accepted | `exp(p)` is convex in its parameters
    P5  | minimize abs(p) * x                        | accepted | `abs(p)` is convex in its parameters
    P5  | minimize max(an) * exp(x)                  | accepted | `max(an)` is convex in its parameters
    P5  | minimize power(p, 2) * x                   | accepted | is convex in its parameters
    P5  | minimize norm(a) * x                       | accepted | is convex in its parameters
    P6  | minimize exp(p)                            | accepted | accepted
    P6  | minimize norm(a)                           | accepted | accepted
    P6  | minimize power(p, 2)                       | accepted | accepted
    P6  | maximize log(p)                            | accepted | accepted
    P6  | maximize entr(p)                           | accepted | accepted
    P6  | maximize log_det(S0)                       | of parameters is not computed | of parameters is not computed
    P7  | minimize exp(log(p))                       | accepted | `exp` is convex and nondecreasing here
    P7  | minimize log(exp(p))                       | accepted | `log` is concave and nondecreasing here
    P7  | minimize p / q                             | accepted | the divisor `q` depends on parameters
    P8  | norm(a) <= x                               | accepted | accepted
    P8  | square(p) <= x                             | accepted | accepted
    P8  | log(x) >= p                                | accepted | accepted
    P8  | norm(v) <= p * x                           | accepted | accepted
    P9  | x <= norm(a)                               | accepted | `norm(a)`, which is convex in its parameters
    P9  | x == norm(a)                               | accepted | `norm(a)`, which is convex in its parameters
    P9  | square(x) <= square(p)                     | accepted | `square(p)`, which is convex in its parameters
    P9  | sqrt(x) >= sqrt(p)                         | accepted | `sqrt(p)`, which is concave in its parameters
    P9  | norm(v) <= p * q                           | accepted | `p` and `q` both depend on parameters
    P10 | minimize x + max(a)                        | accepted | accepted
    P10 | minimize abs(x) - max(a)                   | accepted | `max(a)` is convex and of unknown sign, and is subtracted from `abs(x)`
    P11 | minimize pn * square(x)                    | accepted | accepted
    P11 | maximize pp * square(x)                    | accepted | accepted
    P11 | maximize (-pn) * square(x)                 | accepted | accepted
    P11 | minimize (pn + 1) * square(x)              | accepted | accepted
    P11 | minimize sum(an) * exp(x)                  | accepted | accepted
    P11 | minimize sum(multiply(an, square(v)))      | accepted | accepted
    P12 | minimize p * square(x)                     | `p` is of unknown sign | `p` is of unknown sign
    P12 | maximize p * square(x)                     | `p` is of unknown sign | `p` is of unknown sign
    P12 | minimize (pn - 1) * square(x)              | `pn - 1` is of unknown sign | `pn - 1` is of unknown sign
    P12 | minimize p * log(x)                        | `p` is of unknown sign | `p` is of unknown sign
    P12 | minimize p * pos(x) + 2 * neg(x)           | `p` is of unknown sign | `p` is of unknown sign
    P13 | minimize square(p * x + q)                 | accepted | accepted
    P13 | minimize sum_squares(A * v - b)            | accepted | accepted
    P13 | minimize exp(p * x + q)                    | accepted | accepted
    P13 | maximize log(p * x)                        | accepted | accepted
    P13 | minimize power(pn * x, 3)                  | accepted | accepted
    P13 | minimize norm1(multiply(an, v) - a)        | accepted | accepted
    P14 | minimize pn * norm(x + p)                  | accepted | both depend on parameters
    P14 | minimize sum(multiply(an, abs(v - a)))     | accepted | `an` and `abs(v - a)` both depend on parameters
    P14 | minimize pn * square(p * x)                | accepted | `pn` and `square(p * x)` both depend on parameters
    P14 | minimize norm1(multiply(an, v - a))        | accepted | `an` and `v - a` both depend on parameters
    P14 | minimize pn * huber(x, pn)                 | accepted | `pn` and `huber(x, pn)` both depend on parameters
    P15 | minimize pn * (sum_squares(v) + norm1(v))  | accepted | accepted
    P15 | minimize pn * (x + norm1(v - a))           | accepted | both depend on parameters
    P16 | minimize norm_fro(F * X - G) + pn * norm_fro(X) | accepted | accepted
    P17 | minimize quad_form(v, P)                   | accepted | accepted
    P17 | minimize v.T * P * v                       | write `quad_form(v, P)` | write `quad_form(v, P)`
    P17 | minimize quad_form(v, 2 * P)               | accepted | accepted
    P17 | minimize quad_form(v, P + P)               | accepted | accepted
    P17 | minimize quad_form(v, -N)                  | accepted | accepted
    P17 | maximize quad_form(v, N)                   | accepted | accepted
    P17 | quad_form(v, P) <= 1                       | outside the objective | outside the objective
    P18 | minimize pn * quad_form(v, P)              | accepted | `pn` and `quad_form(v, P)` both depend on parameters
    P18 | minimize quad_form(v + a, P)               | accepted | `v + a` and `P` both depend on parameters
    P18 | minimize quad_form(v, psd_wrap(P * P))     | accepted | `P` and `P` both depend on parameters
    P18 | minimize quad_form(v, psd_wrap(pn * P))    | accepted | `pn` and `P` both depend on parameters
    P19 | minimize quad_form(v, S0)                  | nothing says that it is | nothing says that it is
    P19 | minimize quad_form(v, pn * eye(3))         | accepted | accepted
    P19 | minimize quad_form(v, D)                   | accepted | accepted
    P19 | minimize quad_form(v, diag(an))            | accepted | accepted
    P20 | minimize quad_form(v + a, eye(3))          | accepted | accepted
    P21 | minimize quad_form(a, eye(3))              | accepted | accepted
    P21 | minimize sum_squares(a)                    | accepted | accepted
    P22 | minimize quad_over_lin(A * v + a, x)       | accepted | accepted
    P22 | minimize quad_over_lin(a, x)               | accepted | accepted
    P22 | minimize quad_over_lin(v, ps)              | accepted | `ps` depends on parameters, and `quad_over_lin`
    P22 | minimize quad_over_lin(v, x + p)           | accepted | `x + p` depends on parameters, and `quad_over_lin`
    P23 | minimize matrix_frac(v, P)                 | accepted | accepted
    P23 | minimize matrix_frac(v, S + P)             | accepted | accepted
    P23 | minimize matrix_frac(a, S)                 | accepted | accepted
    P23 | minimize lambda_max(S0 + S)                | accepted | accepted
    P23 | minimize tr_inv(S0 + S)                    | accepted | accepted
    P24 | minimize sum(kl_div(v, a))                 | accepted | accepted
    P24 | minimize sum(rel_entr(v, a))               | accepted | accepted
    P24 | minimize sum(rel_entr(v, sqrt(a)))         | accepted | accepted
    P24 | minimize sum(kl_div(v, square(a)))         | accepted | `kl_div` is convex and not monotone here
    P25 | minimize huber(x, pn)                      | accepted | accepted
    P25 | minimize huber(p * x, pn)                  | accepted | accepted
    P25 | minimize huber(x, pn + 1)                  | accepted | accepted
    P26 | minimize power(x, p)                       | a number as its second argument | a number as its second argument
    P26 | minimize power(x, ps)                      | a number as its second argument | a number as its second argument
    P27 | minimize exp(x * log(2))                   | accepted | accepted
    P27 | minimize exp(x * log(ps))                  | accepted | `log(ps)` is concave in its parameters
    P28 | kron(eye(2), A) == 0                       | accepted | accepted
    P28 | kron(A, X) == 0                            | accepted | accepted
    P28 | conv(a, v) == 0                            | accepted | accepted
    P29 | minimize maximum(x, p)                     | accepted | accepted
    P29 | maximum(x, p) <= q                         | accepted | accepted
    P29 | minimum(x, p) >= q                         | accepted | accepted
    P29 | minimize pos(p) + x                        | accepted | accepted
    P30 | 0 * p * x == 0                             | accepted | accepted
    P30 | (p - p) * x == 0                           | accepted | accepted
    P31 | minimize pn * log_sum_exp(v)               | accepted | accepted
    P31 | minimize log_sum_exp(pn * v)               | accepted | accepted
    P31 | minimize pn * lambda_max(S)                | accepted | accepted
    P31 | minimize lambda_max(pn * S)                | accepted | accepted
    P31 | maximize geo_mean(hstack(pn * x, y))       | accepted | accepted
    P32 | block([[p, x], [x, q]]) >> 0               | accepted | accepted
    P32 | S >> P                                     | accepted | accepted
    P32 | S >> p * eye(3)                            | accepted | accepted
    P32 | S >> A * A.T                               | accepted | `A` and `A.T` both depend on parameters
    P33 | soc(p * x, A * v)                          | accepted | accepted
    P33 | exp_cone(x, y, p)                          | accepted | accepted
    P33 | exp_cone(x, y, exp(p))                     | accepted | `exp(p)`, which is convex in its parameters
    P34 | minimize norm1(v) + q * sum_squares(v)     | `q` is of unknown sign | `q` is of unknown sign
    7.4 | minimize 2 * quad_form(v, P)               | accepted | accepted
    7.4 | minimize quad_form(v, P) / 2               | accepted | accepted
    7.4 | minimize maximum(quad_form(v, P), 1)       | outside the objective | outside the objective
    7.4 | minimize square(quad_form(v, P))           | outside the objective | outside the objective
    7.4 | minimize exp(quad_form(v, P))              | outside the objective | outside the objective
    7.4 | minimize quad_form(square(v), D)           | accepted | accepted
    7.4 | minimize huber(x, exp(p))                  | accepted | `exp(p)` is convex in its parameters
    7.4 | pow_cone(x, y, xn, p)                      | a number between 0 and 1 | a number between 0 and 1
    7.4 | minimize sum_largest(v, 4)                 | is out of bounds | is out of bounds
";

/// The trimmed cells of the lines of a table.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        cells.try_into().unwrap_or_else(|_| panic!("{N} cells in {line}"))
    })
}

fn is_constraint(statement: &str) -> bool {
    ["<=", ">=", "==", ">>", "_cone(", "soc("]
        .iter()
        .any(|mark| statement.contains(mark))
}

/// `accepted`, or the errors.
fn verdict(attributes: &str, statement: &str) -> String {
    let source = if is_constraint(statement) {
        problem(attributes, DECLARATIONS, "minimize free", &format!("{statement};"))
    } else {
        problem(attributes, DECLARATIONS, statement, "")
    };
    let file: syn::File = syn::parse2(crate::expand(tokens(&source))).expect("items");
    // Not those within another macro: there it depends on the features of the runtime.
    let errors: Vec<_> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Macro(item) if item.mac.path.segments.last()?.ident == "compile_error" => {
                Some(item.mac.tokens.to_string())
            }
            _ => None,
        })
        .collect();
    if errors.is_empty() {
        "accepted".into()
    } else {
        errors.join("\n")
    }
}

#[test]
fn disciplined_expressions() {
    let mut deviations = Vec::new();
    for [row, statement, expected] in rows(DISCIPLINED) {
        let (found, expected) = if is_constraint(statement) {
            (verdict("", statement), vec![expected.to_owned()])
        } else {
            let [least, most] = ["minimize", "maximize"].map(|sense| format!("{sense} sum({statement})"));
            let found = format!("{} {}", verdict("", &least), verdict("", &most));
            let expected = match expected {
                "convex" => vec!["accepted".into(), "expected a concave expression to maximize".into()],
                refusal => vec![refusal.to_owned(), "not convex by the rules".into()],
            };
            (found, expected)
        };
        let refused_twice = expected.contains(&"not convex by the rules".to_owned());
        if !expected.iter().all(|part| found.contains(part)) || refused_twice && found.contains("accepted") {
            deviations.push(format!("{row} {statement}: expected {expected:?}, found {found}"));
        }
    }
    assert_none(deviations);
}

#[test]
fn expressions_whose_parameters_move() {
    let mut deviations = Vec::new();
    for [row, statement, derived, strict] in rows(PARAMETRIZED) {
        for (attributes, expected) in [("", derived), ("#[strict_dpp]", strict)] {
            let found = verdict(attributes, statement);
            let by_parameters = found.contains("fine for constant parameters, but not for parameters that change");
            if !found.contains(expected) || by_parameters != (strict != derived && !attributes.is_empty()) {
                deviations.push(format!(
                    "{row} {attributes} {statement}: expected {expected}, found {found}"
                ));
            }
        }
    }
    assert_none(deviations);
}
