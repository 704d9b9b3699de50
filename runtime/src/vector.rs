//! Vectors of any length, in lanes: one maximum after another would wait for the last.

const LANES: usize = 8;

pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The largest absolute value; what is not a number is passed over.
#[inline]
pub(crate) fn norm_inf(x: &[f64]) -> f64 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let norm = rest.iter().map(|x| x.abs()).fold(0.0, larger);
    if chunks.is_empty() {
        norm
    } else {
        larger(norm, chunked(chunks))
    }
}

fn chunked(chunks: &[[f64; LANES]]) -> f64 {
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = larger(*lane, x.abs());
        }
    }
    lanes.into_iter().fold(0.0, larger)
}

/// Where the second is not a number, the first; in one instruction, other than [`f64::max`].
#[inline]
pub(crate) fn larger(x: f64, y: f64) -> f64 {
    if y > x { y } else { x }
}

/// The place of the first entry that is not finite.
pub(crate) fn not_finite(x: &[f64]) -> Option<usize> {
    if is_finite(x) {
        return None;
    }
    x.iter().position(|x| !x.is_finite())
}

pub(crate) fn is_finite(x: &[f64]) -> bool {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let finite = |x: &[f64]| x.iter().fold(true, |finite, x| finite & x.is_finite());
    chunks.iter().all(|chunk| finite(chunk)) && finite(rest)
}

#[cfg(test)]
mod tests {
    use super::{LANES, is_finite, norm_inf, not_finite};

    #[test]
    fn every_place_counts() {
        for length in 0..3 * LANES {
            let zeros = vec![0.0; length];
            assert_eq!((norm_inf(&zeros), not_finite(&zeros)), (0.0, None));
            assert!(is_finite(&zeros));
            for place in 0..length {
                let mut x = zeros.clone();
                x[place] = -2.0;
                assert_eq!((norm_inf(&x), not_finite(&x)), (2.0, None));
                for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    x[place] = bad;
                    assert_eq!(not_finite(&x), Some(place));
                    assert!(!is_finite(&x));
                    let norm = if bad.is_nan() { 0.0 } else { f64::INFINITY };
                    assert_eq!(norm_inf(&x), norm);
                }
            }
        }
    }
}
