//! Snapshots of what the compiler says between its stages and at its end.

mod composition;
mod examples;
mod front;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::atoms::{Arity, Atom};
use crate::conic::nowhere;
use crate::curvature::{Curvature, Monotonicity};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef};
use crate::report::Report;
use crate::sign::Sign;
use crate::{canon, check, geometric, nest, resolve, syntax};

const PORTFOLIO: &str = "
    cvxlayers;
    /// Long-only Markowitz portfolio with a factor risk model.
    pub problem Portfolio(n, k) {
        param mu: [n];
        param factors: [n, k];
        param idio: [n] nonneg;
        param gamma: nonneg;
        var w: [n];
        let exposure = factors.T * w;

        maximize mu.T * w - gamma * (sum_squares(exposure) + sum_squares(multiply(idio, w)));
        subject_to {
            budget: sum(w) == 1;
            w >= 0;
        }
    }
";

const LITERAL: &str = "
    cvxlayers;
    problem Small {
        const T: usize = 2;
        param p: [T, T] psd;
        param c: [T + 1, T];
        param d;
        var x: [T];
        var s: [T, T] symmetric nonneg;
        minimize quad_form(x, p) + norm1(c * x) / 2 + norm2(s * x0);
        subject_to {
            bounds: -1 <= x <= d;
            sum(s) == 1;
        }
        param x0: [T];
    }
";

const LOOPS: &str = "
    cvxlayers;
    problem Mpc(T) {
        param a: [4, 4];
        param b: [4, 2];
        param x0: [4];
        param q: [4, 4] psd;
        param r: [2, 2] psd;
        var x: [4, T + 1];
        var u: [2, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + quad_form(u[.., t], r) + norm2(u[.., t]));
        subject_to {
            x[.., 0] == x0;
            for t in 0..T { dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t]; }
            for i in 1..3 { for t in 0..T - 1 { abs(x[i, t] - x[i, t + 1]) <= i; } }
        }
    }
";

const SHAPES: &str = "
    cvxlayers;
    problem Shapes(n) {
        data kernel: [3];
        param a: [n];
        param gamma: nonneg;
        var x: [n];
        minimize sqrt(gamma) * norm2(vstack(1, x, diag(a) * x)) + norm1(a) * sum_squares(conv(kernel, x) - norm2(kernel));
        subject_to {
            hstack(x.T, a.T)[0, 1..n] <= max(i in 0..n, a[i] * i);
            cumsum(x) >= 0;
        }
    }
";

const CALLS: &str = "
    cvxlayers;
    fn track(y, z) = quad_form(y - z, q);
    #[strict_dpp]
    problem Calls {
        param q: [2, 2] psd;
        data d: [2] nonneg;
        var x: [2, 2];
        fn twice(y) = block([[y, 2 * y], [[1, -2], y[0, ..]]]);
        minimize track(x[.., 0], [1, d[0]]) + max(upper_tri(kron(eye(2), x)), reshape(x, [1, 4]) * ones(4));
        subject_to { sum(twice(x.T)[0..3, ..], axis = 1) <= min(t in 0..2, d[t]); trace(x) == mean(diff(vec(x))); }
    }
";

const AXES: &str = "
    cvxlayers;
    problem Axes(m, n) {
        param a: [m, n] sparse;
        param r: nonneg;
        var x: [m, n];
        minimize r * sum(sum_squares(x, axis = 0)) + quad_over_lin(x, 1 + r) + sum(huber(x[0, ..], r)) + var(x[.., 0])
            + cvar(x[.., 0], 0.9) * std(a[0, ..]);
        subject_to {
            norm2(x, axis = 1) <= mixed_norm(a, inf, 1);
            sum_largest(x, n / 2, axis = 0) <= sum_smallest(x[.., 0], 1.5) + harmonic_mean(power(x[.., 0], 0.5));
            norm(x, inf, axis = 0) + tv(x[0, ..]) <= 1;
        }
    }
";

const SPARSE: &str = "
    cvxlayers;
    problem Sparse(m, n) {
        param a: [m, n] sparse;
        data b: [m, n] sparse;
        param d: [n, n] diagonal;
        var x: [n];
        var y: [n * (n - 1) / 2];
        minimize norm1(b) * sum_squares(d * x) - sum(a);
        subject_to {
            (a + 2 * b)[1.., ..] * x <= b[1.., 0];
            for i in 0..n { for j in i + 1..n { a[0, i] * x[j] <= 1; } }
            y >= upper_tri(d + x * ones(1, n));
        }
    }
";

const GEOMETRIC: &str = "
    cvxlayers;
    problem Design(n) geometric {
        param a: [3, n] pos;
        param area: pos;
        data c: [3] pos;
        var x: [n] pos;
        var y: pos;
        let side = x[0] * y / area;
        minimize sum_squares(x) / y + 2 * (side + max(x, axis = 0)) + 1 / area + 3;
        subject_to {
            fit: a * x + 2 * c <= 10 * power(y, -1.5);
            side == 1;
            for i in 0..n { sum(j in i..n, x[j] * c[0]) <= min(t in 0..3, a[t, i] * y); }
        }
    }
";

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the source lexes")
}

/// The conic form and the loop nests.
fn intermediate(source: &str) -> String {
    let report = Report::default();
    let mut input = syntax::parse(tokens(source), &report).expect("the source parses");
    let mut model = resolve::resolve(input.problems.remove(0), &input.functions, &report);
    if model.geometric.is_some() {
        geometric::check(&model, &report);
        model = geometric::logarithmic(model);
    }
    check::check(&model, &report);
    assert!(report.barrier().is_ok(), "{}", report.into_tokens());
    let conic = canon::canonicalize(&model);
    format!("{conic}{}", nest::map(&conic))
}

fn generated(source: &str) -> String {
    let file = syn::parse2(crate::expand(tokens(source))).expect("items");
    prettyplease::unparse(&file)
}

/// A family of predictive control whose dimensions are all literal.
fn control(states: usize, inputs: usize, turns: usize) -> String {
    format!(
        "cvxlayers;
        pub problem Control {{
            const N: usize = {states};
            const M: usize = {inputs};
            const T: usize = {turns};
            param a: [N, N];
            param b: [N, M];
            param q: [N, N] psd;
            param start: [N];
            param limit: nonneg;
            var x: [N, T + 1];
            var u: [M, T];
            minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + 0.1 * sum_squares(u[.., t]));
            subject_to {{
                x[.., 0] == start;
                for t in 0..T {{ dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t]; }}
                bounds: -limit <= u <= limit;
            }}
        }}"
    )
}

fn count(tokens: TokenStream) -> usize {
    let inside = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => 2 + count(group.stream()),
        _ => 1,
    });
    inside.sum()
}

#[test]
fn the_generated_code_does_not_grow_with_the_dimensions() {
    let size = |states, inputs, turns| {
        let generated = crate::expand(tokens(&control(states, inputs, turns)));
        assert!(!generated.to_string().contains("compile_error"));
        count(generated)
    };
    let small = size(4, 2, 20);
    assert_eq!(small, size(4, 2, 200));
    assert_eq!(small, size(12, 4, 20));
}

#[test]
fn intermediate_of_run_time_dimensions() {
    insta::assert_snapshot!(intermediate(PORTFOLIO));
}

#[test]
fn intermediate_of_literal_dimensions() {
    insta::assert_snapshot!(intermediate(LITERAL));
}

#[test]
fn intermediate_of_loops() {
    insta::assert_snapshot!(intermediate(LOOPS));
}

#[test]
fn intermediate_of_shapes_and_derived_parameters() {
    insta::assert_snapshot!(intermediate(SHAPES));
}

#[test]
fn intermediate_of_axes() {
    insta::assert_snapshot!(intermediate(AXES));
}

#[test]
fn intermediate_of_sparse_and_triangular() {
    insta::assert_snapshot!(intermediate(SPARSE));
}

#[test]
fn explanation_of_a_family() {
    let explained = PORTFOLIO.replace("pub problem", "#[explain] pub problem");
    let generated = generated(&explained);
    let (start, end) = (generated.find("# The problem"), generated.find("pub type Portfolio "));
    insta::assert_snapshot!(&generated[start.expect("explained")..end.expect("a type")]);
}

#[test]
fn intermediate_of_a_geometric_problem() {
    insta::assert_snapshot!(intermediate(GEOMETRIC));
}

#[test]
fn generated_for_run_time_dimensions() {
    insta::assert_snapshot!(generated(PORTFOLIO));
}

#[test]
fn generated_for_literal_dimensions() {
    insta::assert_snapshot!(generated(LITERAL));
}

/// The cells of the table row of an atom that are known from its rules: sign, curvature and monotonicity.
fn documented(atom: &Atom) -> [String; 3] {
    let count = match atom.arity {
        Arity::Exactly(count) | Arity::AtLeast(count) => count,
    };
    let with = |which: usize, sign: Sign| -> Vec<ExprRef> {
        let arg = |place| {
            let (shape, name) = (Shape::new(Dim::literal(2), Dim::one()), ["x", "y", "z"][place]);
            let sign = if place == which { sign } else { Sign::UNKNOWN };
            Expr::block(place, name, shape, sign, nowhere())
        };
        (0..count).map(arg).collect()
    };
    let unknown = with(0, Sign::UNKNOWN);
    let keeps = |sign: Sign| (atom.sign)(&with(0, sign)) == sign;
    let sign = match (atom.sign)(&unknown) {
        Sign::NONNEG => "nonneg",
        _ if keeps(Sign::NONNEG) && keeps(-Sign::NONNEG) => "that of `x`",
        _ => "",
    };
    let curvature = match (atom.curvature)(&unknown) {
        Curvature::Unknown => "convex or concave".into(),
        curvature => curvature.to_string(),
    };
    let mut monotonicities: Vec<_> = (0..count)
        .filter(|which| !atom.data.contains(which))
        .map(|which| {
            let monotonicity = |sign| (atom.monotonicity)(&with(which, sign), which);
            match (monotonicity(Sign::UNKNOWN), monotonicity(Sign::NONNEG)) {
                (Monotonicity::Neither, Monotonicity::Nondecreasing) => {
                    format!("by the sign of `{}`", ["x", "y", "z"][which])
                }
                (Monotonicity::Neither, _) => "none".into(),
                (monotonicity, _) => monotonicity.to_string(),
            }
        })
        .collect();
    monotonicities.dedup();
    [sign.into(), curvature, monotonicities.join(", ")]
}

#[test]
fn the_documentation_is_that_of_the_atoms() {
    let manual = include_str!("../../../runtime/src/cvx.md");
    for atom in crate::atoms::all() {
        let usage = format!("`{}`", atom.usage);
        let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let row = manual
            .lines()
            .map(cells)
            .find(|cells| cells.len() == 7 && cells[1].contains(&usage));
        let row = row.unwrap_or_else(|| panic!("no row for {usage}"));
        let expected = documented(atom);
        let of_a_number = expected[1] == "convex or concave";
        for (place, (cell, expected)) in row[3..6].iter().zip(expected).enumerate() {
            // What depends on a number or on two arguments is said in words.
            let in_words = expected.is_empty() || of_a_number && place == 2;
            assert!(
                in_words && !cell.is_empty() || *cell == expected,
                "{usage}: {cell}, expected {expected}"
            );
        }
    }
}

#[test]
fn the_documentation_lists_every_function() {
    for text in [
        include_str!("../../../runtime/src/cvx.md"),
        include_str!("../../../README.md"),
    ] {
        for name in crate::atoms::all().map(|atom| atom.name).chain(resolve::FUNCTIONS) {
            let (call, name) = (format!("`{name}("), format!("`{name}`"));
            assert!(text.contains(&call) || text.contains(&name), "{name}");
        }
    }
}

#[test]
fn nothing_panics_without_a_program() {
    for tokens in [
        quote!(),
        quote!(cvxlayers),
        quote!(cvxlayers;),
        quote!(cvxlayers; problem),
        quote!(; ; {}),
    ] {
        crate::expand(tokens);
    }
}

#[test]
fn no_depth_overflows_the_stack() {
    let deep = |expression: String| format!("cvxlayers; problem P {{ var x; minimize square({expression}); }}");
    let lets: String = (1..200)
        .map(|i| format!("let a{i} = {}a{};", "-".repeat(90), i - 1))
        .collect();
    let chained = format!("cvxlayers; problem P {{ var x; let a0 = x; {lets} minimize square(a199); }}");
    let functions: String = (1..30)
        .map(|i| format!("fn f{i}(y) = {}f{}(y);", "-".repeat(90), i - 1))
        .collect();
    let called = format!("cvxlayers; problem P {{ var x; fn f0(y) = y; {functions} minimize square(f29(x)); }}");
    for source in [
        called,
        deep(vec!["x"; 100_000].join(" + ")),
        deep("- ".repeat(100_000) + "x"),
        deep("x".to_owned() + &".T".repeat(100_000)),
        deep("(".repeat(2_000) + "x" + &")".repeat(2_000)),
        chained,
    ] {
        assert!(
            crate::expand(tokens(&source))
                .to_string()
                .contains("operations on each other")
        );
    }
    for readable in [
        vec!["x"; 400].join(" + "),
        format!("sum(vstack({}))", vec!["x"; 1000].join(", ")),
    ] {
        assert!(
            !crate::expand(tokens(&deep(readable)))
                .to_string()
                .contains("compile_error")
        );
    }
}

#[test]
fn nothing_takes_forever() {
    let twice = |from: usize| format!("a{from} + a{from}");
    let lets: String = (1..40).map(|i| format!("let a{i} = {};", twice(i - 1))).collect();
    let calls = format!("{}x{}", "f(".repeat(40), ")".repeat(40));
    for source in [
        format!("cvxlayers; problem P {{ var x; let a0 = x; {lets} minimize square(a39); }}"),
        format!("cvxlayers; problem P {{ var x; fn f(y) = y + y; minimize square({calls}); }}"),
    ] {
        assert!(
            crate::expand(tokens(&source))
                .to_string()
                .contains("more than 10000 operations")
        );
    }
    for (function, levels) in [
        ("std", 20),
        ("var", 6),
        ("square", 100),
        ("log_sum_exp", 20),
        ("huber", 9),
        ("cvar", 8),
    ] {
        let rest = if function == "cvar" { ", 0.5)" } else { ")" };
        let nested = format!("{}p{}", format!("{function}(").repeat(levels), rest.repeat(levels));
        let source = format!("cvxlayers; problem P {{ param p; var x; minimize square(x) + {nested}; }}");
        assert!(
            crate::expand(tokens(&source))
                .to_string()
                .contains("once it is written out")
        );
    }
    // Each factor is a sum: multiplied out, they would be more terms than there is memory.
    let product = vec!["(x + y)"; 90].join(" * ");
    let source = format!(
        "cvxlayers; problem P geometric {{ var x: pos; var y: pos; minimize {product}; subject_to {{ x * y >= 1; }} }}"
    );
    assert!(!crate::expand(tokens(&source)).to_string().contains("compile_error"));
    let nested = format!("{}x{}", "[".repeat(99), "]".repeat(99));
    let source = format!("cvxlayers; problem P {{ var x; minimize square({nested}); }}");
    assert!(!crate::expand(tokens(&source)).to_string().contains("compile_error"));
}

/// The words of a source: each is a token, but for brackets, which stay as they are.
fn words(source: &str) -> Vec<String> {
    let spaced: String = source
        .chars()
        .flat_map(|c| match c {
            ';' | ':' | ',' | '(' | ')' | '[' | ']' | '.' | '+' | '-' | '*' => vec![' ', c, ' '],
            _ => vec![c],
        })
        .collect();
    spaced.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_slip_of_the_pen_never_panics() {
    let slips = [
        "", ";", "x", "-", "2", "1e308", "0", ".T", "norm2(x)", "[n, n]", "psd", "*", "==", "for", "r#type", "'a", "#",
    ];
    for source in [PORTFOLIO, LITERAL, LOOPS, SHAPES, CALLS, AXES, GEOMETRIC] {
        let source: String = source.lines().filter(|line| !line.contains("///")).collect();
        let words = words(&source);
        for place in 2..words.len() {
            for slip in slips {
                for replaced in [0, 1] {
                    let mut mistaken = words[..place].to_vec();
                    mistaken.push(slip.to_owned());
                    mistaken.extend_from_slice(&words[place + replaced..]);
                    // What is no token stream never reaches a macro.
                    if let Ok(tokens) = mistaken.join(" ").parse() {
                        let items = crate::expand(tokens).to_string();
                        assert!(syn::parse_str::<syn::File>(&items).is_ok(), "{}", mistaken.join(" "));
                    }
                }
            }
        }
    }
}
