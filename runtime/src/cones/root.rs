//! A root of a function of one variable.

/// More steps than halving alone takes to bring any useful interval down to rounding error.
const MAX_STEPS: usize = 200;

/// Where `f` falls from positive at `low` to negative at `high`, to rounding error relative to the
/// larger of the root and one; the end where `f` is not of that sign, if there is one.
///
/// Secants between the ends, one of them weighted (the Illinois rule), and a bisection whenever
/// three of them have not halved the interval.
pub(super) fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (f(low), f(high));
    if at_low <= 0.0 {
        return low;
    }
    if at_high >= 0.0 {
        return high;
    }
    let mut best = if at_low < -at_high {
        (at_low, low)
    } else {
        (-at_high, high)
    };
    let (mut goal, mut since) = (0.5 * (high - low), 0);
    let mut last_was_low = None;
    for _ in 0..MAX_STEPS {
        let secant = low + (high - low) * (at_low / (at_low - at_high));
        let middle = 0.5 * low + 0.5 * high;
        let bisect = since >= 3 || !(low < secant && secant < high);
        let x = if bisect { middle } else { secant };
        let resolution = f64::EPSILON * middle.abs().max(1.0);
        if high - low <= resolution || !(low < x && x < high) {
            break;
        }
        let value = f(x);
        if value.abs() < best.0 {
            best = (value.abs(), x);
        }
        if value > 0.0 {
            (low, at_low) = (x, value);
            if last_was_low == Some(true) {
                at_high *= 0.5;
            }
        } else if value < 0.0 {
            (high, at_high) = (x, value);
            if last_was_low == Some(false) {
                at_low *= 0.5;
            }
        } else {
            break;
        }
        last_was_low = Some(value > 0.0);
        since += 1;
        if high - low <= goal {
            (goal, since) = (0.5 * (high - low), 0);
        }
    }
    best.1
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
            let steep = root(low, high, |x| -(x - expected).powi(3));
            let kinked = root(low, high, |x| {
                if x < expected {
                    1e2 * (expected - x)
                } else {
                    1e-2 * (expected - x)
                }
            });
            let curved = root(low, high, |x| expected.atan() - x.atan());
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
        assert_eq!(root(0.0, 1.0, |_| -1.0), 0.0);
        assert_eq!(root(0.0, 1.0, |_| 1.0), 1.0);
        assert_eq!(reach(1.0, -1.0, |x| x < -20.0), -31.0);
    }
}
