//! What a word was most likely meant to be.

/// The candidate that a misspelled name most likely means.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Good at the typing mistakes of short names and at words cut short.
    let score = |candidate: &str| strsim::jaro_winkler(name, candidate);
    candidates
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// What functions of other modelling languages are called here.
pub fn from_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "sum_entries" => "sum(x)",
        "matmul" | "mtimes" => "a * x",
        "multiply_elementwise" | "mul_elemwise" | "times" => "multiply(x, y)",
        "vdot" | "scalar_product" | "inner" => "dot(x, y)",
        "max_elemwise" | "max_elementwise" => "maximum(x, y)",
        "min_elemwise" | "min_elementwise" => "minimum(x, y)",
        "max_entries" => "max(x)",
        "min_entries" => "min(x)",
        "normNuc" => "norm_nuc(x)",
        "normInf" => "norm_inf(x)",
        "fro" => "norm_fro(x)",
        "norms" => "norm2(x, axis = 0)",
        "sumsquare" | "sum_square" | "sumsq" => "sum_squares(x)",
        "square_pos" => "square(pos(x))",
        "pow_p" | "pow_pos" | "pow" => "power(x, p)",
        "pow_abs" => "power(abs(x), p)",
        "bmat" => "block([[a, b], [c, d]])",
        "concatenate" | "concat" => "vstack(x, y)",
        "convolve" => "conv(a, x)",
        "transpose" => "x.T",
        "average" => "mean(x)",
        "trace_inv" => "tr_inv(x)",
        "rel_entropy" => "rel_entr(x, y)",
        "entropy" => "sum(entr(x))",
        "logsumexp" => "log_sum_exp(x)",
        "relu" | "max0" => "pos(x)",
        "inv" => "inv_pos(x)",
        "identity" => "eye(n)",
        _ => return None,
    })
}
