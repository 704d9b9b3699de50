//! The composition rule of every function, in each branch of its monotonicity: what the literature says of it, not what
//! the table of atoms does.

use super::front::{Outcome, assert_none, outcome, problem};
use crate::atoms::{self, Arity};
use crate::resolve;
use crate::sign::Sign;

const DECLARATIONS: &str = "
    var x: [3];
    var y: [3] nonneg;
    var z: [3] nonpos;
    param c: [3];
    param d: [3] nonneg;
    param e: [3] nonpos;
    param r;
    param rn: nonneg;
    param rp: nonpos;
    param p: [3, 3] psd;
    param pn: [3, 3] psd nonneg;
    param q: [3, 3] nsd;
    param s: [3, 3] symmetric;
";

/// What stands for `@`, in the order of the columns: constant; affine, convex and concave, each of unknown sign, nonneg
/// and nonpos; nonneg and without a curvature.
const ARGUMENTS: [&str; 11] = [
    "d",
    "x",
    "y",
    "z",
    "(square(x) - 1)",
    "square(x)",
    "(-sqrt(y))",
    "log(y)",
    "sqrt(y)",
    "(-square(x))",
    "sqrt(square(x))",
];

/// What an expression is for each argument: `k` without variables, `a` affine, `v` convex, `c` concave, `.` refused by
/// the composition rules, `!` without variables and not computed, `/` refused before them. Then the sign for an affine
/// argument of unknown sign, nonneg, nonpos: `0` is both.
const AFFINE: &str = "
    k aaa vvv ccc .  ?+-  @
    k aaa ccc vvv .  ?-+  -@
    k aaa vvv ccc .  ???  @ + c
    k aaa vvv ccc .  ?+?  @ + d
    k aaa vvv ccc .  ??-  @ + e
    k aaa ccc vvv .  ??+  d - @
    a aaa vvv ccc .  ???  @ - x
    a aaa ccc vvv .  ??+  y - @
    v vvv vvv ... .  ?+?  @ + square(x)
    v vvv ... vvv .  ??+  square(x) - @
    c ccc ... ccc .  ???  @ + log(y)
    c ccc ... ccc .  ??-  @ - square(x)
    . ... ... ... .  ?+?  @ + sqrt(square(x))

    k aaa vvv ccc .  ?+-  2 * @
    k aaa ccc vvv .  ?-+  @ * -2
    k aaa aaa aaa .  000  0 * @
    k aaa ... ... .  ???  r * @
    k aaa vvv ccc .  ?+-  rn * @
    k aaa ccc vvv .  ?-+  rp * @
    k aaa ... ... .  ???  @ * r
    k aaa vvv ccc .  ?+-  @ * rn
    k aaa ccc vvv .  ?-+  @ * rp
    k aaa ... ... .  ???  multiply(c, @)
    k aaa vvv ccc .  ?+-  multiply(d, @)
    k aaa ccc vvv .  ?-+  multiply(e, @)
    k aaa ... ... .  ???  multiply(@, c)
    k aaa vvv ccc .  ?+-  multiply(@, d)
    k aaa ccc vvv .  ?-+  multiply(@, e)
    k aaa ... ... .  ???  multiply([1, -1, 0], @)
    k aaa vvv ccc .  ?+-  multiply(exp(c), @)
    k aaa ccc vvv .  ?-+  multiply(-sqrt(d), @)
    a ... ... ... .  ???  multiply(x, @)
    a ... ... ... .  ?+-  multiply(@, y)
    v ... ... ... .  ?+-  multiply(square(x), @)
    c ... ... ... .  ?+-  multiply(@, sqrt(y))

    k aaa ... ... .  ???  c.T * @
    k aaa vvv ccc .  ?+-  d.T * @
    k aaa ccc vvv .  ?-+  e.T * @
    k aaa ... ... .  ???  @.T * c
    k aaa vvv ccc .  ?+-  @.T * d
    k aaa ccc vvv .  ?-+  @.T * e
    k aaa ... ... .  ???  [[1, -1, 0]] * @
    k aaa vvv ccc .  ?+-  [[1, 1, 0]] * @
    k aaa ccc vvv .  ?-+  [[-1, -1, 0]] * @
    k aaa aaa aaa .  000  [[0, 0, 0]] * @
    a ... ... ... .  ???  x.T * @
    v ... ... ... .  ?+-  @.T * square(x)
    k aaa ... ... .  ???  dot(c, @)
    k aaa vvv ccc .  ?+-  dot(d, @)
    k aaa ccc vvv .  ?-+  dot(@, e)
    a ... ... ... .  ???  dot(@, x)
    k aaa ... ... .  ???  outer(c, @)
    k aaa vvv ccc .  ?+-  outer(@, d)
    k aaa ccc vvv .  ?-+  outer(e, @)
    a ... ... ... .  ???  outer(x, @)
    k aaa ... ... .  ???  kron(c, @)
    k aaa vvv ccc .  ?+-  kron(d, @)
    k aaa ccc vvv .  ?-+  kron(e, @)
    a /// /// /// /  ...  kron(@, x)
    k aaa ... ... .  ???  conv(c, @)
    k aaa vvv ccc .  ?+-  conv(d, @)
    k aaa ccc vvv .  ?-+  conv(e, @)
    a /// /// /// /  ...  conv(@, x)

    k aaa vvv ccc .  ?+-  @ / 2
    k aaa ccc vvv .  ?-+  @ / -2
    k aaa ... ... .  ???  @ / c
    k aaa vvv ccc .  ?+-  @ / d
    k aaa ccc vvv .  ?-+  @ / e
    k aaa ... ... .  ???  @ / r
    k aaa vvv ccc .  ?+-  @ / rn
    k aaa ccc vvv .  ?-+  @ / rp
    k ... ... ... .  ?+-  1 / @
    a ... ... ... .  ???  x / @
    v ... ... ... .  ?+-  square(x) / @
    c ... ... ... .  ?+-  sqrt(y) / @

    k aaa vvv ccc .  ?+-  sum(@)
    k aaa vvv ccc .  ?+-  sum(t in 0..3, @[t])
    k aaa vvv ccc .  ?+-  sum(hstack(@, @), axis = 0)
    k aaa vvv ccc .  ?+-  sum(hstack(@, @), axis = 1)
    k aaa vvv ccc .  ?+-  mean(@)
    k aaa vvv ccc .  ?+-  mean(hstack(@, @), axis = 0)
    k aaa vvv ccc .  ?+-  mean(hstack(@, @), axis = 1)
    k aaa vvv ccc .  ?+-  trace(diag(@))
    k aaa vvv ccc .  ?+-  trace(@ * ones(1, 3))
    k aaa vvv ccc .  ?+-  @[1]
    k aaa vvv ccc .  ?+-  @[1..3]
    k aaa vvv ccc .  ?+-  @.T
    k aaa vvv ccc .  ?+-  vec(@.T)
    k aaa vvv ccc .  ?+-  reshape(@, [1, 3])
    k aaa vvv ccc .  ?+-  hstack(@, @)
    a aaa vvv ccc .  ?+?  hstack(@, y)
    v vvv vvv ... .  ?+?  hstack(square(x), @)
    k aaa vvv ccc .  ?+-  vstack(@, 2 * @)
    c ccc ... ccc .  ???  vstack(@, log(y))
    k aaa vvv ccc .  ?+-  block([[@, @], [@, @]])
    c ccc ... ccc .  ??-  block([[@, -square(x)]])
    k aaa vvv ccc .  ?+-  [@[0], @[1]]
    k aaa vvv ccc .  ?+-  diag(@)
    k aaa vvv ccc .  ?+-  diag(@ * ones(1, 3))
    k aaa vvv ccc .  ?+-  upper_tri(@ * ones(1, 3))
    k aaa vvv ccc .  ?+-  vec_to_upper_tri(@, 3)
    k aaa vvv ccc .  ?+-  cumsum(@)
    k aaa ... ... .  ???  diff(@)
    k aaa vvv ccc .  ?+-  eye(3) * @
    k aaa vvv ccc .  ?+-  zeros(3) + @
    k aaa vvv ccc .  ?+-  psd_wrap(diag(@))
    k aaa vvv ccc .  ?+-  nsd_wrap(diag(@))
    k aaa vvv ccc .  ?+-  symmetric_wrap(@ * ones(1, 3))
    k aaa vvv ccc .  +++  nonneg_wrap(@)
    k aaa vvv ccc .  ---  nonpos_wrap(@)
";

/// As `AFFINE`.
const NONLINEAR: &str = "
    k vvv .v. ..v .  +++  abs(@)
    k vvv vvv ... .  +++  pos(@)
    k vvv ... vvv .  +++  neg(@)
    k vvv vvv ... .  ?+?  maximum(@, c)
    v vvv vvv ... .  +++  maximum(@, y)
    v vvv vvv ... .  ?+-  maximum(z, @)
    v vvv vvv ... .  ?+?  maximum(x, z, @)
    v vvv vvv ... .  +++  maximum(square(x), @)
    . ... ... ... .  +++  maximum(@, sqrt(y))
    k ccc ... ccc .  ??-  minimum(@, c)
    c ccc ... ccc .  ?+-  minimum(@, y)
    c ccc ... ccc .  ---  minimum(z, @)
    c ccc ... ccc .  ??-  minimum(x, y, @)
    c ccc ... ccc .  ?+-  minimum(sqrt(y), @)
    . ... ... ... .  ?+-  minimum(@, square(x))
    k vvv vvv ... .  ?+-  max(@)
    k ccc ... ccc .  ?+-  min(@)
    k vvv vvv ... .  ?+-  max(t in 0..3, @[t])
    k ccc ... ccc .  ?+-  min(t in 0..3, @[t])
    k vvv .v. ..v .  +++  norm1(@)
    k vvv .v. ..v .  +++  norm_inf(@)
    k vvv vvv ... .  ?+-  sum_largest(@, 2)
    k vvv vvv ... .  ?+-  sum_largest(@, 1.5)
    / /// /// /// /  ...  sum_largest(x, sum(@))
    k ccc ... ccc .  ?+-  sum_smallest(@, 2)
    k ccc ... ccc .  ?+-  sum_smallest(@, 1.5)
    / /// /// /// /  ...  sum_smallest(x, sum(@))
    k vvv vvv ... .  ?+-  cvar(@, 0.5)
    / /// /// /// /  ...  cvar(x, sum(@))
    k vvv ... ... .  +++  tv(@)
    k vvv ... ... .  +++  tv(hstack(@, 2 * @))

    k vvv .v. ..v .  +++  norm2(@)
    k vvv .v. ..v .  +++  norm(@)
    k vvv .v. ..v .  +++  norm(@, 1)
    k vvv .v. ..v .  +++  norm(@, 2)
    k vvv .v. ..v .  +++  norm(@, inf)
    / /// /// /// /  ...  norm(x, sum(@))
    k vvv .v. ..v .  +++  norm_fro(@)
    k vvv .v. ..v .  +++  mixed_norm(hstack(@, @), 1, 1)
    k vvv .v. ..v .  +++  mixed_norm(hstack(@, @), 2, 1)
    k vvv .v. ..v .  +++  mixed_norm(hstack(@, @), 1, 2)
    k vvv .v. ..v .  +++  mixed_norm(hstack(@, @), 2, inf)
    k vvv .v. ..v .  +++  mixed_norm(hstack(@, @), inf, 2)
    k vvv .v. ..v .  +++  square(@)
    k vvv .v. ..v .  +++  sum_squares(@)
    v vvv .v. ..v .  +++  quad_over_lin(@, sum(y))
    v vvv .v. ..v .  +++  quad_over_lin(@, sum(sqrt(y)))
    . ... ... ... .  +++  quad_over_lin(@, sum(square(x)))
    k vvv .v. ..v .  +++  quad_over_lin(@, sum(d))
    k vvv ... vvv .  +++  quad_over_lin(d, sum(@))
    v vvv ... vvv .  +++  quad_over_lin(x, sum(@))
    v vvv ... vvv .  +++  quad_over_lin(square(x), sum(@))
    . ... ... ... .  +++  quad_over_lin(square(x) - 1, sum(@))
    k vvv ... ... .  +++  quad_form(@, p)
    k vvv .v. ..v .  +++  quad_form(@, pn)
    k ccc ... ... .  ---  quad_form(@, q)
    k ... ... ... .  ???  quad_form(@, s)
    k vvv .v. ..v .  +++  quad_form(@, eye(3))
    k ccc .c. ..c .  ---  quad_form(@, -eye(3))
    v ... ... ... .  ?+-  quad_form(x, diag(@))
    c ... ... ... .  ?-+  quad_form(x, -diag(@))
    k vvv ... ... .  +++  var(@)
    k vvv ... ... .  +++  std(@)
    k vvv .v. ..v .  +++  huber(@)
    k vvv .v. ..v .  +++  huber(@, 2)
    k vvv .v. ..v .  +++  huber(@, rn)
    v ... ... ... .  +++  huber(x, sum(@))
    k ccc ... ccc .  +++  sqrt(@)
    k vvv ... vvv .  +++  inv_pos(@)

    k kkk kkk kkk k  +++  power(@, 0)
    k aaa vvv ccc .  ?+-  power(@, 1)
    k vvv .v. ..v .  +++  power(@, 2)
    k vvv .v. ..v .  +++  power(@, 4)
    k vvv .v. ..v .  +++  power(@, 6)
    k vvv vvv ... .  +++  power(@, 3)
    k vvv vvv ... .  +++  power(@, 1.5)
    k ccc ... ccc .  +++  power(@, 0.5)
    k ccc ... ccc .  +++  power(@, 0.3)
    k vvv ... vvv .  +++  power(@, -0.5)
    k vvv ... vvv .  +++  power(@, -1)
    k vvv ... vvv .  +++  power(@, -2)
    / /// /// /// /  ...  power(x, sum(@))
    k vvv vvv ... .  +++  power(2, @)
    k vvv ... vvv .  +++  power(0.5, @)
    k vvv ... ... .  +++  power(rn, @)
    / /// /// /// /  ...  power(-2, x + sum(@))
    / /// /// /// /  ...  power(r, x + sum(@))
    k vvv .v. ..v .  +++  pnorm(@, 1)
    k vvv .v. ..v .  +++  pnorm(@, 1.5)
    k vvv .v. ..v .  +++  pnorm(@, 2)
    k vvv .v. ..v .  +++  pnorm(@, 3)
    k vvv .v. ..v .  +++  pnorm(@, inf)
    k ccc ... ccc .  +++  pnorm(@, 0.5)
    k ccc ... ccc .  +++  pnorm(@, -1)
    / /// /// /// /  ...  pnorm(x, sum(@))
    k ccc ... ccc .  +++  geo_mean(@)
    k ccc ... ccc .  +++  geo_mean(@, 2)
    k ccc ... ccc .  +++  geo_mean(vec(@), d)
    c /./ /./ /./ .  ...  geo_mean(y, @)
    k ccc ... ccc .  +++  harmonic_mean(@)

    k vvv vvv ... .  +++  exp(@)
    k ccc ... ccc .  ???  log(@)
    k ccc ... ccc .  ?+-  log1p(@)
    k ccc ... ... .  ???  entr(@)
    k vvv ... ... .  ???  rel_entr(@, d)
    v vvv ... ... .  ???  rel_entr(@, sqrt(y))
    . ... ... ... .  ???  rel_entr(@, square(x))
    k vvv ... vvv .  ???  rel_entr(d, @)
    v vvv ... vvv .  ???  rel_entr(y, @)
    . ... ... ... .  ???  rel_entr(sqrt(y), @)
    v vvv ... ... .  +++  kl_div(@, y)
    v vvv ... ... .  +++  kl_div(y, @)
    . ... ... ... .  +++  kl_div(@, sqrt(y))
    k vvv vvv ... .  +++  logistic(@)
    k vvv vvv ... .  ?+?  log_sum_exp(@)

    ! vvv ... ... .  ???  lambda_max(diag(@))
    ! ccc ... ... .  ???  lambda_min(diag(@))
    ! vvv ... ... .  ???  lambda_sum_largest(diag(@), 2)
    / /// /// /// /  ...  lambda_sum_largest(diag(x), sum(@))
    ! ccc ... ... .  ???  lambda_sum_smallest(diag(@), 2)
    / /// /// /// /  ...  lambda_sum_smallest(diag(x), sum(@))
    ! vvv ... ... .  +++  sigma_max(@ * ones(1, 2))
    ! vvv ... ... .  +++  norm_nuc(@ * ones(1, 2))
    ! ccc ... ... .  ???  log_det(diag(@))
    v vvv ... ... .  +++  matrix_frac(@, diag(y))
    v vvv ... ... .  +++  matrix_frac(x, diag(@))
    ! vvv ... ... .  +++  matrix_frac(d, diag(@))
    . ... ... ... .  +++  matrix_frac(square(x), diag(@))
    ! vvv ... ... .  +++  tr_inv(diag(@))
";

/// Whether a constraint is accepted, `o`, or refused by the composition rules, `.`, or before them, `/`.
const CONSTRAINTS: &str = "
    o ooo ooo ... .  @ <= 1
    o ooo ... ooo .  1 <= @
    o ooo ... ooo .  @ >= 1
    o ooo ooo ... .  1 >= @
    o ooo ... ... .  @ == 1
    o ooo ... ... .  x == @
    o ooo ... ... .  -1 <= @ <= 1
    o ooo ... ... .  1 >= @ >= -1
    o ooo ... ooo .  exp(x) <= @
    . ... ... ... .  log(y) <= @
    o ooo ooo ... .  @ <= log(y)
    . ... ... ... .  @ <= exp(x)
    . ... ... ... .  @ == square(x)
    o ooo ooo ... .  square(x) <= 1 - @
    o ooo ... ... .  diag(@) >> 0
    o ooo ... ... .  0 >> diag(@)
    o ooo ... ... .  diag(@) << eye(3)
    o ooo ... ... .  p << diag(@)
    . ... ... ... .  diag(@) << diag(square(x))
    o ooo ... ... .  soc(sum(@), x)
    o ooo ... ... .  soc(sum(y), @)
    . ... ... ... .  soc(sum(square(x)), @)
    o ooo ... ... .  exp_cone(@, y, y)
    o ooo ... ... .  exp_cone(x, @, y)
    o ooo ... ... .  exp_cone(x, y, @)
    o ooo ... ... .  pow_cone(@, y, x, 0.3)
    o ooo ... ... .  pow_cone(y, @, x, 0.3)
    o ooo ... ... .  pow_cone(y, y, @, 0.3)
    / /// /// /// /  pow_cone(y, y, x, sum(@))
    o ooo ooo ... .  for t in 0..3 { @[t] <= x[t]; }
    o ooo ... ooo .  for t in 0..3 { @[t] >= x[t]; }
    o ooo ... ... .  for t in 0..3 { @[t] == x[t]; }
";

/// The lines of a table: what is expected of each argument, and the words behind.
fn rows(table: &str) -> impl Iterator<Item = (Vec<char>, Vec<&str>)> {
    let lines = table.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| {
        let mut words = line.split_whitespace();
        let expected: String = words.by_ref().take(5).collect();
        assert_eq!(expected.len(), ARGUMENTS.len(), "{line}");
        (expected.chars().collect(), words.collect())
    })
}

/// The expressions of the tables, with what is expected of each argument and the signs.
fn expressions() -> impl Iterator<Item = (Vec<char>, &'static str, String)> {
    rows(AFFINE)
        .chain(rows(NONLINEAR))
        .map(|(expected, words)| (expected, words[0], words[1..].join(" ")))
}

fn with(pattern: &str, argument: &str) -> String {
    pattern.replace('@', argument)
}

/// What an expression is, as the tables say it, and its sign.
fn verdict(expression: &str) -> (char, Option<Sign>) {
    let sense = |sense| outcome(&problem("", DECLARATIONS, &format!("{sense} sum({expression})"), ""));
    match (sense("minimize"), sense("maximize")) {
        (Outcome::Misread(_), Outcome::Misread(_)) => ('/', None),
        (Outcome::Accepted { sign, variables }, Outcome::Accepted { .. }) => {
            (if variables { 'a' } else { 'k' }, Some(sign))
        }
        (Outcome::Accepted { sign, .. }, Outcome::Refused(why)) if why.contains("which is convex") => ('v', Some(sign)),
        (Outcome::Refused(why), Outcome::Accepted { sign, .. }) if why.contains("which is concave") => {
            ('c', Some(sign))
        }
        (Outcome::Refused(why), Outcome::Refused(_)) if why.contains("not convex by the rules") => ('.', None),
        (Outcome::Refused(why), Outcome::Refused(_)) if why.contains("is not computed") => ('!', None),
        _ => panic!("two verdicts on {expression}"),
    }
}

fn letter(sign: Sign) -> char {
    match (sign.nonneg, sign.nonpos) {
        (true, true) => '0',
        (true, false) => '+',
        (false, true) => '-',
        (false, false) => '?',
    }
}

/// Where the verdicts on a pattern are not the expected ones.
fn deviations(pattern: &str, expected: &[char], signs: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, (argument, expected)) in ARGUMENTS.iter().zip(expected).enumerate() {
        let expression = with(pattern, argument);
        let (verdict, sign) = verdict(&expression);
        if verdict != *expected {
            found.push(format!("{expression}: `{verdict}`, expected `{expected}`"));
        }
        let expected = place.checked_sub(1).and_then(|place| signs.chars().nth(place));
        if let (Some(sign), Some(expected)) = (sign.map(letter), expected)
            && sign != expected
        {
            found.push(format!("{expression}: of the sign `{sign}`, expected `{expected}`"));
        }
    }
    found
}

#[test]
fn every_function_composes_by_its_curvature_and_monotonicity() {
    let found = expressions().flat_map(|(expected, signs, pattern)| deviations(&pattern, &expected, signs));
    assert_none(found.collect());
}

#[test]
fn along_an_axis_the_rule_is_that_of_a_vector() {
    let mut along = Vec::new();
    let mut found = Vec::new();
    for (expected, signs, pattern) in expressions() {
        let (name, rest) = pattern.split_once("(@").unwrap_or_default();
        if name != "norm" && !atoms::find(name).is_some_and(|atom| atom.reduces) {
            continue;
        }
        along.push(name.to_owned());
        let rest = rest.strip_suffix(')').expect("a call");
        for axis in [0, 1] {
            let pattern = format!("{name}(hstack(@, @){rest}, axis = {axis})");
            found.extend(deviations(&pattern, &expected, signs));
        }
    }
    let reducing = atoms::all().filter(|atom| atom.reduces);
    found.extend(
        reducing
            .filter(|atom| !along.iter().any(|name| name == atom.name))
            .map(|atom| format!("no row has an axis for {}", atom.name)),
    );
    assert_none(found);
}

#[test]
fn every_relation_and_cone_takes_its_curvatures() {
    let mut found = Vec::new();
    for (expected, words) in rows(CONSTRAINTS) {
        for (argument, expected) in ARGUMENTS.iter().zip(expected) {
            let constraint = with(&words.join(" "), argument);
            let end = if constraint.ends_with('}') { "" } else { ";" };
            let source = problem("", DECLARATIONS, "minimize free", &format!("{constraint}{end}"));
            let (verdict, why) = match outcome(&source) {
                Outcome::Accepted { .. } => ('o', String::new()),
                Outcome::Misread(why) => ('/', why),
                Outcome::Refused(why) => ('.', why),
            };
            let by_curvature = why.contains("not convex by the rules") || why.contains(" expression ");
            if verdict != expected || verdict == '.' && !by_curvature {
                found.push(format!("{constraint}: `{verdict}`, expected `{expected}`: {why}"));
            }
        }
    }
    assert_none(found);
}

/// The arguments of a call, or nothing where the pattern is another expression.
fn arguments<'a>(pattern: &'a str, name: &str) -> Vec<&'a str> {
    let inside = pattern.strip_prefix(name).and_then(|rest| rest.strip_prefix('('));
    let Some(inside) = inside.and_then(|rest| rest.strip_suffix(')')) else {
        return Vec::new();
    };
    let mut depth = 0;
    let separates = |c: char| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    };
    inside.split(separates).collect()
}

#[test]
fn no_function_and_no_argument_is_left_out() {
    let patterns: Vec<_> = expressions().map(|(_, _, pattern)| pattern).collect();
    for name in resolve::FUNCTIONS {
        let call = format!("{name}(");
        assert!(patterns.iter().any(|pattern| pattern.contains(&call)), "{name}");
    }
    for atom in atoms::all() {
        let (Arity::Exactly(count) | Arity::AtLeast(count)) = atom.arity;
        for place in 0..count {
            let stands = |pattern: &String| {
                arguments(pattern, atom.name)
                    .get(place)
                    .is_some_and(|argument| argument.contains('@'))
            };
            assert!(patterns.iter().any(stands), "argument {place} of {}", atom.name);
        }
    }
}
