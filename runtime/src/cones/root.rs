//! A root of a function of one variable.

/// More steps than halving alone takes to bring any useful interval down to rounding error.
const MAX_STEPS: usize = 200;

/// Near a simple root a step is at most this part of the last one, and the first one this part of the root.
const NEAR: f64 = 1e-2;

/// A step after which Newton's method is at rounding error.
const ROUNDED: f64 = 1e-9;

/// Units of the resolution within which steps that do not improve are rounding error.
const ROUNDING: f64 = 1e6;

/// Where `f`, given with its slope, falls from positive at `low` to negative at `high`, to rounding error relative to the
/// larger of the root and one; the end where `f` is not of that sign, if there is one.
///
/// Newton's method from the better end, and a bisection where it leaves the interval or three steps have neither halved
/// the interval nor the last step.
pub(super) fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (at_low, at_high) = (f(low), f(high));
    if at_low.0 <= 0.0 {
        return low;
    }
    if at_high.0 >= 0.0 {
        return high;
    }
    let (mut x, mut here) = if at_low.0 < -at_high.0 {
        (low, at_low)
    } else {
        (high, at_high)
    };
    let mut best = (here.0.abs(), x);
    let (mut goal, mut since, mut step) = (0.5 * (high - low), 0, f64::INFINITY);
    for _ in 0..MAX_STEPS {
        let (value, slope) = here;
        let newton = x - value / slope;
        // Beyond the end, or not beyond it, by rounding error.
        if (newton - x).abs() <= f64::EPSILON * x.abs().max(1.0) {
            break;
        }
        let inside = low < newton && newton < high;
        let next = if inside && since < 3 { newton } else { middle(low, high) };
        let resolution = f64::EPSILON * next.abs().max(1.0);
        if high - low <= resolution || !(low < next && next < high) {
            break;
        }
        let moved = (next - x).abs();
        (x, here) = (next, f(next));
        let improved = here.0.abs() < best.0;
        if improved {
            best = (here.0.abs(), x);
        }
        if here.0 > 0.0 {
            low = x;
        } else if here.0 < 0.0 {
            high = x;
        } else {
            break;
        }
        if inside && (moved <= resolution || !improved && moved <= ROUNDING * resolution) {
            break;
        }
        since += 1;
        if high - low <= goal || moved <= 0.5 * step {
            (goal, since) = (0.5 * (high - low), 0);
        }
        step = moved;
    }
    best.1
}

/// The root next to a guess that is so good that Newton's steps shrink from the first on as they do near a simple root;
/// otherwise nothing.
pub(super) fn refined(guess: f64, f: impl Fn(f64) -> (f64, f64)) -> Option<f64> {
    let (mut x, mut last) = (guess, NEAR * guess.abs().max(1.0));
    for _ in 0..4 {
        let (value, slope) = f(x);
        let step = value / slope;
        if !(slope < 0.0 && step.abs() <= last) {
            return None;
        }
        x -= step;
        if step.abs() <= ROUNDED * x.abs().max(1.0) {
            return Some(x);
        }
        last = NEAR * step.abs();
    }
    None
}

/// Half way by the digits rather than by the numbers where these are large: the ends may be `1e150` apart.
fn middle(low: f64, high: f64) -> f64 {
    if low.abs().max(high.abs()) < 10.0 {
        0.5 * low + 0.5 * high
    } else {
        (0.5 * low.asinh() + 0.5 * high.asinh()).sinh()
    }
}

/// The end of an interval, and from there by steps that double until `f` is of the other sign.
pub(super) fn reach(from: f64, direction: f64, crossed: impl Fn(f64) -> bool) -> f64 {
    let mut step = direction;
    for _ in 0..60 {
        if crossed(from + step) {
            break;
        }
        step *= 2.0;
    }
    from + step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        for (expected, low, high) in [
            (0.3, 0.0, 1.0),
            (-40.0, -1e3, 0.0),
            (1e9, 1.0, 1e12),
            (1e-20, -1.0, 700.0),
        ] {
            let steep = root(low, high, |x| (-(x - expected).powi(3), -3.0 * (x - expected).powi(2)));
            let kinked = root(low, high, |x| {
                let slope = if x < expected { -1e2 } else { -1e-2 };
                (slope * (x - expected), slope)
            });
            let curved = root(low, high, |x| (expected.atan() - x.atan(), -1.0 / (1.0 + x * x)));
            assert!(
                (steep - expected).abs() < 1e-4 * expected.abs().max(1.0),
                "{steep} {expected}"
            );
            assert!(
                (kinked - expected).abs() < 1e-14 * expected.abs().max(1.0),
                "{kinked} {expected}"
            );
            assert!(
                expected > 1e6 || (curved - expected).abs() < 1e-11 * expected.abs().max(1.0),
                "{curved}"
            );
        }
        assert_eq!(root(0.0, 1.0, |_| (-1.0, 0.0)), 0.0);
        assert_eq!(root(0.0, 1.0, |_| (1.0, 0.0)), 1.0);
        assert_eq!(reach(1.0, -1.0, |x| x < -20.0), -31.0);
    }
}
