//! What a word was most likely meant to be.

use crate::syntax::ast::{Expr, Node};

/// The candidate that a misspelled name most likely means.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    // Good at the typing mistakes of short names and at words cut short.
    let score = |candidate: &str| strsim::jaro_winkler(&name, &candidate.to_lowercase());
    candidates
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// The same of a function: a word that is only alike may be another function.
pub fn nearest_function<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = nearest(name, candidates)?;
    let mistakes = strsim::damerau_levenshtein(&name.to_lowercase(), near);
    (mistakes <= 1 + name.len() / 10).then_some(near)
}

/// What functions of CVXPY, of CVX and of other languages are called here, with the arguments in their places: `$1` is
/// the first, `$*` all of them.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["sum_entries"], "sum($1)"),
    (&["matmul", "mtimes", "mul"], "$1 * $2"),
    (
        &["multiply_elementwise", "mul_elemwise", "times", "hadamard"],
        "multiply($1, $2)",
    ),
    (&["divide", "rdivide"], "$1 / $2"),
    (&["vdot", "scalar_product", "inner", "dotprod"], "dot($1, $2)"),
    (&["max_elemwise", "max_elementwise"], "maximum($*)"),
    (&["min_elemwise", "min_elementwise"], "minimum($*)"),
    (&["max_entries"], "max($1)"),
    (&["min_entries"], "min($1)"),
    (&["ptp"], "max($1) - min($1)"),
    (
        &["normNuc", "norm_nuclear", "nuclear_norm", "trace_norm"],
        "norm_nuc($1)",
    ),
    (&["normInf", "linf", "norm_max"], "norm_inf($1)"),
    (&["l1", "l1_norm", "sum_abs"], "norm1($1)"),
    (&["l2", "l2_norm"], "norm2($1)"),
    (&["fro", "frobenius"], "norm_fro($1)"),
    (&["spectral_norm", "norm_spectral"], "sigma_max($1)"),
    (&["norms"], "norm2($1, axis = 0)"),
    (&["norm_largest"], "sum_largest(abs($1), $2)"),
    (
        &["sumsquare", "sum_square", "sum_square_abs", "sumsq", "norm2_squared"],
        "sum_squares($1)",
    ),
    (&["square_pos", "sum_square_pos"], "square(pos($1))"),
    (&["square_abs"], "square($1)"),
    (&["quad_pos_over_lin"], "quad_over_lin(pos($1), $2)"),
    (&["pow_p", "pow", "pow_pos"], "power($1, $2)"),
    (&["pow_abs"], "power(abs($1), $2)"),
    (&["cube"], "power($1, 3)"),
    (&["rsqrt", "inv_sqrt"], "power($1, -0.5)"),
    (&["bmat"], "block($1)"),
    (&["concatenate", "concat", "vcat"], "vstack($*)"),
    (&["hcat", "horzcat"], "hstack($*)"),
    (&["vertcat"], "vstack($*)"),
    (&["convolve"], "conv($1, $2)"),
    (&["transpose", "ctranspose"], "$1.T"),
    (&["flatten", "ravel"], "vec($1)"),
    (&["average"], "mean($1)"),
    (&["variance"], "var($1)"),
    (&["stdev"], "std($1)"),
    (&["tr"], "trace($1)"),
    (&["trace_inv"], "tr_inv($1)"),
    (&["logdet"], "log_det($1)"),
    (&["lambda_sum_max"], "lambda_sum_largest($1, $2)"),
    (&["eig_max", "max_eig", "eigmax"], "lambda_max($1)"),
    (&["eig_min", "min_eig", "eigmin"], "lambda_min($1)"),
    (&["rel_entropy", "relative_entropy"], "rel_entr($1, $2)"),
    (&["entropy"], "sum(entr($1))"),
    (&["xlogx", "xlog"], "-entr($1)"),
    (&["logsumexp", "lse"], "log_sum_exp($1)"),
    (&["sum_log"], "sum(log($1))"),
    (&["ln"], "log($1)"),
    (&["log2"], "log($1) / log(2)"),
    (&["log10"], "log($1) / log(10)"),
    (&["exp2"], "exp(log(2) * $1)"),
    (&["exp10"], "exp(log(10) * $1)"),
    (&["expm1"], "exp($1) - 1"),
    (&["softplus", "log1pexp"], "logistic($1)"),
    (&["geomean"], "geo_mean($1)"),
    (&["relu", "max0", "positive_part"], "pos($1)"),
    (&["hinge"], "pos(1 - $1)"),
    (&["scalene"], "$2 * pos($1) + $3 * neg($1)"),
    (&["inv", "inverse", "reciprocal"], "inv_pos($1)"),
    (&["identity", "speye", "I"], "eye($1)"),
    (&["fabs", "absolute"], "abs($1)"),
    (&["diagonal", "spdiags"], "diag($1)"),
];

/// The norm that others choose by a word.
pub fn norm(word: &str) -> Option<&'static str> {
    match word {
        "fro" => Some("norm_fro"),
        "inf" | "Inf" => Some("norm_inf"),
        "nuc" => Some("norm_nuc"),
        _ => None,
    }
}

/// What sets are called elsewhere, in small letters, and how it is written here that something is in one.
const SETS: &[(&[&str], &str)] = &[
    (&["psd", "sdp", "psdcone", "semidefinite"], "$1 >> 0"),
    (&["nsd"], "$1 << 0"),
    (&["nonneg", "nonnegative", "nonnegatives"], "$1 >= 0"),
    (&["nonpos", "nonpositive", "nonpositives"], "$1 <= 0"),
    (&["zero", "zeros"], "$1 == 0"),
    (&["soc", "secondordercone"], "soc($*)"),
    (&["expcone", "exponentialcone"], "exp_cone($*)"),
    (&["powcone", "powcone3d", "powercone"], "pow_cone($*)"),
];

/// What a function of another language is called here.
pub fn from_elsewhere(name: &str, args: &[Expr]) -> Option<String> {
    let (_, here) = ELSEWHERE.iter().find(|(names, _)| names.contains(&name))?;
    Some(filled(here, args))
}

/// How it is written that the arguments are in a set of another language.
pub fn membership(set: &str, args: &[Expr]) -> Option<String> {
    let set = set.to_lowercase();
    let (_, here) = SETS.iter().find(|(names, _)| names.contains(&set.as_str()))?;
    let fits = args.len() > 1 || here.starts_with("$1");
    fits.then(|| filled(here, args))
}

fn filled(here: &str, args: &[Expr]) -> String {
    let operators = !here.contains(['(', '<', '>', '=']);
    let written = |arg: &Expr| match &arg.node {
        Node::Binary(..) | Node::Negate(_) if operators => format!("({arg})"),
        _ => arg.to_string(),
    };
    let all: Vec<_> = args.iter().map(written).collect();
    let mut filled = here.replace("$*", &all.join(", "));
    for (place, stand_in) in ["x", "y", "z"].into_iter().enumerate() {
        let arg = all.get(place).map_or(stand_in, String::as_str);
        filled = filled.replace(&format!("${}", place + 1), arg);
    }
    filled
}
